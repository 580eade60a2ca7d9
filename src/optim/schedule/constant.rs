//! The base rate throughout.

use crate::config::keys::config;
use crate::optim::schedule::plateau::PlateauConfig;
use crate::optim::schedule::shape::{LastTime, Moment, RateShape};

config! {
    /// `kind = "constant"`.
    pub struct ConstantConfig {}
}

impl RateShape for ConstantConfig {
    fn share(&self, _: &Moment) -> f64 {
        1.0
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
