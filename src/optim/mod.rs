//! Optimizers: one file each, with the config that the `[optimizer]` table says.

use schemars::JsonSchema;
use serde::Serialize;

use crate::config::{Kind, TableReader};

mod adagrad;
mod adam;
mod optimizer;
mod rmsprop;
mod sgd;

pub use adagrad::AdagradConfig;
pub use adam::AdamConfig;
pub use optimizer::{Optimizer, Step};
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

impl OptimizerConfig {
    /// The name that `kind` gives it.
    pub fn kind(&self) -> &'static str {
        match self {
            OptimizerConfig::Sgd(_) => "sgd",
            OptimizerConfig::Momentum(_) => "momentum",
            OptimizerConfig::Nesterov(_) => "nesterov",
            OptimizerConfig::Adagrad(_) => "adagrad",
            OptimizerConfig::Rmsprop(_) => "rmsprop",
            OptimizerConfig::Adam(_) => "adam",
            OptimizerConfig::Adamw(_) => "adamw",
        }
    }

    /// Step size.
    pub fn learning_rate(&self) -> f64 {
        match self {
            OptimizerConfig::Sgd(config) => config.learning_rate,
            OptimizerConfig::Momentum(config) | OptimizerConfig::Nesterov(config) => {
                config.learning_rate
            }
            OptimizerConfig::Adagrad(config) => config.learning_rate,
            OptimizerConfig::Rmsprop(config) => config.learning_rate,
            OptimizerConfig::Adam(config) | OptimizerConfig::Adamw(config) => config.learning_rate,
        }
    }

    /// Builds the optimizer for parameters of these sizes, its state zero.
    pub fn build(&self, param_sizes: &[usize]) -> Box<dyn Optimizer> {
        match self {
            OptimizerConfig::Sgd(config) => Box::new(sgd::Sgd::new(config)),
            OptimizerConfig::Momentum(config) => {
                Box::new(sgd::Momentum::new(config, false, param_sizes))
            }
            OptimizerConfig::Nesterov(config) => {
                Box::new(sgd::Momentum::new(config, true, param_sizes))
            }
            OptimizerConfig::Adagrad(config) => {
                Box::new(adagrad::Adagrad::new(config, param_sizes))
            }
            OptimizerConfig::Rmsprop(config) => {
                Box::new(rmsprop::Rmsprop::new(config, param_sizes))
            }
            OptimizerConfig::Adam(config) => Box::new(adam::Adam::new(config, false, param_sizes)),
            OptimizerConfig::Adamw(config) => Box::new(adam::Adam::new(config, true, param_sizes)),
        }
    }
}
