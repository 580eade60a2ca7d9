//! Smaller after every `step_epochs` epochs (PyTorch's `StepLR`).

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number, whole};
use crate::optim::schedule::plateau::PlateauConfig;
use crate::optim::schedule::shape::{GAMMA, LastTime, Moment, RateShape, power};

config! {
    /// `kind = "step"`.
    pub struct StepConfig {
        /// Epochs from one change of the rate to the next.
        pub step_epochs: u64 = whole(1).required("30"),
        /// Factor at each change, above 0.
        pub gamma: f64 = number(Range::POSITIVE).or(GAMMA),
    }
}

impl RateShape for StepConfig {
    fn share(&self, at: &Moment) -> f64 {
        power(self.gamma, at.step / at.length.steps_of(self.step_epochs).max(1))
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
        let help = "the rate would never change; `step_epochs` is counted in epochs";
        Some(LastTime { key: "step_epochs", epochs: self.step_epochs, help })
    }
}
