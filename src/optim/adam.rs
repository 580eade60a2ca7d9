//! Adam (Kingma & Ba, 2015, <https://arxiv.org/abs/1412.6980>) and AdamW
//! (Loshchilov & Hutter, 2019, <https://arxiv.org/abs/1711.05101>).

use schemars::JsonSchema;
use serde::Serialize;

use crate::config::{Range, TableReader};

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
        AdamConfig {
            learning_rate: 0.001,
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
            weight_decay: 0.0,
        }
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
