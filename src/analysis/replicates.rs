//! The runs of a config as replicates: which seed and which fold each is.

use crate::runs::record::RunRecord;
use crate::stats::{Fold, Replicate};

/// A run's figure. Runs without a seed, in records of other programs, are told apart by their place.
pub(crate) fn replicate(run: &RunRecord, place: usize, value: f64) -> Replicate {
    Replicate { seed: run.trial.seed().unwrap_or(place as u64), fold: fold(run), value }
}

/// The part of the training examples on which the run validates, where they are divided into folds.
pub(crate) fn fold(run: &RunRecord) -> Option<Fold> {
    Some(Fold { of: run.trial.folds()?, number: run.trial.fold()? })
}

/// What replicates differ by, in words, after "paired by" or "the same".
pub(crate) fn blocks_in_words(has_folds: bool) -> &'static str {
    if has_folds { "seed and fold" } else { "seed" }
}
