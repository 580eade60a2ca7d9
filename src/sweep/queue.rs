//! The jobs that wait: those that nobody trains, and those that another process has claimed.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use super::lock;
use super::stop::StopSignal;

/// Time between two looks at claims of other processes.
const LOOK_INTERVAL: Duration = Duration::from_millis(250);
/// Who waits for others looks at each claim this often: a look is some 30 operations of the file system,
/// and trials take hours.
const PATIENT_INTERVAL: Duration = Duration::from_secs(4);

/// Positions of jobs, in the order in which they are trained.
#[derive(Debug, Default)]
pub(super) struct Queue {
    ready: Mutex<VecDeque<usize>>,
    claimed: Mutex<VecDeque<usize>>,
    is_patient: bool,
}

impl Queue {
    /// `is_patient`: jobs of others are waited for until they are done.
    pub(super) fn new(jobs: impl Iterator<Item = usize>, is_patient: bool) -> Queue {
        Queue { ready: Mutex::new(jobs.collect()), claimed: Mutex::default(), is_patient }
    }

    /// The next job, if there is one; before one that another process has claimed, waits a moment.
    pub(super) fn next(&self, stop: &StopSignal) -> Option<usize> {
        if stop.is_raised() {
            return None;
        }
        if let Some(job) = lock(&self.ready).pop_front() {
            return Some(job);
        }
        let (job, others) = {
            let mut claimed = lock(&self.claimed);
            (claimed.pop_front()?, claimed.len())
        };
        let interval = match self.is_patient {
            true => PATIENT_INTERVAL / u32::try_from(others + 1).unwrap_or(u32::MAX),
            false => LOOK_INTERVAL,
        };
        let until = Instant::now() + interval.max(LOOK_INTERVAL);
        while Instant::now() < until && !stop.is_raised() {
            thread::sleep(LOOK_INTERVAL);
        }
        (!stop.is_raised()).then_some(job)
    }

    /// Puts a job behind all others: another process has claimed it.
    pub(super) fn put_off(&self, job: usize) {
        lock(&self.claimed).push_back(job);
    }
}
