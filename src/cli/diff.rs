//! `runner diff`: what differs between two runs.

use std::process::ExitCode;

use super::output::{terminal_width, write_text};
use crate::analysis::diff::{DiffFormat, DiffedRun, diff};
use crate::cli::context::Context;
use crate::cli::selection::SelectionArgs;
use crate::error::Result;
use crate::runs::read::read_rows;

/// Show what differs between two runs: settings, results, environment, and where their curves diverge.
#[derive(Debug, clap::Args)]
pub struct DiffArgs {
    /// Run id (unique prefix, or `latest`) or run folder
    #[arg(value_name = "A")]
    a: String,
    /// The run to compare it with
    #[arg(value_name = "B")]
    b: String,
    #[command(flatten)]
    selection: SelectionArgs,
    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    format: DiffFormat,
}

impl DiffArgs {
    /// Runs the subcommand.
    ///
    /// # Errors
    /// When a target is not one run, its files are damaged, or `out` cannot be written.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let one = |target: &str| self.selection.resolve_one(target, context.globals);
        let ((a, folder_a), (b, folder_b)) = (one(&self.a)?, one(&self.b)?);
        let (rows_a, rows_b) = (read_rows(&a, &folder_a)?, read_rows(&b, &folder_b)?);
        let a = DiffedRun { record: &a, rows: &rows_a };
        let b = DiffedRun { record: &b, rows: &rows_b };
        let text = diff(a, b).render(self.format, terminal_width())?;
        write_text(context.out, &text)?;
        Ok(ExitCode::SUCCESS)
    }
}
