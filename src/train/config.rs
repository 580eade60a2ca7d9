//! What the `[training]` and `[evaluation]` tables say.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use super::EarlyStoppingConfig;
use crate::config::{Range, TableReader};
use crate::data::{AugmentationConfig, DatasetConfig};
use crate::nn::NetworkConfig;
use crate::optim::{Clipping, OptimizerConfig, ScheduleConfig};

/// What a trainer is built from, beside the examples.
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

/// What `seeds = n` may be at most: far above any limit on trials, small enough to list.
const MOST_SEEDS: i64 = 1_000_000;

/// The `[training]` table. Exactly one of `epochs` and `steps` is given.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields, extend("not" = { "required": ["epochs", "steps"] }))]
pub struct TrainingConfig {
    /// Passes over the training split.
    #[schemars(range(min = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epochs: Option<u64>,
    /// Optimizer updates, instead of `epochs`; the last epoch may be short.
    #[schemars(range(min = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<u64>,
    /// Examples of one step.
    #[schemars(range(min = 1))]
    pub batch_size: usize,
    /// How batches are drawn.
    pub batches: Batches,
    /// Share of each target that is spread over all classes, in [0, 1); evaluation has no part in it.
    #[schemars(range(min = 0), extend("default" = 0.0, "exclusiveMaximum" = 1))]
    #[serde(skip_serializing_if = "is_zero")]
    pub label_smoothing: f64,
    /// Scale the gradients of a step down so that the L2 norm over all of them is at most this.
    #[schemars(extend("exclusiveMinimum" = 0))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clip_norm: Option<f64>,
    /// Bring each element of the gradients between minus this and this, instead of `clip_norm`.
    #[schemars(extend("exclusiveMinimum" = 0))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clip_value: Option<f64>,
    /// Evaluate and keep exponential averages of the weights over the steps, which keep this share of
    /// themselves each step, in [0, 1).
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ema_decay: Option<f64>,
    /// Seeds of the random streams; each makes a trial. A number n stands for 0 to n - 1.
    #[schemars(schema_with = "seeds_schema")]
    pub seeds: Vec<u64>,
    /// When to stop before the end; needs a validation split.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub early_stopping: Option<EarlyStoppingConfig>,
}

/// How batches are drawn from the training split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Batches {
    /// Each example once an epoch in random order; the last batch may be smaller.
    Shuffled,
    /// Every example of a batch drawn independently; the same number of full batches.
    WithReplacement,
    /// In the order of the file; the last batch may be smaller.
    Sequential,
}

/// The `[evaluation]` table.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct EvaluationConfig {
    /// Evaluate after every N epochs, and always after the last.
    #[schemars(range(min = 1))]
    pub every_epochs: u64,
    /// Evaluate the train split on its first N examples; absent: all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub train_examples: Option<usize>,
    /// When the test split is read.
    #[serde(skip_serializing_if = "TestReads::is_default")]
    #[schemars(extend("default" = "every"))] // not serialised, so it has to be said
    pub test: TestReads,
}

/// When the test split is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestReads {
    /// At every evaluation.
    Every,
    /// Never, until `runner compare --unseal` reads it once with the weights of the best validation
    /// epoch.
    Sealed,
}

impl Default for TrainingConfig {
    /// `epochs` or `steps` has to be said in the file; here both are absent.
    fn default() -> TrainingConfig {
        TrainingConfig {
            epochs: None,
            steps: None,
            batch_size: 100,
            batches: Batches::Shuffled,
            label_smoothing: 0.0,
            clip_norm: None,
            clip_value: None,
            ema_decay: None,
            seeds: vec![0],
            early_stopping: None,
        }
    }
}

impl TrainingConfig {
    /// Reads the `[training]` table.
    pub fn read(table: &mut TableReader<'_>) -> TrainingConfig {
        let default = TrainingConfig::default();
        check_length(table);
        check_clipping(table);
        TrainingConfig {
            epochs: table.optional_integer("epochs", 1),
            steps: table.optional_integer("steps", 1),
            batch_size: table.integer("batch_size", default.batch_size, 1),
            batches: Batches::read(table, default.batches),
            label_smoothing: table.float("label_smoothing", 0.0, Range::FRACTION),
            clip_norm: table.optional_float("clip_norm", Range::POSITIVE),
            clip_value: table.optional_float("clip_value", Range::POSITIVE),
            ema_decay: table.optional_float("ema_decay", Range::FRACTION),
            seeds: table.seeds("seeds", default.seeds, MOST_SEEDS),
            early_stopping: table.optional_table("early_stopping", EarlyStoppingConfig::read),
        }
    }

    /// The limit on gradients, if there is one.
    pub fn clipping(&self) -> Option<Clipping> {
        let by_value = self.clip_value.map(Clipping::Value);
        self.clip_norm.map(Clipping::Norm).or(by_value)
    }
}

/// The key came after the first release: runs without it keep their ids.
fn is_zero(number: &f64) -> bool {
    *number == 0.0
}

fn check_clipping(table: &TableReader<'_>) {
    if table.has("clip_norm") && table.has("clip_value") {
        let title = "`training` has both `clip_norm` and `clip_value`".to_owned();
        table.error("clip_value", title, "one of the two must go".to_owned(), None);
    }
}

fn check_length(table: &TableReader<'_>) {
    let (title, label) = match (table.has("epochs"), table.has("steps")) {
        (true, true) => ("`training` has both `epochs` and `steps`", "one of the two must go"),
        (false, false) => ("`training` has no length", "needs `epochs` or `steps`"),
        _ => return,
    };
    let help = "for example `epochs = 30`, or `steps = 10_000` optimizer updates";
    table.error("steps", title.to_owned(), label.to_owned(), Some(help.to_owned()));
}

impl Batches {
    fn read(table: &mut TableReader<'_>, default: Batches) -> Batches {
        use Batches::*;
        let words = [
            ("shuffled", Shuffled),
            ("with_replacement", WithReplacement),
            ("sequential", Sequential),
        ];
        table.choice("batches", default, &words)
    }
}

impl Default for EvaluationConfig {
    fn default() -> EvaluationConfig {
        EvaluationConfig { every_epochs: 1, train_examples: None, test: TestReads::Every }
    }
}

impl EvaluationConfig {
    /// Reads the `[evaluation]` table.
    pub fn read(table: &mut TableReader<'_>) -> EvaluationConfig {
        let default = EvaluationConfig::default();
        EvaluationConfig {
            every_epochs: table.integer("every_epochs", default.every_epochs, 1),
            train_examples: table.optional_integer("train_examples", 1),
            test: TestReads::read(table, default.test),
        }
    }
}

impl TestReads {
    fn read(table: &mut TableReader<'_>, default: TestReads) -> TestReads {
        let words = [("every", TestReads::Every), ("sealed", TestReads::Sealed)];
        table.choice("test", default, &words)
    }

    /// The key came after the first release: runs without it keep their ids.
    fn is_default(&self) -> bool {
        *self == TestReads::Every
    }
}

fn seeds_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "anyOf": [
            { "type": "array", "items": { "type": "integer", "minimum": 0 }, "minItems": 1, "uniqueItems": true },
            { "type": "integer", "minimum": 1, "maximum": MOST_SEEDS },
        ],
    })
}
