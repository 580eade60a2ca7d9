//! What the `[training]` and `[evaluation]` tables say.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use crate::config::TableReader;

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
    /// Seeds of the random streams; each makes a trial. A number n stands for 0 to n - 1.
    #[schemars(schema_with = "seeds_schema")]
    pub seeds: Vec<u64>,
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
            seeds: vec![0],
        }
    }
}

impl TrainingConfig {
    /// Reads the `[training]` table.
    pub fn read(table: &mut TableReader<'_>) -> TrainingConfig {
        let default = TrainingConfig::default();
        check_length(table);
        TrainingConfig {
            epochs: table.optional_integer("epochs", 1),
            steps: table.optional_integer("steps", 1),
            batch_size: table.integer("batch_size", default.batch_size, 1),
            batches: Batches::read(table, default.batches),
            seeds: table.seeds("seeds", default.seeds, MOST_SEEDS),
        }
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
