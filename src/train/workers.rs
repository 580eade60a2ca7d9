//! How many threads a trial may use: the pool's threads are shared among the trials in training.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The threads of a sweep. If there are fewer trials than threads, a trial gets more than one; no
/// result depends on it.
#[derive(Debug)]
pub struct Workers {
    threads: usize,
    busy: AtomicUsize, // trials in training
}

/// A trial in training; counted until dropped.
#[derive(Debug)]
pub struct Busy<'a>(&'a Workers);

impl Workers {
    /// A pool of `threads` threads.
    pub fn new(threads: usize) -> Workers {
        Workers { threads, busy: AtomicUsize::new(0) }
    }

    /// Counts a trial in training.
    pub fn begin(&self) -> Busy<'_> {
        self.busy.fetch_add(1, Ordering::Relaxed);
        Busy(self)
    }

    /// Threads for each trial in training, rounded up so that none is idle; at least 1.
    pub fn per_trial(&self) -> usize {
        self.threads.div_ceil(self.busy.load(Ordering::Relaxed).max(1)).max(1)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trials_share_the_threads_and_leave_none_idle() {
        let workers = Workers::new(4);
        let first = workers.begin();
        assert_eq!(workers.per_trial(), 4);
        let others = [workers.begin(), workers.begin()];
        assert_eq!(workers.per_trial(), 2);
        drop(others);
        drop(first);
        assert_eq!(workers.per_trial(), 4);
        assert_eq!(Workers::new(0).per_trial(), 1);
    }
}
