//! Lookahead (Zhang et al., 2019, <https://arxiv.org/abs/1907.08610>): slow weights follow the trained ones,
//! which go on from them every few steps.
//!
//! With the growing share of Jordan (2024, <https://arxiv.org/abs/2404.00498>): the slow weights move less
//! and less. As there, and unlike Zhang et al., the running statistics of batch norm take part. After
//! the last step, the network is the slow weights.

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number, whole};
use crate::kernel::vectorise;
use crate::memory;
use crate::nn::Network;
use crate::nn::layers::TensorMut;

config! {
    /// The table `lookahead`.
    #[derive(Copy)]
    pub struct LookaheadConfig {
        /// Steps from one move of the slow weights to the next.
        pub every_steps: u64 = whole(1).or(5),
        /// Share of the slow weights that a move keeps, in [0, 1); the rest comes from the trained ones.
        pub decay: f64 = number(Range::FRACTION).or(0.5),
        /// The share grows from 0 to `decay` as the done part of the training to this power; 0: it is
        /// the same throughout.
        pub decay_power: f64 = number(Range::NOT_NEGATIVE).or(0.0),
    }
}

/// The slow weights, with the running statistics.
pub(super) struct Lookahead {
    config: LookaheadConfig,
    total_steps: u64,
    pub(super) slow: Vec<Vec<f32>>, // the tensors of 32-bit floats of the network's state, in its order
}

impl Lookahead {
    /// Slow weights that equal the trained ones.
    pub(super) fn new(
        network: &mut Network,
        config: LookaheadConfig,
        total_steps: u64,
    ) -> Lookahead {
        let mut slow = Vec::new();
        each_tensor(network, &mut |_, values| slow.push(memory::copy_of(values)));
        Lookahead { config, total_steps, slow }
    }

    /// Follows so many `steps`.
    pub(super) fn update(&mut self, network: &mut Network, steps: u64) {
        let is_last = steps == self.total_steps;
        if !steps.is_multiple_of(self.config.every_steps) && !is_last {
            return;
        }
        if steps.is_multiple_of(self.config.every_steps) {
            let newest = (1.0 - self.decay_at(steps)) as f32;
            each_tensor(network, &mut |i, values| move_towards(&mut self.slow[i], values, newest));
        }
        each_tensor(network, &mut |i, values| values.copy_from_slice(&self.slow[i]));
    }

    /// Sets the slow weights to the trained ones.
    pub(super) fn begin(&mut self, network: &mut Network) {
        each_tensor(network, &mut |i, values| self.slow[i].copy_from_slice(values));
    }

    fn decay_at(&self, steps: u64) -> f64 {
        let LookaheadConfig { decay, decay_power, .. } = self.config;
        let done = steps as f64 / self.total_steps as f64;
        decay * libm::pow(done, decay_power)
    }
}

fn each_tensor(network: &mut Network, visit: &mut dyn FnMut(usize, &mut [f32])) {
    let mut position = 0;
    network.visit_state(&mut |_, _, tensor| {
        if let TensorMut::F32(values) = tensor {
            visit(position, values);
            position += 1;
        }
    });
}

/// `slow += newest · (value - slow)`
fn move_towards(slow: &mut [f32], values: &[f32], newest: f32) {
    vectorise(
        #[inline(always)]
        || {
            for (mean, value) in slow.iter_mut().zip(values) {
                *mean = newest.mul_add(value - *mean, *mean);
            }
        },
    );
}
