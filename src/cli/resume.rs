//! `runner resume`: go on with runs that were begun.

use std::fs;
use std::path::Path;

use clap::Args;

use super::asked::Asked;
use super::class_notes::say_missing_classes;
use super::training::{TrainingArgs, train_and_compare};
use super::{Globals, with_lookup};
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::experiment::Trial;
use crate::messages::say;
use crate::report::{RunRecord, State, read_records};
use crate::run_dir::{file, is_held, run_path};
use crate::sweep::{Job, label_jobs};

/// Arguments of `runner resume`.
#[derive(Debug, Args)]
pub struct ResumeArgs {
    /// Run ids (a unique prefix is enough), run folders, or `latest`
    #[arg(required_unless_present = "all", value_name = "ID")]
    targets: Vec<String>,
    /// Every run under the runs folder that is not done, but for those that a search paused
    #[arg(long, conflicts_with = "targets")]
    all: bool,
    #[command(flatten)]
    training: TrainingArgs,
}

/// Exit code where a run that was named cannot be taken up.
const SOME_FAILED: u8 = 100;

/// Goes on with the runs named. Returns the exit code.
///
/// # Errors
/// If a target names nothing, or no trial of the runs can be read.
pub fn run(args: &ResumeArgs, globals: &Globals) -> Result<u8> {
    let mut found = if args.all {
        read_records(&globals.runs_dir, &is_held)?
    } else {
        with_lookup(globals, |lookup| lookup.resolve(&args.targets))?.found
    };
    found.problem_lines().iter().for_each(|line| say(&format!("warning: {line}")));
    let is_paused = |record: &RunRecord| record.state == State::Paused;
    let paused = found.records.iter().filter(|record| args.all && is_paused(record)).count();
    let runs = found.records.drain(..).zip(&found.folders);
    let is_open = |record: &RunRecord| !record.is_done() && !is_paused(record);
    let open = runs.filter(|(record, _)| !args.all || is_open(record));
    let (mut jobs, mut refused) = (Vec::new(), Vec::new());
    for (record, folder) in open {
        match job_of(record, folder, globals) {
            Ok(job) => jobs.push(job),
            Err(error) => refused.push(error),
        }
    }
    if jobs.is_empty() && !refused.is_empty() {
        return Err(refused.swap_remove(0));
    }
    // Whatever is wrong with one, the others go on.
    refused.iter().for_each(|error| say(&format!("warning: {}", escape_controls(&error.chain()))));
    let is_incomplete = !refused.is_empty() || !args.all && !found.problems.is_empty();
    if paused > 0 {
        let n =
            if paused == 1 { "1 run stands".to_owned() } else { format!("{paused} runs stand") };
        say(&format!("{n} at a rung of a search: named by its id, a run is trained to its end"));
    }
    if jobs.is_empty() {
        let runs_dir = globals.runs_dir.display();
        let others = if paused > 0 { "every other run" } else { "every run" };
        say(&format!("nothing to resume: {others} under {runs_dir} is done"));
        return Ok(0);
    }
    say_missing_classes(&jobs, &globals.data_options())?;
    label_jobs(&mut jobs);
    let asked = Asked { jobs, ..Asked::default() };
    let code = train_and_compare(&asked, &args.training, false, globals)?;
    Ok(if code == 0 && is_incomplete { SOME_FAILED } else { code })
}

/// The trial of a run folder, which has to lie in the runs folder under the id of its trial.
fn job_of(record: RunRecord, folder: &Path, globals: &Globals) -> Result<Job> {
    let trial = Trial::read(&folder.join(file::TRIAL))?;
    let id = trial.id();
    let (shown, runs_dir) = (folder.display(), globals.runs_dir.display());
    let (then, now) = (record.provenance.numerics, trial.numerics());
    if id != record.id && trial.id_under(then) == record.id {
        return Err(Error::Refused(format!(
            "{shown}: made by numerics {then}, this program has numerics {now} for its trial, which \
             gives other results; train it anew with `runner run {shown}/{}`",
            file::TRIAL
        )));
    }
    if id != record.id {
        return Err(Error::Refused(format!(
            "{shown}: its trial has the id {id} in this program, not {}; \
             train it anew with `runner run {shown}/{}`",
            record.id,
            file::TRIAL
        )));
    }
    let place = |path: &Path| fs::canonicalize(path).ok();
    if place(folder).is_none() || place(folder) != place(&run_path(&globals.runs_dir, &id)) {
        return Err(Error::Refused(format!(
            "{shown} is not a run of {runs_dir}: name its folder of runs with --runs-dir"
        )));
    }
    let (label, experiments) = (String::new(), record.experiments);
    Ok(Job { id, trial, label, experiments, to_the_end: true })
}
