//! What a user types to name runs: a run folder, an id's unique prefix, `latest`, a folder of runs
//! or an experiment file.

mod named;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::experiment::{Experiment, Halving, Trial};
use crate::runs::folder::runs_dir_flag;
use crate::runs::read::FoundRuns;
use crate::runs::record::RunRecord;
use crate::runs::role::ConfigRole;
use crate::shell::path_word;
use crate::threads;
use named::{Named, quoted};

/// Reads an experiment file and returns the runs it asks for.
type TrialsOf<'a> = Box<dyn Fn(&Path) -> Result<AskedRuns> + Sync + 'a>;

/// Where runs are looked up, and how experiment files are read.
pub struct Lookup<'a> {
    /// The folder of run folders.
    pub runs_dir: &'a Path,
    /// The trials of an experiment file.
    pub trials_of: TrialsOf<'a>,
}

/// A run that an experiment file asks for.
#[derive(Debug, Clone, Default)]
pub struct AskedRun {
    /// Its id.
    pub id: String,
    /// What the file calls its config.
    pub role: ConfigRole,
}

/// The runs that an experiment file asks for.
#[derive(Debug, Clone, Default)]
pub struct AskedRuns {
    /// Its name.
    pub name: String,
    /// Its trials.
    pub runs: Vec<AskedRun>,
    /// How they are halved, if they are.
    pub halving: Option<Halving>,
}

impl AskedRuns {
    /// Those of an experiment.
    pub fn of(experiment: Experiment) -> AskedRuns {
        let asked = |trial: &Trial| AskedRun { id: trial.id(), role: experiment.role_of(trial) };
        let runs = experiment.trials.iter().map(asked).collect();
        AskedRuns { runs, name: experiment.name, halving: experiment.halving }
    }
}

/// The runs that targets name.
#[derive(Debug, Default)]
pub struct Resolved {
    /// Each run once, in the order of the targets.
    pub found: FoundRuns,
    /// Experiment files with trials that have no run yet: the file, those missing, all.
    pub missing: Vec<(PathBuf, usize, usize)>,
    /// The halvings of experiment files.
    pub halvings: Vec<Halving>,
    /// How many of the runs `--where` has kept, in words.
    pub chosen: Option<String>,
}

impl Lookup<'_> {
    /// The runs of all targets. A path that exists but is not a run (`runs/README.md` from the
    /// shell's `runs/*`) is skipped and counted.
    ///
    /// # Errors
    /// When a target names nothing or several runs, or nothing at all is left.
    pub fn resolve(&self, targets: &[String]) -> Result<Resolved> {
        let mut named = Named::default();
        // Thousands of ids, each looked up on its own: the shell's `*` in a folder of runs.
        for one in threads::map(targets, |target| self.named_by(target)) {
            named.add(one?);
        }
        let mut found = FoundRuns::read(named.folders);
        found.passed_over.extend(named.passed_over);
        let Named { missing, halvings, roles, asked_by, .. } = named;
        found.asked_by = asked_by;
        // The file is newer than what a run that it shares with another file remembers.
        for record in &mut found.records {
            if let Some(role) = roles.get(&record.id) {
                record.role = role.clone();
            }
        }
        let mut resolved = Resolved { found, missing, halvings, chosen: None };
        if !resolved.found.records.is_empty() {
            return Ok(resolved);
        }
        if resolved.found.problems.is_empty() {
            return Err(self.nothing_left(&resolved));
        }
        Err(resolved.found.problems.swap_remove(0))
    }

    /// The one run that a target names, and its folder.
    ///
    /// # Errors
    /// When it names none or several.
    pub fn resolve_one(&self, target: &str) -> Result<(RunRecord, PathBuf)> {
        only_run(target, self.resolve(&[target.to_owned()])?.found)
    }

    fn nothing_left(&self, resolved: &Resolved) -> Error {
        let mut text = "no runs to show".to_owned();
        if let Some((file, _, all)) = resolved.missing.first() {
            let shown = file.display().to_string();
            let (shown, file) = (escape_controls(&shown), path_word(file));
            let flag = runs_dir_flag(self.runs_dir);
            let which = match all {
                1 => "the trial of".to_owned(),
                _ => format!("none of the {all} trials of"),
            };
            let has = if *all == 1 { "has no run" } else { "has a run" };
            text = format!("{which} {shown} {has}: `runner run{flag} {file}`");
        } else if let Some(first) = &resolved.found.passed_over.first() {
            let shown = first.display().to_string();
            let shown = escape_controls(&shown);
            let others = match resolved.found.passed_over.len() - 1 {
                0 => String::new(),
                1 => ", and neither is another path".to_owned(),
                others => format!(", and neither are {others} other paths"),
            };
            text = format!(
                "{shown} is not a run folder, a folder of runs, an experiment file or the id of a run{others}; \
                 `runner list` shows the runs"
            );
        }
        Error::NothingMatched(text)
    }
}

impl Resolved {
    /// What was skipped or is missing, a line each, for standard error.
    pub fn messages(&self) -> Vec<String> {
        let mut lines = self.found.problem_lines();
        match self.found.passed_over.len() {
            0 => (),
            1 => lines.push("skipped 1 path that is not a run folder".to_owned()),
            n => lines.push(format!("skipped {n} paths that are not run folders")),
        }
        lines.extend(self.missing.iter().map(|(file, missing, all)| {
            let file = file.display().to_string();
            format!("{missing} of {all} trials of {} have no run yet", escape_controls(&file))
        }));
        lines.extend(self.chosen.clone());
        lines
    }
}

/// The only run that a target names, and its folder.
///
/// # Errors
/// When there are none or several.
pub(super) fn only_run(target: &str, mut found: FoundRuns) -> Result<(RunRecord, PathBuf)> {
    match (found.records.pop(), found.folders.pop()) {
        (Some(record), Some(folder)) if found.records.is_empty() => Ok((record, folder)),
        _ => Err(Error::Usage(format!(
            "{} names {} runs, but this command takes one; --where chooses among them",
            quoted(target),
            found.records.len() + 1
        ))),
    }
}
