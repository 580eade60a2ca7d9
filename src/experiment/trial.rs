//! A resolved grid point with its seed: everything that decides a result.

use schemars::JsonSchema;
use serde::Serialize;

use crate::config::{Problems, Table, TableReader};
use crate::data::{AugmentationConfig, DatasetConfig};
use crate::nn::NetworkConfig;
use crate::optim::{OptimizerConfig, ScheduleConfig};
use crate::train::{EvaluationConfig, TrainerConfig, TrainingConfig};

/// Everything that decides a trial's result, defaults filled in; `training.seeds` has one element.
/// Serialised to TOML it is a valid experiment file.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Trial {
    /// The `[dataset]` table.
    pub dataset: DatasetConfig,
    /// The `[augmentation]` table.
    #[serde(skip_serializing_if = "AugmentationConfig::is_off")]
    pub augmentation: AugmentationConfig,
    /// The `[network]` table.
    pub network: NetworkConfig,
    /// The `[optimizer]` table.
    pub optimizer: OptimizerConfig,
    /// The `[schedule]` table.
    #[serde(skip_serializing_if = "ScheduleConfig::is_default")]
    pub schedule: ScheduleConfig,
    /// The `[training]` table, with one seed.
    pub training: TrainingConfig,
    /// The `[evaluation]` table.
    pub evaluation: EvaluationConfig,
}

impl Trial {
    /// What its trainer is built from.
    pub fn trainer_config(&self) -> TrainerConfig<'_> {
        let Trial { dataset, augmentation, network, optimizer, schedule, training, evaluation } =
            self;
        TrainerConfig { dataset, augmentation, network, optimizer, schedule, training, evaluation }
    }

    /// Epochs of the whole training; the last may be short.
    pub fn epochs(&self) -> u64 {
        let (_, left) = self.dataset.train_sizes();
        let length = self.training.length(left);
        length.total_steps.div_ceil(length.steps_per_epoch.max(1))
    }
}

/// A grid point as read: a trial with all its seeds, and which tables can be relied on.
pub(super) struct Point {
    pub(super) trial: Trial,
    pub(super) dataset_is_valid: bool,
    pub(super) augmentation_is_valid: bool,
    pub(super) network_is_valid: bool,
    pub(super) schedule_is_valid: bool,
    pub(super) training_is_valid: bool,
}

impl Point {
    /// Reads a tree that has nothing but a trial's tables.
    pub(super) fn read(tree: &Table, source: usize, problems: &Problems) -> Point {
        let mut root = TableReader::root(tree, source, problems);
        let mut errors = 0;
        let mut is_valid = || std::mem::replace(&mut errors, problems.len()) == problems.len();
        let dataset = root.required_table("dataset", DatasetConfig::read);
        let dataset_is_valid = is_valid();
        let augmentation = root.table("augmentation", AugmentationConfig::read);
        let augmentation_is_valid = is_valid();
        let network = root.required_table("network", NetworkConfig::read);
        let network_is_valid = is_valid();
        let optimizer = root.required_table("optimizer", OptimizerConfig::read);
        is_valid();
        let schedule = root.optional_table("schedule", ScheduleConfig::read).unwrap_or_default();
        let schedule_is_valid = is_valid();
        let training = root.required_table("training", TrainingConfig::read);
        let training_is_valid = is_valid();
        let evaluation = root.table("evaluation", EvaluationConfig::read);
        root.finish();
        let trial =
            Trial { dataset, augmentation, network, optimizer, schedule, training, evaluation };
        Point {
            trial,
            dataset_is_valid,
            augmentation_is_valid,
            network_is_valid,
            schedule_is_valid,
            training_is_valid,
        }
    }
}
