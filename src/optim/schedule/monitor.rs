//! The figure of the validation split that tells whether training still makes progress.

use schemars::JsonSchema;
use serde::Serialize;

use crate::config::TableReader;

/// A figure of the validation split. There is none of the test split: nothing may be chosen by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Monitor {
    /// Loss on the validation split; lower is better.
    #[default]
    ValLoss,
    /// Accuracy on the validation split; higher is better.
    ValAccuracy,
}

impl Monitor {
    /// Reads the key `monitor`.
    pub fn read(table: &mut TableReader<'_>) -> Monitor {
        let words = [Monitor::ValLoss, Monitor::ValAccuracy].map(|one| (one.name(), one));
        table.choice("monitor", Monitor::default(), &words)
    }

    /// The name of its column in `metrics.csv`.
    pub fn name(self) -> &'static str {
        match self {
            Monitor::ValLoss => "val_loss",
            Monitor::ValAccuracy => "val_accuracy",
        }
    }

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
