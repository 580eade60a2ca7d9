//! Trains one trial: claims its folder, goes on from its checkpoint, writes what happens.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use super::continuation::Continuations;
use super::parts::Parts;
use super::progress::TrialProgress;
use super::status::recorded_attempt;
use super::stop::StopSignal;
use super::writer::{RunWriter, now};
use super::{Job, JobOutcome, SweepOptions, memory_alone};
use crate::analysis::rungs::stands_at;
use crate::data::Splits;
use crate::error::{Error, Result};
use crate::experiment::Trial;
use crate::memory::{self, Shortage};
use crate::runs::class_counts::ClassCounts;
use crate::runs::folder::{Claim, ClaimResult, Claims, Owner, Patience, run_path};
use crate::runs::input_record::InputRecord;
use crate::runs::read::read_record;
use crate::runs::record::{Provenance, RunRecord, State};
use crate::runs::run_files::RunFiles;
use crate::train::{Event, Flow, Outcome, Trainer, Workers};

/// What the trials of a sweep have in common.
pub(super) struct Shared<'a> {
    pub(super) options: &'a SweepOptions,
    pub(super) claims: &'a Claims,
    pub(super) continuations: &'a Continuations,
    pub(super) stop: &'a StopSignal,
    pub(super) git_commit: Option<String>,
    pub(super) workers: Arc<Workers>,
    pub(super) patience: Patience<'a>,
}

/// What a look at a run comes to.
enum Look {
    /// There is nothing to train, or another process trains it.
    Over(JobOutcome),
    /// It is this process's to train, and what was there of it.
    Claimed(Claim, Option<Box<RunRecord>>),
}

/// What is to be trained.
#[derive(Clone, Copy)]
pub(super) struct Order<'a> {
    pub(super) job: &'a Job,
    /// The rung at which it pauses; none: it is trained to its end.
    pub(super) until: Option<u64>,
    /// Whether nothing else is in training.
    pub(super) is_alone: bool,
}

/// Trains a job to its end, to its rung, or to the stop signal.
///
/// # Errors
/// What could not be recorded in the run folder; a failure that could is an outcome. Memory that the system
/// refused while others were in training is not recorded: nobody knows yet whether the trial fits.
pub(super) fn train(
    order: Order<'_>,
    parts: &Parts,
    shared: &Shared<'_>,
    progress: &TrialProgress<'_>,
) -> Result<JobOutcome> {
    let Order { job, until, is_alone } = order;
    let splits = parts.splits(&job.trial);
    let (claim, earlier) = match shared.patience.read(|| look(job, until, shared))? {
        Look::Over(outcome) => return Ok(outcome),
        Look::Claimed(claim, earlier) => (claim, earlier.map(|earlier| *earlier)),
    };
    let was_paused = earlier.as_ref().is_some_and(|e| e.state == State::Paused);
    let failure = earlier.as_ref().filter(|e| e.state == State::Failed);
    let failure = failure.and_then(|earlier| earlier.reason.clone());
    let way = Way { until, before: earlier.as_ref().and_then(|earlier| earlier.until_epoch) };
    let record = new_record((job, until), &splits, shared, earlier);
    let fresh = || new_trainer(&job.trial, &splits, shared);
    let offers = || shared.continuations.offers(job, Some(&splits.dataset().sha256));
    let _busy = shared.workers.begin();
    let mut writer = RunWriter::open(claim, record, &job.trial.to_toml())?;
    let fits = memory::check(memory_alone(&job.trial)).map_err(Error::Memory);
    let mut trainer = match fits.and_then(|()| memory::catch(fresh)) {
        Ok(trainer) => trainer,
        Err(error) => return fail(error, writer, is_alone),
    };
    // A bug is recorded like every other failure.
    let train = || {
        writer.save_initial(shared.options.save_initial, trainer.state_mut())?;
        // What stands at a rung was checked when it came there.
        let is_to_pause = until.is_some() && !was_paused;
        let start = writer.restore(&mut trainer, is_to_pause, shared.patience, offers)?;
        if !was_paused {
            progress.taken_up(writer.attempt(), &start, failure.as_deref());
        }
        run((&mut trainer, until), &mut writer, shared, progress)
    };
    let train = AssertUnwindSafe(|| memory::catch(train));
    let ended = catch_unwind(train).unwrap_or_else(|panic| Err(bug(&*panic)));
    // What only the end needs may be refused as well.
    let recorded = ended.and_then(|outcome| {
        memory::catch(|| record_end(outcome, &mut writer, (&mut trainer, way)))
    });
    recorded.or_else(|error| fail(error, writer, is_alone))
}

