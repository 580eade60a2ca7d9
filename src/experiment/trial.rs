//! A resolved grid point with its seed: everything that decides a result.

use schemars::JsonSchema;
use serde::Serialize;

use crate::data::DatasetConfig;
use crate::nn::NetworkConfig;
use crate::optim::OptimizerConfig;
use crate::train::{EvaluationConfig, TrainingConfig};

/// Everything that decides a trial's result, defaults filled in; `training.seeds` has one element.
/// Serialised to TOML it is a valid experiment file.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Trial {
    /// The `[dataset]` table.
    pub dataset: DatasetConfig,
    /// The `[network]` table.
    pub network: NetworkConfig,
    /// The `[optimizer]` table.
    pub optimizer: OptimizerConfig,
    /// The `[training]` table, with one seed.
    pub training: TrainingConfig,
    /// The `[evaluation]` table.
    pub evaluation: EvaluationConfig,
}
