//! Smaller at given epochs (PyTorch's `MultiStepLR`).

use crate::config::keys::{WhenAbsent, config, number, wholes};
use crate::config::{Range, TableReader};
use crate::optim::schedule::plateau::PlateauConfig;
use crate::optim::schedule::shape::{GAMMA, LastTime, Moment, RateShape, power};

config! {
    /// `kind = "multi_step"`.
    pub struct MultiStepConfig {
        /// Epochs after which the rate changes, in ascending order.
        pub milestones: Vec<u64> = wholes(1, i64::MAX).required("[100, 150]"),
        /// Factor at each change, above 0.
        pub gamma: f64 = number(Range::POSITIVE).or(GAMMA),
    }
    then MultiStepConfig::checked
}

impl RateShape for MultiStepConfig {
    fn share(&self, at: &Moment) -> f64 {
        let is_past = |epoch: &&u64| at.length.steps_of(**epoch) <= at.step;
        power(self.gamma, self.milestones.iter().filter(is_past).count() as u64)
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
        let help = "the last one would never be reached; milestones are counted in epochs";
        let epochs = self.milestones.last().copied().unwrap_or(0);
        Some(LastTime { key: "milestones", epochs, help })
    }
}

impl MultiStepConfig {
    fn checked(self, table: &mut TableReader<'_>) -> MultiStepConfig {
        let milestones = &self.milestones;
        let error = |title: &str, label: &str| {
            table.error("milestones", title.to_owned(), label.to_owned(), None);
        };
        if !milestones.is_sorted_by(|a, b| a < b) {
            error(
                "`schedule.milestones` are out of order",
                "each must be larger than the one before",
            );
        }
        if milestones.is_empty() && table.has("milestones") {
            error("`schedule.milestones` is empty", "the rate would never change");
        }
        self
    }
}