/// How far a run is to go.
#[derive(Clone, Copy)]
struct Way {
    until: Option<u64>,  // the rung at which it pauses; none: to its end
    before: Option<u64>, // the same of the attempt before
}

/// Looks at what there is of a run, and claims it if it is to be trained.
fn look(job: &Job, until: Option<u64>, shared: &Shared<'_>) -> Result<Look> {
    let folder = run_path(&shared.options.runs_dir, &job.id)?;
    // Of many processes that share a sweep, each comes by what the others have done: one read, no claim.
    if read_record(&folder)?.is_some_and(|record| record.is_done()) {
        return Ok(Look::Over(JobOutcome::Cached));
    }
    let of_other = |outcome| of_other(&folder, until, outcome).map(Look::Over);
    let claim = match shared.claims.take(&folder, || recorded_attempt(&folder))? {
        ClaimResult::Granted(claim) => claim,
        ClaimResult::HeldBy(owner) => return of_other(JobOutcome::Elsewhere(owner)),
        ClaimResult::Silent(owner) => return of_other(JobOutcome::Silent(owner)),
    };
    let earlier = read_record(&folder)?;
    Ok(match (&earlier, until) {
        // Another process was quicker.
        (Some(earlier), _) if earlier.is_done() => Look::Over(JobOutcome::Cached),
        (Some(earlier), Some(epoch))
            if earlier.state == State::Paused && stands_at(&folder, epoch)? =>
        {
            Look::Over(JobOutcome::Paused(epoch))
        }
        _ => Look::Claimed(claim, earlier.map(Box::new)),
    })
}

/// What becomes of a job whose run another process trains: nothing more, if that stands at the rung.
fn of_other(folder: &Path, until: Option<u64>, outcome: JobOutcome) -> Result<JobOutcome> {
    match until {
        Some(epoch) if stands_at(folder, epoch)? => Ok(JobOutcome::Paused(epoch)),
        _ => Ok(outcome),
    }
}

fn bug(panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    Error::Unexpected(format!("a bug in this program: {text}"))
}

/// Trains on from where `trainer` is and keeps the folder up to date.
fn run(
    (trainer, until): (&mut Trainer, Option<u64>),
    writer: &mut RunWriter,
    shared: &Shared<'_>,
    progress: &TrialProgress<'_>,
) -> Result<Outcome> {
    let checkpoint_interval = shared.options.checkpoint_interval;
    let last_step = until.map_or(trainer.total_steps(), |epoch| trainer.step_after(epoch));
    progress.started(trainer.state_mut().step(), last_step);
    let is_there = until.is_some() && trainer.state_mut().step() >= last_step;
    if is_there && trainer.stopped_early().is_none() {
        return Ok(Outcome::Stopped); // it was cut off before it could say so
    }
    let mut checkpointed = Instant::now();
    let outcome = trainer.run(&mut |event, state| {
        let mut is_due = checkpointed.elapsed() >= checkpoint_interval;
        let is_there = until.is_some() && state.step() >= last_step;
        if let Event::Evaluated(row, timing, layers) = event {
            writer.evaluated(row, timing, layers, state)?;
            progress.evaluated(&row);
        } else if let Event::Step = event {
            is_due &= !checkpoint_interval.is_zero(); // 0 means: after every epoch
        }
        progress.stepped(state.step());
        if is_due {
            writer.checkpoint(state)?;
            checkpointed = Instant::now();
        }
        Ok(if is_there || shared.stop.is_raised() { Flow::Stop } else { Flow::Continue })
    });
    if let Some(stopped) = trainer.stopped_early() {
        progress.stopped_early(stopped, trainer.total_epochs());
    }
    outcome
}

