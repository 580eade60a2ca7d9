//! Trials to jobs: builds the parts, trains them on local threads, writes run folders.

mod admission;
mod aside;
mod augmented;
mod caught;
mod continuation;
mod cost;
mod detail;
mod gc;
mod judged;
mod model_check;
mod other_runs;
mod parts;
mod predict;
mod progress;
mod queue;
#[cfg(test)]
mod round_trip;
pub mod slurm;
mod stages;
mod status;
mod stop;
mod training;
mod trial;
mod unseal;
mod verify;
mod writer;

pub use augmented::augmented_picture;
pub use continuation::{PlannedStart, planned_starts};
pub use cost::{Cost, cost, flops_after, memory_alone};
pub use gc::{
    DearCheckpoints, FoundWaste, Removal, Waste, WasteKind, drop_dear_checkpoints, find_waste,
    remove_waste,
};
pub use model_check::model_check;
pub use predict::{OnPrediction, Prediction, Predictor, Unreadable, pictures_in};
pub use progress::duration;
pub use status::{TrialStatus, status};
pub use stop::{StopSignal, expect_full_files};
pub use unseal::{ReadWeights, unseal};
pub use verify::{Original, Verdict, VerifyData};

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aside::move_aside;
use continuation::Continuations;
use parts::Parts;
use progress::SweepProgress;
use stages::{Stages, SweepStage};

use crate::analysis::naming::trial_labels;
use crate::data::DataOptions;
use crate::error::Result;
use crate::escape::escape_controls;
use crate::experiment::{Halving, Trial};
use crate::messages::say;
use crate::runs::folder::{Claims, Disk, Owner, Patience, run_path};
use crate::runs::record::RunState;
use crate::runs::role::ConfigRole;
use crate::train::Workers;

/// A trial to be trained.
#[derive(Debug, Clone)]
pub struct Job {
    /// The run id.
    pub id: String,
    /// What to train.
    pub trial: Trial,
    /// What distinguishes it from the others of the sweep, for progress lines.
    pub label: String,
    /// Names of the experiments that ask for it.
    pub experiments: Vec<String>,
    /// What they call its config.
    pub role: ConfigRole,
    /// Whether one of them wants it trained to its end, regardless of halving.
    pub to_the_end: bool,
    /// The epoch after which it pauses without halving in this sweep, because a search started it.
    pub until_epoch: Option<u64>,
}

/// How a sweep is run; nothing here affects a result.
#[derive(Debug, Clone)]
pub struct SweepOptions {
    /// The folder of run folders.
    pub runs_dir: PathBuf,
    /// Where datasets lie.
    pub data: DataOptions,
    /// Training threads: one trial each, or fewer trials with several threads each.
    pub jobs: usize,
    /// Time between checkpoints; zero: after every epoch.
    pub checkpoint_interval: Duration,
    /// Keep the weights before the first step.
    pub save_initial: bool,
    /// Time without a sign of life after which other processes take over this one's trials.
    pub claim_timeout: Duration,
    /// Wait until other processes have finished their trials.
    pub wait: bool,
    /// Number of failed trials after which the sweep stops.
    pub max_failures: usize,
    /// Who is told of each failed trial.
    pub on_failure: OnFailure,
    /// The disk on which run folders are written.
    pub disk: Arc<dyn Disk>,
    /// Move existing runs aside and train again.
    pub retrain: bool,
    /// Train every step, also those that a shorter run has already done.
    pub from_scratch: bool,
    /// Draw bars on a terminal.
    pub progress: bool,
    /// Print nothing but errors.
    pub quiet: bool,
    /// Print a line for every evaluated epoch.
    pub verbose: bool,
}

/// Who is told of each trial that fails, with the reason, while the others are still in training.
#[derive(Clone, Default)]
pub struct OnFailure(Option<Arc<FailureListener>>);

/// Is told of a job that failed, and why.
type FailureListener = dyn Fn(&Job, &str) + Send + Sync;

impl OnFailure {
    /// This listener, which must not take long.
    pub fn tell(listener: impl Fn(&Job, &str) + Send + Sync + 'static) -> OnFailure {
        OnFailure(Some(Arc::new(listener)))
    }
}

impl std::fmt::Debug for OnFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("OnFailure").field(&self.0.is_some()).finish()
    }
}

