//! From the base rate after the warmup to a share of it after the last step: along half a cosine
//! (Loshchilov & Hutter, 2017, <https://arxiv.org/abs/1608.03983>; PyTorch's `CosineAnnealingLR`), or a straight
//! line (`LinearLR`).

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number, wraps};
use crate::optim::schedule::plateau::PlateauConfig;
use crate::optim::schedule::rate::half_cosine;
use crate::optim::schedule::shape::{LastTime, Moment, RateShape};

config! {
    /// Keys of `cosine` and `linear`.
    pub struct AnnealConfig {
        /// Fraction of the base rate at the end, in [0, 1).
        pub final_fraction: f64 = number(Range::FRACTION).or(0.0),
    }
}

wraps! {
    /// `kind = "cosine"`.
    pub struct CosineConfig(AnnealConfig);
}

wraps! {
    /// `kind = "linear"`.
    pub struct LinearDecayConfig(AnnealConfig);
}

impl RateShape for CosineConfig {
    fn share(&self, at: &Moment) -> f64 {
        half_cosine(1.0, self.0.final_fraction, at.part())
    }

    fn depends_on_length(&self) -> bool {
        true
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

impl RateShape for LinearDecayConfig {
    fn share(&self, at: &Moment) -> f64 {
        1.0 + (self.0.final_fraction - 1.0) * at.part()
    }

    fn depends_on_length(&self) -> bool {
        true
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
