//! Trains the tasks of one stage on local threads.

use std::sync::Mutex;

use super::progress::{SweepProgress, TrialProgress};
use super::queue::{Queue, Turn};
use super::stages::Task;
use super::trial::{self, Attempt};
use super::{JobOutcome, Sweep, cost, lock, memory_alone};
use crate::memory;

impl Sweep<'_> {
    /// Trains tasks in order, as many at a time as there are threads.
    pub(super) fn train_stage(
        &self,
        tasks: &[Task],
        outcomes: Vec<JobOutcome>,
        pool: &rayon::ThreadPool,
        shared: &trial::SweepContext<'_>,
        progress: &SweepProgress,
    ) -> Vec<JobOutcome> {
        let Sweep { jobs, halvings, options, parts, .. } = self;
        let outcomes = Mutex::new(outcomes);
        // A rung cannot be decided without the runs of others.
        let waits_for_others =
            |task: &Task| options.wait || (!halvings.is_empty() && task.until.is_some());
        let room = memory::room();
        let need = |task: &Task| {
            let trial = &jobs[task.job].trial;
            // A trial that is too large for this machine needs no memory: it fails at once.
            let fits = memory::check_in(room, memory_alone(trial)).is_ok();
            if fits { cost(trial).memory_bytes } else { 0 }
        };
        let queue =
            Queue::new(tasks.iter().map(need).collect(), tasks.iter().any(waits_for_others));
        // A thread that finds the queue empty ends its loop and helps with the products of the
        // trials that are still in training.
        pool.broadcast(|_| {
            while let Some(Turn { job: position, permit }) = queue.next(shared.stop) {
                let task = tasks[position];
                let i = task.job;
                let trial_progress = progress.trial(&jobs[i], task.until);
                let attempt = Attempt {
                    job: &jobs[i],
                    until: task.until,
                    is_alone: permit.is_alone(),
                    parts,
                    shared,
                    progress: &trial_progress,
                };
                let Some(outcome) = attempt.make() else {
                    queue.put_back_alone(position);
                    continue;
                };
                let mut outcomes = lock(&outcomes);
                let before = &outcomes[i];
                if is_put_off(&outcome, before, waits_for_others(&task), &trial_progress) {
                    queue.put_off(position);
                }
                if let (JobOutcome::Failed(reason), Some(tell)) = (&outcome, &options.on_failure.0)
                {
                    tell(&jobs[i], reason);
                }
                outcomes[i] = outcome;
                let is_failure = |one: &&JobOutcome| matches!(one, JobOutcome::Failed(_));
                if outcomes.iter().filter(is_failure).count() >= options.max_failures {
                    shared.stop.give_up();
                }
            }
        });
        outcomes.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Reports the outcome of an attempt, and says whether the task is tried again later because another
/// process has it. `before` is the outcome of the attempt before. `waits`: the sweep waits until the
/// other process has finished the run.
fn is_put_off(
    outcome: &JobOutcome,
    before: &JobOutcome,
    waits: bool,
    progress: &TrialProgress<'_>,
) -> bool {
    match outcome {
        JobOutcome::Elsewhere(owner) | JobOutcome::Silent(owner) if waits => {
            if before.owner() != Some(owner) {
                progress.waits_for_end(owner);
            }
            true
        }
        // Its process may be gone when all others are done, so check once more then.
        JobOutcome::Elsewhere(_) if *before == JobOutcome::NotStarted => true,
        JobOutcome::Silent(owner) => {
            if outcome != before {
                progress.waits_for(owner);
            }
            true
        }
        _ => {
            progress.ended(outcome);
            false
        }
    }
}
