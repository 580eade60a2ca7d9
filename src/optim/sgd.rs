//! Stochastic gradient descent, plain and with momentum (Sutskever et al., 2013).

use schemars::JsonSchema;
use serde::Serialize;

use crate::config::{Range, TableReader};

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
        SgdConfig {
            learning_rate: 0.001,
            weight_decay: 0.0,
        }
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
        MomentumConfig {
            learning_rate: 0.001,
            momentum: 0.9,
            weight_decay: 0.0,
        }
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
