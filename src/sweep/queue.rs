//! The waiting jobs: those that nobody trains, and those that another process has claimed.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use super::admission::{Admission, Need, Permit};
use super::lock;
use super::stop::StopSignal;

/// Time between two checks of other processes' claims.
const LOOK_INTERVAL: Duration = Duration::from_millis(250);
/// A waiting process checks each claim at this interval: a check takes about 30 file system
/// operations, and trials take hours.
const PATIENT_INTERVAL: Duration = Duration::from_secs(4);
/// Time between two checks of the memory that a trial waits for.
const MEMORY_INTERVAL: Duration = Duration::from_millis(20);

/// Positions of jobs, in the order in which they are trained.
pub(super) struct Queue {
    needs: Vec<u64>, // bytes of each
    ready: Mutex<VecDeque<Waiting>>,
    claimed: Mutex<VecDeque<usize>>,
    admission: Admission,
    is_patient: bool,
}

/// A job that waits for its turn.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    job: usize,
    alone: bool,
}

/// A job whose turn it is.
pub(super) struct Turn<'a> {
    pub(super) job: usize,
    pub(super) permit: Permit<'a>,
}

impl Queue {
    /// `needs`: the memory of each job in bytes. `is_patient`: wait for jobs of others until they
    /// are done.
    pub(super) fn new(needs: Vec<u64>, is_patient: bool) -> Queue {
        let ready = (0..needs.len()).map(|job| Waiting { job, alone: false }).collect();
        let (claimed, admission) = (Mutex::default(), Admission::new());
        Queue { needs, ready: Mutex::new(ready), claimed, admission, is_patient }
    }

    /// The next job, if there is one: the first with enough memory. Waits a moment before one that
    /// another process has claimed.
    pub(super) fn next(&self, stop: &StopSignal) -> Option<Turn<'_>> {
        while !stop.is_raised() {
            if let Some(turn) = self.turn() {
                return Some(turn);
            }
            if lock(&self.ready).is_empty() {
                let job = self.claimed_by_others(stop)?;
                lock(&self.ready).push_back(Waiting { job, alone: false });
            } else if rayon::yield_now() != Some(rayon::Yield::Executed) {
                // Meanwhile this thread helps with the trials in training, whose memory it waits for.
                thread::sleep(MEMORY_INTERVAL);
            }
        }
        None
    }

    /// The first ready job for which there is room.
    fn turn(&self) -> Option<Turn<'_>> {
        let mut ready = lock(&self.ready);
        let need =
            |waiting: &Waiting| Need { bytes: self.needs[waiting.job], alone: waiting.alone };
        let (place, permit) = self.admission.first(ready.iter().map(need))?;
        let Waiting { job, .. } = ready.remove(place)?;
        Some(Turn { job, permit })
    }

    fn claimed_by_others(&self, stop: &StopSignal) -> Option<usize> {
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

    /// Moves a job behind all others, because another process has claimed it.
    pub(super) fn put_off(&self, job: usize) {
        lock(&self.claimed).push_back(job);
    }

    /// Puts back a job that was refused memory: its turn comes when nothing else is in training.
    pub(super) fn put_back_alone(&self, job: usize) {
        lock(&self.ready).push_back(Waiting { job, alone: true });
    }
}
