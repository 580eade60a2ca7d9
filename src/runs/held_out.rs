//! The splits that are not trained on, and their figures in a row of `metrics.csv`.

use serde::{Deserialize, Serialize};

use crate::runs::metrics::MetricsRow;

/// A split that is not trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldOutSplit {
    /// The test split, which must not choose anything.
    Test,
    /// The validation split, which may choose.
    Validation,
}

impl HeldOutSplit {
    /// As in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            HeldOutSplit::Test => "test",
            HeldOutSplit::Validation => "validation",
        }
    }

    /// As in column names.
    pub fn short(self) -> &'static str {
        match self {
            HeldOutSplit::Test => "test",
            HeldOutSplit::Validation => "val",
        }
    }

    /// Mean loss per example; `None` if the run has no such split or keeps it sealed.
    pub fn loss(self, row: &MetricsRow) -> Option<f32> {
        match self {
            HeldOutSplit::Test => row.test_loss,
            HeldOutSplit::Validation => row.val_loss,
        }
    }

    /// Accuracy, a fraction; `None` if the run has no such split or keeps it sealed.
    pub fn accuracy(self, row: &MetricsRow) -> Option<f32> {
        match self {
            HeldOutSplit::Test => row.test_accuracy,
            HeldOutSplit::Validation => row.val_accuracy,
        }
    }
}
