//! The one training loop, evaluation, metrics and checkpoint state; touches no files.

mod config;
mod metrics;

pub use config::{Batches, EvaluationConfig, TrainingConfig};
pub use metrics::{METRICS_HEADER, Row};

/// Version of everything that decides the bits of a result; part of every run id. Raised when the
/// same trial would give other bits.
pub const NUMERICS_VERSION: u32 = 1;
