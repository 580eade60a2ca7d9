//! What the runs of a baseline show, as far as remedies ask; and what is expected of a remedy then.

use crate::experiment::Trial;
use crate::remedies::Proposal;

/// A gap of ten points is more than the noise of two accuracies.
const WIDE_GAP: f64 = 0.1;
/// A fit from which on most of the training examples are learnt.
const LEARNT: f64 = 0.6;
/// A fit from which on nearly all of them are.
const MEMORISED: f64 = 0.9;

/// Figures of a baseline's finished runs, means over the seeds. Accuracies are fractions from 0 to 1, of the last
/// epoch; held out is the test split, or the validation split where the test set is sealed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Situation {
    /// Accuracy on the training examples.
    pub train_accuracy: f64,
    /// Accuracy on held-out examples.
    pub held_out_accuracy: f64,
    /// Accuracy of a guess that knows only how frequent the classes are.
    pub guess_accuracy: f64,
    /// What the last fifth of the epochs added to held-out accuracy, free of the luck of single epochs.
    pub late_gain: f64,
    /// How far held-out accuracy fell from its highest smoothed value to the end.
    pub fall: f64,
    /// What the curves say of the learning rate.
    pub rate: LearningRateFault,
    /// Whether most units of a layer are zero for every example.
    pub has_dead_units: bool,
    /// Whether gradients are orders of magnitude smaller in the first layer than in the last.
    pub has_vanishing_gradients: bool,
}

/// What the curves say of a learning rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LearningRateFault {
    /// Nothing.
    None,
    /// It is too high: the loss grows, jumps about, or is NaN.
    TooHigh,
    /// It is too low: the loss falls in a straight line, and slowly.
    TooLow,
}

/// What a remedy is expected to add to held-out accuracy, as fractions: most changes of this kind lie between.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// The least that would be as said.
    pub low: f64,
    /// The most.
    pub high: f64,
}

/// A proposal with what is expected of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Advised {
    /// The change.
    pub proposal: Proposal,
    /// What it is expected to add.
    pub expected: Expected,
}

impl Situation {
    /// Train minus held-out accuracy.
    pub fn gap(&self) -> f64 {
        self.train_accuracy - self.held_out_accuracy
    }

    /// How much of what there is to learn about the training examples is learnt: 0 is a guess, 1 all.
    pub fn fit(&self) -> f64 {
        (self.train_accuracy - self.guess_accuracy) / (1.0 - self.guess_accuracy)
    }

    /// The gain, or half of what held-out accuracy lacks if that is less.
    pub(super) fn within_room(&self, gain: f64) -> f64 {
        gain.min(0.5 * self.room())
    }

    /// Whether the training examples are learnt far better than others.
    pub fn is_memorising(&self) -> bool {
        self.gap() >= WIDE_GAP && self.fit() >= LEARNT
    }

    /// Whether hardly anything is left to learn about the training examples, and there is a wide gap: what makes
    /// them harder to learn costs little then.
    pub fn has_memorised(&self) -> bool {
        self.gap() >= WIDE_GAP && self.fit() >= MEMORISED
    }

    /// Whether not even the training examples are learnt, and there is hardly a gap.
    pub fn is_held_back(&self) -> bool {
        self.fit() < LEARNT && self.gap() < WIDE_GAP
    }

    /// What is left to learn about the training examples, from 0 to 1.
    pub fn unlearnt(&self) -> f64 {
        1.0 - self.train_accuracy
    }

    /// What held-out accuracy lacks to perfect.
    pub fn room(&self) -> f64 {
        1.0 - self.held_out_accuracy
    }
}

impl Expected {
    /// From two fifths of a value to eight fifths: remedies of one kind differ that much from baseline to baseline.
    pub(super) fn about(value: f64) -> Expected {
        Expected { low: 0.4 * value, high: 1.6 * value }
    }

    /// The middle of the range.
    pub fn middle(self) -> f64 {
        0.5 * (self.low + self.high)
    }
}

impl Advised {
    /// All of these proposals with the same expectation.
    pub(super) fn each(proposals: Vec<Proposal>, expected: Expected) -> Vec<Advised> {
        proposals.into_iter().map(|proposal| Advised { proposal, expected }).collect()
    }
}

/// Of remedies whose gain varies too much to be said beforehand, such as those that take more than they give
/// where epochs are few: `runner whatif` tries them.
pub(super) fn unforeseen(_: &Trial, _: &Situation) -> Vec<Advised> {
    Vec::new()
}
