//! Adam (Kingma & Ba, 2015, <https://arxiv.org/abs/1412.6980>) and AdamW
//! (Loshchilov & Hutter, 2019, <https://arxiv.org/abs/1711.05101>).

use schemars::JsonSchema;
use serde::Serialize;

/// `kind = "adam"` and `kind = "adamw"`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AdamConfig {
    /// Step size.
    pub learning_rate: f64,
    /// Decay of the running mean of gradients, in [0, 1).
    pub beta1: f64,
    /// Decay of the running mean of squared gradients, in [0, 1).
    pub beta2: f64,
    /// Added to the root of the second moment.
    pub eps: f64,
    /// adam: L2 penalty added to the gradient of weights; adamw: share of each weight removed per
    /// step, times the learning rate.
    pub weight_decay: f64,
}
