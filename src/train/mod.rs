//! The one training loop, evaluation, metrics and checkpoint state; touches no files.

mod batches;
mod classifier;
mod config;
mod evaluate;
mod event;
mod judge;
mod layers;
mod metrics;
mod plan;
mod probe;
mod state;
#[cfg(test)]
mod testing;
mod trainer;
mod workers;

pub use classifier::{ClassProbability, Classifier};
pub use config::{Batches, EvaluationConfig, TestReads, TrainingConfig};
pub use evaluate::EVALUATION_BATCH;
pub use event::{Event, Flow, OnEvent, Outcome, Timing};
pub use judge::{JudgedExample, JudgedSplit, Judgement};
pub use layers::{LAYERS_HEADER, LayerRow, layers_csv, parse_layers};
pub use metrics::{METRICS_HEADER, Row, best_row, metrics_csv, parse_metrics};
pub use state::TrainState;
pub use trainer::Trainer;
pub use workers::{Busy, Workers};

/// Version of everything that decides the bits of a result; part of every run id. Raised when the
/// same trial would give other bits.
pub const NUMERICS_VERSION: u32 = 2;