/// The outcome of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobOutcome {
    /// It was finished or diverged before.
    Cached,
    /// Trained to the end.
    Finished,
    /// The loss became NaN or infinite; the reason with the step.
    Diverged(String),
    /// An error ended it.
    Failed(String),
    /// Stopped by a signal, its state saved.
    Interrupted,
    /// Paused at a rung of a halving, after these epochs.
    Paused(u64),
    /// Stopped by a signal before it started.
    NotStarted,
    /// Another process trains it.
    Elsewhere(Owner),
    /// Another process claimed it but has given no sign of life so far.
    Silent(Owner),
    /// Another process saw no sign of life from this one and took it over.
    TakenOver,
}

impl JobOutcome {
    /// Whether the sweep ended before the job.
    pub fn is_open(&self) -> bool {
        matches!(self, JobOutcome::Interrupted | JobOutcome::NotStarted | JobOutcome::Silent(_))
    }

    /// The other process that has it.
    fn owner(&self) -> Option<&Owner> {
        match self {
            JobOutcome::Elsewhere(owner) | JobOutcome::Silent(owner) => Some(owner),
            _ => None,
        }
    }
}

/// Jobs with their data at hand, ready to be trained.
pub struct Sweep<'a> {
    jobs: &'a [Job],
    halvings: &'a [Halving],
    options: &'a SweepOptions,
    statuses: Vec<TrialStatus>,
    parts: Parts,
    claims: Claims,
    continuations: Continuations,
}

impl<'a> Sweep<'a> {
    /// Looks up what is done and loads the data for the rest.
    ///
    /// # Errors
    /// Missing data, a run of other data: nothing is trained then.
    pub fn prepare(jobs: &'a [Job], options: &'a SweepOptions) -> Result<Sweep<'a>> {
        Sweep::prepare_with(Parts::default(), jobs, options)
    }

    /// Like [`Sweep::prepare`], if some of the data may already be loaded.
    fn prepare_with(
        mut parts: Parts,
        jobs: &'a [Job],
        options: &'a SweepOptions,
    ) -> Result<Sweep<'a>> {
        let patience = match options.wait {
            true => Patience::BEFORE_WAITING,
            false => Patience::BRIEF,
        };
        let patience = patience.saying_so(options.quiet);
        let status_of = |job: &Job| match options.retrain {
            true => TrialStatus::New,
            false => status::patient_status(&options.runs_dir, &job.id, patience),
        };
        let statuses: Vec<TrialStatus> = jobs.iter().map(status_of).collect();
        let claims = Claims::new(Arc::clone(&options.disk), options.claim_timeout)?;
        let open = || {
            let with_status = jobs.iter().zip(&statuses);
            with_status.filter(|(_, s)| !matches!(s, TrialStatus::Done(_))).map(|(job, _)| job)
        };
        parts.add(open().map(|job| &job.trial), &options.data)?;
        for (job, status) in jobs.iter().zip(&statuses) {
            let source = &job.trial.dataset.source;
            if let TrialStatus::Done(record) | TrialStatus::Begun(record) = status
                && let Some(sha256) = parts.sha256_if_here(source, &options.data)?
            {
                status::check_data(record, sha256)?;
            }
            let folder = || run_path(&options.runs_dir, &job.id);
            if let TrialStatus::Done(_) = status
                && let Err(error) = patience.read(|| claims.clear_leftovers(&folder()?))
            {
                say(&format!("warning: {}", escape_controls(&error.chain())));
            }
        }
        if options.retrain {
            other_runs::refuse_retrained(jobs, &options.runs_dir)?;
            move_aside(jobs, &options.runs_dir, &claims)?; // last: nothing else can fail after this
        }
        let continuations = match options.from_scratch {
            true => Continuations::default(),
            false => patience.read(|| Continuations::look(open(), &options.runs_dir))?,
        };
        Ok(Sweep { jobs, halvings: &[], options, statuses, parts, claims, continuations })
    }

    /// Trains the configs of `halvings` rung by rung, as far as these decide.
    #[must_use]
    pub fn halved_by(mut self, halvings: &'a [Halving]) -> Sweep<'a> {
        self.halvings = halvings;
        self
    }

    /// How many jobs are to be trained now, see [`open_jobs`].
    pub fn open(&self) -> usize {
        open_jobs(self.jobs, self.halvings, &self.statuses, &self.options.runs_dir)
    }

    /// Trains all jobs without a finished run, until `stop` is raised. The outcomes are in the
    /// order of the jobs; a trial's failure is its outcome.
    ///
    /// # Errors
    /// If no trial could be started.
    pub fn train(&self, stop: &StopSignal) -> Result<Vec<JobOutcome>> {
        let Sweep { jobs, halvings, options, statuses, claims, continuations, .. } = self;
        let mut outcomes: Vec<JobOutcome> = statuses.iter().map(outcome_before).collect();
        let is_open = |s: &&TrialStatus| !matches!(s, TrialStatus::Done(_));
        let wanted = threads(options.jobs, statuses.iter().filter(is_open).count());
        let pool = crate::threads::pool(wanted)?;
        let threads = pool.current_num_threads();
        if threads < wanted {
            say(&format!("warning: the system allows only {threads} of {wanted} training threads"));
        }
        let workers = Arc::new(Workers::new(threads));
        let git_commit = git_commit();
        let is_over = || stop.is_raised();
        let patience = match options.wait || !halvings.is_empty() {
            true => Patience::of_waiting(&is_over),
            false => Patience::BRIEF,
        };
        let patience = patience.saying_so(options.quiet);
        patience.read(|| claims.create_folder(&options.runs_dir))?;
        let shared = trial::SweepContext {
            options,
            claims,
            continuations,
            stop,
            git_commit,
            workers,
            patience,
        };
        let mut stages = Stages::new(jobs, halvings, &options.runs_dir, patience);
        let mut is_first = true;
        while !stop.is_raised()
            && let Some(mut stage) = stages.next(&mut outcomes)
        {
            stage.tasks.sort_by_key(|task| continuations.rank(&jobs[task.job])); // stable
            let progress = SweepProgress::new(jobs, &stage, options, threads);
            outcomes = self.train_stage(&stage.tasks, outcomes, &pool, &shared, &progress);
            progress.finish();
            is_first = false;
        }
        if stop.is_raised() {
            stages.next(&mut outcomes); // the next ones are outstanding
        } else if is_first {
            SweepProgress::new(jobs, &SweepStage::default(), options, threads).finish();
        }
        Ok(outcomes)
    }
}

