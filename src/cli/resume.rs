//! `runner resume`: go on with runs that were begun.

use std::fs;

use clap::Args;

use super::training::{TrainingArgs, train_and_compare};
use super::{Globals, with_lookup};
use crate::error::{Error, Result};
use crate::experiment::Trial;
use crate::messages::say;
use crate::report::{RunRecord, read_records};
use crate::run_dir::{Owner, file, run_path};
use crate::sweep::{Job, label_jobs};

/// Arguments of `runner resume`.
#[derive(Debug, Args)]
pub struct ResumeArgs {
    /// Run ids (a unique prefix is enough), run folders, or `latest`
    #[arg(required_unless_present = "all", value_name = "ID")]
    targets: Vec<String>,
    /// Every run under the runs folder that is not done
    #[arg(long, conflicts_with = "targets")]
    all: bool,
    #[command(flatten)]
    training: TrainingArgs,
}

/// Goes on with the runs named. Returns the exit code.
///
/// # Errors
/// If a target names nothing, or a run's trial cannot be read.
pub fn run(args: &ResumeArgs, globals: &Globals) -> Result<u8> {
    let records = if args.all {
        let mut found = read_records(&globals.runs_dir, &Owner::is_alive)?;
        found.problems.iter().for_each(|problem| say(&format!("warning: {}", problem.chain())));
        found.records.retain(|record| !record.is_done());
        found.records
    } else {
        with_lookup(globals, |lookup| lookup.resolve(&args.targets))?.found.records
    };
    if records.is_empty() {
        let runs_dir = globals.runs_dir.display();
        say(&format!("nothing to resume: every run under {runs_dir} is done"));
        return Ok(0);
    }
    let mut jobs = records.into_iter().map(|r| job_of(r, globals)).collect::<Result<Vec<_>>>()?;
    label_jobs(&mut jobs);
    train_and_compare(&jobs, &args.training, false, globals)
}

fn job_of(record: RunRecord, globals: &Globals) -> Result<Job> {
    let path = run_path(&globals.runs_dir, &record.id).join(file::TRIAL);
    fs::metadata(&path).map_err(Error::io("read", &path))?;
    let trial = Trial::read(&path)?;
    let id = trial.id();
    if id != record.id {
        return Err(Error::Refused(format!(
            "{}: this trial has the id {id} with the numerics of this program, not {}; \
             train it anew with `runner run {0}`",
            path.display(),
            record.id
        )));
    }
    Ok(Job { id, trial, label: String::new(), experiments: record.experiments })
}
