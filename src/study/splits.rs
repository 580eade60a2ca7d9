//! Luck of the split? The baseline with other draws of the validation examples: as many as it holds out itself, so that its
//! own draw counts too. Folds would have other sizes. Of a baseline with `dataset.folds`, another draw is another division.

use super::{Answers, Change, Limits, Question, Sheet};
use crate::experiment::Trial;
use crate::stats::Summary;

/// How much validation accuracy depends on which examples are held out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SplitLuck {
    /// Over draws of the validation examples, with one seed.
    pub over_draws: Summary,
    /// Over seeds, with one draw.
    pub over_seeds: Summary,
}

/// The question, with this seed.
pub(super) fn sheet(baseline: &Trial, limits: &Limits, seed: u64) -> Option<Sheet> {
    let own = baseline.dataset.split_seed;
    let draw = |number: u64| {
        let draw = own.wrapping_add(number) & (i64::MAX as u64);
        let name = format!("other validation examples {number}");
        Change::new(name, [("dataset.split_seed", draw.to_string())])
    };
    let changes: Vec<Change> = (1..=limits.splits).map(draw).collect();
    // Nothing is drawn if the data itself names its validation examples.
    let is_asked = !changes.is_empty() && baseline.dataset.own_validation() == 0;
    is_asked.then(|| Sheet::new("5-split", Question::Split, changes, vec![seed]))
}

impl SplitLuck {
    /// `seeds` are the baseline's runs with the first draw.
    pub(super) fn of(answers: &Answers, seeds: Summary) -> Option<SplitLuck> {
        let all = answers.changes.iter().chain([&answers.baseline]).flatten();
        let values: Vec<f64> = all.map(|outcome| outcome.val).collect();
        Some(SplitLuck { over_draws: Summary::of(&values)?, over_seeds: seeds })
    }
}
