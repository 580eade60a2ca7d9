//! What a trial costs: arithmetic, memory and disk, known before it starts.

mod besides;
mod classes;
mod teacher;

use besides::BesidesCost;
use classes::ClassCost;
use teacher::TeacherCost;

use crate::experiment::Trial;
use crate::nn::{NetworkConfig, NetworkSize, Shape, scratch_size};
use crate::train::TrainingConfig;

/// Plots, pictures, evaluation, log, record and trial file of one run.
const SMALL_FILES_BYTES: u64 = 600_000;
/// Pictures of an example in `augmented.png`, which has 8 of them.
const AUGMENTED_PICTURES: u64 = 8 * 9;
/// One row of `metrics.csv` and `timing.csv`.
const ROW_BYTES: u64 = 150;
/// One row of `layers.csv`.
const LAYER_ROW_BYTES: u64 = 60;

/// What a class adds to the loss of an example, an exponential and sums in a fixed order, as operations of a matrix
/// product of the same time. It matters only with thousands of classes.
const LOSS_FLOPS: f64 = 100.0;

/// What a trial costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// Optimizer updates.
    pub steps: u64,
    /// Floating-point operations of the matrix products of training and evaluation, and those that would take as
    /// long as the loss.
    pub flops: f64,
    /// Numbers that pass through memory between the layers, in training there and back.
    pub numbers: f64,
    /// Memory of network, optimizer and buffers with one thread, including the copies made when the
    /// state is saved, without the dataset.
    pub memory_bytes: u64,
    /// What each additional thread within the trial adds.
    pub memory_bytes_per_thread: u64,
    /// Size of the run folder.
    pub disk_bytes: u64,
    /// Trained numbers of the network.
    pub params: u64,
}

/// The cost of `trial`.
pub fn cost(trial: &Trial) -> Cost {
    let facts = trial.dataset.source.facts();
    let size = trial.network.size(facts.shape.into(), facts.classes);
    let shares = ExampleCounts::new(trial);
    let params = size.params.iter().fold(0_usize, |sum, n| sum.saturating_add(*n));
    let tensors = 1 + trial.optimizer.build().state_names().len() + copies(&trial.training);
    let state = params.saturating_mul(tensors);
    let max_batch = trial.training.batch_size.max(trial.network.evaluation_batch());
    let features = facts.shape.iter().product::<usize>();
    let of_examples = max_batch.saturating_mul(features.saturating_add(size.workspace));
    let modules = trial.network.modules(facts.shape.into(), facts.classes).unwrap_or_default();
    let scratch = scratch_size(&modules, max_batch);
    let buffers = of_examples.saturating_add(scratch.kept).saturating_add(scratch.per_thread);
    let batch = trial.training.batch_size.saturating_mul(features);
    let changed = batch.saturating_mul(trial.augmentation.copies());
    let is_augmented = !trial.augmentation.is_off();
    let sheet_bytes = if is_augmented { AUGMENTED_PICTURES * features as u64 } else { 0 };
    // A checkpoint takes a copy of the state and another for its file.
    let saved = state.saturating_mul(2);
    // The gradients of weights are stored for the figures of `layers.csv` alone.
    let parts = [state, size.weights, buffers, changed, saved];
    let numbers = parts.into_iter().fold(0, usize::saturating_add);
    let classes = ClassCost::of(trial);
    let teacher = TeacherCost::of(trial);
    let model_files = 2 + usize::from(trial.dataset.held_out() > 0);
    let files = state.saturating_mul(2).saturating_add(params.saturating_mul(model_files));
    let row_bytes = ROW_BYTES + LAYER_ROW_BYTES * size.layers as u64;
    let rows = row_bytes.saturating_mul(shares.evaluations);
    Cost {
        steps: shares.steps,
        flops: shares.flops(&size, facts.classes)
            + teacher.flops(&shares)
            + BesidesCost::new(trial, &size).flops(&shares),
        numbers: shares.numbers(&size),
        memory_bytes: [classes.memory_bytes, teacher.memory_bytes]
            .into_iter()
            .fold(bytes(numbers), u64::saturating_add),
        memory_bytes_per_thread: bytes(scratch.per_thread),
        disk_bytes: [SMALL_FILES_BYTES, sheet_bytes, rows, classes.disk_bytes]
            .into_iter()
            .fold(bytes(files), u64::saturating_add),
        params: params as u64,
    }
}

/// The memory that `trial` needs, in bytes, if it shares its data with no other trial.
pub fn memory_alone(trial: &Trial) -> u64 {
    cost(trial).memory_bytes.saturating_add(trial.dataset.source.memory_bytes())
}

/// The memory of a network that only classifies, with one thread.
pub(super) fn bytes_to_classify(network: &NetworkConfig, input: Shape, classes: usize) -> u64 {
    let size = network.size(input, classes);
    let modules = network.modules(input, classes).unwrap_or_default();
    let batch = network.evaluation_batch();
    let scratch = scratch_size(&modules, batch);
    let params = size.params.iter().fold(0_usize, |sum, n| sum.saturating_add(*n));
    let buffers = batch.saturating_mul(input.features().saturating_add(size.workspace));
    let numbers = [params, buffers, scratch.kept, scratch.per_thread];
    bytes(numbers.into_iter().fold(0, usize::saturating_add))
}

/// The bytes of this many 32-bit numbers.
fn bytes(numbers: usize) -> u64 {
    (numbers as u64).saturating_mul(4)
}

