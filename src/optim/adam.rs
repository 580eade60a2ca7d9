//! Adam (Kingma & Ba, 2015, <https://arxiv.org/abs/1412.6980>) and AdamW
//! (Loshchilov & Hutter, 2019, <https://arxiv.org/abs/1711.05101>).

use schemars::JsonSchema;
use serde::Serialize;

use super::optimizer::{Optimizer, Step, decay_of, visit_slots, zeros};
use crate::config::{Range, TableReader};
use crate::kernel::vectorise;
use crate::nn::Param;

/// `kind = "adam"` and `kind = "adamw"`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(default)]
pub struct AdamConfig {
    /// Step size, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub learning_rate: f64,
    /// Decay of the running mean of gradients, in [0, 1).
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    pub beta1: f64,
    /// Decay of the running mean of squared gradients, in [0, 1).
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    pub beta2: f64,
    /// Added to the root of the second moment.
    #[schemars(range(min = 0))]
    pub eps: f64,
    /// adam: L2 penalty added to the gradient of weights; adamw: share of each weight removed per
    /// step, times the learning rate.
    #[schemars(range(min = 0))]
    pub weight_decay: f64,
}

impl Default for AdamConfig {
    fn default() -> AdamConfig {
        AdamConfig { learning_rate: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 }
    }
}

impl AdamConfig {
    /// Reads the table's keys.
    pub fn read(table: &mut TableReader<'_>) -> AdamConfig {
        let default = AdamConfig::default();
        AdamConfig {
            learning_rate: table.float("learning_rate", default.learning_rate, Range::POSITIVE),
            beta1: table.float("beta1", default.beta1, Range::FRACTION),
            beta2: table.float("beta2", default.beta2, Range::FRACTION),
            eps: table.float("eps", default.eps, Range::NOT_NEGATIVE),
            weight_decay: table.float("weight_decay", default.weight_decay, Range::NOT_NEGATIVE),
        }
    }
}

/// `m = beta1 · m + (1 - beta1) · grad`, `v = beta2 · v + (1 - beta2) · grad²`, then with the bias
/// corrections of step t `w -= learning_rate · m̂ / (sqrt(v̂) + eps)`.
pub(super) struct Adam {
    config: AdamConfig,
    decoupled: bool,
    first_moment: Vec<Vec<f32>>,  // one per parameter
    second_moment: Vec<Vec<f32>>, // one per parameter
}

impl Adam {
    pub(super) fn new(config: &AdamConfig, decoupled: bool, param_sizes: &[usize]) -> Adam {
        Adam {
            config: config.clone(),
            decoupled,
            first_moment: zeros(param_sizes),
            second_moment: zeros(param_sizes),
        }
    }
}

impl Optimizer for Adam {
    fn update(&mut self, position: usize, param: &mut Param, step: Step) {
        let AdamConfig { beta1, beta2, eps, weight_decay, .. } = self.config;
        let decay = decay_of(param, weight_decay);
        let (l2, keep) = match self.decoupled {
            true => (0.0, 1.0 - step.learning_rate as f32 * decay),
            false => (decay, 1.0),
        };
        let t = step.number as f64;
        let (correction1, correction2) = (1.0 - libm::pow(beta1, t), 1.0 - libm::pow(beta2, t));
        let step_size = (step.learning_rate / correction1) as f32;
        let root_correction = correction2.sqrt() as f32;
        let (b1, c1, b2, c2) =
            (beta1 as f32, (1.0 - beta1) as f32, beta2 as f32, (1.0 - beta2) as f32);
        let eps = eps as f32;
        let moments = self.first_moment[position].iter_mut().zip(&mut self.second_moment[position]);
        vectorise(
            #[inline(always)]
            || {
                for ((w, g), (m, v)) in param.value.iter_mut().zip(&param.grad).zip(moments) {
                    let g = g + l2 * *w;
                    *m = b1 * *m + c1 * g;
                    *v = b2 * *v + c2 * g * g;
                    *w = keep * *w - step_size * *m / (v.sqrt() / root_correction + eps);
                }
            },
        );
    }

    fn visit_state(&mut self, visit: &mut dyn FnMut(&'static str, usize, &mut [f32])) {
        visit_slots("first_moment", &mut self.first_moment, visit);
        visit_slots("second_moment", &mut self.second_moment, visit);
    }
}
