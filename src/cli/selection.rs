//! Which runs a command reads: `--where` keeps those that match, `--set` changes the experiment files among the
//! targets. Every command that reads runs has both.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Globals;
use crate::analysis::filter::{Filter, none_matches};
use crate::cli::context::lookup;
use crate::cli::target::{Resolved, only_run};
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::runs::read::{FoundRuns, read_records};
use crate::runs::record::RunRecord;

/// Which runs of the targets are meant.
#[derive(Debug, Clone, Default, Args)]
pub struct SelectionArgs {
    /// Only runs that match this, such as 'optimizer.kind == "adam" && test_accuracy > 0.5'
    ///
    /// Names are settings (`network.dropout`, or `dropout` where no other key ends with it),
    /// figures of a run (`test_accuracy`, `train_accuracy`, `val_accuracy`, `gap`, `best_epoch`,
    /// `test_loss`, ...) and `state`, `id`, `seed`, `experiment`, `tag`. Compare them with == != < <= > >=
    /// and `in [...]`, and join them with && || ! and parentheses. Accuracies are fractions: 0.5 or
    /// 50%. A run that lacks a key or figure fails every comparison with it except !=.
    #[arg(long = "where", value_name = "CONDITION", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// Override a key of the experiment files among the targets, such as network.dropout=0.3; the
    /// runs are those that `runner run` makes with the same
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub sets: Vec<String>,
}

impl SelectionArgs {
    /// The runs of the targets that match.
    ///
    /// # Errors
    /// When a target names nothing, `--set` has no file to change, or no run is left.
    pub fn resolve(&self, targets: &[String], globals: &Globals) -> Result<Resolved> {
        let mut resolved = self.resolve_all(targets, globals)?;
        resolved.chosen = self.keep(&mut resolved.found, globals)?;
        Ok(resolved)
    }

    /// The one run of a target that matches, and its folder.
    ///
    /// # Errors
    /// When it names none or several.
    pub fn resolve_one(&self, target: &str, globals: &Globals) -> Result<(RunRecord, PathBuf)> {
        only_run(target, self.resolve(&[target.to_owned()], globals)?.found)
    }

    /// The runs of the targets, whether they match or not.
    ///
    /// # Errors
    /// When a target names nothing, or `--set` has no file to change.
    pub fn resolve_all(&self, targets: &[String], globals: &Globals) -> Result<Resolved> {
        self.check_sets(targets)?;
        lookup(globals, &self.sets).resolve(targets)
    }

    /// The runs of the runs folder that match, and what was skipped or kept, a line each.
    ///
    /// # Errors
    /// When the folder cannot be listed, `--set` has no file to change, or no run is left.
    pub fn of_runs_dir(&self, globals: &Globals) -> Result<(FoundRuns, Vec<String>)> {
        self.check_sets(&[])?;
        let mut found = read_records(&globals.runs_dir)?;
        let mut lines = found.problem_lines();
        lines.extend(self.keep(&mut found, globals)?);
        Ok((found, lines))
    }

    /// Keeps the runs that match, and says how many.
    ///
    /// # Errors
    /// When the condition is wrong, or no run matches it.
    pub fn keep(&self, found: &mut FoundRuns, globals: &Globals) -> Result<Option<String>> {
        let Some(condition) = &self.filter else { return Ok(None) };
        let filter = Filter::parse(condition, &found.records, globals.color_stderr())?;
        let all = found.records.len();
        found.retain(|record: &RunRecord| filter.holds(record));
        match found.records.len() {
            0 => Err(none_matches(condition, all)),
            left => Ok(Some(format!("{left} of {all} runs match {}", escape_controls(condition)))),
        }
    }

    /// Whether there is a file that `--set` can change.
    ///
    /// # Errors
    /// When there is none.
    pub fn check_sets(&self, targets: &[String]) -> Result<()> {
        let is_file = |target: &String| Path::new(target).extension() == Some("toml".as_ref());
        if self.sets.is_empty() || targets.iter().any(is_file) {
            return Ok(());
        }
        let problem = "--set changes experiment files, and none of the targets is one: name a file, \
                       or choose among runs with --where";
        Err(Error::Usage(problem.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_needs_a_file_to_change() {
        let sets = vec!["network.dropout=0.3".to_owned()];
        let selection = SelectionArgs { filter: None, sets };
        assert!(selection.check_sets(&["a.toml".to_owned(), "runs".to_owned()]).is_ok());
        let error = selection.check_sets(&["runs".to_owned()]).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().starts_with("--set changes experiment files"), "{error}");
        assert!(SelectionArgs::default().check_sets(&[]).is_ok());
    }
}
