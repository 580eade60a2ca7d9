//! RMSProp (Tieleman & Hinton, 2012, Coursera lecture 6.5).

use schemars::JsonSchema;
use serde::Serialize;

use super::optimizer::{Optimizer, Step, decay_of, visit_slots, zeros};
use crate::config::{Range, TableReader};
use crate::kernel::vectorise;
use crate::nn::Param;

/// `kind = "rmsprop"`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(default)]
pub struct RmspropConfig {
    /// Step size, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub learning_rate: f64,
    /// Decay of the running mean of squared gradients, in [0, 1).
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    pub alpha: f64,
    /// Added to the root of the running mean.
    #[schemars(range(min = 0))]
    pub eps: f64,
    /// L2 penalty added to the gradient of weights.
    #[schemars(range(min = 0))]
    pub weight_decay: f64,
}

impl Default for RmspropConfig {
    fn default() -> RmspropConfig {
        RmspropConfig { learning_rate: 0.01, alpha: 0.99, eps: 1e-8, weight_decay: 0.0 }
    }
}

impl RmspropConfig {
    /// Reads the table's keys.
    pub fn read(table: &mut TableReader<'_>) -> RmspropConfig {
        let default = RmspropConfig::default();
        RmspropConfig {
            learning_rate: table.float("learning_rate", default.learning_rate, Range::POSITIVE),
            alpha: table.float("alpha", default.alpha, Range::FRACTION),
            eps: table.float("eps", default.eps, Range::NOT_NEGATIVE),
            weight_decay: table.float("weight_decay", default.weight_decay, Range::NOT_NEGATIVE),
        }
    }
}

/// `v = alpha · v + (1 - alpha) · grad²`, `w -= learning_rate · grad / (sqrt(v) + eps)`
pub(super) struct Rmsprop {
    config: RmspropConfig,
    square_avg: Vec<Vec<f32>>, // one per parameter
}

impl Rmsprop {
    pub(super) fn new(config: &RmspropConfig, param_sizes: &[usize]) -> Rmsprop {
        Rmsprop { config: config.clone(), square_avg: zeros(param_sizes) }
    }
}

impl Optimizer for Rmsprop {
    fn update(&mut self, position: usize, param: &mut Param, step: Step) {
        let decay = decay_of(param, self.config.weight_decay);
        let (learning_rate, eps) = (step.learning_rate as f32, self.config.eps as f32);
        let (alpha, rest) = (self.config.alpha as f32, (1.0 - self.config.alpha) as f32);
        let square_avg = &mut self.square_avg[position];
        vectorise(
            #[inline(always)]
            || {
                for ((w, v), g) in param.value.iter_mut().zip(square_avg).zip(&param.grad) {
                    let g = g + decay * *w;
                    *v = alpha * *v + rest * g * g;
                    *w -= learning_rate * g / (v.sqrt() + eps);
                }
            },
        );
    }

    fn visit_state(&mut self, visit: &mut dyn FnMut(&'static str, usize, &mut [f32])) {
        visit_slots("square_avg", &mut self.square_avg, visit);
    }
}
