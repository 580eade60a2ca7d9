//! Divides work in two, many times in each step of a training.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::install;

/// A thread that has nothing to do looks for work for so long before it sleeps; rayon's own threads sleep much sooner.
/// Waking a thread can take as long as a small convolution, and a step has a hundred of them.
const AWAKE: Duration = Duration::from_micros(500);

thread_local! {
    /// Whether this thread looks for work already, or waits for a part of its own.
    static IS_AWAKE: Cell<bool> = const { Cell::new(false) };
}

/// Runs both, perhaps at the same time, on the threads of [`install`].
pub(crate) fn join<A: Send, B: Send>(
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    install(|| {
        let _awake = Awake::begin();
        let (is_done, mut second) = (AtomicBool::new(false), None);
        let first = rayon::in_place_scope(|scope| {
            scope.spawn(|_| {
                let done = SetAtEnd(&is_done);
                second = Some(b());
                drop(done);
                stay_awake();
            });
            let first = a();
            look_for_work(|| !is_done.load(Ordering::Acquire));
            first
        });
        // The scope has run it or has passed its panic on.
        let second = second.expect("a scope ends after what it has spawned");
        (first, second)
    })
}

/// Lets this thread look for work, once it is back from what it does.
fn stay_awake() {
    if !IS_AWAKE.get() {
        rayon::spawn(|| {
            // Another thread may have taken this up while it waits for a part of its own.
            if !IS_AWAKE.get() {
                let _awake = Awake::begin();
                look_for_work(|| true);
            }
        });
    }
}

/// Does what there is to do while `is_wanted`, until for a while there was nothing.
fn look_for_work(is_wanted: impl Fn() -> bool) {
    let mut idle_since = Instant::now();
    while is_wanted() && idle_since.elapsed() < AWAKE {
        match rayon::yield_now() {
            Some(rayon::Yield::Executed) => idle_since = Instant::now(),
            _ => thread::yield_now(), // other programs may want this core
        }
    }
}

/// While it lives, this thread [`IS_AWAKE`].
struct Awake {
    before: bool,
}

impl Awake {
    fn begin() -> Awake {
        Awake { before: IS_AWAKE.replace(true) }
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        IS_AWAKE.set(self.before);
    }
}

/// Says that a part is done, even when it panics.
struct SetAtEnd<'a>(&'a AtomicBool);

impl Drop for SetAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    fn sum(range: std::ops::Range<u64>) -> u64 {
        let middle = range.start.midpoint(range.end);
        match range.end - range.start {
            0 => 0,
            1 => range.start,
            _ => {
                let (first, second) = join(|| sum(range.start..middle), || sum(middle..range.end));
                first + second
            }
        }
    }

    #[test]
    fn work_within_work_is_done_once_by_any_number_of_threads() {
        for threads in [1, 2, 3, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            assert_eq!(pool.install(|| sum(0..2000)), 1_999_000, "{threads} threads");
            // Once it has found nothing for a while, none of them looks any more.
            let is_quiet = || {
                thread::sleep(4 * AWAKE);
                pool.broadcast(|_| IS_AWAKE.get()) == vec![false; threads]
            };
            assert!((0..1000).any(|_| is_quiet()), "{threads} threads");
        }
    }

    #[test]
    fn a_panic_of_either_part_is_passed_on_and_nobody_waits_for_it() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        for part in 0..2 {
            let fails = |this: usize| assert!(this != part, "part {this}");
            let joined = pool.install(|| {
                catch_unwind(AssertUnwindSafe(|| join(|| fails(0), || fails(1)))).unwrap_err()
            });
            let said = joined.downcast_ref::<String>().expect("a message");
            assert_eq!(said, &format!("part {part}"));
            assert_eq!(pool.install(|| sum(0..100)), 4950);
        }
    }
}
