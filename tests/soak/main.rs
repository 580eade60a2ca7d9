//! Simulations of what the statistics promise. With the other tests each makes a small share of its draws;
//! `RUNNER_SIMULATIONS=20000 cargo test --test soak` makes so many, and `tests/soak/false_alarms.sh` prints the
//! figures of `docs/statistics.md`. The scripts beside this file are soak tests of the whole program.

mod draws;
mod false_alarms;
mod fresh_seeds;
mod runs;
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
