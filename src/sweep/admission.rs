//! Which trial may start: a trial waits until there is memory for it beside those in training. How
//! many are in training never affects a trial's result, only when it starts.

use std::sync::Mutex;

use super::lock;
use crate::memory::System;

/// What a trial requests before it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Need {
    /// Memory in bytes, without what it shares with others.
    pub(super) bytes: u64,
    /// Whether it must train alone, because the system refused it memory beside others.
    pub(super) alone: bool,
}

/// What the system reports at one moment.
#[derive(Debug, Clone, Copy)]
struct SystemLook {
    free: Option<u64>,
    resident: u64, // of this process
}

/// Gives permits to trials that fit beside those that have one.
pub(super) struct Admission {
    look: Box<dyn Fn() -> SystemLook + Send + Sync>,
    given: Mutex<Given>,
}

#[derive(Debug, Default)]
struct Given {
    permits: usize,
    bytes: u64,
    to_one_alone: bool,
    resident_before: u64, // when nothing was in training
}

/// The right to train while it is held.
pub(super) struct Permit<'a> {
    admission: &'a Admission,
    need: Need,
}

impl Admission {
    /// By the memory of this machine.
    pub(super) fn new() -> Admission {
        Admission::by(|| {
            let system = System::here();
            // If free memory is unknown, all memory counts as free except what this process has
            // granted.
            let whole = || system.limit().map(|room| room.bytes.saturating_sub(system.resident()));
            SystemLook { free: system.available().or_else(whole), resident: system.resident() }
        })
    }

    fn by(look: impl Fn() -> SystemLook + Send + Sync + 'static) -> Admission {
        Admission { look: Box::new(look), given: Mutex::default() }
    }

    /// The first waiting trial for which there is room. If nothing is in training, the first one
    /// starts, so that each gets its turn.
    pub(super) fn first(&self, waiting: impl Iterator<Item = Need>) -> Option<(usize, Permit<'_>)> {
        let mut given = lock(&self.given);
        if given.to_one_alone {
            return None;
        }
        let mut waiting = waiting.enumerate();
        let look = (self.look)();
        let (place, need) = if given.permits == 0 {
            given.resident_before = look.resident;
            waiting.next()?
        } else {
            // Part of what was granted is already allocated and no longer free.
            let taken = look.resident.saturating_sub(given.resident_before);
            let promised = given.bytes.saturating_sub(taken);
            let free = look.free.map_or(u64::MAX, |free| free.saturating_sub(promised));
            waiting.find(|(_, need)| !need.alone && need.bytes <= free)?
        };
        given.permits += 1;
        given.bytes = given.bytes.saturating_add(need.bytes);
        given.to_one_alone = need.alone;
        Some((place, Permit { admission: self, need }))
    }
}

impl Permit<'_> {
    /// Whether nothing else may train until it is returned.
    pub(super) fn is_alone(&self) -> bool {
        self.need.alone
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut given = lock(&self.admission.given);
        given.permits -= 1;
        given.bytes = given.bytes.saturating_sub(self.need.bytes);
        given.to_one_alone = false;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    fn need(bytes: u64) -> Need {
        Need { bytes, alone: false }
    }

    fn first<'a>(admission: &'a Admission, bytes: &[u64]) -> Option<(usize, Permit<'a>)> {
        admission.first(bytes.iter().map(|bytes| need(*bytes)))
    }

    /// A machine with 100 bytes, of which this process uses the given number.
    fn machine() -> (Admission, Arc<AtomicU64>) {
        let resident = Arc::new(AtomicU64::new(0));
        let of_process = Arc::clone(&resident);
        let admission = Admission::by(move || {
            let resident = of_process.load(Ordering::Relaxed);
            SystemLook { free: Some(100 - resident), resident }
        });
        (admission, resident)
    }

    #[test]
    fn a_trial_waits_until_there_is_room_and_smaller_ones_overtake_it() {
        let (admission, _) = machine();
        let (_, sixty) = first(&admission, &[60]).expect("nothing is in training");
        assert!(first(&admission, &[60]).is_none());
        let (place, _forty) = first(&admission, &[60, 50, 40]).expect("40 are free");
        assert_eq!(place, 2);
        assert!(first(&admission, &[1]).is_none());
        drop(sixty);
        assert_eq!(first(&admission, &[60]).expect("60 are free again").0, 0);
    }

    #[test]
    fn memory_that_a_trial_has_taken_is_not_counted_twice() {
        let (admission, resident) = machine();
        let _sixty = first(&admission, &[60]);
        resident.store(50, Ordering::Relaxed); // 50 are free, 10 of them are promised
        assert!(first(&admission, &[41]).is_none());
        assert!(first(&admission, &[40]).is_some());
    }

    #[test]
    fn what_is_larger_than_what_is_free_begins_when_nothing_else_is_in_training() {
        let (admission, _) = machine();
        let (place, large) = first(&admission, &[500, 1]).expect("its turn");
        assert_eq!(place, 0);
        assert!(first(&admission, &[1]).is_none());
        drop(large);
        assert!(first(&admission, &[1]).is_some());
    }

    #[test]
    fn one_that_is_to_be_alone_waits_for_all_others_and_they_for_it() {
        let (admission, _) = machine();
        let alone = || [Need { bytes: 1, alone: true }].into_iter();
        let (_, small) = first(&admission, &[1]).expect("room");
        assert!(admission.first(alone()).is_none());
        drop(small);
        let (_, permit) = admission.first(alone()).expect("nothing is in training");
        assert!(permit.is_alone() && first(&admission, &[1]).is_none());
        drop(permit);
        assert!(first(&admission, &[1]).is_some());
    }

    #[test]
    fn a_system_that_says_nothing_bounds_nothing() {
        let admission = Admission::by(|| SystemLook { free: None, resident: 0 });
        let permits: Vec<_> = (0..10).map(|_| first(&admission, &[1 << 60])).collect();
        assert!(permits.iter().all(Option::is_some));
    }
}
