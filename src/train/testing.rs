//! A trial on made-up data that trains in a millisecond.

use std::sync::Arc;

use super::{
    Batches, EvaluationConfig, Event, Flow, Outcome, Trainer, TrainerConfig, TrainingConfig,
    Workers,
};
use crate::data::{
    AugmentationConfig, Border, ColorJitterConfig, CutoutConfig, Dataset, DatasetConfig, Examples,
    HorizontalFlip, MixupConfig, RandomCropConfig, Scaling, Splits,
};
use crate::nn::layers::ReluConfig;
use crate::nn::{MlpConfig, NetworkConfig, WeightInit};
use crate::optim::{AdamConfig, OptimizerConfig, ScheduleConfig};
use crate::runs::layers::LayerRow;
use crate::runs::metrics::{MetricsRow, StoppedEarly};

/// What a trainer is built from.
pub(super) struct TrainerParts {
    pub(super) network: NetworkConfig,
    pub(super) optimizer: OptimizerConfig,
    pub(super) schedule: ScheduleConfig,
    pub(super) training: TrainingConfig,
    pub(super) augmentation: AugmentationConfig,
}

/// Dropout, batch norm, shuffling and Adam: everything with state or random numbers.
pub(super) fn config() -> TrainerParts {
    TrainerParts {
        network: NetworkConfig::Mlp(MlpConfig {
            hidden_sizes: vec![7, 5],
            activation: ReluConfig {}.into(),
            weight_init: WeightInit::He,
            batch_norm: true,
            dropout: 0.25,
        }),
        optimizer: AdamConfig::default().into(),
        schedule: ScheduleConfig::default(),
        training: TrainingConfig {
            epochs: None,
            steps: Some(13),
            batch_size: 10,
            batches: Batches::Shuffled,
            seeds: vec![3],
            ..TrainingConfig::default()
        },
        augmentation: AugmentationConfig::default(),
    }
}

/// Every transform, with settings that change something in 2x2 pixels.
pub(super) fn every_augmentation() -> AugmentationConfig {
    AugmentationConfig {
        horizontal_flip: HorizontalFlip::Probability(0.5),
        random_crop: RandomCropConfig { padding: 1, fill: 7, border: Border::Fill },
        color_jitter: ColorJitterConfig { brightness: 0.4, contrast: 0.3, saturation: 0.2 },
        cutout: CutoutConfig { size: 1 },
        mixup: MixupConfig { alpha: 0.7 },
        ..AugmentationConfig::default()
    }
}

/// 24 training and 10 test examples of 2x2 RGB pixels in 2 classes, 4 of them held out.
pub(super) fn trainer(config: &TrainerParts) -> Trainer {
    let examples = |n: usize| Examples {
        pixels: (0..n * 12).map(|i| (i * i % 251) as u8).collect(),
        labels: (0..n).map(|i| (i / 3 % 2) as u16).collect(),
    };
    let names = vec!["a".to_owned(), "b".to_owned()];
    let dataset = Dataset::new([3, 2, 2], names, examples(28), examples(10));
    let splits = Arc::new(Splits::new(Arc::new(dataset), &dataset_config()).unwrap());
    let evaluation = EvaluationConfig { every_epochs: 2, ..EvaluationConfig::default() };
    with_trainer_config(config, &evaluation, |config| {
        Trainer::new(splits, config, Arc::new(Workers::new(1))).unwrap()
    })
}

/// The `[dataset]` table of [`trainer`].
pub(super) fn dataset_config() -> DatasetConfig {
    DatasetConfig {
        source: crate::data::Cifar10Config {}.into(),
        validation_examples: 4,
        scaling: Scaling::Unit,
        ..DatasetConfig::default()
    }
}

/// The result of `work` for a config, with the defaults of the others.
pub(super) fn with_trainer_config<T>(
    config: &TrainerParts,
    evaluation: &EvaluationConfig,
    work: impl FnOnce(&TrainerConfig<'_>) -> T,
) -> T {
    let TrainerParts { network, optimizer, schedule, training, augmentation } = config;
    let dataset = &dataset_config();
    work(&TrainerConfig {
        dataset,
        augmentation,
        network,
        optimizer,
        schedule,
        training,
        evaluation,
    })
}

/// The result of a training.
#[derive(Debug, PartialEq)]
pub(super) struct Trained {
    pub(super) rows: Vec<MetricsRow>,
    pub(super) layers: Vec<Vec<LayerRow>>, // of each row
    pub(super) checkpoint: Vec<u8>,        // after the last step
    pub(super) stopped_early: Option<StoppedEarly>,
    pub(super) model_epoch: Option<u64>,
    pub(super) model: Vec<u8>, // its final model
}

/// Trains to the end, stopping after each of `stops` steps and continuing from its checkpoint in a
/// new trainer.
pub(super) fn train_with_stops(config: &TrainerParts, stops: &[u64]) -> Trained {
    train_probed(config, stops, 0)
}

/// The same with probes before each start.
pub(super) fn train_probed(config: &TrainerParts, stops: &[u64], probes: usize) -> Trained {
    let (mut rows, mut layers) = (Vec::new(), Vec::new());
    let mut checkpoint: Option<Vec<u8>> = None;
    let mut stops = stops.iter().copied();
    loop {
        let stop = stops.next();
        let mut trainer = trainer(config);
        if let Some(bytes) = &checkpoint {
            let checkpoint = trainer.state_mut().decode(bytes, "id").unwrap();
            trainer.state_mut().restore(&checkpoint);
        }
        for _ in 0..probes {
            trainer.probe();
        }
        let outcome = trainer.run(&mut |event, state| {
            if let Event::Evaluated(row, _, figures) = event {
                rows.push(row);
                layers.push(figures.to_vec());
            }
            Ok(if Some(state.step()) == stop { Flow::Stop } else { Flow::Continue })
        });
        let expected = if stop.is_none() { Outcome::Finished } else { Outcome::Stopped };
        assert_eq!(outcome.unwrap(), expected, "stop at {stop:?}");
        let bytes = trainer.state_mut().checkpoint("id", None);
        if stop.is_some() {
            checkpoint = Some(bytes);
            continue;
        }
        let stopped_early = trainer.stopped_early();
        let model_epoch = trainer.restore_best();
        let model = trainer.state_mut().model();
        return Trained { rows, layers, checkpoint: bytes, stopped_early, model_epoch, model };
    }
}
