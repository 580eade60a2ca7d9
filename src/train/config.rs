//! What the `[training]` and `[evaluation]` tables say.

use schemars::JsonSchema;
use serde::Serialize;

/// The `[training]` table. Exactly one of `epochs` and `steps` is given.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TrainingConfig {
    /// Passes over the training split.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epochs: Option<u64>,
    /// Optimizer updates, instead of `epochs`; the last epoch may be short.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<u64>,
    /// Examples of one step.
    pub batch_size: usize,
    /// How batches are drawn.
    pub batches: Batches,
    /// Seeds of the random streams; each makes a trial. A number n stands for 0 to n - 1.
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
pub struct EvaluationConfig {
    /// Evaluate after every N epochs, and always after the last.
    pub every_epochs: u64,
    /// Evaluate the train split on its first N examples; absent: all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub train_examples: Option<usize>,
}
