//! RMSProp (Tieleman & Hinton, 2012, Coursera lecture 6.5).

use schemars::JsonSchema;
use serde::Serialize;

use super::optimizer::{Optimizer, Step, decay_if};
use crate::config::{Range, TableReader};
use crate::kernel::Rule;

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
    /// L2 penalty added to the gradient of the weights of linear layers and convolutions.
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
#[derive(Debug)]
pub(super) struct Rmsprop {
    alpha: f32,
    rest: f32, // 1 - alpha
    eps: f32,
    weight_decay: f32,
    learning_rate: f32,
}

impl Rmsprop {
    pub(super) fn new(config: &RmspropConfig) -> Rmsprop {
        let RmspropConfig { learning_rate, alpha, eps, weight_decay } = *config;
        Rmsprop {
            alpha: alpha as f32,
            rest: (1.0 - alpha) as f32,
            eps: eps as f32,
            weight_decay: weight_decay as f32,
            learning_rate: learning_rate as f32,
        }
    }
}

impl Optimizer for Rmsprop {
    fn state_names(&self) -> &'static [&'static str] {
        &["square_avg"]
    }

    fn begin_step(&mut self, step: Step) {
        self.learning_rate = step.learning_rate as f32;
    }
}

impl Rule for Rmsprop {
    const STATE: usize = 1;

    #[inline(always)]
    fn update(&self, w: f32, grad: f32, state: [f32; 2], decay: bool) -> (f32, [f32; 2]) {
        let decay = decay_if(decay, self.weight_decay);
        let g = decay.mul_add(w, grad);
        let v = self.alpha.mul_add(state[0], self.rest * g * g);
        let denominator = v.sqrt() + self.eps;
        (w - self.learning_rate * g / denominator, [v, state[1]])
    }
}
