//! Stochastic gradient descent, plain and with momentum (Sutskever et al., 2013).

use schemars::JsonSchema;
use serde::Serialize;

use super::optimizer::{Optimizer, Step, decay_of, visit_slots, zeros};
use crate::config::{Range, TableReader};
use crate::kernel::vectorise;
use crate::nn::Param;

/// `kind = "sgd"`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(default)]
pub struct SgdConfig {
    /// Step size, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub learning_rate: f64,
    /// L2 penalty added to the gradient of weights.
    #[schemars(range(min = 0))]
    pub weight_decay: f64,
}

/// `kind = "momentum"` and `kind = "nesterov"`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(default)]
pub struct MomentumConfig {
    /// Step size, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub learning_rate: f64,
    /// Share of the velocity kept from step to step, in [0, 1).
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    pub momentum: f64,
    /// L2 penalty added to the gradient of weights.
    #[schemars(range(min = 0))]
    pub weight_decay: f64,
}

impl Default for SgdConfig {
    fn default() -> SgdConfig {
        SgdConfig { learning_rate: 0.001, weight_decay: 0.0 }
    }
}

impl SgdConfig {
    /// Reads the table's keys.
    pub fn read(table: &mut TableReader<'_>) -> SgdConfig {
        let default = SgdConfig::default();
        SgdConfig {
            learning_rate: table.float("learning_rate", default.learning_rate, Range::POSITIVE),
            weight_decay: table.float("weight_decay", default.weight_decay, Range::NOT_NEGATIVE),
        }
    }
}

impl Default for MomentumConfig {
    fn default() -> MomentumConfig {
        MomentumConfig { learning_rate: 0.001, momentum: 0.9, weight_decay: 0.0 }
    }
}

impl MomentumConfig {
    /// Reads the table's keys.
    pub fn read(table: &mut TableReader<'_>) -> MomentumConfig {
        let default = MomentumConfig::default();
        MomentumConfig {
            learning_rate: table.float("learning_rate", default.learning_rate, Range::POSITIVE),
            momentum: table.float("momentum", default.momentum, Range::FRACTION),
            weight_decay: table.float("weight_decay", default.weight_decay, Range::NOT_NEGATIVE),
        }
    }
}

/// `w -= learning_rate · (grad + weight_decay · w)`
pub(super) struct Sgd {
    weight_decay: f64,
}

impl Sgd {
    pub(super) fn new(config: &SgdConfig) -> Sgd {
        Sgd { weight_decay: config.weight_decay }
    }
}

impl Optimizer for Sgd {
    fn update(&mut self, _position: usize, param: &mut Param, step: Step) {
        let decay = decay_of(param, self.weight_decay);
        let learning_rate = step.learning_rate as f32;
        vectorise(
            #[inline(always)]
            || {
                for (w, g) in param.value.iter_mut().zip(&param.grad) {
                    *w -= learning_rate * (g + decay * *w);
                }
            },
        );
    }
}

/// `v = momentum · v + grad`, then `w -= learning_rate · v`, or for Nesterov
/// `w -= learning_rate · (grad + momentum · v)`. As PyTorch, and unlike Sutskever et al., the
/// learning rate is not part of the velocity.
pub(super) struct Momentum {
    momentum: f32,
    weight_decay: f64,
    nesterov: bool,
    velocity: Vec<Vec<f32>>, // one per parameter
}

impl Momentum {
    pub(super) fn new(config: &MomentumConfig, nesterov: bool, param_sizes: &[usize]) -> Momentum {
        Momentum {
            momentum: config.momentum as f32,
            weight_decay: config.weight_decay,
            nesterov,
            velocity: zeros(param_sizes),
        }
    }
}

impl Optimizer for Momentum {
    fn update(&mut self, position: usize, param: &mut Param, step: Step) {
        let decay = decay_of(param, self.weight_decay);
        let (mu, nesterov) = (self.momentum, self.nesterov);
        let learning_rate = step.learning_rate as f32;
        let velocity = &mut self.velocity[position];
        vectorise(
            #[inline(always)]
            || {
                for ((w, v), g) in param.value.iter_mut().zip(velocity).zip(&param.grad) {
                    let g = g + decay * *w;
                    *v = mu * *v + g;
                    *w -= learning_rate * if nesterov { g + mu * *v } else { *v };
                }
            },
        );
    }

    fn visit_state(&mut self, visit: &mut dyn FnMut(&'static str, usize, &mut [f32])) {
        visit_slots("velocity", &mut self.velocity, visit);
    }
}