/// The floating-point operations of `trial` that are left after `step` steps, as [`Cost::flops`].
pub fn flops_after(trial: &Trial, step: u64) -> f64 {
    let facts = trial.dataset.source.facts();
    let size = trial.network.size(facts.shape.into(), facts.classes);
    let left = ExampleCounts::new(trial).after(step);
    let besides = BesidesCost::new(trial, &size);
    left.flops(&size, facts.classes) + TeacherCost::of(trial).flops(&left) + besides.flops(&left)
}

/// How many examples a trial trains and evaluates.
struct ExampleCounts {
    steps: u64,
    batch: f64,
    steps_per_evaluation: u64,
    evaluations: u64,
    per_evaluation: f64,
    passes: f64, // of a step
}

impl ExampleCounts {
    fn new(trial: &Trial) -> ExampleCounts {
        let config = &trial.dataset;
        let (_, train) = config.train_sizes();
        let batch = trial.training.batch_size.max(1);
        let steps_per_epoch = trial.training.steps_per_epoch(train).max(1);
        let by_epochs = trial.training.epochs.unwrap_or(0).saturating_mul(steps_per_epoch);
        let steps = trial.training.steps.unwrap_or(by_epochs);
        let evaluations =
            1 + steps.div_ceil(steps_per_epoch).div_ceil(trial.evaluation.every_epochs.max(1));
        let of_train = trial.evaluation.train_examples.unwrap_or(train);
        let per_evaluation = of_train + config.held_out() + config.tested();
        ExampleCounts {
            steps,
            batch: batch as f64,
            steps_per_evaluation: steps_per_epoch
                .saturating_mul(trial.evaluation.every_epochs)
                .max(1),
            evaluations,
            per_evaluation: per_evaluation as f64,
            passes: trial.training.passes(),
        }
    }

    /// The work left after `step` steps and their evaluations.
    fn after(self, step: u64) -> ExampleCounts {
        if step >= self.steps {
            return ExampleCounts { steps: 0, evaluations: 0, ..self };
        }
        let made = 1 + step / self.steps_per_evaluation;
        let evaluations = self.evaluations.saturating_sub(made);
        ExampleCounts { steps: self.steps - step, evaluations, ..self }
    }

    /// Training adds the gradients of weights and of inputs.
    fn flops(&self, size: &NetworkSize, classes: usize) -> f64 {
        let (all, first) = (size.flops as f64, size.first_flops as f64);
        let loss = LOSS_FLOPS * classes as f64;
        self.trained() * (3.0 * all - first + loss) + self.evaluated() * (all + loss)
    }

    /// As [`Cost::numbers`]: on the way back, a layer reads what it wrote, and its gradient besides.
    fn numbers(&self, size: &NetworkSize) -> f64 {
        (3.0 * self.trained() + self.evaluated()) * size.outputs as f64
    }

    fn trained(&self) -> f64 {
        self.steps as f64 * self.batch * self.passes
    }

    fn evaluated(&self) -> f64 {
        self.evaluations as f64 * self.per_evaluation
    }
}

/// Additional copies of the parameters: averages, those of the best evaluation, and where SAM climbed from.
fn copies(training: &TrainingConfig) -> usize {
    let restores_best = training.early_stopping.as_ref().is_some_and(|stop| stop.restore_best);
    usize::from(training.ema_decay.is_some() || training.swa.is_some())
        + usize::from(training.lookahead.is_some())
        + usize::from(training.sam.is_some())
        + usize::from(restores_best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Experiment, MAX_TRIALS};

    fn trial(every_epochs: u64, length: &str) -> Trial {
        let text = format!(
            r#"
            dataset = {{ kind = "synthetic", train_examples = 1000, validation_examples = 100 }}
            network = {{ kind = "mlp", hidden_sizes = [50] }}
            optimizer = {{ kind = "adam" }}
            training = {{ {length}, batch_size = 100 }}
            evaluation = {{ every_epochs = {every_epochs} }}
            "#
        );
        let path = std::path::Path::new("test.toml");
        let experiment = Experiment::from_bytes(path, text.as_bytes(), &[], MAX_TRIALS, false);
        experiment.unwrap_or_else(|error| panic!("{error}")).trials.remove(0)
    }

    #[test]
    fn thousands_of_classes_take_longer_than_their_products() {
        let trial = trial(1, "epochs = 12");
        let counts = ExampleCounts::new(&trial);
        let products = |classes: usize| {
            let network = &trial.network;
            let size = network.size(trial.dataset.source.facts().shape.into(), classes);
            counts.flops(&size, classes) / counts.flops(&size, 0)
        };
        assert!(products(10) < 1.02, "{}", products(10));
        assert!(products(20_000) > 1.2, "{}", products(20_000));
    }

    #[test]
    fn what_a_shorter_trial_costs_is_what_a_longer_one_is_spared() {
        for every_epochs in [1, 2, 3] {
            let longer = trial(every_epochs, "epochs = 12");
            let all = cost(&longer).flops;
            let shorter = cost(&trial(every_epochs, "epochs = 6")).flops;
            let spared = all - flops_after(&longer, 6 * 9);
            assert!((spared - shorter).abs() < 1e-9 * all, "{spared} {shorter}");
            assert_eq!(flops_after(&longer, 12 * 9), 0.0);
        }
        assert_eq!(flops_after(&trial(5, "epochs = 12"), 12 * 9), 0.0);
    }
}
