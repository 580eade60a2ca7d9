//! The jobs that wait: those that nobody trains, and those that another process has claimed.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use super::lock;
use super::stop::StopSignal;

/// Time between two looks at a claim of another process.
const LOOK_INTERVAL: Duration = Duration::from_millis(250);

/// Positions of jobs, in the order in which they are trained.
#[derive(Debug, Default)]
pub(super) struct Queue {
    ready: Mutex<VecDeque<usize>>,
    claimed: Mutex<VecDeque<usize>>,
}

impl Queue {
    pub(super) fn new(jobs: impl Iterator<Item = usize>) -> Queue {
        Queue { ready: Mutex::new(jobs.collect()), claimed: Mutex::default() }
    }

    /// The next job, if there is one; before one that another process has claimed, waits a moment.
    pub(super) fn next(&self, stop: &StopSignal) -> Option<usize> {
        if stop.is_raised() {
            return None;
        }
        if let Some(job) = lock(&self.ready).pop_front() {
            return Some(job);
        }
        let job = lock(&self.claimed).pop_front()?;
        thread::sleep(LOOK_INTERVAL);
        Some(job)
    }

    /// Puts a job behind all others: another process has claimed it.
    pub(super) fn put_off(&self, job: usize) {
        lock(&self.claimed).push_back(job);
    }
}
