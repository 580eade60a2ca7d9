//! Trains one trial: claims its folder, continues from its checkpoint, records what happens.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use super::caught::caught;
use super::continuation::Continuations;
use super::other_runs;
use super::parts::Parts;
use super::progress::TrialProgress;
use super::status::recorded_attempt;
use super::stop::StopSignal;
use super::writer::{RunWriter, now};
use super::{Job, JobOutcome, SweepOptions, memory_alone};
use crate::analysis::rungs::stands_at;
use crate::data::Splits;
use crate::error::{Error, Result};
use crate::memory::{self, Shortage};
use crate::runs::class_counts::ClassCounts;
use crate::runs::folder::{Claim, ClaimResult, Claims, Owner, Patience, run_path};
use crate::runs::input_record::InputRecord;
use crate::runs::notes::Notes;
use crate::runs::read::read_record;
use crate::runs::record::{Provenance, RunRecord, RunState};
use crate::runs::run_files::RunFiles;
use crate::train::{Busy, Event, Flow, Outcome, Trainer, Workers};

/// What the trials of a sweep have in common.
pub(super) struct SweepContext<'a> {
    pub(super) options: &'a SweepOptions,
    pub(super) claims: &'a Claims,
    pub(super) continuations: &'a Continuations,
    pub(super) stop: &'a StopSignal,
    pub(super) git_commit: Option<String>,
    pub(super) workers: Arc<Workers>,
    pub(super) patience: Patience<'a>,
}

/// The result of inspecting a run.
enum RunLook {
    /// There is nothing to train, or another process trains it.
    Over(JobOutcome),
    /// This process may train it; with its earlier state.
    Claimed(Claim, Option<Box<RunRecord>>),
}

/// One attempt at a job of a sweep: to its end, its rung, or the stop signal.
pub(super) struct Attempt<'a> {
    pub(super) job: &'a Job,
    /// The rung at which it pauses; none: it is trained to its end.
    pub(super) until: Option<u64>,
    /// Whether nothing else is in training.
    pub(super) is_alone: bool,
    pub(super) parts: &'a Parts,
    pub(super) shared: &'a SweepContext<'a>,
    pub(super) progress: &'a TrialProgress<'a>,
}

/// The result of starting or resuming a run.
enum Opening<'a> {
    /// That is needless.
    Over(JobOutcome),
    /// It is ready to be trained.
    Ready(Box<Opened<'a>>),
}

/// A run that this process has started or resumed.
struct Opened<'a> {
    splits: Arc<Splits>,
    writer: RunWriter,
    was_paused: bool,
    /// The rung at which the previous attempt was to pause.
    paused_at: Option<u64>,
    /// Why the previous attempt failed.
    failure: Option<String>,
    _busy: Busy<'a>,
}

