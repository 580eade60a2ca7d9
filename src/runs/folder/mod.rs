//! Paths, atomic writes and claims of run folders: works on bytes and knows nothing of networks.

mod claim;
mod claim_file;
mod claims;
mod disk;
mod folder_lock;
mod hint;
mod holder;
mod layout;
mod leftovers;
mod lost_reply;
mod new_file;
mod patience;
mod process;
mod read;
mod replace;
mod scratch;
mod stamp;
#[cfg(test)]
mod tests;
mod there;

pub use claim::Claim;
pub use claim_file::is_held;
pub use claims::{ClaimResult, Claims};
pub use disk::{Disk, RealDisk, without_links};
pub use folder_lock::FolderLock;
pub use hint::{RUNS_DIR, runs_dir_flag};
pub use layout::{is_folder_of, listed_at, run_folders, run_path};
pub use leftovers::{is_in_use, leftovers, remove_leftover};
pub use new_file::{NewFile, takes_content};
pub use patience::Patience;
pub use process::{Owner, cpu_model, host_name};
pub use read::{open_regular, read_bounded, read_file, read_if_there, read_if_there_of, read_tail};
pub use replace::{create_file, folder_of, replace_file, replace_file_if, sync_folder_of};
pub use scratch::{SCRATCH, Scratch, is_abandoned, remove_scratch, scratch_path};
pub use stamp::{Stamp, stamp};
pub use there::{entry_at, is_file, is_folder, is_there, refuse_run_folder};

/// Names of the files of a run folder.
pub mod file {
    /// The resolved trial, a valid experiment file.
    pub const TRIAL: &str = "trial.toml";
    /// One row per evaluated epoch.
    pub const METRICS: &str = "metrics.csv";
    /// Figures of each layer, per evaluated epoch.
    pub const LAYERS: &str = "layers.csv";
    /// Wall-clock time of each evaluated epoch.
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
    /// Calibration, classes and most confident mistakes of the finished network.
    pub const EVALUATION: &str = "evaluation.json";
    /// How many examples of each class are predicted as which.
    pub const CONFUSION: &str = "confusion.csv";
    /// The most confident mistakes as pictures.
    pub const MISTAKES_PICTURE: &str = "mistakes.png";
    /// Training examples and how augmentation changes them.
    pub const AUGMENTED_PICTURE: &str = "augmented.png";
    /// The weights of the first layer as pictures.
    pub const FIRST_LAYER_PICTURE: &str = "first_layer.png";
    /// What people wrote about the run.
    pub const NOTES: &str = "notes.toml";
    /// What happened.
    pub const LOG: &str = "log.txt";
    /// Why the run failed.
    pub const ERROR: &str = "error.txt";
}

/// The files of a run folder that are handed to people: all but claims, checkpoints and what is temporary.
pub const SHOWN: [&str; 21] = [
    file::TRIAL,
    file::METRICS,
    file::LAYERS,
    file::TIMING,
    file::RECORD,
    file::MODEL,
    file::BEST_MODEL,
    file::INITIAL_MODEL,
    file::TEST_PREDICTIONS,
    file::EVALUATION,
    file::CONFUSION,
    file::MISTAKES_PICTURE,
    file::AUGMENTED_PICTURE,
    file::FIRST_LAYER_PICTURE,
    file::NOTES,
    file::LOG,
    file::ERROR,
    "accuracy.png",
    "accuracy.svg",
    "loss.png",
    "loss.svg",
];

/// The files whose bytes are promised: the same for any number of jobs, on any CPU, after any kill.
pub const PROMISED: [&str; 12] = [
    file::TRIAL,
    file::METRICS,
    file::LAYERS,
    file::MODEL,
    file::BEST_MODEL,
    file::INITIAL_MODEL,
    file::TEST_PREDICTIONS,
    file::EVALUATION,
    file::CONFUSION,
    file::MISTAKES_PICTURE,
    file::FIRST_LAYER_PICTURE,
    file::AUGMENTED_PICTURE,
];

/// The folder inside a runs folder of the runs that `--retrain` moved aside.
pub const REPLACED: &str = ".replaced";

/// Hex digits of a run id: 48 bits, so that among a million trials two collide with odds of 1:500.
pub const ID_LENGTH: usize = 12;

/// Whether `id` has the form of a run id, and so cannot be a path.
pub fn is_id(id: &str) -> bool {
    id.len() == ID_LENGTH && id.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Lower-case hexadecimal digits of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
