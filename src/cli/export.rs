//! `runner export`: runs in the formats of other tools.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::LazyLock;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::output::write_messages;
use crate::cli::context::Context;
use crate::cli::selection::SelectionArgs;
use crate::data::Address;
use crate::error::{Error, Result};
use crate::output::export::{
    Destination, Export, ExportFormat, FORMATS, SavedWeights, WhichWeights, is_standard_output,
};
use crate::output::sharing::shareable;
use crate::runs::read::{FoundRuns, read_rows};
use crate::runs::record::RunRecord;
use crate::sweep::model_check;

/// Write runs in the formats of other tools.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// Run folders, run ids (unique prefix, or `latest`), folders of runs, or experiment files; one run
    /// for npz, torch, onnx and safetensors
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    #[command(flatten)]
    selection: SelectionArgs,
    /// The format
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: TypedFormat,
    /// Where to write: a folder for tensorboard and torch, the address of a server for mlflow, else a file;
    /// `-` is standard output [default for csv: standard output]
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Which weights npz, torch, onnx and safetensors hold [default: last]
    #[arg(long, value_enum, value_name = "WHICH")]
    weights: Option<WhichWeights>,
    /// Replace existing files
    #[arg(long)]
    force: bool,
}

/// A format as typed.
#[derive(Debug, Clone, Copy)]
struct TypedFormat(&'static ExportFormat);

impl ValueEnum for TypedFormat {
    fn value_variants<'a>() -> &'a [TypedFormat] {
        static TYPED: LazyLock<Vec<TypedFormat>> =
            LazyLock::new(|| FORMATS.iter().map(|format| TypedFormat(format)).collect());
        &TYPED
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name).help(self.0.help))
    }
}

impl ExportArgs {
    /// Runs the subcommand: files as the arguments say, or CSV to `out`; messages to `err`.
    ///
    /// # Errors
    /// When a target names nothing, the format needs one run and several are named, something is there
    /// already, or cannot be written.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let globals = context.globals;
        let Context { out, err, .. } = context;
        let ExportArgs { to: TypedFormat(format), output, .. } = &self;
        if self.weights.is_some() && !format.is_of_weights() {
            let problem = format!("--weights is only for {}", of_weights());
            return Err(Error::Usage(problem));
        }
        let resolved = self.selection.resolve(&self.targets, globals)?;
        write_messages(err, &resolved.messages());
        let mut found = resolved.found;
        if !format.is_of_weights() {
            // A damaged file is found before any other is written.
            let (_, unread) =
                found.read_each(|record, folder| read_rows(record, folder).map(drop))?;
            write_messages(err, &unread);
            found.records = shareable(&found.records); // files that are sent on
        }
        let stream = match &format.export {
            Export::Runs { stream, .. } => *stream,
            Export::Weights(_) => None,
        };
        let path = match (output, stream) {
            (Some(path), Some(stream)) if is_standard_output(path) => {
                write_messages(err, stream(&found, out)?.as_slice());
                return Ok(ExitCode::SUCCESS);
            }
            (Some(path), _) => path,
            (None, Some(stream)) => {
                write_messages(err, stream(&found, out)?.as_slice());
                return Ok(ExitCode::SUCCESS);
            }
            (None, None) => {
                return Err(Error::Usage(format!(
                    "--to {} needs -o {}",
                    format.name, format.destination
                )));
            }
        };
        let to = Destination { path, force: self.force };
        let written = match &format.export {
            Export::Runs { write, .. } => write(&found, to)?,
            Export::Weights(write) => {
                let (record, folder) = only_run(format, &found)?;
                let which = self.weights.unwrap_or_default();
                let data = globals.data_options();
                let check = |saved: &SavedWeights<'_>| model_check(saved, &data, globals.jobs());
                let beside = write(&SavedWeights { record, folder, which }, &check, to)?;
                format!("run {}, {}{beside}", record.id, which.words(record))
            }
        };
        if !is_standard_output(path) {
            write_messages(err, &[format!("wrote {}: {written}", shown(path))]);
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A path, or the address of a server without the password in it.
fn shown(path: &Path) -> String {
    let text = path.display().to_string();
    if text.contains("://") { Address::new(text).shown } else { text }
}

/// `npz, torch and safetensors`
fn of_weights() -> String {
    let formats = FORMATS.iter().filter(|format| format.is_of_weights());
    let names: Vec<&str> = formats.map(|format| format.name).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
}

fn only_run<'a>(format: &ExportFormat, found: &'a FoundRuns) -> Result<(&'a RunRecord, &'a Path)> {
    match (&found.records[..], &found.folders[..]) {
        ([record], [folder]) => Ok((record, folder)),
        (records, _) => Err(Error::Usage(format!(
            "--to {} takes one run, but the targets name {}",
            format.name,
            records.len()
        ))),
    }
}
