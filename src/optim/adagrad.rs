//! AdaGrad (Duchi et al., 2011, <https://jmlr.org/papers/v12/duchi11a.html>).

use schemars::JsonSchema;
use serde::Serialize;

use super::optimizer::{Optimizer, Step, decay_of, visit_slots, zeros};
use crate::config::{Range, TableReader};
use crate::kernel::vectorise;
use crate::nn::Param;

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
    /// L2 penalty added to the gradient of weights.
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
pub(super) struct Adagrad {
    eps: f32,
    weight_decay: f64,
    sum: Vec<Vec<f32>>, // one per parameter
}

impl Adagrad {
    pub(super) fn new(config: &AdagradConfig, param_sizes: &[usize]) -> Adagrad {
        Adagrad {
            eps: config.eps as f32,
            weight_decay: config.weight_decay,
            sum: zeros(param_sizes),
        }
    }
}

impl Optimizer for Adagrad {
    fn update(&mut self, position: usize, param: &mut Param, step: Step) {
        let decay = decay_of(param, self.weight_decay);
        let (learning_rate, eps) = (step.learning_rate as f32, self.eps);
        let sum = &mut self.sum[position];
        vectorise(
            #[inline(always)]
            || {
                for ((w, h), g) in param.value.iter_mut().zip(sum).zip(&param.grad) {
                    let g = g + decay * *w;
                    *h += g * g;
                    *w -= learning_rate * g / (h.sqrt() + eps);
                }
            },
        );
    }

    fn visit_state(&mut self, visit: &mut dyn FnMut(&'static str, usize, &mut [f32])) {
        visit_slots("sum", &mut self.sum, visit);
    }
}
