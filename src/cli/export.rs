//! `runner export`: runs in the formats of other tools.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::output::write_messages;
use crate::cli::target::Lookup;
use crate::error::{Error, Result};
use crate::output::export::{
    CheckedExamples, CsvExport, MakeCheck, SavedWeights, WhichWeights, export_csv, export_npz,
    export_safetensors, export_tensorboard, export_torch, is_standard_output, write_csv,
};
use crate::output::sharing::shareable;
use crate::runs::read::{FoundRuns, read_rows};
use crate::runs::record::RunRecord;
use crate::shell::path_word;

/// Write runs in the formats of other tools.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// Run folders, run ids (unique prefix, or `latest`), folders of runs, or experiment files; one run
    /// for npz, torch and safetensors
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    /// The format
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: ExportFormat,
    /// Where to write: a folder for tensorboard and torch, else a file; `-` is standard output [default
    /// for csv: standard output]
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Which weights npz, torch and safetensors have [default: last]
    #[arg(long, value_enum, value_name = "WHICH")]
    weights: Option<WhichWeights>,
    /// Replace files that are there
    #[arg(long)]
    force: bool,
}

/// Formats as they are typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    /// Event files for TensorBoard: scalars by epoch, and the settings for HParams.
    Tensorboard,
    /// One table of all runs: a line for each run and evaluated epoch. Ids may look like numbers: pandas
    /// reads them as text with dtype={"id": str, "ids": str, "config": str}.
    Csv,
    /// Weights for NumPy: W1 as [in, out], b1, gamma1 ...
    Npz,
    /// A Python script that builds the network in PyTorch, and the weights that it loads.
    Torch,
    /// A copy of the weights.
    Safetensors,
}

/// Runs the subcommand: files as the arguments say, or CSV to `out`; messages to `err`.
///
/// # Errors
/// When a target names nothing, the format needs one run and several are named, something is there
/// already, or cannot be written.
pub fn run(
    args: &ExportArgs,
    lookup: &Lookup,
    check: &MakeCheck,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<()> {
    let ExportArgs { to, output, .. } = args;
    if args.weights.is_some() && matches!(to, ExportFormat::Tensorboard | ExportFormat::Csv) {
        let problem = "--weights is for npz, torch and safetensors, which have weights";
        return Err(Error::Usage(problem.to_owned()));
    }
    let resolved = lookup.resolve(&args.targets)?;
    write_messages(err, &resolved.messages());
    let mut found = resolved.found;
    if matches!(to, ExportFormat::Tensorboard | ExportFormat::Csv) {
        // A damaged file is found before half of the others are written.
        let (_, unread) = found.read_each(|record, folder| read_rows(record, folder).map(drop))?;
        write_messages(err, &unread);
        found.records = shareable(&found.records); // files that are sent on
    }
    let path = match (output, to) {
        (Some(path), ExportFormat::Csv) if is_standard_output(path) => {
            return csv_to(out, &found, err);
        }
        (Some(path), _) => path,
        (None, ExportFormat::Csv) => return csv_to(out, &found, err),
        (None, _) => return Err(Error::Usage(format!("--to {} needs -o PATH", name(*to)))),
    };
    let written = write(args, &found, path, check)?;
    if !is_standard_output(path) {
        write_messages(err, &[format!("wrote {}: {written}", path.display())]);
    }
    Ok(())
}

fn csv_to(out: &mut dyn Write, found: &FoundRuns, err: &mut dyn Write) -> Result<()> {
    let stdout = Path::new("standard output");
    let written = write_csv(&found.records, &found.folders, out, stdout)?;
    write_messages(err, without_rows(written).as_slice());
    Ok(())
}

/// Writes to `path`; returns what was written, in words.
fn write(args: &ExportArgs, found: &FoundRuns, path: &Path, check: &MakeCheck) -> Result<String> {
    let (FoundRuns { records, folders, .. }, force) = (found, args.force);
    let which = args.weights.unwrap_or_default();
    let one_run = || -> Result<SavedWeights<'_>> {
        let (record, folder) = only_run(args.to, found)?;
        Ok(SavedWeights { record, folder, which })
    };
    match args.to {
        ExportFormat::Tensorboard => {
            export_tensorboard(records, folders, path, force)?;
            let command = format!("tensorboard --logdir {}", path_word(path));
            Ok(format!("{}; `{command}` shows it", runs(records.len())))
        }
        ExportFormat::Csv => {
            let written = export_csv(records, folders, path, force)?;
            let lines = format!("{}, {} lines", runs(records.len()), written.lines);
            let without = without_rows(written).map(|text| format!("; {text}"));
            Ok(lines + &without.unwrap_or_default())
        }
        ExportFormat::Npz => of_run(&one_run()?, |run| export_npz(run, path, force)),
        ExportFormat::Safetensors => {
            of_run(&one_run()?, |run| export_safetensors(run, path, force))
        }
        ExportFormat::Torch => {
            let run = one_run()?;
            let examples = export_torch(&run, check, path, force)?;
            let because = match &examples {
                CheckedExamples::MadeUp { because } => format!(" ({because})"),
                _ => String::new(),
            };
            let (script, words) = (path_word(&path.join("model.py")), examples.words());
            Ok(format!("{}; `python {script}` checks it on {words}{because}", told(&run)))
        }
    }
}

fn of_run(run: &SavedWeights, export: impl FnOnce(&SavedWeights) -> Result<()>) -> Result<String> {
    export(run)?;
    Ok(told(run))
}

/// The run, and which of its weights.
fn told(run: &SavedWeights) -> String {
    format!("run {}, {}", run.record.id, run.which.words(run.record))
}

fn only_run(to: ExportFormat, found: &FoundRuns) -> Result<(&RunRecord, &Path)> {
    match (&found.records[..], &found.folders[..]) {
        ([record], [folder]) => Ok((record, folder)),
        (records, _) => Err(Error::Usage(format!(
            "--to {} takes one run, and the targets name {}",
            name(to),
            records.len()
        ))),
    }
}

fn without_rows(written: CsvExport) -> Option<String> {
    match written.runs_without_rows {
        0 => None,
        n => Some(format!("{} evaluated nothing yet and have no line", runs(n))),
    }
}

fn runs(count: usize) -> String {
    if count == 1 { "1 run".to_owned() } else { format!("{count} runs") }
}

fn name(to: ExportFormat) -> String {
    to.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}
