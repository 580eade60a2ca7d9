//! A resolved grid point with its seed: everything that decides a result.

use crate::config::keys::{ConfigTable, config, switch_off, table};
use crate::config::{Problems, TableReader, TomlTable};
use crate::data::{AugmentationConfig, DatasetConfig};
use crate::nn::NetworkConfig;
use crate::optim::{OptimizerConfig, ScheduleConfig};
use crate::train::{EvaluationConfig, TrainerConfig, TrainingConfig};

config! {
    /// Everything that decides a trial's result, defaults filled in; `training.seeds` has one element.
    /// Serialised to TOML it is a valid experiment file.
    pub struct Trial {
        /// The `[dataset]` table.
        pub dataset: DatasetConfig = table("kind = \"cifar10\"").required(),
        /// The `[augmentation]` table.
        pub augmentation: AugmentationConfig = table("horizontal_flip = 0.5, random_crop = { padding = 4 }").left_out(),
        /// The `[network]` table.
        pub network: NetworkConfig = table("kind = \"mlp\", hidden_sizes = [100, 50]").required(),
        /// The `[optimizer]` table.
        pub optimizer: OptimizerConfig = table("kind = \"adam\", learning_rate = 0.001").required(),
        /// Absent: the learning rate stays the same.
        pub schedule: ScheduleConfig = table("kind = \"cosine\"").left_out(),
        /// Exactly one of `epochs` and `steps` is given.
        pub training: TrainingConfig = table("epochs = 30, seeds = 3").required(),
        /// The `[evaluation]` table.
        pub evaluation: EvaluationConfig = table("every_epochs = 2"),
    }
}

impl Trial {
    /// The parts from which its trainer is built.
    pub fn trainer_config(&self) -> TrainerConfig<'_> {
        let Trial { dataset, augmentation, network, optimizer, schedule, training, evaluation } =
            self;
        TrainerConfig { dataset, augmentation, network, optimizer, schedule, training, evaluation }
    }

    /// Number of epochs of the whole training; the last may be short.
    pub fn epochs(&self) -> u64 {
        let (_, left) = self.dataset.train_sizes();
        let length = self.training.length(left);
        length.total_steps.div_ceil(length.steps_per_epoch.max(1))
    }
}

/// A grid point as read: a trial with all its seeds, and which tables can be relied on.
pub(super) struct GridPoint {
    pub(super) trial: Trial,
    pub(super) dataset_is_valid: bool,
    pub(super) augmentation_is_valid: bool,
    pub(super) network_is_valid: bool,
    pub(super) optimizer_is_valid: bool,
    pub(super) schedule_is_valid: bool,
    pub(super) training_is_valid: bool,
}

impl GridPoint {
    /// Reads a tree that has only a trial's tables.
    pub(super) fn read(tree: &TomlTable, source: usize, problems: &Problems) -> GridPoint {
        let mut root = TableReader::root(tree, source, problems);
        switch_off(&mut root, Trial::KEYS);
        let mut trial = Trial::unset();
        let mut valid: Vec<&str> = Vec::new();
        let mut errors = 0;
        for key in Trial::KEYS {
            (key.read)(&mut root, &mut trial);
            if std::mem::replace(&mut errors, problems.len()) == problems.len() {
                valid.push(key.name);
            }
        }
        root.finish();
        GridPoint {
            trial,
            dataset_is_valid: valid.contains(&"dataset"),
            augmentation_is_valid: valid.contains(&"augmentation"),
            network_is_valid: valid.contains(&"network"),
            optimizer_is_valid: valid.contains(&"optimizer"),
            schedule_is_valid: valid.contains(&"schedule"),
            training_is_valid: valid.contains(&"training"),
        }
    }
}
