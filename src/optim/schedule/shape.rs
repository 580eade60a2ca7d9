//! The interface of every kind of schedule. No method has a default, so that the compiler asks a
//! new kind for each.

use std::fmt::Debug;

use super::length::TrainingLength;
use super::plateau::PlateauConfig;

/// A kind of schedule: the rate as a share of the base rate, without the warmup.
pub trait RateShape: Debug {
    /// The share at a moment of the training.
    fn share(&self, at: &Moment) -> f64;

    /// Whether the rate of a step depends on the total number of steps.
    fn depends_on_length(&self) -> bool;

    /// Whether it starts with a low, growing rate, so that it needs no warmup.
    fn warms_up(&self) -> bool;

    /// How evaluations change the rate, if they do.
    fn plateau(&self) -> Option<&PlateauConfig>;

    /// The last time at which the rate changes, if the file gives it: it must lie within the
    /// training.
    fn last_time(&self) -> Option<LastTime>;
}

/// A step of a training of known length.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// From 0.
    pub step: u64,
    /// The whole training.
    pub length: TrainingLength,
    /// Number of warmup steps.
    pub warmup_steps: u64,
}

/// When the rate changes for the last time.
#[derive(Debug, Clone, Copy)]
pub struct LastTime {
    /// The key that says so.
    pub key: &'static str,
    /// In epochs.
    pub epochs: u64,
    /// A hint about the key.
    pub help: &'static str,
}

impl Moment {
    /// The completed share of the steps after the warmup, 0 to 1.
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
