//! What every kind of schedule answers to. No answer has a default, so that the compiler asks a new kind for each.

use std::fmt::Debug;

use super::plateau::PlateauConfig;
use super::rate::TrainingLength;

/// A kind of schedule: the rate as a share of the base rate, without the warmup.
pub trait RateShape: Debug {
    /// The share at a moment of the training.
    fn share(&self, at: &Moment) -> f64;

    /// Whether the rate of a step depends on how many steps there are in all.
    fn depends_on_length(&self) -> bool;

    /// Whether it begins with a low rate that grows: it needs no warmup.
    fn warms_up(&self) -> bool;

    /// How evaluations change the rate, if they do.
    fn plateau(&self) -> Option<&PlateauConfig>;

    /// The last time at which the rate changes, if the file says when: it has to lie within the training.
    fn last_time(&self) -> Option<LastTime>;
}

/// A step of a training of known length.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// From 0.
    pub step: u64,
    /// The whole training.
    pub length: TrainingLength,
    /// Steps before the rate is what the schedule says.
    pub warmup_steps: u64,
}

/// When the rate changes for the last time.
#[derive(Debug, Clone, Copy)]
pub struct LastTime {
    /// The key that says so.
    pub key: &'static str,
    /// In epochs.
    pub epochs: u64,
    /// What to know of the key.
    pub help: &'static str,
}

impl Moment {
    /// The part of the steps after the warmup that are made, 0 to 1.
    pub(super) fn part(&self) -> f64 {
        let all = self.length.total_steps.saturating_sub(self.warmup_steps).max(1);
        self.step.saturating_sub(self.warmup_steps) as f64 / all as f64
    }
}

/// PyTorch's default of `gamma`.
pub(super) const GAMMA: f64 = 0.1;

/// `gamma` to the power of `times`.
pub(super) fn power(gamma: f64, times: u64) -> f64 {
    libm::pow(gamma, times as f64)
}
