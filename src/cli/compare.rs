//! `runner compare`: one row for each config, what it changes, and the answer in two or three sentences.

use std::collections::HashMap;
use std::io::Write;
use std::num::NonZero;
use std::path::Path;
use std::process::ExitCode;

use super::amounts::parse_count;
use super::output::{TableNotes, render, write_messages, write_said, write_text};
use crate::analysis::comparability::incomparable;
use crate::analysis::compare::{
    AtEpoch, CompareOptions, Comparison, EpochChoice, at_epoch, compare,
};
use crate::analysis::filter::keep_where;
use crate::analysis::pareto::{Pareto, pareto};
use crate::analysis::rungs::{HalvedRuns, Rungs};
use crate::cli::Globals;
use crate::cli::baseline::BaselineArg;
use crate::cli::context::Context;
use crate::cli::costs::flops_by_id;
use crate::cli::output::look;
use crate::cli::selection::SelectionArgs;
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::experiment::Halving;
use crate::output::sharing::shareable;
use crate::runs::record::RunRecord;
use crate::stats::Spread;
use crate::sweep::{ReadWeights, unseal};
use crate::table::{Format, Look};

/// Compare runs: mean and spread over seeds of every config, and which is best.
#[derive(Debug, clap::Args)]
pub struct CompareArgs {
    /// Run folders, run ids (unique prefix, or `latest`), folders of runs, or experiment files
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    baseline: BaselineArg,
    /// Show these columns, in this order: settings, figures, `config`, `ids`, `seeds`, `seconds` ...
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    columns: Vec<String>,
    /// Sort by this column instead of validation or test accuracy; a leading `-` reverses
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    sort: Option<String>,
    /// What the ± after a mean shows
    #[arg(long, value_enum, default_value_t)]
    spread: Spread,
    /// Show the first N rows only
    #[arg(long, value_name = "N", value_parser = parse_count)]
    top: Option<NonZero<usize>>,
    /// One row for each value of these settings, averaged over all others
    #[arg(long, value_name = "SETTING", value_delimiter = ',')]
    group_by: Vec<String>,
    /// Compare the figures of this epoch: a number, `best`, `last`, or `model` (the epoch of the weights in
    /// model.safetensors)
    #[arg(long, value_name = "EPOCH", default_value = "last")]
    epoch: EpochChoice,
    /// Show the halving rungs of these experiment files instead
    #[arg(long)]
    rungs: bool,
    /// Show the configs that no other beats in validation accuracy, gap and cost together instead
    #[arg(long, conflicts_with_all = ["rungs", "unseal", "columns", "sort", "top", "group_by", "baseline"])]
    pareto: bool,
    /// Read the sealed test set of these runs, once each, with the weights of the best validation
    /// epoch; the date and the figures are recorded
    #[arg(long)]
    unseal: bool,
    /// How the table is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How a comparison is shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown {
    /// How the table is written.
    pub format: Format,
    /// What the terminal shows.
    pub look: Look,
}

impl Shown {
    /// For this standard output.
    pub(super) fn of(globals: &Globals, format: Format) -> Shown {
        Shown { format, look: look(globals.color_stdout()) }
    }
}

