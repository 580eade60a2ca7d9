//! The `[training]` and `[evaluation]` tables.

use super::class_weights::class_weights;
use super::{
    ClassWeights, DistillConfig, EarlyStoppingConfig, LookaheadConfig, SamConfig, StartFromConfig,
    SwaConfig,
};
use crate::config::keys::{WhenAbsent, config, flag, number, seeds, table, whole, word, words};
use crate::config::{Range, TableReader};
use crate::data::{AugmentationConfig, DatasetConfig};
use crate::nn::NetworkConfig;
use crate::optim::{Clipping, OptimizerConfig, ScheduleConfig};
use crate::runs::evaluation::TestTimeViews;

/// What a trainer is built from, besides the examples.
#[derive(Debug, Clone, Copy)]
pub struct TrainerConfig<'a> {
    /// The `[dataset]` table.
    pub dataset: &'a DatasetConfig,
    /// The `[augmentation]` table.
    pub augmentation: &'a AugmentationConfig,
    /// The `[network]` table.
    pub network: &'a NetworkConfig,
    /// The `[optimizer]` table.
    pub optimizer: &'a OptimizerConfig,
    /// The `[schedule]` table.
    pub schedule: &'a ScheduleConfig,
    /// The `[training]` table, with one seed.
    pub training: &'a TrainingConfig,
    /// The `[evaluation]` table.
    pub evaluation: &'a EvaluationConfig,
}

impl TrainerConfig<'_> {
    /// Whether the length of the training changes it from the first step on, or what it does at its last
    /// step: lookahead ends with the slow weights.
    pub fn depends_on_length(&self) -> bool {
        self.schedule.kind.as_kind().depends_on_length() || self.training.lookahead.is_some()
    }
}

/// The largest `seeds = n`: far above any limit on trials, small enough to list.
const MOST_SEEDS: i64 = 1_000_000;

config! {
    /// The `[training]` table. Exactly one of `epochs` and `steps` is given.
    pub struct TrainingConfig {
        /// Passes over the training split.
        pub epochs: Option<u64> = whole(1).one_of("steps"),
        /// Optimizer updates, instead of `epochs`; the last epoch may be short.
        pub steps: Option<u64> = whole(1).one_of("epochs"),
        /// Examples of one step.
        pub batch_size: usize = whole(1).or(100),
        /// How batches are drawn.
        pub batches: Batches = word().or(Batches::Shuffled),
        /// Leave out the last batch of an epoch if it is smaller than the others, so that all batches
        /// have the same size; an epoch then has training examples / `batch_size` steps, rounded down.
        pub drop_last: bool = flag().or(false).left_out(),
        /// Fraction of each target that is spread over all classes, in [0, 1); not used in evaluation.
        pub label_smoothing: f64 = number(Range::FRACTION).or(0.0).left_out(),
        /// Weights of the classes in the loss, one for each class in their order; not used in evaluation.
        pub class_weights: Option<ClassWeights> = class_weights().optional(),
        /// Scale down the gradients of a step so that their overall L2 norm is at most this.
        pub clip_norm: Option<f64> = number(Range::POSITIVE).optional(),
        /// Clamp each gradient element to the range from minus this to this, instead of `clip_norm`.
        pub clip_value: Option<f64> = number(Range::POSITIVE).optional(),
        /// L1 penalty on the weights of linear layers and convolutions, added to the loss; 0: none.
        pub l1_penalty: f64 = number(Range::NOT_NEGATIVE).or(0.0).left_out(),
        /// Scale the incoming weights of each unit down to at most this L2 norm after every step
        /// (Srivastava et al., 2014).
        pub max_norm: Option<f64> = number(Range::POSITIVE).optional(),
        /// Steps along the gradient of the weights a little uphill: sharpness-aware minimisation.
        pub sam: Option<SamConfig> = table("rho = 0.05").optional(),
        /// Evaluate and keep exponential moving averages of the weights; the average keeps this
        /// fraction at each step, in [0, 1).
        pub ema_decay: Option<f64> = number(Range::FRACTION).optional(),
        /// Evaluate and keep the mean of the weights at the ends of the last epochs, with statistics of batch
        /// norm computed anew; instead of `ema_decay`.
        pub swa: Option<SwaConfig> = table("start_epoch = 75").optional(),
        /// Slow weights that follow the trained ones, which go on from them every few steps.
        pub lookahead: Option<LookaheadConfig> = table("every_steps = 5").optional(),
        /// Seeds of the random streams; each makes a trial. A number n means 0 to n - 1.
        pub seeds: Vec<u64> = seeds(MOST_SEEDS).or(vec![0]),
        /// Start from the weights of another run.
        pub start_from: Option<StartFromConfig> = table("run = \"runs/6f1b0c2d9e8a\"").optional(),
        /// Learn the answers of another run's network too.
        pub distill_from: Option<DistillConfig> = table("run = \"runs/6f1b0c2d9e8a\"").optional(),
        /// When to stop before the end; needs a validation split.
        pub early_stopping: Option<EarlyStoppingConfig> = table("patience = 10").optional(),
    }
    then TrainingConfig::checked
}

