//! How long a failed read is retried: a network file system may briefly lose a handle, a server or
//! the end of a file, and that must not end a sweep that waits for other machines.

use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::messages::say;

/// Delay before the first retry; it doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// At most.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
/// A file server is up again within this time, or will not be soon.
const LONGEST_OUTAGE: Duration = Duration::from_secs(300);
/// Time between two checks whether to stop.
const LOOK_INTERVAL: Duration = Duration::from_millis(100);

/// How long to retry, counted from the first failure.
#[derive(Clone, Copy)]
pub struct Patience<'a> {
    /// After a system error that may be temporary.
    errors: Duration,
    /// After unreadable content: perhaps the file was incomplete.
    damage: Duration,
    /// Whether to give up.
    is_over: &'a (dyn Fn() -> bool + Sync),
    says_so: bool,
}

impl Patience<'static> {
    /// For a command that has other work to do.
    pub const BRIEF: Patience<'static> = Patience {
        errors: Duration::from_secs(5),
        damage: Duration::from_millis(100),
        is_over: &|| false,
        says_so: false,
    };
    /// For a waiting process while it surveys the folders: many records may be damaged permanently.
    pub const BEFORE_WAITING: Patience<'static> =
        Patience { errors: LONGEST_OUTAGE, ..Patience::BRIEF };
}

impl<'a> Patience<'a> {
    /// For a process that waits for others anyway, until `is_over`.
    pub fn of_waiting(is_over: &'a (dyn Fn() -> bool + Sync)) -> Patience<'a> {
        let (errors, damage) = (LONGEST_OUTAGE, Duration::from_secs(10));
        Patience { errors, damage, is_over, says_so: true }
    }

    /// Reports once that it retries, unless `quiet`.
    #[must_use]
    pub fn saying_so(self, quiet: bool) -> Patience<'a> {
        Patience { says_so: !quiet, ..self }
    }

    /// The result of `read`, with retries.
    ///
    /// # Errors
    /// That of the last time.
    pub fn read<T>(&self, mut read: impl FnMut() -> Result<T>) -> Result<T> {
        let (mut since, mut pause) = (None, FIRST_PAUSE);
        loop {
            let error = match read() {
                Ok(found) => return Ok(found),
                Err(error) => error,
            };
            let first = *since.get_or_insert_with(Instant::now);
            let left = self.bears(&error).saturating_sub(first.elapsed());
            if left.is_zero() || (self.is_over)() {
                return Err(error);
            }
            if pause == FIRST_PAUSE && self.says_so {
                say(&format!("warning: {}; trying again", error.chain()));
            }
            self.sleep(pause.min(left));
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// How long this error may be temporary.
    fn bears(&self, error: &Error) -> Duration {
        match error {
            Error::Damaged { .. } => self.damage,
            error if error.is_passing() => self.errors,
            _ => Duration::ZERO,
        }
    }

    fn sleep(&self, pause: Duration) {
        let until = Instant::now() + pause;
        while Instant::now() < until && !(self.is_over)() {
            thread::sleep(LOOK_INTERVAL.min(until.saturating_duration_since(Instant::now())));
        }
    }
}

impl std::fmt::Debug for Patience<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Patience { errors, damage, .. } = self;
        f.debug_struct("Patience").field("errors", errors).field("damage", damage).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use rustix::io::Errno;

    use super::*;

    const PATIENCE: Patience<'static> = Patience {
        errors: Duration::from_millis(400),
        damage: Duration::from_millis(200),
        is_over: &|| false,
        says_so: false,
    };

    fn system(errno: Errno) -> Error {
        Error::io("read", "run.json")(io::Error::from(errno))
    }

    fn damaged() -> Error {
        Error::Damaged { path: "run.json".into(), problem: "is empty".to_owned() }
    }

    /// How often something is read that fails in this way the first `failures` times, and whether it was.
    fn reads(error: fn() -> Error, failures: usize, patience: Patience<'_>) -> (usize, bool) {
        let mut reads = 0;
        let read = patience.read(|| {
            reads += 1;
            if reads <= failures { Err(error()) } else { Ok(()) }
        });
        (reads, read.is_ok())
    }

    #[test]
    fn what_passes_is_read_again_until_it_is_there() {
        let passing: [fn() -> Error; 6] = [
            || system(Errno::STALE),
            || system(Errno::IO),
            || system(Errno::TIMEDOUT),
            || system(Errno::INTR),
            || system(Errno::HOSTUNREACH),
            damaged,
        ];
        for error in passing {
            assert_eq!(reads(error, 2, PATIENCE), (3, true), "{}", error().chain());
        }
    }

    #[test]
    fn what_lasts_ends_with_its_own_error() {
        for (error, longest) in [(damaged as fn() -> Error, 200), (|| system(Errno::STALE), 400)] {
            let started = Instant::now();
            let (reads, is_read) = reads(error, usize::MAX, PATIENCE);
            assert!(reads > 2 && !is_read, "{reads}");
            assert!(started.elapsed() >= Duration::from_millis(longest));
        }
        let error = PATIENCE.read(|| Err::<(), Error>(system(Errno::STALE))).unwrap_err();
        assert!(error.to_string().contains("run.json"), "{error}");
    }

    #[test]
    fn what_does_not_pass_is_read_once() {
        let lasting: [fn() -> Error; 4] = [
            || system(Errno::ACCESS),
            || system(Errno::NOSPC),
            || system(Errno::NOENT),
            || Error::Refused("other data".to_owned()),
        ];
        for error in lasting {
            assert_eq!(reads(error, 1, PATIENCE), (1, false), "{}", error().chain());
        }
    }

    #[test]
    fn a_signal_ends_it() {
        let looks = AtomicUsize::new(0);
        let is_over = || looks.fetch_add(1, Ordering::Relaxed) > 2;
        let waiting = Patience::of_waiting(&is_over).saying_so(true);
        let started = Instant::now();
        assert!(!reads(|| system(Errno::IO), usize::MAX, waiting).1);
        assert!(started.elapsed() < Duration::from_secs(60));
    }
}
