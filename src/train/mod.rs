//! The one training loop, evaluation, metrics and checkpoint state; touches no files.

mod config;
mod metrics;

pub use config::{Batches, EvaluationConfig, TrainingConfig};
pub use metrics::{METRICS_HEADER, Row};
