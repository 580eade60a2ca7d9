//! Is it true? The recipe and the baseline with seeds that nothing else has used, and the test set, read once: one test
//! at 5 %.

use super::{Answers, Change, Outcome, Question, Sheet};
use crate::stats::{Difference, Summary, t_quantile};

/// Its number and name.
pub(super) const NAME: &str = "10-confirm";
/// The first of the fresh seeds: no question uses one as large.
const FIRST_FRESH: u64 = 1000;

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

/// The question about a recipe.
pub(super) fn sheet(seeds: u64, recipe: Change) -> Sheet {
    let seeds = (0..seeds).map(|seed| FIRST_FRESH + seed).collect();
    let recipe = Change { name: "the recipe".to_owned(), ..recipe };
    let sheet = Sheet::new(NAME, Question::Confirm, vec![recipe], seeds);
    Sheet { reads_test: true, ..sheet }
}

impl Confirmed {
    /// None if a config has no run whose test accuracy is known.
    pub(super) fn of(answers: &Answers, asked: usize, searched: f64) -> Option<Confirmed> {
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
        Some(Confirmed {
            baseline: of_baseline,
            recipe: of_recipe,
            gain: welch(&of_recipe, &of_baseline),
            gaps,
            gap_change: welch(&gaps[1], &gaps[0]),
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

/// Welch's interval of a difference of two means (Welch, 1947).
fn welch(a: &Summary, b: &Summary) -> Difference {
    let of = |summary: &Summary| {
        let std = summary.shown_std().unwrap_or(0.0);
        (summary.n > 1).then(|| std * std / summary.n as f64)
    };
    let half_width = of(a).zip(of(b)).filter(|(a, b)| a + b > 0.0).map(|(of_a, of_b)| {
        let terms = of_a * of_a / (a.n as f64 - 1.0) + of_b * of_b / (b.n as f64 - 1.0);
        t_quantile(0.95, (of_a + of_b) * (of_a + of_b) / terms) * (of_a + of_b).sqrt()
    });
    Difference { value: a.mean - b.mean, half_width }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.ttest_ind([.7, .74, .73], [.6, .64], equal_var=False).confidence_interval()`
    #[test]
    fn intervals_are_those_of_scipy() {
        let of = |values: &[f64]| Summary::of(values).unwrap();
        let difference = welch(&of(&[0.7, 0.74, 0.73]), &of(&[0.6, 0.64]));
        let half = difference.half_width.unwrap();
        assert!((difference.value - 0.103_333_333).abs() < 1e-9);
        assert!((half - WELCH_HALF_WIDTH).abs() < 1e-9, "{half}");
        assert_eq!(welch(&of(&[0.7]), &of(&[0.6, 0.64])).half_width, None);
    }

    const WELCH_HALF_WIDTH: f64 = 0.116_294_479_226_955_18;
}
