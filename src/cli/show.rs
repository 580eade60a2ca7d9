//! `runner show`: one run in full.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use super::output::{write_messages, write_text};
use crate::analysis::diagnosis::diagnose;
use crate::cli::context::Context;
use crate::cli::selection::SelectionArgs;
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::output::export::{export_file, is_standard_output};
use crate::output::show::show_text;
use crate::runs::evaluation::EvaluationFiles;
use crate::runs::read::{ReadCurves, files_of, read_curves};
use crate::runs::record::RunRecord;
use crate::runs::run_files::RunFolder;
use crate::sweep::augmented_picture;
use crate::table::escape_json;

/// Show one run in full: its state, trial, learning curve, provenance and files.
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// Run id (unique prefix, or `latest`) or run folder; or an experiment file or a folder of runs, of
    /// which --where leaves one
    #[arg(value_name = "ID")]
    target: String,
    #[command(flatten)]
    selection: SelectionArgs,
    /// How the run is written
    #[arg(long, value_enum, default_value_t)]
    format: ShowFormat,
    /// Draw some training examples instead, one a row: the original, then as seen in epochs 1 to 8; `-`
    /// is standard output
    #[arg(long, value_name = "FILE.png", conflicts_with = "format")]
    augmented: Option<PathBuf>,
    /// Replace the picture if it exists
    #[arg(long, requires = "augmented")]
    force: bool,
}

/// What a sheet of augmented examples shows.
const AUGMENTED_ROWS: &str =
    "each row is a training example: the original, then as seen in epochs 1 to 8";

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum ShowFormat {
    /// Text for people.
    #[default]
    Text,
    /// The content of `run.json`, with the state as it is now.
    Json,
}

impl ShowArgs {
    /// Runs the subcommand: the run to `out`, or a picture to its file and a message to `err`.
    ///
    /// # Errors
    /// When the target is not one run, its files or data are damaged or missing, or `out` or the picture
    /// cannot be written.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let (record, folder) = self.selection.resolve_one(&self.target, context.globals)?;
        let data = &context.globals.data_options();
        let Context { out, err, .. } = context;
        if let Some(picture) = &self.augmented {
            export_file(picture, self.force, || augmented_picture(&record, &folder, data))?;
            if !is_standard_output(picture) {
                let picture = picture.display();
                write_messages(err, &[format!("wrote {picture}: {AUGMENTED_ROWS}")]);
            }
            return Ok(ExitCode::SUCCESS);
        }
        let text = match self.format {
            ShowFormat::Text => text(&record, &folder, err)?,
            ShowFormat::Json => serde_json::to_string_pretty(&record)
                .map(|json| escape_json(json) + "\n")
                .map_err(|e| Error::Unexpected(format!("cannot write JSON: {e}")))?,
        };
        write_text(out, &text)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The text; damaged files on which no figure depends are left out and named.
fn text(record: &RunRecord, folder: &Path, err: &mut dyn Write) -> Result<String> {
    let ReadCurves { curves, problem } = read_curves(record, folder)?;
    write_messages(err, problem.as_slice());
    let findings = diagnose(std::slice::from_ref(&curves));
    let evaluation = EvaluationFiles::read(RunFolder { record, path: folder });
    let evaluation = evaluation.unwrap_or_else(|error| {
        let reason = escape_controls(&error.chain()).into_owned();
        write_messages(err, &[format!("{reason}: left out")]);
        EvaluationFiles::default()
    });
    show_text(record, &curves.rows, &evaluation, &findings, &files_of(folder)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::context::testing::said;
    use crate::runs::samples::{seeds, write_run};

    #[test]
    fn json_is_the_record_and_text_names_the_files() {
        let runs = tempfile::tempdir().unwrap();
        let record = seeds(&[], 0.94, 0.48, 0.003).remove(0);
        write_run(runs.path(), &record);
        let shown = |format| {
            let mut out = Vec::new();
            let target = record.id[..4].to_owned();
            let args = ShowArgs {
                target,
                selection: SelectionArgs::default(),
                format,
                augmented: None,
                force: false,
            };
            said(runs.path(), &mut out, |context| args.run(context)).0.unwrap();
            String::from_utf8(out).unwrap()
        };
        let json: RunRecord = serde_json::from_str(&shown(ShowFormat::Json)).unwrap();
        assert_eq!(RunRecord { is_checked: true, ..json }, record);
        assert!(shown(ShowFormat::Text).contains("run.json"));
    }
}
