//! What a study has found so far.

use super::confirmed;
use super::{
    Capacity, Confirmed, Gain, Memory, MoreData, Outcome, Recipe, SplitLuck, Stand, Tried,
};
use crate::stats::Summary;

/// Means over the seeds of a config.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Accuracy on training examples.
    pub train: Summary,
    /// Accuracy on validation examples.
    pub val: Summary,
    /// Train minus validation accuracy.
    pub gap: Summary,
}

/// The answers to the questions, as far as they were asked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Findings {
    /// Where do I stand?
    pub stand: Option<Stand>,
    /// More data?
    pub more_data: Option<MoreData>,
    /// Memory?
    pub memory: Option<Memory>,
    /// Capacity?
    pub capacity: Option<Capacity>,
    /// Luck of the split?
    pub splits: Option<SplitLuck>,
    /// What closes it? Each remedy alone, the best first.
    pub remedies: Option<Vec<Tried>>,
    /// What do they do together?
    pub together: Option<Recipe>,
    /// Is it true?
    pub confirmed: Option<Confirmed>,
    /// What diverged, each change once for each question.
    pub diverged: Vec<Diverged>,
}

/// Runs of a change that diverged: they have no figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Diverged {
    /// The number and name of the question: `6-remedies`.
    pub sheet: String,
    /// What the change is called; none for the baseline.
    pub change: Option<String>,
    /// How many of its runs diverged.
    pub runs: usize,
    /// How many it had.
    pub of: usize,
}

impl Findings {
    /// Whether fresh seeds have judged the recipe.
    pub fn is_judged(&self) -> bool {
        self.confirmed.is_some() || self.is_confirmation_lost()
    }

    /// Whether every run of the recipe, or of the baseline, with fresh seeds diverged.
    pub fn is_confirmation_lost(&self) -> bool {
        let is_lost =
            |diverged: &Diverged| diverged.sheet == confirmed::NAME && diverged.runs == diverged.of;
        self.confirmed.is_none() && self.diverged.iter().any(is_lost)
    }

    /// Whether every run of the baseline diverged, so that nothing can be asked.
    pub fn is_baseline_lost(&self) -> bool {
        let is_lost =
            |diverged: &Diverged| diverged.change.is_none() && diverged.runs == diverged.of;
        self.stand.is_none() && self.diverged.iter().any(is_lost)
    }
}

impl Figures {
    /// Those of the runs with the seeds of a gain, so that both are over the same seeds; none without such runs.
    pub(super) fn over(outcomes: &[Outcome], gain: &Gain) -> Option<Figures> {
        let is_counted = |outcome: &&Outcome| gain.seeds().any(|seed| seed == outcome.seed);
        Figures::of(&outcomes.iter().filter(is_counted).cloned().collect::<Vec<_>>())
    }

    /// Those of runs; none without runs.
    pub fn of(outcomes: &[Outcome]) -> Option<Figures> {
        let summary = |of: &dyn Fn(&Outcome) -> f64| {
            Summary::of(&outcomes.iter().map(of).collect::<Vec<f64>>())
        };
        Some(Figures {
            train: summary(&|outcome| outcome.train)?,
            val: summary(&|outcome| outcome.val)?,
            gap: summary(&Outcome::gap)?,
        })
    }
}
