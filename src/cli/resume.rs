//! `runner resume`: continues runs that were started.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::Globals;
use super::asked::Asked;
use super::class_notes::say_missing_classes;
use super::training::{SOME_FAILED, Sweeping, TrainingArgs, print_comparison, train_and_print};
use crate::cli::context::Context;
use crate::cli::selection::SelectionArgs;
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::experiment::Trial;
use crate::messages::say;
use crate::runs::folder::{file, run_path, runs_dir_flag};
use crate::runs::record::{RunRecord, RunState};
use crate::shell::{path_word, quoted};
use crate::sweep::{Job, label_jobs};

/// Arguments of `runner resume`.
#[derive(Debug, Args)]
pub struct ResumeArgs {
    /// Run ids (a unique prefix is enough), run folders, or `latest`
    #[arg(required_unless_present = "all", value_name = "ID")]
    targets: Vec<String>,
    /// Every unfinished run under the runs folder, except those that a search paused
    #[arg(long, conflicts_with = "targets")]
    all: bool,
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    training: TrainingArgs,
}

impl ResumeArgs {
    /// Continues the named runs. Returns the exit code.
    ///
    /// # Errors
    /// If a target names nothing, or no trial of the runs can be read.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let globals = context.globals;
        let mut found = if self.all {
            self.selection.of_runs_dir(globals)?.0
        } else {
            self.selection.resolve(&self.targets, globals)?.found
        };
        found.problem_lines().iter().for_each(|line| say(&format!("warning: {line}")));
        let searches = searches_without_rungs(&found.records);
        let mut left = LeftAside::default();
        let (mut jobs, mut refused) = (Vec::new(), Vec::new());
        let (mut resumed, mut beside) = (BTreeSet::new(), BTreeSet::new());
        for (record, folder) in found.records.drain(..).zip(&found.folders) {
            if self.all && !left.is_to_go_on(&record, &searches) {
                if record.is_done() {
                    beside.extend(record.experiments);
                }
                continue;
            }
            resumed.extend(record.experiments.iter().cloned());
            // A named run is trained to its end; with --all it goes only as far as its search says.
            let until_epoch = record.until_epoch.filter(|_| self.all);
            match job_of(record, folder, globals) {
                Ok(job) => jobs.push(Job { until_epoch, ..job }),
                Err(error) => refused.push(error),
            }
        }
        if jobs.is_empty() && !refused.is_empty() {
            return Err(refused.swap_remove(0));
        }
        // Whatever is wrong with one, the others continue.
        refused
            .iter()
            .for_each(|error| say(&format!("warning: {}", escape_controls(&error.chain()))));
        let is_incomplete = !refused.is_empty() || !self.all && !found.problems.is_empty();
        left.say();
        let to_rungs = jobs.iter().filter(|job| job.until_epoch.is_some()).count();
        if to_rungs > 0 {
            say(&format!(
                "{}: `runner run` with the search's file decides which go further",
                counted(to_rungs, "goes on to its rung", "go on to their rung")
            ));
        }
        if jobs.is_empty() {
            let runs_dir = globals.runs_dir.display();
            let others = match left.is_empty() && !is_incomplete && found.problems.is_empty() {
                true => "every run",
                false => "every other run",
            };
            say(&format!("nothing to resume: {others} under {runs_dir} is finished"));
            return Ok(ExitCode::SUCCESS);
        }
        say_missing_classes(&jobs, &globals.data_options())?;
        label_jobs(&mut jobs);
        let asked = Asked { jobs, ..Asked::default() };
        let sweeping = Sweeping::of(&self.training);
        let code = train_and_print(&asked, &sweeping, globals, || {
            print_comparison(&asked, self.training.format(), globals)?;
            if !beside.is_disjoint(&resumed) {
                say(&whole_comparison(&resumed, &globals.runs_dir));
            }
            Ok(())
        })?;
        Ok(ExitCode::from(if code == 0 && is_incomplete { SOME_FAILED } else { code }))
    }
}

/// Says that the table lacks the runs that were finished before, and how to see all of them.
fn whole_comparison(experiments: &BTreeSet<String>, runs_dir: &Path) -> String {
    let names = experiments.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    let condition = format!("experiment in [{names}]");
    format!(
        "the table has the runs that were resumed; with those that were finished before: \
         `runner compare {} --where {}`",
        path_word(runs_dir),
        quoted(&condition)
    )
}

/// Runs that `--all` skips.
#[derive(Debug, Default)]
struct LeftAside {
    paused: usize,
    without_rung: usize, // of a search, cut off by a version that did not record its rung
}

impl LeftAside {
    /// Whether a run continues; counts it if not.
    fn is_to_go_on(&mut self, record: &RunRecord, searches: &HashSet<String>) -> bool {
        if record.state == RunState::Paused {
            self.paused += 1;
            return false;
        }
        let is_of_search = record.experiments.iter().any(|name| searches.contains(name));
        let is_left = !record.is_done() && record.until_epoch.is_none() && is_of_search;
        self.without_rung += usize::from(is_left);
        !record.is_done() && !is_left
    }

    fn is_empty(&self) -> bool {
        self.paused + self.without_rung == 0
    }

    fn say(&self) {
        if self.paused > 0 {
            let runs = counted(self.paused, "stands", "stand");
            say(&format!("{runs} at a rung of a search; to train a run to its end, name its id"));
        }
        if self.without_rung > 0 {
            let runs = counted(self.without_rung, "of a search is", "of a search are");
            say(&format!(
                "{runs} left to `runner run` with the search's file: the version that started them \
                 did not record their rung"
            ));
        }
    }
}

fn counted(n: usize, one: &str, several: &str) -> String {
    if n == 1 { format!("1 run {one}") } else { format!("{n} runs {several}") }
}

/// Names of the experiments whose paused runs do not record their rung: an earlier version wrote
/// them, and their interrupted runs do not say how far they were to go either.
fn searches_without_rungs(records: &[RunRecord]) -> HashSet<String> {
    let is_one =
        |record: &&RunRecord| record.state == RunState::Paused && record.until_epoch.is_none();
    records.iter().filter(is_one).flat_map(|record| record.experiments.clone()).collect()
}

/// The trial of a run folder, which must be in the runs folder under the id of its trial.
fn job_of(record: RunRecord, folder: &Path, globals: &Globals) -> Result<Job> {
    let trial = Trial::read(&folder.join(file::TRIAL))?;
    let id = trial.id();
    let (shown, runs_dir) = (folder.display(), globals.runs_dir.display());
    let (then, now) = (record.provenance.numerics, trial.numerics());
    if id != record.id && trial.id_under(then) == record.id {
        return Err(Error::Refused(format!(
            "{shown}: it was trained with numerics {then}, but this program has numerics {now} \
             for its trial, which gives other results; train it again with `runner run {shown}/{}`",
            file::TRIAL
        )));
    }
    if id != record.id {
        return Err(Error::Refused(format!(
            "{shown}: its trial has the id {id} in this program, not {}; train it again \
             with `runner run{} {}`",
            record.id,
            runs_dir_flag(&globals.runs_dir),
            path_word(&folder.join(file::TRIAL))
        )));
    }
    let place = |path: &Path| fs::canonicalize(path).ok();
    if place(folder).is_none() || place(folder) != place(&run_path(&globals.runs_dir, &id)?) {
        return Err(Error::Refused(format!(
            "{shown} is not a run in {runs_dir}: name its runs folder with --runs-dir"
        )));
    }
    let (label, experiments, role) = (String::new(), record.experiments, record.role);
    Ok(Job { id, trial, label, experiments, role, to_the_end: true, until_epoch: None })
}
