//! Trials to jobs: builds the parts, trains them on local threads, writes run folders.

mod cost;
mod npy;
mod parts;
mod progress;
mod status;
mod stop;
mod timing;
mod trial;
mod writer;

pub use cost::{Cost, cost};
pub use progress::duration;
use status::recorded_attempt;
pub use status::{Status, status};
pub use stop::StopSignal;
#[cfg(feature = "fuzzing")]
pub(crate) use timing::parse_timing;

use std::collections::VecDeque;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use parts::Parts;
use progress::SweepProgress;

use crate::data::DataOptions;
use crate::error::{Error, Result};
use crate::experiment::Trial;
use crate::report::{State, trial_labels};
use crate::run_dir::{Claim, ClaimResult, Owner, run_path};
use crate::train::Workers;

/// A trial to be trained.
#[derive(Debug, Clone)]
pub struct Job {
    /// The run id.
    pub id: String,
    /// What to train.
    pub trial: Trial,
    /// What tells it from the others of the sweep, for progress lines.
    pub label: String,
    /// Names of the experiments that ask for it.
    pub experiments: Vec<String>,
}

/// How a sweep is run; nothing here decides a result.
#[derive(Debug, Clone)]
pub struct SweepOptions {
    /// Where run folders lie.
    pub runs_dir: PathBuf,
    /// Where datasets lie.
    pub data: DataOptions,
    /// Threads that train: as many trials at once, or fewer trials with several threads each.
    pub jobs: usize,
    /// Time between checkpoints; zero: after every epoch.
    pub checkpoint_interval: Duration,
    /// Keep the weights before the first step.
    pub save_initial: bool,
    /// Move runs that are there aside and train again.
    pub retrain: bool,
    /// Draw bars on a terminal.
    pub progress: bool,
    /// Print nothing but errors.
    pub quiet: bool,
    /// Print a line for every evaluated epoch.
    pub verbose: bool,
}

/// What became of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobOutcome {
    /// It was finished or diverged before.
    Cached,
    /// Trained to the end.
    Finished,
    /// The loss became NaN or infinite; why and when.
    Diverged(String),
    /// An error ended it.
    Failed(String),
    /// Stopped by a signal, its state saved.
    Interrupted,
    /// Stopped by a signal before it began.
    NotStarted,
    /// Another process trains it.
    Elsewhere(Owner),
}

/// Jobs with their data at hand, ready to be trained.
pub struct Sweep<'a> {
    jobs: &'a [Job],
    options: &'a SweepOptions,
    statuses: Vec<Status>,
    parts: Parts,
}

impl<'a> Sweep<'a> {
    /// Looks up what is done and loads the data of the rest.
    ///
    /// # Errors
    /// Missing data, a damaged record, a run of other data: nothing is trained then.
    pub fn prepare(jobs: &'a [Job], options: &'a SweepOptions) -> Result<Sweep<'a>> {
        let statuses: Result<Vec<Status>> = match options.retrain {
            true => Ok(vec![Status::New; jobs.len()]),
            false => jobs.iter().map(|job| status(&options.runs_dir, &job.id)).collect(),
        };
        let statuses = statuses?;
        let open = jobs.iter().zip(&statuses).filter(|(_, s)| !matches!(s, Status::Done(_)));
        let mut parts = Parts::load(open.map(|(job, _)| &job.trial), &options.data)?;
        for (job, status) in jobs.iter().zip(&statuses) {
            let source = &job.trial.dataset.source;
            if let Status::Done(record) | Status::Begun(record) = status
                && let Some(sha256) = parts.sha256_if_here(source, &options.data)?
            {
                status::check_data(record, sha256)?;
            }
            if let Status::Done(_) = status {
                Claim::clear_leftovers(&run_path(&options.runs_dir, &job.id))?;
            }
        }
        if options.retrain {
            move_aside(jobs, &options.runs_dir)?; // only now: nothing else can go wrong
        }
        Ok(Sweep { jobs, options, statuses, parts })
    }

    /// Trains what has no finished run yet, until `stop` is raised. The outcomes are in the order of
    /// the jobs; what goes wrong in a trial is its outcome.
    ///
    /// # Errors
    /// If no trial could be started.
    pub fn train(&self, stop: &StopSignal) -> Result<Vec<JobOutcome>> {
        let runs_dir = &self.options.runs_dir;
        fs::create_dir_all(runs_dir).map_err(Error::io("create", runs_dir))?;
        let progress = SweepProgress::new(self.jobs, &self.statuses, self.options);
        let outcomes = self.train_all(stop, &progress)?;
        progress.finish();
        Ok(outcomes)
    }

    /// Trains the outstanding jobs in their order, as many at a time as the options say.
    fn train_all(&self, stop: &StopSignal, progress: &SweepProgress) -> Result<Vec<JobOutcome>> {
        let Sweep { jobs, options, statuses, parts } = self;
        let at_first = |status: &Status| match status {
            Status::Done(record) if record.state == State::Diverged => {
                JobOutcome::Diverged(record.reason.clone().unwrap_or_default())
            }
            Status::Done(_) => JobOutcome::Cached,
            _ => JobOutcome::NotStarted,
        };
        let outcomes: Mutex<Vec<JobOutcome>> = Mutex::new(statuses.iter().map(at_first).collect());
        let is_open = |i: &usize| !matches!(statuses[*i], Status::Done(_));
        let queue: Mutex<VecDeque<usize>> = Mutex::new((0..jobs.len()).filter(is_open).collect());
        let threads = threads(options.jobs, lock(&queue).len());
        let workers = Arc::new(Workers::new(threads));
        let shared = trial::Shared { options, stop, git_commit: git_commit(), workers };
        // A thread that finds the queue empty ends its loop and helps with the products of the
        // trials that are still in training.
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.map_err(|e| Error::Unexpected(format!("cannot start threads: {e}")))?;
        pool.broadcast(|_| {
            while let Some(i) = next(&queue).filter(|_| !stop.is_raised()) {
                let outcome = train_one(&jobs[i], parts, &shared, progress);
                lock(&outcomes)[i] = outcome;
            }
        });
        Ok(outcomes.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()))
    }
}

