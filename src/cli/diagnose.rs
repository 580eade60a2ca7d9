//! `runner diagnose`: what the learning curves of each config say, in words, and what each varied
//! setting does to the gap.

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;

use super::output::{terminal_width, write_messages, write_text};
use crate::error::Result;
use crate::report::{
    Curves, Format, Lookup, RunRecord, diagnose_configs, diagnosis_json, diagnosis_text,
    main_effects, read_layers, read_rows,
};

/// Say in words what the learning curves of each config show: memorising, underfitting, a learning
/// rate too high or low, dead units; and what each varied setting does to the gap.
#[derive(Debug, clap::Args)]
pub struct DiagnoseArgs {
    /// Run folders, run ids (unique prefix, or `latest`), folders of runs, or experiment files
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    /// How the diagnosis is written
    #[arg(long, value_enum, default_value_t)]
    format: DiagnosisFormat,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum DiagnosisFormat {
    /// Text for people.
    #[default]
    Table,
    /// The same as Markdown.
    Markdown,
    /// Findings with their figures, and effects with their intervals.
    Json,
}

/// Runs the subcommand: the diagnosis to `out`, messages to `err`.
///
/// # Errors
/// When a target names nothing, a file of a run is damaged, or `out` cannot be written.
pub fn run(
    args: &DiagnoseArgs,
    lookup: &Lookup,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<()> {
    let resolved = lookup.resolve(&args.targets)?;
    write_messages(err, &resolved.messages());
    let found = &resolved.found;
    let records = found.records.iter().map(|record| record.id.as_str());
    let folder_of: HashMap<&str, &PathBuf> = records.zip(&found.folders).collect();
    let configs = diagnose_configs(&found.records, |record| {
        let folder = folder_of[record.id.as_str()];
        curves(record, folder)
    })?;
    let effects = main_effects(&found.records);
    let text = match args.format {
        DiagnosisFormat::Json => diagnosis_json(&configs, &effects)?,
        DiagnosisFormat::Table => {
            diagnosis_text(&configs, &effects, Format::Table, terminal_width())?
        }
        DiagnosisFormat::Markdown => diagnosis_text(&configs, &effects, Format::Markdown, None)?,
    };
    write_text(out, &text)
}

fn curves(record: &RunRecord, folder: &std::path::Path) -> Result<Curves> {
    Ok(Curves { record: record.clone(), rows: read_rows(folder)?, layers: read_layers(folder)? })
}
