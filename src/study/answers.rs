//! What a question is asked of: whatever trains the trials of a sheet, or stands for it in a simulation.

use super::{Sheet, SheetTrials};
use crate::error::Result;
use crate::experiment::Trial;
use crate::runs::metrics::MetricsRow;

/// One finished run. Accuracies are fractions, of the weights that the run keeps.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The trial's seed.
    pub seed: u64,
    /// Accuracy on training examples.
    pub train: f64,
    /// Accuracy on validation examples.
    pub val: f64,
    /// Accuracy on test examples, where the sheet reads them.
    pub test: Option<f64>,
    /// The evaluated epochs.
    pub rows: Vec<MetricsRow>,
}

/// The finished runs of a sheet; one that diverged is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answers {
    /// Of the baseline, in the order of the seeds.
    pub baseline: Vec<Outcome>,
    /// Of each change.
    pub changes: Vec<Vec<Outcome>>,
}

/// Trains what is asked.
pub trait Lab {
    /// Trains the trials of a sheet that have no run yet. None if it was stopped before all had one.
    ///
    /// # Errors
    /// When nothing could be trained, or a run cannot be read.
    fn answers(&mut self, sheet: &Sheet, trials: &SheetTrials) -> Result<Option<Answers>>;

    /// The arithmetic that a trial takes, in floating-point operations.
    fn cost(&self, trial: &Trial) -> f64;
}

/// The mean of a figure of runs; none without runs.
pub(super) fn mean(outcomes: &[Outcome], of: impl Fn(&Outcome) -> f64) -> Option<f64> {
    (!outcomes.is_empty()).then(|| outcomes.iter().map(of).sum::<f64>() / outcomes.len() as f64)
}

impl Outcome {
    /// Train minus validation accuracy.
    pub fn gap(&self) -> f64 {
        self.train - self.val
    }
}
