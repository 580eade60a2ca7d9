//! Smaller after every epoch (PyTorch's `ExponentialLR`).

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number};
use crate::optim::schedule::plateau::PlateauConfig;
use crate::optim::schedule::shape::{LastTime, Moment, RateShape, power};

config! {
    /// `kind = "exponential"`.
    pub struct ExponentialConfig {
        /// Factor per epoch, above 0.
        pub gamma: f64 = number(Range::POSITIVE).required("0.95"),
    }
}

impl RateShape for ExponentialConfig {
    fn share(&self, at: &Moment) -> f64 {
        power(self.gamma, at.step / at.length.steps_per_epoch.max(1))
    }

    fn depends_on_length(&self) -> bool {
        false
    }

    fn warms_up(&self) -> bool {
        false
    }

    fn plateau(&self) -> Option<&PlateauConfig> {
        None
    }

    fn last_time(&self) -> Option<LastTime> {
        None
    }
}
