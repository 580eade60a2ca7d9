//! Stochastic gradient descent, plain and with momentum (Sutskever et al., 2013).

use schemars::JsonSchema;
use serde::Serialize;

/// `kind = "sgd"`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SgdConfig {
    /// Step size.
    pub learning_rate: f64,
    /// L2 penalty added to the gradient of weights.
    pub weight_decay: f64,
}

/// `kind = "momentum"` and `kind = "nesterov"`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct MomentumConfig {
    /// Step size.
    pub learning_rate: f64,
    /// Share of the velocity kept from step to step, in [0, 1).
    pub momentum: f64,
    /// L2 penalty added to the gradient of weights.
    pub weight_decay: f64,
}