impl Attempt<'_> {
    /// Makes the attempt. Whatever happens in one trial, the others go on: a failure is an outcome,
    /// recorded if there is a run folder. None if the system refused memory while others were in
    /// training: it is not yet known whether the trial fits.
    pub(super) fn make(&self) -> Option<JobOutcome> {
        let mut opened = match caught(|| self.open()) {
            Ok(Opening::Ready(opened)) => opened,
            Ok(Opening::Over(outcome)) => return Some(outcome),
            Err(error) => return self.outcome_of(error),
        };
        caught(|| self.train(&mut opened))
            .map_or_else(|error| self.fail(error, opened.writer), Some)
    }

    /// Starts or resumes the run, or says why that is unnecessary.
    fn open(&self) -> Result<Opening<'_>> {
        let (claim, earlier) = match self.shared.patience.read(|| self.look())? {
            RunLook::Over(outcome) => return Ok(Opening::Over(outcome)),
            RunLook::Claimed(claim, earlier) => (claim, earlier.map(|earlier| *earlier)),
        };
        let splits = self.parts.splits(&self.job.trial);
        let state = earlier.as_ref().map(|earlier| earlier.state);
        let failed = earlier.as_ref().filter(|_| state == Some(RunState::Failed));
        let failure = failed.and_then(|earlier| earlier.reason.clone());
        let paused_at = earlier.as_ref().and_then(|earlier| earlier.until_epoch);
        let record = self.new_record(&splits, earlier);
        let busy = self.shared.workers.begin();
        let writer = RunWriter::open(claim, record, &self.job.trial.to_toml())?;
        let was_paused = state == Some(RunState::Paused);
        let opened = Opened { splits, writer, was_paused, paused_at, failure, _busy: busy };
        Ok(Opening::Ready(Box::new(opened)))
    }

    /// Trains from the run's current state and records how that ended.
    fn train(&self, opened: &mut Opened<'_>) -> Result<JobOutcome> {
        let Attempt { job, until, shared, progress, .. } = *self;
        memory::check(memory_alone(&job.trial))?;
        let (config, workers) = (job.trial.trainer_config(), Arc::clone(&shared.workers));
        let mut trainer = Trainer::new(Arc::clone(&opened.splits), &config, workers)?;
        other_runs::give(&mut trainer, &job.trial, opened.splits.dataset())?;
        let writer = &mut opened.writer;
        writer.save_initial(shared.options.save_initial, trainer.state_mut())?;
        // A run at a rung was checked when it arrived there.
        let is_to_pause = until.is_some() && !opened.was_paused;
        let sha256 = &opened.splits.dataset().sha256;
        let offers = || shared.continuations.offers(job, Some(sha256));
        let start = writer.restore(&mut trainer, is_to_pause, shared.patience, offers)?;
        if !opened.was_paused {
            progress.taken_up(writer.attempt(), &start, opened.failure.as_deref());
        }
        let outcome = self.run(&mut trainer, writer)?;
        record_end(outcome, &mut trainer, opened, until)
    }

    /// The outcome for an error that no run folder can record.
    fn outcome_of(&self, error: Error) -> Option<JobOutcome> {
        match error {
            Error::TakenOver { .. } => Some(JobOutcome::TakenOver),
            Error::Memory(Shortage::Refused { .. }) if !self.is_alone => None,
            error => Some(JobOutcome::Failed(error.chain())),
        }
    }

    /// Records the error that ended the trial; reports if that fails too.
    fn fail(&self, error: Error, writer: RunWriter) -> Option<JobOutcome> {
        let outcome = self.outcome_of(error)?;
        let JobOutcome::Failed(reason) = &outcome else { return Some(outcome) };
        match caught(|| writer.fail(reason)) {
            Ok(()) => Some(outcome),
            Err(Error::TakenOver { .. }) => Some(JobOutcome::TakenOver),
            Err(second) => Some(JobOutcome::Failed(format!(
                "{reason}; also, the failure could not be recorded: {}",
                second.chain()
            ))),
        }
    }

    /// Inspects an existing run, and claims it if it is to be trained.
    fn look(&self) -> Result<RunLook> {
        let Attempt { job, until, shared, .. } = *self;
        let folder = run_path(&shared.options.runs_dir, &job.id)?;
        // With many processes on one sweep, each encounters runs that others have done: one read,
        // no claim.
        if read_record(&folder)?.is_some_and(|record| record.is_done()) {
            return Ok(RunLook::Over(JobOutcome::Cached));
        }
        let of_other = |outcome| of_other(&folder, until, outcome).map(RunLook::Over);
        let claim = match shared.claims.take(&folder, || recorded_attempt(&folder))? {
            ClaimResult::Granted(claim) => claim,
            ClaimResult::HeldBy(owner) => return of_other(JobOutcome::Elsewhere(owner)),
            ClaimResult::Silent(owner) => return of_other(JobOutcome::Silent(owner)),
        };
        let earlier = read_record(&folder)?;
        Ok(match (&earlier, until) {
            // Another process was faster.
            (Some(earlier), _) if earlier.is_done() => RunLook::Over(JobOutcome::Cached),
            (Some(earlier), Some(epoch))
                if earlier.state == RunState::Paused && stands_at(&folder, epoch)? =>
            {
                RunLook::Over(JobOutcome::Paused(epoch))
            }
            _ => RunLook::Claimed(claim, earlier.map(Box::new)),
        })
    }

    /// Continues training from `trainer`'s state and keeps the folder up to date.
    fn run(&self, trainer: &mut Trainer, writer: &mut RunWriter) -> Result<Outcome> {
        let Attempt { until, shared, progress, .. } = *self;
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

    fn new_record(&self, splits: &Splits, earlier: Option<RunRecord>) -> RunRecord {
        let Attempt { job, until, shared, .. } = *self;
        let dataset = splits.dataset();
        let class_counts = ClassCounts::of(splits, job.trial.evaluation.train_examples);
        let mut experiments = earlier.as_ref().map_or_else(Vec::new, |e| e.experiments.clone());
        experiments.extend(
            job.experiments
                .iter()
                .filter(|n| !experiments.contains(n))
                .cloned()
                .collect::<Vec<_>>(),
        );
        let role = match &earlier {
            Some(earlier) if job.role.is_plain() => earlier.role.clone(),
            _ => job.role.clone(),
        };
        RunRecord {
            version: crate::runs::record::RECORD_VERSION,
            id: job.id.clone(),
            state: RunState::Running,
            reason: None,
            attempt: 0, // set by the writer from its claim
            owner: Owner::this_process().into(),
            trial: job.trial.to_json().into(),
            total_epochs: job.trial.epochs(),
            last: None,
            best: None,
            class_names: dataset.class_names.clone().into(),
            class_counts: (!class_counts.are_equal()).then(|| class_counts.into()),
            input: InputRecord {
                shape: dataset.shape,
                scale: splits.scale.clone(),
                words: dataset.numbers.as_ref().map_or(Vec::new(), |numbers| numbers.words.clone()),
            },
            experiments,
            role,
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
            evaluated: BTreeMap::new(), // set by the writer at the end
            files: RunFiles::default(), // set by the writer at an end
            is_checked: true,
            notes: Notes::default(),
        }
    }
}

/// The outcome of a job whose run another process trains: done, if that run is at the rung.
fn of_other(folder: &Path, until: Option<u64>, outcome: JobOutcome) -> Result<JobOutcome> {
    match until {
        Some(epoch) if stands_at(folder, epoch)? => Ok(JobOutcome::Paused(epoch)),
        _ => Ok(outcome),
    }
}

/// Records how training ended.
fn record_end(
    outcome: Outcome,
    trainer: &mut Trainer,
    opened: &mut Opened<'_>,
    until: Option<u64>,
) -> Result<JobOutcome> {
    let writer = &mut opened.writer;
    let trained_steps = trainer.state_mut().step();
    match (outcome, until) {
        // It was on its way to a later epoch: that work is kept, and the rung needs no more of it.
        (Outcome::Stopped, Some(epoch)) if writer.last_epoch() > Some(epoch) => {
            writer.on_its_way(opened.paused_at.filter(|before| *before > epoch));
            writer.interrupt(trainer.state_mut()).map(|()| JobOutcome::Paused(epoch))
        }
        (Outcome::Stopped, Some(epoch)) if trained_steps >= trainer.step_after(epoch) => {
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
