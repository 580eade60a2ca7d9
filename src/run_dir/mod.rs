//! Paths, atomic writes and claims of run folders: knows bytes, not networks.

mod atomic;
mod claim;
mod leftovers;
mod optional;
mod process;
mod scratch;

pub use atomic::write_atomic;
pub use claim::{Claim, ClaimResult};
pub use leftovers::{is_held, leftovers, remove_leftover};
pub use optional::{read_if_there, remove_if_there};
pub use process::{Owner, cpu_model, host_name};
pub use scratch::{SCRATCH, Scratch, is_abandoned, scratch_path};

use std::path::{Path, PathBuf};

/// Names of the files of a run folder.
pub mod file {
    /// The resolved trial, a valid experiment file.
    pub const TRIAL: &str = "trial.toml";
    /// One row per evaluated epoch.
    pub const METRICS: &str = "metrics.csv";
    /// Wall-clock of each evaluated epoch.
    pub const TIMING: &str = "timing.csv";
    /// The run's record, written last.
    pub const RECORD: &str = "run.json";
    /// The newest complete training state.
    pub const CHECKPOINT: &str = "checkpoint.safetensors";
    /// The checkpoint before the newest.
    pub const PREVIOUS_CHECKPOINT: &str = "checkpoint.previous.safetensors";
    /// The weights after the last epoch.
    pub const MODEL: &str = "model.safetensors";
    /// The weights of the best validation epoch.
    pub const BEST_MODEL: &str = "best.safetensors";
    /// The weights before the first step.
    pub const INITIAL_MODEL: &str = "initial.safetensors";
    /// The predicted class of each test example.
    pub const TEST_PREDICTIONS: &str = "test_predictions.npy";
    /// What happened.
    pub const LOG: &str = "log.txt";
    /// Why the run failed.
    pub const ERROR: &str = "error.txt";
}

/// The folder inside a runs folder of the runs that `--retrain` moved aside.
pub const REPLACED: &str = ".replaced";

/// Digits of a run id.
pub const ID_LENGTH: usize = 12;

/// The folder of run `id`.
///
/// # Panics
/// If `id` is not a run id: what a user typed is checked before it becomes a path.
pub fn run_path(runs_dir: &Path, id: &str) -> PathBuf {
    assert!(is_id(id), "{id:?} is no run id");
    runs_dir.join(id)
}

/// Whether `id` has the form of a run id, and so is no path.
pub fn is_id(id: &str) -> bool {
    id.len() == ID_LENGTH && id.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Lower-case hexadecimal digits of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
