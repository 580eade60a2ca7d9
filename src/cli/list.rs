//! `runner list`: the runs, one per row.

use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::output::{render, write_messages, write_text};
use crate::analysis::compare::reasons;
use crate::cli::context::Context;
use crate::cli::selection::SelectionArgs;
use crate::error::Result;
use crate::output::list::{list_table, newest_first, with_states};
use crate::runs::record::RunState;
use crate::table::Format;

/// List runs, the newest first.
#[derive(Debug, Clone, clap::Args)]
pub struct ListArgs {
    /// Run folders, run ids (unique prefix, or `latest`), folders of runs, or experiment files [default:
    /// all of the runs folder]
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    #[command(flatten)]
    selection: SelectionArgs,
    /// Only runs in this state; may be repeated
    #[arg(long, value_parser = states(), value_name = "STATE")]
    state: Vec<RunState>,
    /// How the table is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The words of states.
fn states() -> impl TypedValueParser<Value = RunState> {
    PossibleValuesParser::new(RunState::ALL.map(RunState::name)).map(|typed| {
        let named = RunState::ALL.into_iter().find(|state| state.name() == typed);
        named.expect("the parser takes no other words")
    })
}

impl ListArgs {
    /// Runs the subcommand: the table to `out`, messages to `err`.
    ///
    /// # Errors
    /// When the runs folder cannot be listed or `out` cannot be written.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let Context { globals, out, err, .. } = context;
        let (found, lines) = match self.targets.is_empty() {
            true => self.selection.of_runs_dir(globals)?, // a README among runs need not be reported
            false => {
                let resolved = self.selection.resolve(&self.targets, globals)?;
                let lines = resolved.messages();
                (resolved.found, lines)
            }
        };
        write_messages(err, &lines);
        let records = newest_first(with_states(found.records, &self.state));
        if records.is_empty() && self.format.is_prose() {
            let wanted: Vec<&str> = self.state.iter().map(|state| state.name()).collect();
            let space = if wanted.is_empty() { "" } else { " " };
            let wanted = wanted.join(" or ");
            let none = format!("no {wanted}{space}runs under {}", globals.runs_dir.display());
            write_messages(err, &[none]);
            return Ok(ExitCode::SUCCESS);
        }
        let table = list_table(&records, chrono::Utc::now());
        if !self.format.is_prose() {
            write_text(out, &render(&table, self.format)?)?;
            return Ok(ExitCode::SUCCESS);
        }
        // Reasons are too long for a column.
        let table = render(&table.without_last_column(), self.format)?;
        let lines: String = reasons(&records).iter().map(|line| format!("{line}\n")).collect();
        let space = if lines.is_empty() { "" } else { "\n" };
        write_text(out, &format!("{table}{space}{lines}"))?;
        Ok(ExitCode::SUCCESS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::context::testing::said;
    use crate::runs::samples::{seeds, write_run};

    #[test]
    fn readme_of_an_empty_runs_folder_is_no_run() {
        let runs = tempfile::tempdir().unwrap();
        std::fs::write(runs.path().join("README.md"), "text").unwrap();
        let mut args = ListArgs {
            targets: Vec::new(),
            selection: SelectionArgs::default(),
            state: Vec::new(),
            format: Format::Table,
        };
        let listed = |args: &ListArgs| {
            let mut out = Vec::new();
            let (ended, err) = said(runs.path(), &mut out, |context| args.clone().run(context));
            ended.unwrap();
            (String::from_utf8(out).unwrap(), err)
        };
        assert!(listed(&args).1.contains("no runs under"));
        for record in seeds(&[], 0.94, 0.48, 0.003) {
            write_run(runs.path(), &record);
        }
        assert_eq!(listed(&args).0.lines().count(), 5);
        args.state.push(RunState::Failed);
        assert!(listed(&args).1.starts_with("no failed runs under"));
        args.format = Format::Json;
        assert_eq!(listed(&args).0, "[]\n");
    }
}
