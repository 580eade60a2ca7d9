//! RMSProp (Tieleman & Hinton, 2012, Coursera lecture 6.5).

use schemars::JsonSchema;
use serde::Serialize;

/// `kind = "rmsprop"`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RmspropConfig {
    /// Step size.
    pub learning_rate: f64,
    /// Decay of the running mean of squared gradients, in [0, 1).
    pub alpha: f64,
    /// Added to the root of the running mean.
    pub eps: f64,
    /// L2 penalty added to the gradient of weights.
    pub weight_decay: f64,
}
