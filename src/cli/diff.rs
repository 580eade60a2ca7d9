//! `runner diff`: what differs between two runs.

use std::io::Write;

use super::output::{terminal_width, write_text};
use crate::analysis::diff::{DiffFormat, diff};
use crate::cli::target::Lookup;
use crate::error::Result;
use crate::runs::read::read_rows;

/// Show what differs between two runs: settings, results, environment, and where their curves part.
#[derive(Debug, clap::Args)]
pub struct DiffArgs {
    /// Run id (unique prefix, or `latest`) or run folder
    #[arg(value_name = "A")]
    a: String,
    /// The run to compare it with
    #[arg(value_name = "B")]
    b: String,
    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    format: DiffFormat,
}

/// Runs the subcommand.
///
/// # Errors
/// When a target is not one run, its files are damaged, or `out` cannot be written.
pub fn run(args: &DiffArgs, lookup: &Lookup, out: &mut dyn Write) -> Result<()> {
    let (a, folder_a) = lookup.resolve_one(&args.a)?;
    let (b, folder_b) = lookup.resolve_one(&args.b)?;
    let (rows_a, rows_b) = (read_rows(&a, &folder_a)?, read_rows(&b, &folder_b)?);
    let text = diff((&a, &rows_a), (&b, &rows_b)).render(args.format, terminal_width())?;
    write_text(out, &text)
}
