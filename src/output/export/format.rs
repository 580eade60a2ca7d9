//! What every export format says of itself, and the list of them.

use std::io::Write;
use std::path::Path;

use crate::error::Result;
use crate::output::export::{MakeCheck, SavedWeights, csv, npz, safetensors, tensorboard, torch};
use crate::runs::read::FoundRuns;

/// The formats, in the order of the help.
pub static FORMATS: [&ExportFormat; 5] =
    [&tensorboard::FORMAT, &csv::FORMAT, &npz::FORMAT, &torch::FORMAT, &safetensors::FORMAT];

/// A format that runs are exported to.
#[derive(Debug)]
pub struct ExportFormat {
    /// As it is typed.
    pub name: &'static str,
    /// Its line in the help.
    pub help: &'static str,
    /// What it is made of.
    pub export: Export,
}

/// Writes runs to an open output; says what there is to say beside.
pub type WriteRuns = fn(&FoundRuns, &mut dyn Write) -> Result<Option<String>>;

/// What an export is made of.
#[derive(Debug)]
pub enum Export {
    /// Settings and curves of any number of runs.
    Runs {
        /// Writes them; says what was written.
        write: fn(&FoundRuns, Destination<'_>) -> Result<String>,
        /// The same to an open output, for a format that can.
        stream: Option<WriteRuns>,
    },
    /// The weights of one run: writes them, and says what there is to say beside.
    Weights(fn(&SavedWeights<'_>, &MakeCheck<'_>, Destination<'_>) -> Result<String>),
}

/// Where an export goes.
#[derive(Debug, Clone, Copy)]
pub struct Destination<'a> {
    /// A file or a folder, as the format needs it.
    pub path: &'a Path,
    /// Whether what is there is replaced.
    pub force: bool,
}

impl ExportFormat {
    /// Whether it is of the weights of one run.
    pub fn is_of_weights(&self) -> bool {
        matches!(self.export, Export::Weights(_))
    }
}

/// `1 run`, `2 runs`.
pub(super) fn count_of_runs(count: usize) -> String {
    if count == 1 { "1 run".to_owned() } else { format!("{count} runs") }
}
