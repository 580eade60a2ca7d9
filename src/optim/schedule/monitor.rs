//! The validation figure that shows whether training still makes progress.

use crate::config::keys::words;
use crate::runs::figures::{Better, Figure, Unit};
use crate::runs::metrics::MetricsRow;

words! {
    /// A figure of the validation split. There is none for the test split, because it must not
    /// choose anything.
    pub enum Monitor {
        /// Loss on the validation split; lower is better.
        ValLoss = "val_loss",
        /// Accuracy on the validation split; higher is better.
        ValAccuracy = "val_accuracy",
    }
}

impl Monitor {
    /// The figure of a run that it is.
    pub fn figure(self) -> Figure {
        match self {
            Monitor::ValLoss => Figure::ValLoss,
            Monitor::ValAccuracy => Figure::ValAccuracy,
        }
    }

    /// Its value in a row of `metrics.csv`; none without a validation split.
    pub fn in_row(self, row: &MetricsRow) -> Option<f64> {
        self.figure().in_row(row).map(f64::from)
    }

    /// The direction in which the figure gets better.
    pub fn better(self) -> Better {
        self.figure().kind().better.expect("what is monitored can get better")
    }

    /// The figure for people: an accuracy in percent. An infinite one means none.
    pub fn shown(self, figure: f64) -> String {
        match self.figure().kind().unit {
            _ if !figure.is_finite() => "diverged".to_owned(),
            Unit::Fraction => format!("{:.1} %", figure * 100.0),
            _ => format!("{figure:.4}"),
        }
    }

    /// The bound to beat for a value to be better than `best` by more than `distance`.
    pub fn bound(self, best: f64, distance: f64) -> f64 {
        match self.better() {
            Better::Lower => best - distance,
            Better::Higher => best + distance,
        }
    }
}