impl CompareArgs {
    /// Runs the subcommand: the table to `out`, messages to `err`. The format is that of the arguments.
    ///
    /// # Errors
    /// When a target names nothing, no run is left, a name does not exist, or `out` cannot be written.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let globals = context.globals;
        let Context { out, err, .. } = context;
        let mut resolved = self.selection.resolve_all(&self.targets, globals)?;
        write_messages(err, &resolved.messages());
        if self.unseal {
            let line = match unseal(
                &mut resolved.found,
                ReadWeights::Best,
                &globals.data_options(),
                globals.jobs(),
            )? {
                0 => "no sealed test set is left to read".to_owned(),
                1 => "the sealed test set of 1 run was read".to_owned(),
                count => format!("the sealed test sets of {count} runs were read"),
            };
            write_messages(err, &[line]);
        }
        let rungs = rungs_of(&resolved.halvings, &globals.runs_dir);
        if self.rungs {
            rungs.iter().for_each(|rungs| write_messages(err, &rungs.problems));
            print_rungs(&rungs, self.format, out)?;
            return Ok(ExitCode::SUCCESS);
        }
        let flops = if self.pareto { flops_by_id(&resolved.found) } else { HashMap::new() };
        let AtEpoch { mut records, left_out, unread } = at_epoch(resolved.found, self.epoch)?;
        write_messages(err, &unread);
        let mut selection: Vec<String> = left_out.into_iter().collect();
        if let Some(filter) = &self.selection.filter {
            let all = records.len();
            records = keep_where(records, filter, globals.color_stderr())?;
            let line = format!("{} of {all} runs match {}", records.len(), escape_controls(filter));
            selection.push(line);
        }
        if self.pareto {
            write_messages(err, &selection);
            if let Some(why) = incomparable(&records) {
                return Err(Error::Refused(format!("{why}: there is no front of them")));
            }
            let front = pareto(&records, &|run| flops.get(&run.id).copied());
            print_pareto(&front, self.spread, self.format, out)?;
            return Ok(ExitCode::SUCCESS);
        }
        self.baseline.mark(&mut records, globals.color_stderr())?;
        if self.format.has_comments() {
            records = shareable(&records); // a table for a document that others will read
        }
        let options = CompareOptions {
            sort: self.sort.clone(),
            spread: self.spread,
            columns: self.columns.clone(),
            top: self.top.map(NonZero::get),
            group_by: self.group_by.clone(),
            epoch: self.epoch,
            selection,
            evidence: self.format.has_comments(),
            for_programs: !self.format.is_prose(),
        };
        let shown = Shown::of(globals, self.format);
        print(&records, &rungs, &options, shown, out, err)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The rungs of these halvings, as far as the runs have got.
pub fn rungs_of(halvings: &[Halving], runs_dir: &Path) -> Vec<Rungs> {
    let rungs = |halving| Rungs::of(&HalvedRuns { halving, runs_dir });
    halvings.iter().map(rungs).collect()
}

fn print_rungs(rungs: &[Rungs], format: Format, out: &mut dyn Write) -> Result<()> {
    if rungs.is_empty() {
        let text = "none of these targets is an experiment file with `[halving]`";
        return Err(Error::NothingMatched(text.to_owned()));
    }
    if rungs.len() > 1 && !format.is_prose() {
        let text = "`--rungs` for programs takes one experiment file at a time";
        return Err(Error::Usage(text.to_owned()));
    }
    write_text(out, &rungs_text(rungs, format)?)
}

fn print_pareto(front: &Pareto, spread: Spread, format: Format, out: &mut dyn Write) -> Result<()> {
    if front.configs.is_empty() {
        let text = "none of these runs is finished and has a validation accuracy: hold out examples with \
                    `dataset.validation_examples`";
        return Err(Error::NothingMatched(text.to_owned()));
    }
    let mut text = render(&front.table(spread), format)?;
    if format.is_prose() {
        text.push_str(&format!("\n{}\n", front.lines(spread).join("\n")));
    }
    write_text(out, &text)
}

/// The tables, with notes if people read them.
fn rungs_text(rungs: &[Rungs], format: Format) -> Result<String> {
    let mut text = String::new();
    for Rungs { table, lines, .. } in rungs {
        text.push_str(&render(table, format)?);
        if format.is_prose() {
            text.push_str(&format!("\n{}\n\n", lines.join("\n")));
        }
    }
    Ok(text)
}

/// Prints the comparison of these runs; `run` ends with it too.
///
/// # Errors
/// When a column does not exist or `out` cannot be written.
pub fn print(
    records: &[RunRecord],
    rungs: &[Rungs],
    options: &CompareOptions,
    Shown { format, look, .. }: Shown,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<()> {
    let comparison = compare(records, options)?;
    if !options.columns.is_empty() {
        write_messages(err, hidden_settings(&comparison).as_slice());
    }
    if format.is_prose() {
        write_text(out, &rungs_text(rungs, format)?)?;
    }
    let Comparison { table, heading, verdicts, legend, notes, answer, evidence, .. } = &comparison;
    let said = TableNotes { heading, verdicts, legend, notes, answer, evidence };
    let drawn = || {
        let forest = comparison.forest(&look).map(|forest| format!("\n{forest}"));
        comparison.draw(&look) + &forest.unwrap_or_default()
    };
    write_said(table, drawn, &said, format, out, err)
}

/// That settings which vary are no columns, so that rows look alike which are not.
fn hidden_settings(comparison: &Comparison<'_>) -> Option<String> {
    let Comparison { table, varied, .. } = comparison;
    let is_shown = |name: &str| table.columns.iter().any(|column| column.name == name);
    let hidden: Vec<&str> =
        varied.iter().map(String::as_str).filter(|key| !is_shown(key)).collect();
    let names_all = is_shown("config") || is_shown("label");
    (!hidden.is_empty() && !names_all).then(|| {
        format!(
            "warning: the rows differ in settings that --columns hides: {}; the column `config` says \
             how they differ",
            hidden.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::context::testing::said;
    use crate::runs::samples::{seeds, write_run};
    use clap::Parser;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        args: CompareArgs,
    }

    struct ClosedPipe;

    impl Write for ClosedPipe {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// Compares two configs of three seeds in a folder with a README; returns both outputs.
    fn compared(more: &[&str], out: &mut dyn Write) -> (Result<ExitCode>, String) {
        let runs = tempfile::tempdir().unwrap();
        let dropout = serde_json::json!(0.2);
        for record in seeds(&[("network.dropout", dropout)], 0.67, 0.53, 0.003) {
            write_run(runs.path(), &record);
        }
        for record in seeds(&[], 0.94, 0.48, 0.003) {
            write_run(runs.path(), &record);
        }
        let readme = runs.path().join("README.md");
        std::fs::write(&readme, "text").unwrap();
        let targets = ["compare", runs.path().to_str().unwrap(), readme.to_str().unwrap()];
        let args = Cli::parse_from(targets.iter().chain(more)).args;
        said(runs.path(), out, |context| args.run(context))
    }

    #[test]
    fn table_ends_with_the_answer_and_its_notes() {
        let mut out = Vec::new();
        let (result, err) = compared(&[], &mut out);
        result.unwrap();
        assert_eq!(err, "skipped 1 path that is not a run folder\n");
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
    }

    #[test]
    fn programs_get_nothing_but_the_table() {
        let mut out = Vec::new();
        let (result, err) = compared(&["--format", "csv", "--sort", "-dropout"], &mut out);
        result.unwrap();
        assert!(err.contains("dropout 0.2 adds "), "{err}");
        let out = String::from_utf8(out).unwrap();
        assert!(out.starts_with("label,network.dropout,n,") && out.lines().count() == 3, "{out}");
        assert!(out.lines().nth(1).unwrap().starts_with("dropout 0.2,0.2,3,"), "{out}");
    }

    #[test]
    fn markdown_and_latex_carry_their_evidence() {
        for format in ["markdown", "latex"] {
            let mut out = Vec::new();
            let (result, _) = compared(&["--format", format, "--top", "1"], &mut out);
            result.unwrap();
            insta::assert_snapshot!(format, String::from_utf8(out).unwrap());
        }
    }

    #[test]
    fn what_was_chosen_is_said_first() {
        let mut out = Vec::new();
        let (result, _) = compared(&["--where", "seed < 3", "--epoch", "best"], &mut out);
        result.unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
        let (result, _) = compared(&["--where", "sed < 3"], &mut Vec::new());
        assert!(matches!(result, Err(Error::Expression(text)) if text.contains("did you mean")));
    }

    #[test]
    fn closed_pipe_is_an_error_that_says_so() {
        let (result, _) = compared(&[], &mut ClosedPipe);
        match result {
            Err(Error::Io { source, .. }) => {
                assert_eq!(source.kind(), std::io::ErrorKind::BrokenPipe);
            }
            other => panic!("{other:?}"),
        }
    }
}
