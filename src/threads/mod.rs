//! Computing threads: as many as the system allows. A limit of the user (`ulimit -u`), of a
//! container (`pids.max`) or of the address space may leave fewer than requested, which is not an
//! error.

mod join;

use std::num::NonZero;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use std::{io, thread};

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

pub(crate) use self::join::join;
use crate::error::{Error, Result};

/// Threads of a failed attempt are gone after this time and no longer count.
const PAUSE: Duration = Duration::from_millis(10);

/// For computations outside a sweep. None if the system allows no thread.
static SHARED: OnceLock<Option<ThreadPool>> = OnceLock::new();
/// Only the main thread.
static ALONE: OnceLock<Arc<ThreadPool>> = OnceLock::new();

/// A pool of `wanted` threads, or of as many as the system allows; only the calling thread if it
/// allows none.
///
/// # Errors
/// If it gives none, and the calling thread belongs to another pool.
pub(crate) fn pool(wanted: usize) -> Result<Arc<ThreadPool>> {
    most(wanted, started).map_or_else(alone, |pool| Ok(Arc::new(pool)))
}

/// Runs `work`, whose parallel parts use the threads of this thread's pool, or those shared by all
/// commands. Rayon's default pool would end the process if it got too few threads.
pub(crate) fn install<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    if rayon::current_thread_index().is_some() {
        return work();
    }
    let cores = || thread::available_parallelism().map_or(1, NonZero::get);
    match SHARED.get_or_init(|| most(cores(), started)) {
        Some(pool) => pool.install(work),
        None => {
            // This cannot fail: this thread does not belong to a pool yet.
            let _ = alone();
            work()
        }
    }
}

/// `work` on each of `items`, in parallel, in their order.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    install(|| items.par_iter().map(work).collect())
}

/// Whether one more thread can be started now.
pub(crate) fn can_start() -> bool {
    thread::Builder::new().spawn(|| ()).is_ok_and(|thread| thread.join().is_ok())
}

/// The error that an indispensable thread cannot be started.
pub(crate) fn cannot_start(error: &io::Error) -> Error {
    Error::Unexpected(format!(
        "cannot start a thread: {error}; check the limits on processes of this user (ulimit -u) or \
         container (pids.max), and on memory"
    ))
}

/// The largest possible pool, found by halving the wanted number.
fn most<P>(wanted: usize, build: impl Fn(usize) -> Option<P>) -> Option<P> {
    let halves = std::iter::successors(Some(wanted.max(1)), |n| (*n > 1).then_some(n / 2));
    halves.into_iter().find_map(|threads| {
        build(threads).or_else(|| {
            thread::sleep(PAUSE);
            None
        })
    })
}

fn started(threads: usize) -> Option<ThreadPool> {
    ThreadPoolBuilder::new().num_threads(threads).build().ok()
}

/// The calling thread as a pool of one.
fn alone() -> Result<Arc<ThreadPool>> {
    match ALONE.get().filter(|pool| pool.current_thread_index().is_some()) {
        Some(pool) => Ok(Arc::clone(pool)),
        None => {
            let built = ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
            let pool = Arc::new(built.map_err(no_pool)?);
            Ok(Arc::clone(ALONE.get_or_init(|| pool)))
        }
    }
}

fn no_pool(error: ThreadPoolBuildError) -> Error {
    cannot_start(&io::Error::other(error))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn fewer_threads_than_wanted_are_better_than_none() {
        let tried = RefCell::new(Vec::new());
        let at_most = |limit| {
            tried.borrow_mut().clear();
            most(13, |n| {
                tried.borrow_mut().push(n);
                (n <= limit).then_some(n)
            })
        };
        assert_eq!(at_most(100), Some(13));
        assert_eq!(at_most(4), Some(3));
        assert_eq!(at_most(0), None);
        assert_eq!(*tried.borrow(), [13, 6, 3, 1]);
    }

    #[test]
    fn a_thread_that_is_alone_computes_everything_itself() {
        let summed = thread::spawn(|| {
            let pool = alone().expect("this thread is in no pool");
            let sums = std::sync::Mutex::new(Vec::new());
            pool.broadcast(|_| sums.lock().expect("whole").push(thread::current().id()));
            let (a, b) = join(|| thread::current().id(), || thread::current().id());
            let mapped = map(&[1, 2, 3], |n| (n * n, thread::current().id()));
            let here = thread::current().id();
            assert_eq!(sums.into_inner().expect("whole"), [here]);
            assert_eq!((a, b), (here, here));
            assert!(mapped.iter().all(|(_, id)| *id == here));
            mapped.iter().map(|(square, _)| square).sum::<i32>()
        });
        assert_eq!(summed.join().expect("no panic"), 14);
    }

    #[test]
    fn what_is_divided_outside_of_a_sweep_keeps_its_order() {
        let numbers: Vec<usize> = (0..1000).collect();
        assert_eq!(map(&numbers, |n| n * 2), (0..1000).map(|n| n * 2).collect::<Vec<_>>());
    }
}
