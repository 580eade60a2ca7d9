//! What a study may spend, in arithmetic: seconds become operations once, by the measured speed of the machine that
//! begins the study, so that it decides the same wherever it goes on.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::experiment::Trial;
use crate::sweep::duration;

/// A share of the budget for the last comparison with fresh seeds: reserved before anything else is spent.
const CONFIRMING: f64 = 0.25;
/// A share for trying remedies together.
const TOGETHER: f64 = 0.25;

/// Fresh seeds of each config in the last comparison: of five seeds, most differences of three times the spread between
/// seeds are found, of three, two of three.
pub const MOST_FRESH: u64 = 5;
/// See [`MOST_FRESH`].
pub const FEWEST_FRESH: u64 = 3;

/// Seconds in words, whatever number they are.
pub fn time_in_words(seconds: f64) -> String {
    duration(Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX))
}

/// Floating-point operations.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    /// All that may be spent; infinite without a budget.
    pub all: f64,
    /// What has been spent.
    pub spent: f64,
    /// Ids of the trials that it was spent on: a trial that several questions ask for is trained once.
    paid: BTreeSet<String>,
}

impl Budget {
    /// A budget of which nothing is spent; none: there is no limit.
    pub fn of(flops: Option<f64>) -> Budget {
        Budget { all: flops.unwrap_or(f64::INFINITY), spent: 0.0, paid: BTreeSet::new() }
    }

    /// What these trials take, without those that are paid already.
    pub(super) fn price<'a>(
        &self,
        trials: impl IntoIterator<Item = &'a Trial>,
        cost: impl Fn(&Trial) -> f64,
    ) -> f64 {
        let unpaid = trials.into_iter().filter(|trial| !self.paid.contains(&trial.id()));
        unpaid.map(cost).sum()
    }

    /// Pays for these trials, each once.
    pub(super) fn pay<'a>(
        &mut self,
        trials: impl IntoIterator<Item = &'a Trial>,
        cost: impl Fn(&Trial) -> f64,
    ) {
        for trial in trials {
            if self.paid.insert(trial.id()) {
                self.spent += cost(trial);
            }
        }
    }

    /// For the questions about each remedy alone, and those before.
    pub fn for_questions(&self) -> f64 {
        (1.0 - CONFIRMING - TOGETHER) * self.all
    }

    /// What is left for trying remedies together.
    pub fn for_together(&self) -> f64 {
        (1.0 - CONFIRMING) * self.all - self.spent
    }

    /// What is reserved for the last comparison.
    pub fn for_confirming(&self) -> f64 {
        CONFIRMING * self.all
    }

    /// The most that one trial may take, so that it and the baseline can be compared with [`FEWEST_FRESH`] seeds each at
    /// the end.
    pub fn most_of_trial(&self, baseline: f64) -> f64 {
        self.for_confirming() / FEWEST_FRESH as f64 - baseline
    }

    /// The least budget with which a trial that takes `cost` can be compared with the baseline, which takes as much.
    pub fn least_for_trial(cost: f64) -> f64 {
        2.0 * cost * FEWEST_FRESH as f64 / CONFIRMING
    }

    /// The least budget of which the questions may take `flops`.
    pub fn least_for_questions(flops: f64) -> f64 {
        flops / (1.0 - CONFIRMING - TOGETHER)
    }

    /// How many fresh seeds each the last comparison of two configs can have.
    pub fn fresh_seeds(&self, baseline: f64, recipe: f64) -> u64 {
        let many = self.for_confirming() / (baseline + recipe);
        (many as u64).clamp(FEWEST_FRESH, MOST_FRESH)
    }
}
