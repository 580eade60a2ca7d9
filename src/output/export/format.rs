//! The interface of every export format.

use std::io::Write;
use std::path::Path;

use crate::error::Result;
use crate::output::export::{MakeCheck, SavedWeights};
use crate::runs::read::FoundRuns;

/// A format that runs are exported to.
#[derive(Debug)]
pub struct ExportFormat {
    /// As typed.
    pub name: &'static str,
    /// Its line in the help.
    pub help: &'static str,
    /// What `-o` is given, as an example or as the help calls it.
    pub destination: &'static str,
    /// Its input.
    pub export: Export,
}

/// Writes runs to an open output; returns a note.
pub type WriteRuns = fn(&FoundRuns, &mut dyn Write) -> Result<Option<String>>;

/// The input of an export.
#[derive(Debug)]
pub enum Export {
    /// Settings and curves of any number of runs.
    Runs {
        /// Writes them; says what was written.
        write: fn(&FoundRuns, Destination<'_>) -> Result<String>,
        /// The same to an open output, if the format can.
        stream: Option<WriteRuns>,
    },
    /// The weights of one run: writes them and returns a note.
    Weights(fn(&SavedWeights<'_>, &MakeCheck<'_>, Destination<'_>) -> Result<String>),
}

/// Where an export goes.
#[derive(Debug, Clone, Copy)]
pub struct Destination<'a> {
    /// A file or a folder, as the format needs it.
    pub path: &'a Path,
    /// Whether existing files are replaced.
    pub force: bool,
}

impl ExportFormat {
    /// Whether it exports the weights of one run.
    pub fn is_of_weights(&self) -> bool {
        matches!(self.export, Export::Weights(_))
    }
}

/// `1 run`, `2 runs`.
pub(super) fn count_of_runs(count: usize) -> String {
    if count == 1 { "1 run".to_owned() } else { format!("{count} runs") }
}
