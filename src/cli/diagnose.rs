//! `runner diagnose`: explains in words what the learning curves of each config show and what each
//! varied setting does to the gap.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use super::advised_seeds::AdvisedSeeds;
use super::output::{terminal_width, write_messages, write_text};
use super::own_file::write_own_file;
use crate::analysis::advice::{Advice, Advisor, NoAdvice, advice_file, outcomes};
use crate::analysis::compare::{CompareOptions, Comparison, compare};
use crate::analysis::diagnosis::{diagnose, diagnose_configs};
use crate::analysis::effects::main_effects;
use crate::cli::baseline::BaselineArg;
use crate::cli::context::Context;
use crate::cli::selection::SelectionArgs;
use crate::error::{Error, Result};
use crate::output::diagnosis::{AdvisedConfig, Diagnosis};
use crate::runs::read::{Curves, FoundRuns, read_curves};
use crate::table::Format;

/// The first line of the files that it writes; only those are replaced.
const HEADER: &str = "# Written by `runner diagnose --write`: its advice, each piece alone, and what is expected of it in \
                      points.";

/// Explain in words what the learning curves of each config show: memorising, underfitting, a
/// learning rate too high or low, dead units; and what each varied setting does to the gap.
#[derive(Debug, clap::Args)]
pub struct DiagnoseArgs {
    /// Run folders, run ids (unique prefix, or `latest`), folders of runs, or experiment files
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    baseline: BaselineArg,
    /// Write the advice as an experiment: the config, and a variant for each change with what is expected
    /// of it. Diagnosed again when it has run, it shows what came
    #[arg(long, value_name = "FILE.toml")]
    write: Option<PathBuf>,
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
        let globals = context.globals;
        let Context { out, err, .. } = context;
        write_messages(err, &resolved.messages());
        let found = &mut resolved.found;
        self.baseline.mark(&mut found.records, globals.color_stderr())?;
        let (read, unread) = found.read_each(read_curves)?;
        write_messages(err, &unread);
        let without_layers = read.iter().filter_map(|read| read.problem.clone());
        write_messages(err, &without_layers.collect::<Vec<_>>());
        let curves: HashMap<String, Curves> =
            read.into_iter().map(|read| (read.curves.record.id.clone(), read.curves)).collect();
        let comparison = compare(&found.records, &CompareOptions::default())?;
        let (advisor, advice) = advised(found, &comparison, &curves, err);
        let configs = diagnose_configs(&found.records, |record| {
            let unread = || Error::Unexpected(format!("run {} is not read", record.id));
            curves.get(&record.id).cloned().ok_or_else(unread)
        })?;
        let came = comparison.changes.as_ref().map(|changes| {
            outcomes(changes, |place| comparison.configs.get(place).map_or(&[], |c| &c.runs))
        });
        let advised = advisor.as_ref().filter(|_| !advice.is_empty());
        let diagnosis = Diagnosis {
            configs: &configs,
            advised: advised.map(|advisor| AdvisedConfig {
                label: advisor.label,
                score: advisor.score,
                advice: &advice,
            }),
            outcomes: came.as_deref().unwrap_or_default(),
            changes: &comparison.changes_in_words(),
            effects: &main_effects(&found.records),
        };
        write_text(out, &self.format.text(&diagnosis)?)?;
        // Last: that there is nothing to write does not take the diagnosis away.
        if let Some(file) = &self.write {
            let line = write_advice(file, advisor.as_ref(), &advice)?;
            write_messages(err, &[line]);
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl DiagnosisFormat {
    /// The diagnosis in this format.
    fn text(self, diagnosis: &Diagnosis) -> Result<String> {
        match self {
            DiagnosisFormat::Json => diagnosis.json(),
            DiagnosisFormat::Table => diagnosis.text(Format::Table, terminal_width()),
            DiagnosisFormat::Markdown => diagnosis.text(Format::Markdown, None),
        }
    }
}

/// Who gives advice and for which config, and the advice; a message to `err` where nobody can.
fn advised<'a>(
    found: &FoundRuns,
    comparison: &'a Comparison,
    curves: &HashMap<String, Curves>,
    err: &mut dyn Write,
) -> (Option<Advisor<'a>>, Vec<Advice>) {
    let ids = found.records.iter().map(|record| &*record.id);
    let folders: HashMap<&str, &Path> = ids.zip(found.folders.iter().map(|f| &**f)).collect();
    match Advisor::of(comparison, |id| folders.get(id).copied()) {
        Ok(Some(advisor)) => {
            let advice = advice(&advisor, comparison, curves).unwrap_or_else(|reason| {
                write_messages(err, &[format!("no advice: {}", reason.words(advisor.label))]);
                Vec::new()
            });
            (Some(advisor), advice)
        }
        Ok(None) => {
            write_messages(err, &["no advice: no config is compared".to_owned()]);
            (None, Vec::new())
        }
        Err(error) => {
            write_messages(err, &[format!("no advice: {}", error.chain())]);
            (None, Vec::new())
        }
    }
}

/// The advice for the config of the advisor, or why there is none.
fn advice(
    advisor: &Advisor,
    comparison: &Comparison,
    curves: &HashMap<String, Curves>,
) -> std::result::Result<Vec<Advice>, NoAdvice> {
    let config = comparison.configs.iter().find(|config| config.label == advisor.label);
    let runs = config.into_iter().flat_map(|config| &config.runs);
    let runs: Vec<&Curves> = runs.filter_map(|run| curves.get(&run.id)).collect();
    let owned: Vec<Curves> = runs.iter().map(|run| (*run).clone()).collect();
    advisor.advice(&runs, &diagnose(&owned))
}

/// Writes the experiment, unless somebody else's file is there.
fn write_advice(path: &Path, advisor: Option<&Advisor>, advice: &[Advice]) -> Result<String> {
    let written = advisor.and_then(|advisor| {
        let AdvisedSeeds { seeds, why } = AdvisedSeeds::of(advisor, advice);
        let mut trial = advisor.trial.clone();
        if advisor.has_folds {
            trial.dataset.fold = None; // all of them
        }
        let text = advice_file(&trial, &seeds, advice)?;
        let why: String = why.iter().map(|line| format!("# {line}\n")).collect();
        Some((why + &text, seeds.len()))
    });
    let Some((text, seeds)) = written else {
        let nothing = "--write has nothing to write: no advice is left to try".to_owned();
        return Err(Error::NothingMatched(nothing));
    };
    write_own_file(path, HEADER, &text)?;
    let shown = path.display();
    let noun = if seeds == 1 { "seed" } else { "seeds" };
    Ok(format!(
        "wrote {shown}, with {seeds} {noun} of each config (it says why): `runner run` trains it, then `runner diagnose` \
         says what came"
    ))
}
