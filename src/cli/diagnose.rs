//! `runner diagnose`: explains in words what the learning curves of each config show and what each
//! varied setting does to the gap.

use std::collections::HashMap;
use std::process::ExitCode;

use clap::ValueEnum;

use super::output::{terminal_width, write_messages, write_text};
use crate::analysis::diagnosis::{diagnose_configs, diagnosis_json, diagnosis_text};
use crate::analysis::effects::main_effects;
use crate::cli::context::Context;
use crate::cli::selection::SelectionArgs;
use crate::error::{Error, Result};
use crate::runs::read::{Curves, read_curves};
use crate::table::Format;

/// Explain in words what the learning curves of each config show: memorising, underfitting, a
/// learning rate too high or low, dead units; and what each varied setting does to the gap.
#[derive(Debug, clap::Args)]
pub struct DiagnoseArgs {
    /// Run folders, run ids (unique prefix, or `latest`), folders of runs, or experiment files
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    #[command(flatten)]
    selection: SelectionArgs,
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

impl DiagnoseArgs {
    /// Runs the subcommand: the diagnosis to `out`, messages to `err`.
    ///
    /// # Errors
    /// When a target names nothing, the rows of no run can be read, or `out` cannot be written.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let mut resolved = self.selection.resolve(&self.targets, context.globals)?;
        let Context { out, err, .. } = context;
        write_messages(err, &resolved.messages());
        let found = &mut resolved.found;
        let (read, unread) = found.read_each(read_curves)?;
        write_messages(err, &unread);
        let without_layers = read.iter().filter_map(|read| read.problem.clone());
        write_messages(err, &without_layers.collect::<Vec<_>>());
        let mut curves: HashMap<String, Curves> =
            read.into_iter().map(|read| (read.curves.record.id.clone(), read.curves)).collect();
        let configs = diagnose_configs(&found.records, |record| {
            let twice = || Error::Unexpected(format!("run {} is in two configs", record.id));
            curves.remove(&record.id).ok_or_else(twice)
        })?;
        let effects = main_effects(&found.records);
        let text = match self.format {
            DiagnosisFormat::Json => diagnosis_json(&configs, &effects)?,
            DiagnosisFormat::Table => {
                diagnosis_text(&configs, &effects, Format::Table, terminal_width())?
            }
            DiagnosisFormat::Markdown => {
                diagnosis_text(&configs, &effects, Format::Markdown, None)?
            }
        };
        write_text(out, &text)?;
        Ok(ExitCode::SUCCESS)
    }
}