/// How many jobs are to be trained now: those without a finished run or, under halving, those of the rungs
/// that are next.
pub fn open_jobs(
    jobs: &[Job],
    halvings: &[Halving],
    statuses: &[TrialStatus],
    runs_dir: &Path,
) -> usize {
    let mut outcomes: Vec<JobOutcome> = statuses.iter().map(outcome_before).collect();
    let stage = Stages::new(jobs, halvings, runs_dir, Patience::BRIEF).next(&mut outcomes);
    stage.map_or(0, |stage| stage.tasks.len())
}

/// What is known about a job before anything is trained.
fn outcome_before(status: &TrialStatus) -> JobOutcome {
    match status {
        TrialStatus::Done(record) if record.state == RunState::Diverged => {
            JobOutcome::Diverged(record.reason.clone().unwrap_or_default())
        }
        TrialStatus::Done(_) => JobOutcome::Cached,
        _ => JobOutcome::NotStarted,
    }
}

/// Threads for `trials` trials: one for each job, but more than the machine has cores only if there
/// are as many trials.
pub fn threads(jobs: usize, trials: usize) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    jobs.min(cores.max(trials)).max(1)
}

/// Labels each job with the settings that distinguish it from the others.
pub fn label_jobs(jobs: &mut [Job]) {
    let trials: Vec<_> = jobs.iter().map(|job| job.trial.to_json()).collect();
    let roles: Vec<ConfigRole> = jobs.iter().map(|job| job.role.clone()).collect();
    for (job, label) in jobs.iter_mut().zip(trial_labels(&trials, &roles)) {
        job.label = label;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// The commit of the working directory, if it is in a git repository and git is installed.
fn git_commit() -> Option<String> {
    let output = std::process::Command::new("git").args(["rev-parse", "HEAD"]).output().ok()?;
    let commit = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| commit.trim().to_owned())
}
