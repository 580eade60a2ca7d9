//! Up to the peak and down again within one training (Smith & Topin, 2017,
//! <https://arxiv.org/abs/1708.07120>), as PyTorch's `OneCycleLR` with `anneal_strategy="cos"`,
//! `three_phase=False` and `cycle_momentum=False`: the momentum is unchanged.

use super::rate::half_cosine;
use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number};
use crate::optim::schedule::plateau::PlateauConfig;
use crate::optim::schedule::shape::{LastTime, Moment, RateShape};

config! {
    /// `kind = "one_cycle"`.
    pub struct OneCycleConfig {
        /// Fraction of the steps during which the rate grows, in [0, 1).
        pub pct_start: f64 = number(Range::FRACTION).or(0.3),
        /// The first step has the base rate divided by this, above 0.
        pub div_factor: f64 = number(Range::POSITIVE).or(25.0),
        /// The last step has the first step's rate divided by this, above 0.
        pub final_div_factor: f64 = number(Range::POSITIVE).or(1e4),
    }
}

impl OneCycleConfig {
    /// The rate of step `step` of `total`, from 0, as a share of the peak.
    fn share_of(&self, step: u64, total: u64) -> f64 {
        let first = 1.0 / self.div_factor;
        let (step, last) = (step as f64, total as f64 - 1.0);
        let peak = self.pct_start * total as f64 - 1.0; // below 0: the rate only falls
        if step > peak {
            half_cosine(1.0, first / self.final_div_factor, (step - peak) / (last - peak))
        } else if peak > 0.0 {
            half_cosine(first, 1.0, step / peak)
        } else {
            1.0
        }
    }
}

impl RateShape for OneCycleConfig {
    fn share(&self, at: &Moment) -> f64 {
        self.share_of(at.step, at.length.total_steps)
    }

    fn depends_on_length(&self) -> bool {
        true
    }

    fn warms_up(&self) -> bool {
        true
    }

    fn plateau(&self) -> Option<&PlateauConfig> {
        None
    }

    fn last_time(&self) -> Option<LastTime> {
        None
    }
}
