//! Trains the tasks of one stage on local threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use super::parts::Parts;
use super::progress::{SweepProgress, TrialProgress};
use super::queue::Queue;
use super::stages::Task;
use super::trial;
use super::{Job, JobOutcome, Sweep, lock};
use crate::error::Error;

impl Sweep<'_> {
    /// Trains tasks in their order, as many at a time as there are threads.
    pub(super) fn train_stage(
        &self,
        tasks: &[Task],
        outcomes: Vec<JobOutcome>,
        (pool, shared): (&rayon::ThreadPool, &trial::Shared<'_>),
        progress: &SweepProgress,
    ) -> Vec<JobOutcome> {
        let Sweep { jobs, options, parts, .. } = self;
        let outcomes = Mutex::new(outcomes);
        let waits = options.wait || tasks.iter().any(|task| task.until.is_some());
        let queue = Queue::new(0..tasks.len(), waits);
        // A thread that finds the queue empty ends its loop and helps with the products of the
        // trials that are still in training.
        pool.broadcast(|_| {
            while let Some(position) = queue.next(shared.stop) {
                let task = tasks[position];
                let i = task.job;
                let trial = progress.trial(&jobs[i], task.until);
                let outcome = train_one(&jobs[i], task.until, parts, shared, &trial);
                // A rung cannot be decided without the runs of others.
                let waits = options.wait || task.until.is_some();
                let mut outcomes = lock(&outcomes);
                let before = &outcomes[i];
                match &outcome {
                    JobOutcome::Elsewhere(owner) | JobOutcome::Silent(owner) if waits => {
                        if before.owner() != Some(owner) {
                            trial.waits_for_end(owner);
                        }
                        queue.put_off(position);
                    }
                    // Its process may be gone when all others are done: one more look then.
                    JobOutcome::Elsewhere(_) if *before == JobOutcome::NotStarted => {
                        queue.put_off(position);
                    }
                    JobOutcome::Silent(owner) => {
                        if outcome != *before {
                            trial.waits_for(owner);
                        }
                        queue.put_off(position);
                    }
                    _ => trial.ended(&outcome),
                }
                outcomes[i] = outcome;
                let is_failure = |outcome: &&JobOutcome| matches!(outcome, JobOutcome::Failed(_));
                if outcomes.iter().filter(is_failure).count() >= options.max_failures {
                    shared.stop.give_up();
                }
            }
        });
        outcomes.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Whatever happens in one trial, the others go on.
fn train_one(
    job: &Job,
    until: Option<u64>,
    parts: &Parts,
    shared: &trial::Shared<'_>,
    progress: &TrialProgress<'_>,
) -> JobOutcome {
    let train = || trial::train((job, until), parts.splits(&job.trial), shared, progress);
    match catch_unwind(AssertUnwindSafe(train)) {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(Error::TakenOver { .. })) => JobOutcome::TakenOver,
        Ok(Err(error)) => JobOutcome::Failed(error.chain()),
        Err(_) => JobOutcome::Failed("a bug in this program, see the message above".to_owned()),
    }
}
