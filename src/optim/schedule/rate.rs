//! The learning rate as a function of the step: the warmup and the shapes that need no state.

use std::f64::consts::PI;

use super::length::TrainingLength;
use super::shape::Moment;
use super::{ScheduleConfig, ScheduleKind};

/// A schedule for a training of known length. Steps count from 0.
#[derive(Debug, Clone)]
pub struct Schedule {
    kind: ScheduleKind,
    warmup_steps: u64,
    warmup_start: f64, // share of the rate at step 0
    length: TrainingLength,
}

impl Schedule {
    pub(super) fn new(config: &ScheduleConfig, length: TrainingLength) -> Schedule {
        let by_epochs = config.warmup_epochs.map(|epochs| length.steps_of(epochs));
        let warmup_steps = config.warmup_steps.or(by_epochs).unwrap_or(0);
        let warmup_start = config.warmup_start_fraction;
        Schedule { kind: config.kind.clone(), warmup_steps, warmup_start, length }
    }

    /// Number of warmup steps.
    pub fn warmup_steps(&self) -> u64 {
        self.warmup_steps
    }

    /// The rate of step `step`, given the base rate `base`.
    pub fn rate(&self, step: u64, base: f64) -> f64 {
        base * self.share(step) * self.warmup(step)
    }

    /// PyTorch's `LinearLR(start_factor, total_iters=warmup_steps)`.
    fn warmup(&self, step: u64) -> f64 {
        if step >= self.warmup_steps {
            return 1.0;
        }
        let part = step as f64 / self.warmup_steps as f64;
        self.warmup_start + (1.0 - self.warmup_start) * part
    }

    /// The rate without the warmup, as a share of the base rate.
    fn share(&self, step: u64) -> f64 {
        let Schedule { length, warmup_steps, .. } = *self;
        self.kind.as_kind().share(&Moment { step, length, warmup_steps })
    }
}

/// From `first` at 0 to `last` at 1 along half a cosine.
pub(super) fn half_cosine(first: f64, last: f64, part: f64) -> f64 {
    last + (first - last) / 2.0 * (1.0 + libm::cos(PI * part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::floats;
    use crate::optim::schedule::testing::{fixtures, schedule};

    const BASE: f64 = 0.125;

    /// 6 epochs of 4 steps, as in the script that makes the fixtures.
    const LENGTH: TrainingLength = TrainingLength { steps_per_epoch: 4, total_steps: 24 };

    #[test]
    fn every_kind_equals_pytorch_with_and_without_warmup() {
        let cases = fixtures();
        let cases = cases["rates"].as_object().unwrap();
        assert_eq!(cases.len(), 16);
        for (name, case) in cases {
            let schedule = schedule(case["table"].as_str().unwrap()).build(LENGTH);
            let expected = floats(&case["rates"]);
            assert_eq!(expected.len() as u64, LENGTH.total_steps);
            for (step, expected) in expected.into_iter().enumerate() {
                let rate = schedule.rate(step as u64, BASE) as f32;
                let near = (rate - expected).abs() <= 2e-7 * expected.abs() + 1e-12;
                assert!(near, "{name}, step {step}: {rate}, PyTorch has {expected}");
            }
        }
    }

    #[test]
    fn constant_rates_are_the_base_rate_to_the_bit() {
        let schedule = ScheduleConfig::default().build(LENGTH);
        for base in [0.1, 1e-3, 0.3, f64::MIN_POSITIVE] {
            assert_eq!(schedule.rate(7, base).to_bits(), base.to_bits());
        }
    }

    #[test]
    fn extreme_lengths_give_finite_rates() {
        let tables = [
            "kind = 'one_cycle'\npct_start = 0.0",
            "kind = 'one_cycle'\npct_start = 0.5",
            "kind = 'cosine'\nwarmup_steps = 9",
            "kind = 'step'\nstep_epochs = 9223372036854775807",
            "kind = 'multi_step'\nmilestones = [9223372036854775807]",
        ];
        for (table, total_steps) in tables.into_iter().flat_map(|t| [1, 2].map(|n| (t, n))) {
            let length = TrainingLength { steps_per_epoch: 1, total_steps };
            let schedule = schedule(table).build(length);
            for step in 0..total_steps {
                let rate = schedule.rate(step, 1.0);
                assert!((0.0..=1.0).contains(&rate), "{table} of {total_steps}: {rate}");
            }
        }
    }
}
