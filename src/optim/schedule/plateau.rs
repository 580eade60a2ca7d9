//! Smaller steps when the validation split shows no progress, as PyTorch's `ReduceLROnPlateau` with
//! `threshold_mode="rel"` and no cooldown.

use serde::{Deserialize, Serialize};

use super::Monitor;
use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number, whole, word};
use crate::optim::schedule::shape::{LastTime, Moment, RateShape};

/// A smaller change of the rate is ignored: PyTorch's `eps`.
const LEAST_CHANGE: f64 = 1e-8;

config! {
    /// `kind = "reduce_on_plateau"`.
    pub struct PlateauConfig {
        /// Factor at each reduction, in [0, 1).
        pub factor: f64 = number(Range::FRACTION).or(0.1),
        /// Evaluations in a row without progress that are tolerated; the next one reduces the rate.
        pub patience: u64 = whole(0).or(10),
        /// Only a change of more than this fraction of the best value so far is progress.
        pub threshold: f64 = number(Range::FRACTION).or(1e-4),
        /// The rate is never reduced below this.
        pub min_learning_rate: f64 = number(Range::NOT_NEGATIVE).or(0.0),
        /// The figure that should improve.
        pub monitor: Monitor = word().or(Monitor::ValLoss),
    }
}

impl RateShape for PlateauConfig {
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
        Some(self)
    }

    fn last_time(&self) -> Option<LastTime> {
        None
    }
}

/// The base rate after the reductions so far.
#[derive(Debug, Clone)]
pub struct Plateau {
    config: PlateauConfig,
    state: PlateauState,
}

/// What a checkpoint saves of a [`Plateau`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlateauState {
    rate: u64,             // bits of an `f64`
    best: Option<u64>,     // bits of an `f64`; none before the first value
    without_progress: u64, // evaluations since the best one or the last reduction
}

impl Plateau {
    /// Starts at the rate `base`.
    pub fn new(config: &PlateauConfig, base: f64) -> Plateau {
        let state = PlateauState { rate: base.to_bits(), best: None, without_progress: 0 };
        Plateau { config: config.clone(), state }
    }

    /// The base rate of the following steps.
    pub fn rate(&self) -> f64 {
        f64::from_bits(self.state.rate)
    }

    /// The monitored figure.
    pub fn monitor(&self) -> Monitor {
        self.config.monitor
    }

    /// What a checkpoint saves.
    pub fn state(&self) -> PlateauState {
        self.state
    }

    /// Restores the state from a checkpoint.
    pub fn set_state(&mut self, state: PlateauState) {
        self.state = state;
    }

    /// Takes the value of an evaluation into account.
    pub fn observe(&mut self, value: f64) {
        let PlateauConfig { patience, threshold, monitor, .. } = self.config;
        let is_progress = !value.is_nan()
            && self.state.best.is_none_or(|best| {
                let best = f64::from_bits(best);
                // Not `best - threshold * best`, which rounds differently from PyTorch's product.
                let bound = match monitor {
                    Monitor::ValLoss => best * (1.0 - threshold),
                    Monitor::ValAccuracy => best * (1.0 + threshold),
                };
                monitor.better().is_better(value, bound)
            });
        if is_progress {
            self.state.best = Some(value.to_bits());
            self.state.without_progress = 0;
        } else {
            self.state.without_progress += 1;
        }
        if self.state.without_progress > patience {
            self.reduce();
            self.state.without_progress = 0;
        }
    }

    fn reduce(&mut self) {
        let rate = self.rate();
        let least = self.config.min_learning_rate;
        let reduced = rate * self.config.factor;
        let reduced = if reduced < least { least } else { reduced };
        if rate - reduced > LEAST_CHANGE {
            self.state.rate = reduced.to_bits();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::floats;
    use crate::optim::schedule::testing::fixtures;

    fn plateau(monitor: Monitor) -> Plateau {
        let config = PlateauConfig {
            factor: 0.5,
            patience: 2,
            threshold: 0.01,
            min_learning_rate: 0.03,
            monitor,
        };
        Plateau::new(&config, 0.125)
    }

    #[test]
    fn rates_equal_those_of_pytorch() {
        for monitor in [Monitor::ValLoss, Monitor::ValAccuracy] {
            let fixture = &fixtures()["reduce_on_plateau"][monitor.name()];
            let mut plateau = plateau(monitor);
            let mut seen = Vec::new();
            for value in floats(&fixture["values"]) {
                plateau.observe(f64::from(value));
                seen.push(plateau.rate() as f32);
            }
            assert_eq!(seen, floats(&fixture["rates"]), "{monitor:?}");
        }
    }

    #[test]
    fn nan_is_no_progress() {
        let mut plateau = plateau(Monitor::ValLoss);
        plateau.observe(1.0);
        for _ in 0..3 {
            plateau.observe(f64::NAN);
        }
        assert_eq!(plateau.rate(), 0.0625);
    }

    #[test]
    fn state_is_complete() {
        let values = [1.0, 1.0, 1.0, 1.0, 0.5, 0.6, 0.7, 0.8];
        let mut whole = plateau(Monitor::ValLoss);
        values.iter().for_each(|value| whole.observe(*value));
        for cut in 0..values.len() {
            let (mut before, mut after) = (plateau(Monitor::ValLoss), plateau(Monitor::ValLoss));
            values[..cut].iter().for_each(|value| before.observe(*value));
            after.set_state(before.state());
            values[cut..].iter().for_each(|value| after.observe(*value));
            assert_eq!(after.state(), whole.state(), "cut at {cut}");
        }
    }
}
