//! Finds and removes what is no longer needed under a runs folder: never a result, and nothing of a
//! living process.

mod dear;
mod find;
mod remove;

pub use dear::{DearCheckpoints, drop_dear_checkpoints};
pub use find::{FoundWaste, find_waste};
pub use remove::{Removal, remove_waste};

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use clap::ValueEnum;

/// Something that can be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waste {
    /// Why it can be removed.
    pub kind: WasteKind,
    /// A file, or a scratch folder.
    pub path: PathBuf,
    /// Its size; for a folder, that of all files in it.
    pub bytes: u64,
    /// When it last changed.
    pub modified: SystemTime,
}

/// Why something can be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WasteKind {
    /// Temporary files and claims of dead processes in run folders
    Temporary,
    /// Checkpoints of finished and diverged runs, also of those moved aside; longer trials could
    /// start from them
    Checkpoint,
    /// Scratch folders of dead processes
    Scratch,
}

impl WasteKind {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            WasteKind::Temporary => "temporary",
            WasteKind::Checkpoint => "checkpoint",
            WasteKind::Scratch => "scratch",
        }
    }
}

impl Waste {
    /// How long ago it changed; zero if a clock is behind.
    pub fn age(&self, now: SystemTime) -> Duration {
        now.duration_since(self.modified).unwrap_or_default()
    }
}
