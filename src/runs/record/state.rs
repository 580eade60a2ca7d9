//! Where a run stands.

use serde::{Deserialize, Serialize};

/// The state of a run. `lost` is never stored: it is a `running` run whose process is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// A process trains it.
    Running,
    /// Stopped cleanly; continues from its checkpoint.
    Interrupted,
    /// Complete.
    Finished,
    /// An error ended it.
    Failed,
    /// The loss became NaN or infinite.
    Diverged,
    /// Stopped at a rung of a search; continues from its checkpoint if the search wants it.
    Paused,
    /// Stored as `running`, but its process is gone.
    #[serde(skip_deserializing)]
    Lost,
}

impl RunState {
    /// All of them.
    pub const ALL: [RunState; 7] = [
        RunState::Running,
        RunState::Interrupted,
        RunState::Finished,
        RunState::Failed,
        RunState::Diverged,
        RunState::Paused,
        RunState::Lost,
    ];

    /// The word for it, as in `run.json`.
    pub fn name(self) -> &'static str {
        match self {
            RunState::Running => "running",
            RunState::Interrupted => "interrupted",
            RunState::Finished => "finished",
            RunState::Failed => "failed",
            RunState::Diverged => "diverged",
            RunState::Paused => "paused",
            RunState::Lost => "lost",
        }
    }
}

impl std::fmt::Display for RunState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}
