//! RMSProp (Tieleman & Hinton, 2012, Coursera lecture 6.5).

use schemars::JsonSchema;
use serde::Serialize;

use crate::config::{Range, TableReader};

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
        RmspropConfig {
            learning_rate: 0.01,
            alpha: 0.99,
            eps: 1e-8,
            weight_decay: 0.0,
        }
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
