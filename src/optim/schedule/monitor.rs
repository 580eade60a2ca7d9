//! The figure of the validation split that tells whether training still makes progress.

use crate::config::keys::words;

words! {
    /// A figure of the validation split. There is none of the test split: nothing may be chosen by it.
    pub enum Monitor {
        /// Loss on the validation split; lower is better.
        ValLoss = "val_loss",
        /// Accuracy on the validation split; higher is better.
        ValAccuracy = "val_accuracy",
    }
}

impl Monitor {
    /// The figure as people read it: an accuracy in percent. One that is infinite stands for none.
    pub fn shown(self, figure: f64) -> String {
        match self {
            _ if !figure.is_finite() => "diverged".to_owned(),
            Monitor::ValLoss => format!("{figure:.4}"),
            Monitor::ValAccuracy => format!("{:.1} %", figure * 100.0),
        }
    }

    /// Whether `value` is better than `bound`.
    pub fn is_better(self, value: f64, bound: f64) -> bool {
        match self {
            Monitor::ValLoss => value < bound,
            Monitor::ValAccuracy => value > bound,
        }
    }

    /// What has to be beaten for a value to be better than `best` by more than `distance`.
    pub fn bound(self, best: f64, distance: f64) -> f64 {
        match self {
            Monitor::ValLoss => best - distance,
            Monitor::ValAccuracy => best + distance,
        }
    }
}
