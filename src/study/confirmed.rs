//! Is it true? The recipe and the baseline with seeds that nothing else has used, and the test set, read once: one test
//! at 5 %.

use super::{Answers, Change, MOST_FRESH, Outcome, Question, Sheet};
use crate::error::Result;
use crate::experiment::Trial;
use crate::stats::{Difference, Summary, welch};

/// Its number and name.
pub(super) const NAME: &str = "10-confirm";
/// The first of the fresh seeds, unless runs of the baseline have them already: no question uses one as large.
pub const FIRST_FRESH: u64 = 1000;

/// What fresh seeds and the test set say of the recipe.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confirmed {
    /// Test accuracy of the baseline.
    pub baseline: Summary,
    /// Test accuracy of the recipe.
    pub recipe: Summary,
    /// What the recipe adds, with Welch's interval.
    pub gain: Difference,
    /// Train minus test accuracy of both.
    pub gaps: [Summary; 2],
    /// What the recipe adds to the gap.
    pub gap_change: Difference,
    /// What the recipe adds to validation accuracy with the fresh seeds; the search said `searched`.
    pub val_gain: f64,
    /// What the search said that it adds to validation accuracy.
    pub searched: f64,
    /// The fresh seeds of each; runs that diverged are not in the figures.
    pub asked: usize,
}

/// The first of the fresh seeds of a study that begins, if runs of its baseline have some of these seeds: as many in a row
/// as the last comparison may need, none of which was used. Another study of the same baseline has looked at the others.
///
/// # Errors
/// Those of `is_used`.
pub fn first_fresh_seed(is_used: impl Fn(u64) -> Result<bool>) -> Result<u64> {
    let (mut first, mut next) = (FIRST_FRESH, FIRST_FRESH);
    while next < first + MOST_FRESH {
        let is_used = is_used(next)?;
        next += 1;
        first = if is_used { next } else { first };
    }
    Ok(first)
}

/// The question about a recipe, with so many seeds from the first one on.
pub(super) fn sheet(first: u64, seeds: u64, recipe: Change) -> Sheet {
    let seeds = (0..seeds).map(|seed| first + seed).collect();
    let recipe = Change { name: "the recipe".to_owned(), ..recipe };
    let sheet = Sheet::new(NAME, Question::Confirm, vec![recipe], seeds);
    Sheet { reads_test: true, ..sheet }
}

impl Confirmed {
    /// None if a config has no run whose test accuracy is known.
    pub(super) fn of(
        trial: &Trial,
        answers: &Answers,
        asked: usize,
        searched: f64,
    ) -> Option<Confirmed> {
        let [recipe] = &answers.changes[..] else { return None };
        let summary = |outcomes: &[Outcome], of: &dyn Fn(&Outcome) -> Option<f64>| {
            Summary::of(&outcomes.iter().filter_map(of).collect::<Vec<f64>>())
        };
        let test = |outcomes: &[Outcome]| summary(outcomes, &|outcome| outcome.test);
        let gap = |outcomes: &[Outcome]| {
            summary(outcomes, &|outcome| Some(outcome.train - outcome.test?))
        };
        let val = |outcomes: &[Outcome]| summary(outcomes, &|outcome| Some(outcome.val));
        let (of_baseline, of_recipe) = (test(&answers.baseline)?, test(recipe)?);
        let gaps = [gap(&answers.baseline)?, gap(recipe)?];
        let resolution = 1.0 / trial.dataset.tested().max(1) as f64;
        Some(Confirmed {
            baseline: of_baseline,
            recipe: of_recipe,
            gain: welch(&of_recipe, &of_baseline, resolution),
            gaps,
            gap_change: welch(&gaps[1], &gaps[0], resolution),
            val_gain: val(recipe)?.mean - val(&answers.baseline)?.mean,
            searched,
            asked,
        })
    }

    /// Whether the test shows that the recipe raises test accuracy. Those of its runs that did not diverge would not
    /// show it: they are the better ones.
    pub fn is_shown(&self) -> bool {
        self.recipe.n == self.asked && self.gain.is_shown() && self.gain.value > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::tests::baseline;

    /// Of 10,000 test examples, one more is no difference; a hundred more are.
    #[test]
    fn seeds_that_all_agree_are_judged_by_half_an_example() {
        let of = |test: f64| {
            let outcome =
                |seed| Outcome { seed, train: 1.0, val: 0.9, test: Some(test), rows: vec![] };
            (0..5).map(outcome).collect::<Vec<_>>()
        };
        let confirmed = |gain: f64| {
            let answers = Answers { baseline: of(0.9), changes: vec![of(0.9 + gain)] };
            Confirmed::of(&baseline(), &answers, 5, gain).unwrap()
        };
        let large = confirmed(0.01);
        assert!(large.is_shown() && large.gap_change.is_shown(), "{large:?}");
        assert!(!confirmed(0.00005).is_shown());
    }

    #[test]
    fn fresh_seeds_are_those_that_no_run_has() {
        let first = |used: &[u64]| first_fresh_seed(|seed| Ok(used.contains(&seed))).unwrap();
        assert_eq!(first(&[]), 1000);
        assert_eq!(first(&[0, 1, 999, 1005]), 1000);
        assert_eq!(first(&[1000, 1001, 1002]), 1003);
        assert_eq!(first(&[1000, 1001, 1002, 1005]), 1006);
    }
}
