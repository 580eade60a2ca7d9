//! Optimizers: one file each, with the config that the `[optimizer]` table says.

use schemars::JsonSchema;
use serde::Serialize;

use crate::config::{Kind, TableReader};

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

impl OptimizerConfig {
    /// Reads the `[optimizer]` table.
    pub fn read(table: &mut TableReader<'_>) -> OptimizerConfig {
        use OptimizerConfig::*;
        table.tagged(&[
            Kind {
                name: "sgd",
                read: |table| Sgd(SgdConfig::read(table)),
            },
            Kind {
                name: "momentum",
                read: |table| Momentum(MomentumConfig::read(table)),
            },
            Kind {
                name: "nesterov",
                read: |table| Nesterov(MomentumConfig::read(table)),
            },
            Kind {
                name: "adagrad",
                read: |table| Adagrad(AdagradConfig::read(table)),
            },
            Kind {
                name: "rmsprop",
                read: |table| Rmsprop(RmspropConfig::read(table)),
            },
            Kind {
                name: "adam",
                read: |table| Adam(AdamConfig::read(table)),
            },
            Kind {
                name: "adamw",
                read: |table| Adamw(AdamConfig::read(table)),
            },
        ])
    }
}
