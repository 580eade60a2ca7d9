//! How many steps a training has.

/// How long a training is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrainingLength {
    /// Optimizer updates of an epoch; at least 1.
    pub steps_per_epoch: u64,
    /// Optimizer updates of the whole training.
    pub total_steps: u64,
}

impl TrainingLength {
    /// Steps of some epochs.
    pub fn steps_of(self, epochs: u64) -> u64 {
        epochs.saturating_mul(self.steps_per_epoch)
    }
}
