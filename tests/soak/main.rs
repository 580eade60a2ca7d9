//! Simulations of what the statistics promise. With the other tests each makes a small share of its draws;
//! `RUNNER_SIMULATIONS=20000 cargo test --test soak` makes so many, and `tests/soak/false_alarms.sh` prints the
//! figures of `docs/statistics.md`. The scripts beside this file are soak tests of the whole program.

use std::sync::atomic::{AtomicUsize, Ordering};

mod coverage;
mod draws;
mod false_alarms;
mod folds;
mod fresh_seeds;
mod many_to_one;
mod power;
mod runs;
mod study;
mod tables;
mod tpe;
mod uneven;
mod welch_levels;
mod words;

/// How many simulations are asked for, if any number is.
fn asked() -> Option<u64> {
    let count = std::env::var_os("RUNNER_SIMULATIONS")?;
    Some(count.to_str().and_then(|count| count.parse().ok()).expect("a number of simulations"))
}

/// `share`, unless a number is asked for.
fn simulations(share: u64) -> u64 {
    asked().unwrap_or(share)
}

/// What chance adds to the mean of `count` draws of this standard deviation once in a thousand times.
fn chance(deviation: f64, count: u64) -> f64 {
    3.3 * deviation / (count as f64).sqrt()
}

/// The results of `work` for each of `items`, in their order, by all cores.
fn parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let share = || {
        let mut done = Vec::new();
        while let index = next.fetch_add(1, Ordering::Relaxed)
            && let Some(item) = items.get(index)
        {
            done.push((index, work(item)));
        }
        done
    };
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(share)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