/// Records the error that ended a trial; that this fails is said as well.
fn fail(error: Error, writer: RunWriter, is_alone: bool) -> Result<JobOutcome> {
    match error {
        Error::TakenOver { .. } => return Ok(JobOutcome::TakenOver),
        Error::Memory(Shortage::Refused { .. }) if !is_alone => return Err(error),
        _ => {}
    }
    let reason = error.chain();
    match writer.fail(&reason) {
        Ok(()) => Ok(JobOutcome::Failed(reason)),
        Err(Error::TakenOver { .. }) => Ok(JobOutcome::TakenOver),
        Err(second) => Err(Error::Unexpected(format!(
            "{reason}; and this could not be recorded: {}",
            second.chain()
        ))),
    }
}

/// Records how training ended.
fn record_end(
    outcome: Outcome,
    writer: &mut RunWriter,
    (trainer, way): (&mut Trainer, Way),
) -> Result<JobOutcome> {
    let step = trainer.state_mut().step();
    match (outcome, way.until) {
        // It was on its way to a later epoch: nothing of that is lost, and the rung needs no more of it.
        (Outcome::Stopped, Some(epoch)) if writer.last_epoch() > Some(epoch) => {
            writer.on_its_way(way.before.filter(|before| *before > epoch));
            writer.interrupt(trainer.state_mut()).map(|()| JobOutcome::Paused(epoch))
        }
        (Outcome::Stopped, Some(epoch)) if step >= trainer.step_after(epoch) => {
            writer.pause(trainer.state_mut(), epoch).map(|()| JobOutcome::Paused(epoch))
        }
        (Outcome::Finished, _) => writer.finish(trainer).map(|()| JobOutcome::Finished),
        (Outcome::Stopped, _) => {
            writer.interrupt(trainer.state_mut()).map(|()| JobOutcome::Interrupted)
        }
        (Outcome::Diverged { step }, _) => {
            let reason = format!("the loss became NaN or infinite at step {step}");
            writer.diverge(&reason).map(|()| JobOutcome::Diverged(reason))
        }
    }
}

fn new_trainer(trial: &Trial, splits: &Arc<Splits>, shared: &Shared<'_>) -> Result<Trainer> {
    Trainer::new(Arc::clone(splits), &trial.trainer_config(), Arc::clone(&shared.workers))
}

fn new_record(
    (job, until): (&Job, Option<u64>),
    splits: &Splits,
    shared: &Shared<'_>,
    earlier: Option<RunRecord>,
) -> RunRecord {
    let dataset = splits.dataset();
    let class_counts = ClassCounts::of(splits, job.trial.evaluation.train_examples);
    let mut experiments = earlier.as_ref().map_or_else(Vec::new, |e| e.experiments.clone());
    experiments.extend(
        job.experiments.iter().filter(|n| !experiments.contains(n)).cloned().collect::<Vec<_>>(),
    );
    RunRecord {
        version: crate::runs::record::RECORD_VERSION,
        id: job.id.clone(),
        state: State::Running,
        reason: None,
        attempt: 0, // set by the writer from its claim
        owner: Owner::this_process().into(),
        trial: job.trial.to_json().into(),
        total_epochs: job.trial.epochs(),
        last: None,
        best: None,
        class_names: dataset.class_names.clone().into(),
        class_counts: (!class_counts.are_equal()).then(|| class_counts.into()),
        input: InputRecord { shape: dataset.shape, scale: splits.scale.clone() },
        experiments,
        provenance: Provenance {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            numerics: job.trial.numerics(),
            git_commit: shared.git_commit.clone(),
            host: crate::runs::folder::host_name(),
            cpu: crate::runs::folder::cpu_model(),
            data_sha256: dataset.sha256.clone(),
            data_left_out: job.trial.dataset.source.own().map_or(0, |own| own.left_out.count()),
        }
        .into(),
        started: earlier.as_ref().map_or_else(now, |e| e.started.clone()),
        updated: now(),
        train_seconds: earlier.as_ref().map_or(0.0, |e| e.train_seconds),
        result_sha256: None,
        stopped_early: None,
        model_epoch: None,
        until_epoch: until,
        continued_from: earlier.and_then(|e| e.continued_from),
        test_reads: Vec::new(),
        files: RunFiles::default(), // set by the writer at an end
        is_checked: true,
    }
}
