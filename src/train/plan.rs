//! What the loop needs from its configs: the number of steps and which of them are evaluated.

use super::update::UpdatePlan;
use super::{TestReads, TrainerConfig, TrainingConfig};
use crate::data::Splits;
use crate::nn::Targets;
use crate::optim::{Schedule, TrainingLength};
use crate::runs::evaluation::TestTimeViews;

/// Steps, epochs and evaluations of a trial.
#[derive(Debug, Clone)]
pub(super) struct TrainingPlan {
    pub(super) seed: u64,
    pub(super) learning_rate: f64, // the base rate
    pub(super) schedule: Schedule,
    pub(super) update: UpdatePlan,
    pub(super) label_smoothing: f32,
    pub(super) batch_size: usize,
    pub(super) class_weights: Option<Vec<f32>>, // one for each class
    pub(super) steps_per_epoch: u64,
    pub(super) total_steps: u64,
    pub(super) total_epochs: u64,
    pub(super) every_epochs: u64,
    pub(super) test: TestReads,
    pub(super) test_time: Option<TestTimeViews>,
    pub(super) train_examples: usize, // of an evaluation
}

impl TrainingPlan {
    pub(super) fn new(splits: &Splits, config: &TrainerConfig<'_>) -> TrainingPlan {
        let TrainerConfig { dataset, optimizer, schedule, training, evaluation, .. } = config;
        let length = training.length(splits.train.len());
        let TrainingLength { steps_per_epoch, total_steps } = length;
        let train_examples = evaluation.train_examples.unwrap_or(splits.train.len());
        TrainingPlan {
            seed: dataset.run_seed(training.seeds[0]),
            learning_rate: optimizer.learning_rate(),
            schedule: schedule.build(length),
            update: UpdatePlan::new(training),
            label_smoothing: training.label_smoothing as f32,
            batch_size: training.batch_size,
            class_weights: training.class_weights.as_ref().map(|weights| weights.of(splits)),
            steps_per_epoch,
            total_steps,
            total_epochs: total_steps.div_ceil(steps_per_epoch),
            every_epochs: evaluation.every_epochs,
            test: evaluation.test,
            test_time: evaluation.test_time,
            train_examples: train_examples.min(splits.train.len()),
        }
    }

    /// What a network that is trained should answer for examples of these classes.
    pub(super) fn targets<'a>(&'a self, classes: &'a [u16]) -> Targets<'a> {
        let class_weights = self.class_weights.as_deref();
        Targets { smoothing: self.label_smoothing, class_weights, ..Targets::plain(classes) }
    }

    /// Whether the epoch is over after `step` steps; the last one may be short.
    pub(super) fn ends_epoch(&self, step: u64) -> bool {
        step.is_multiple_of(self.steps_per_epoch) || step == self.total_steps
    }

    /// Whether the end of an epoch at `step` is evaluated.
    pub(super) fn evaluates_at(&self, step: u64) -> bool {
        let epoch = step.div_ceil(self.steps_per_epoch);
        epoch.is_multiple_of(self.every_epochs) || step == self.total_steps
    }
}

impl TrainingConfig {
    /// Steps of an epoch on `examples` examples; at least 1 if there are as many as in a batch.
    pub fn steps_per_epoch(&self, examples: usize) -> u64 {
        let batch_size = self.batch_size.max(1);
        match self.drop_last {
            true => (examples / batch_size) as u64,
            false => examples.div_ceil(batch_size) as u64,
        }
    }

    /// Steps of a training on `examples` examples.
    pub fn length(&self, examples: usize) -> TrainingLength {
        let steps_per_epoch = self.steps_per_epoch(examples);
        let by_epochs = self.epochs.unwrap_or(0).saturating_mul(steps_per_epoch);
        TrainingLength { steps_per_epoch, total_steps: self.steps.unwrap_or(by_epochs) }
    }
}