words! {
    /// How batches are drawn from the training split.
    pub enum Batches {
        /// Each example once an epoch in random order; the last batch may be smaller.
        Shuffled = "shuffled",
        /// Every example of a batch drawn independently; the same number of full batches.
        WithReplacement = "with_replacement",
        /// In the order of the file; the last batch may be smaller.
        Sequential = "sequential",
    }
}

config! {
    /// The `[evaluation]` table.
    pub struct EvaluationConfig {
        /// Evaluate after every N epochs, and always after the last.
        pub every_epochs: u64 = whole(1).or(1),
        /// Evaluate the train split on its first N examples; absent: all of it.
        pub train_examples: Option<usize> = whole(1).optional(),
        /// When the test split is read.
        pub test: TestReads = word().or(TestReads::Every).left_out(),
        /// Also score the finished network on averages of the logits of several views of each image, as a
        /// figure of its own.
        pub test_time: Option<TestTimeViews> = word().optional(),
    }
}

words! {
    /// When the test split is read.
    pub enum TestReads {
        /// At every evaluation.
        Every = "every",
        /// Never, until `runner compare --unseal` reads it once with the weights of the best validation
        /// epoch, or the last question of `runner study` with the weights that the run keeps.
        Sealed = "sealed",
    }
}

impl TrainingConfig {
    fn checked(self, table: &mut TableReader<'_>) -> TrainingConfig {
        check_length(table);
        check_clipping(table);
        if table.has("swa") && table.has("ema_decay") {
            let title = "`training` has both `swa` and `ema_decay`".to_owned();
            table.error("swa", title, "remove one of the two".to_owned(), None);
        }
        self
    }

    /// Forward and backward passes of a step.
    pub fn passes(&self) -> f64 {
        if self.sam.is_some() { 2.0 } else { 1.0 }
    }

    /// The limit on gradients, if there is one.
    pub fn clipping(&self) -> Option<Clipping> {
        let by_value = self.clip_value.map(Clipping::Value);
        self.clip_norm.map(Clipping::Norm).or(by_value)
    }
}

fn check_clipping(table: &TableReader<'_>) {
    if table.has("clip_norm") && table.has("clip_value") {
        let title = "`training` has both `clip_norm` and `clip_value`".to_owned();
        table.error("clip_value", title, "remove one of the two".to_owned(), None);
    }
}

fn check_length(table: &TableReader<'_>) {
    let (title, label) = match (table.has("epochs"), table.has("steps")) {
        (true, true) => ("`training` has both `epochs` and `steps`", "remove one of the two"),
        (false, false) => ("`training` has no length", "needs `epochs` or `steps`"),
        _ => return,
    };
    let help = "for example `epochs = 30`, or `steps = 10_000` optimizer updates";
    table.error("steps", title.to_owned(), label.to_owned(), Some(help.to_owned()));
}
