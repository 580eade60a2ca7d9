//! AdaGrad (Duchi et al., 2011, <https://jmlr.org/papers/v12/duchi11a.html>).

use schemars::JsonSchema;
use serde::Serialize;

use super::optimizer::{Optimizer, Step, decay_if};
use crate::config::{Range, TableReader};
use crate::kernel::Rule;

/// `kind = "adagrad"`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(default)]
pub struct AdagradConfig {
    /// Step size, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub learning_rate: f64,
    /// Added to the root of the summed squares.
    #[schemars(range(min = 0))]
    pub eps: f64,
    /// L2 penalty added to the gradient of the weights of linear layers and convolutions.
    #[schemars(range(min = 0))]
    pub weight_decay: f64,
}

impl Default for AdagradConfig {
    fn default() -> AdagradConfig {
        AdagradConfig { learning_rate: 0.01, eps: 1e-10, weight_decay: 0.0 }
    }
}

impl AdagradConfig {
    /// Reads the table's keys.
    pub fn read(table: &mut TableReader<'_>) -> AdagradConfig {
        let default = AdagradConfig::default();
        AdagradConfig {
            learning_rate: table.float("learning_rate", default.learning_rate, Range::POSITIVE),
            eps: table.float("eps", default.eps, Range::NOT_NEGATIVE),
            weight_decay: table.float("weight_decay", default.weight_decay, Range::NOT_NEGATIVE),
        }
    }
}

/// `h += grad²`, `w -= learning_rate · grad / (sqrt(h) + eps)`
#[derive(Debug)]
pub(super) struct Adagrad {
    eps: f32,
    weight_decay: f32,
    learning_rate: f32,
}

impl Adagrad {
    pub(super) fn new(config: &AdagradConfig) -> Adagrad {
        let AdagradConfig { learning_rate, eps, weight_decay } = *config;
        Adagrad {
            eps: eps as f32,
            weight_decay: weight_decay as f32,
            learning_rate: learning_rate as f32,
        }
    }
}

impl Optimizer for Adagrad {
    fn state_names(&self) -> &'static [&'static str] {
        &["sum"]
    }

    fn begin_step(&mut self, step: Step) {
        self.learning_rate = step.learning_rate as f32;
    }
}

impl Rule for Adagrad {
    const STATE: usize = 1;

    #[inline(always)]
    fn update(&self, w: f32, grad: f32, state: [f32; 2], decay: bool) -> (f32, [f32; 2]) {
        let decay = decay_if(decay, self.weight_decay);
        let g = decay.mul_add(w, grad);
        let h = g.mul_add(g, state[0]);
        let denominator = h.sqrt() + self.eps;
        (w - self.learning_rate * g / denominator, [h, state[1]])
    }
}
