//! Optimizers: one file each, with the config that the `[optimizer]` table says.

use schemars::JsonSchema;
use serde::Serialize;

mod adagrad;
mod adam;
mod rmsprop;
mod sgd;

pub use adagrad::AdagradConfig;
pub use adam::AdamConfig;
pub use rmsprop::RmspropConfig;
pub use sgd::{MomentumConfig, SgdConfig};

/// The `[optimizer]` table. Update rules and defaults are PyTorch's, except that `momentum` is 0.9
/// and `weight_decay` 0 unless given.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OptimizerConfig {
    /// Stochastic gradient descent.
    Sgd(SgdConfig),
    /// SGD with heavy-ball momentum.
    Momentum(MomentumConfig),
    /// SGD with Nesterov momentum.
    Nesterov(MomentumConfig),
    /// AdaGrad.
    Adagrad(AdagradConfig),
    /// RMSProp.
    Rmsprop(RmspropConfig),
    /// Adam; weight decay is L2 added to the gradient.
    Adam(AdamConfig),
    /// Adam with decoupled weight decay.
    Adamw(AdamConfig),
}