/// Threads for `trials` trials: one for each job, but more than the machine has cores only if there
/// are as many trials.
fn threads(jobs: usize, trials: usize) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    jobs.min(cores.max(trials)).max(1)
}

fn next(queue: &Mutex<VecDeque<usize>>) -> Option<usize> {
    lock(queue).pop_front()
}

/// Whatever happens in one trial, the others go on.
fn train_one(
    job: &Job,
    parts: &Parts,
    shared: &trial::Shared<'_>,
    progress: &SweepProgress,
) -> JobOutcome {
    let progress = progress.trial(job);
    let train = || trial::train(job, parts.splits(&job.trial), shared, &progress);
    let outcome = match catch_unwind(AssertUnwindSafe(train)) {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => JobOutcome::Failed(error.chain()),
        Err(_) => JobOutcome::Failed("a bug in this program, see the message above".to_owned()),
    };
    progress.ended(&outcome);
    outcome
}

/// Labels each job with the settings that tell it from the others.
pub fn label_jobs(jobs: &mut [Job]) {
    let trials: Vec<_> = jobs.iter().map(|job| job.trial.to_json()).collect();
    for (job, label) in jobs.iter_mut().zip(trial_labels(&trials)) {
        job.label = label;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Moves the folders of the jobs' runs to `.replaced/`, which no `runs/*` of a shell names: all of
/// them, or none if a living process trains in one.
fn move_aside(jobs: &[Job], runs_dir: &Path) -> Result<()> {
    let mut claims = Vec::new();
    for Job { id, .. } in jobs {
        let folder = run_path(runs_dir, id);
        if !folder.is_dir() {
            continue;
        }
        // A damaged record is a reason to train again.
        match Claim::take(&folder, || Ok(recorded_attempt(&folder).unwrap_or(0)))? {
            ClaimResult::Granted(claim) => claims.push((id, claim)),
            ClaimResult::HeldBy(owner) => {
                return Err(Error::Refused(format!("run {id} is being trained by {owner}")));
            }
        }
    }
    let replaced = runs_dir.join(".replaced");
    for (id, claim) in claims {
        fs::create_dir_all(&replaced).map_err(Error::io("create", &replaced))?;
        let is_free = |path: &PathBuf| !path.exists();
        let mut names = (1..).map(|n| replaced.join(format!("{id}-{n}")));
        claim.move_folder(&names.find(is_free).expect("some number is free"))?;
    }
    Ok(())
}

/// The commit of the working directory, if it is in a git repository and git is there.
fn git_commit() -> Option<String> {
    let output = std::process::Command::new("git").args(["rev-parse", "HEAD"]).output().ok()?;
    let commit = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| commit.trim().to_owned())
}
