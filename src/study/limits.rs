//! How much a study asks, and how a budget shortens it.

use crate::experiment::Trial;
use crate::remedies::cut_to;

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Seeds of every config.
    pub seeds: u64,
    /// Shares of the training examples besides all.
    pub shares: usize,
    /// Shares of noisy labels.
    pub noises: usize,
    /// Whether other sizes of the network are trained.
    pub capacity: bool,
    /// Other draws of the validation examples.
    pub splits: u64,
    /// Strengths of each remedy.
    pub strengths: usize,
    /// Remedies that are tried on top of a recipe.
    pub width: usize,
    /// The most remedies that are added to the first.
    pub steps: usize,
    /// Every training is cut to its length divided by this.
    pub divisor: u64,
}

impl Limits {
    /// Without a budget.
    pub const FULL: Limits = Limits {
        seeds: 3,
        shares: 5,
        noises: 2,
        capacity: true,
        splits: 3,
        strengths: usize::MAX,
        width: 4,
        steps: 4,
        divisor: 1,
    };

    /// The seeds of the questions.
    pub fn seeds(&self) -> Vec<u64> {
        (0..self.seeds).collect()
    }
}

/// What is shortened for a budget, in this order, until the questions fit. Cutting the trainings comes in between: it
/// is said with their length.
pub(super) const SHORTER: [Shorter; 11] = [
    Shorter::Ask("the luck of the split is not asked", |limits| limits.splits = 0),
    Shorter::Ask("each remedy is tried at one strength", |limits| limits.strengths = 1),
    Shorter::Cut(2),
    Shorter::Ask("more data is asked with three shares instead of five", |limits| {
        limits.shares = 3
    }),
    Shorter::Ask("memory is asked with random labels alone", |limits| limits.noises = 1),
    Shorter::Cut(4),
    Shorter::Ask("every config has 2 seeds instead of 3", |limits| limits.seeds = 2),
    Shorter::Cut(8),
    Shorter::Ask("capacity is not asked", |limits| limits.capacity = false),
    Shorter::Ask("memory is not asked", |limits| limits.noises = 0),
    Shorter::Ask("more data is not asked", |limits| limits.shares = 0),
];

/// One way to shorten a study.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shorter {
    /// Less is asked, in words.
    Ask(&'static str, fn(&mut Limits)),
    /// Every training is cut to its length divided by this.
    Cut(u64),
}

/// Trainings are not cut below this many epochs.
const FEWEST_EPOCHS: u64 = 5;

/// Whether a training that is cut so has enough epochs.
pub(super) fn is_long_enough(whole: &Trial, divisor: u64) -> bool {
    divisor == 1 || (whole.epochs() / divisor >= FEWEST_EPOCHS && cut(whole, divisor).is_some())
}

/// A trial cut to its length divided by `divisor`, and what cuts it; none if an experiment file cannot say so.
pub(super) fn cut(whole: &Trial, divisor: u64) -> Option<(Trial, Vec<(&'static str, String)>)> {
    if divisor == 1 {
        return Some((whole.clone(), Vec::new()));
    }
    let settings = cut_to(whole, divisor);
    let trial = whole.changed(settings.iter().map(|(key, value)| (*key, value.as_str()))).ok()?;
    Some((trial, settings))
}
