//! Stochastic gradient descent, plain and with momentum (Sutskever et al., 2013).

use schemars::JsonSchema;
use serde::Serialize;

use super::optimizer::{Optimizer, Step, decay_if};
use crate::config::{Range, TableReader};
use crate::kernel::Rule;

/// `kind = "sgd"`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(default)]
pub struct SgdConfig {
    /// Step size, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub learning_rate: f64,
    /// L2 penalty added to the gradient of the weights of linear layers and convolutions.
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
    /// L2 penalty added to the gradient of the weights of linear layers and convolutions.
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
#[derive(Debug)]
pub(super) struct Sgd {
    weight_decay: f32,
    learning_rate: f32,
}

impl Sgd {
    pub(super) fn new(config: &SgdConfig) -> Sgd {
        let SgdConfig { learning_rate, weight_decay } = *config;
        Sgd { weight_decay: weight_decay as f32, learning_rate: learning_rate as f32 }
    }
}

impl Optimizer for Sgd {
    fn begin_step(&mut self, step: Step) {
        self.learning_rate = step.learning_rate as f32;
    }
}

impl Rule for Sgd {
    const STATE: usize = 0;

    #[inline(always)]
    fn update(&self, w: f32, grad: f32, state: [f32; 2], decay: bool) -> (f32, [f32; 2]) {
        let decay = decay_if(decay, self.weight_decay);
        let g = decay.mul_add(w, grad);
        ((-self.learning_rate).mul_add(g, w), state)
    }
}

/// `v = momentum · v + grad`, then `w -= learning_rate · v`, or for Nesterov
/// `w -= learning_rate · (grad + momentum · v)`. As PyTorch, and unlike Sutskever et al., the
/// learning rate is not part of the velocity.
#[derive(Debug)]
pub(super) struct Momentum {
    momentum: f32,
    nesterov: bool,
    weight_decay: f32,
    learning_rate: f32,
}

impl Momentum {
    pub(super) fn new(config: &MomentumConfig, nesterov: bool) -> Momentum {
        let MomentumConfig { learning_rate, momentum, weight_decay } = *config;
        Momentum {
            momentum: momentum as f32,
            nesterov,
            weight_decay: weight_decay as f32,
            learning_rate: learning_rate as f32,
        }
    }
}

impl Optimizer for Momentum {
    fn state_names(&self) -> &'static [&'static str] {
        &["velocity"]
    }

    fn begin_step(&mut self, step: Step) {
        self.learning_rate = step.learning_rate as f32;
    }
}

impl Rule for Momentum {
    const STATE: usize = 1;

    #[inline(always)]
    fn update(&self, w: f32, grad: f32, state: [f32; 2], decay: bool) -> (f32, [f32; 2]) {
        let decay = decay_if(decay, self.weight_decay);
        let mu = self.momentum;
        let g = decay.mul_add(w, grad);
        let v = mu.mul_add(state[0], g);
        let step = if self.nesterov { mu.mul_add(v, g) } else { v };
        ((-self.learning_rate).mul_add(step, w), [v, state[1]])
    }
}
