//! A trial on made-up data that trains in a millisecond.

use std::sync::Arc;

use super::{Batches, EvaluationConfig, Trainer, TrainingConfig, Workers};
use crate::data::{
    AugmentationConfig, ColorJitterConfig, CutoutConfig, Dataset, DatasetConfig, DatasetSource,
    Examples, MixupConfig, RandomCropConfig, Scaling, Splits,
};
use crate::nn::{Activation, MlpConfig, NetworkConfig, WeightInit};
use crate::optim::{AdamConfig, OptimizerConfig};

/// What a trainer is built from.
pub(super) struct Config {
    pub(super) network: NetworkConfig,
    pub(super) optimizer: OptimizerConfig,
    pub(super) training: TrainingConfig,
    pub(super) augmentation: AugmentationConfig,
}

/// Dropout, batch norm, shuffling and Adam: all that has a state or random numbers.
pub(super) fn config() -> Config {
    Config {
        network: NetworkConfig::Mlp(MlpConfig {
            hidden_sizes: vec![7, 5],
            activation: Activation::Relu,
            weight_init: WeightInit::He,
            batch_norm: true,
            dropout: 0.25,
        }),
        optimizer: OptimizerConfig::Adam(AdamConfig::default()),
        training: TrainingConfig {
            epochs: None,
            steps: Some(13),
            batch_size: 10,
            batches: Batches::Shuffled,
            seeds: vec![3],
        },
        augmentation: AugmentationConfig::default(),
    }
}

/// Every transform, each so that it changes something in 2x2 pixels.
pub(super) fn every_augmentation() -> AugmentationConfig {
    AugmentationConfig {
        horizontal_flip: 0.5,
        random_crop: RandomCropConfig { padding: 1, fill: 7 },
        color_jitter: ColorJitterConfig { brightness: 0.4, contrast: 0.3, saturation: 0.2 },
        cutout: CutoutConfig { size: 1 },
        mixup: MixupConfig { alpha: 0.7 },
    }
}

/// 24 training and 10 test examples of 2x2 RGB pixels in 2 classes, 4 of them held out.
pub(super) fn trainer(config: &Config) -> Trainer {
    let examples = |n: usize| Examples {
        pixels: (0..n * 12).map(|i| (i * i % 251) as u8).collect(),
        labels: (0..n).map(|i| (i / 3 % 2) as u16).collect(),
    };
    let names = vec!["a".to_owned(), "b".to_owned()];
    let dataset = Dataset::new([3, 2, 2], names, examples(28), examples(10));
    let splits = DatasetConfig {
        source: DatasetSource::Cifar10 {},
        train_examples: None,
        test_examples: None,
        validation_examples: 4,
        split_seed: 0,
        scaling: Scaling::Unit,
    };
    let splits = Arc::new(Splits::new(Arc::new(dataset), &splits).unwrap());
    let evaluation = EvaluationConfig { every_epochs: 2, ..EvaluationConfig::default() };
    let Config { network, optimizer, training, augmentation } = config;
    let workers = Arc::new(Workers::new(1));
    let trainer = Trainer::new(splits, network, optimizer, training, &evaluation, workers).unwrap();
    trainer.with_augmentation(augmentation).unwrap()
}
