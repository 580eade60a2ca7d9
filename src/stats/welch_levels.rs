//! Levels of Welch's interval beside Dunnett's: the largest ones with which the wider of both errs in less
//! than 5 % of tables. They are looser than Bonferroni's, because both intervals must exclude 0.
//!
//! Made by `RUNNER_LEVELS=10000 cargo test --test soak tabulate -- --nocapture`
//! (`tests/soak/welch_levels.rs`): for each entry, 10,000 tables without a difference of each of 7 kinds of
//! spreads (for one change of up to 3 seeds also on 100 test examples, because of ties); the level with
//! which 4.4 % of the worst kind's show one. Other random numbers than those of the
//! proof in `tests/soak/many_to_one.rs`.

use crate::stats::many_to_one::Design;
use crate::stats::pairwise::FALSE_ALARMS;

/// Numbers of changes that are tabulated.
const CHANGES: [f64; 9] = [1.0, 2.0, 3.0, 5.0, 8.0, 11.0, 16.0, 23.0, 47.0];

/// Numbers of seeds of a change that are tabulated.
const SEEDS: [f64; 7] = [2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 20.0];

/// How many times as many seeds the baseline has; the first with 2 seeds at least.
const RATIOS: [f64; 6] = [1.0 / 3.0, 1.0, 2.0, 3.0, 5.0, 10.0];

/// The column for seeds in blocks.
const BLOCKS: usize = 6;

/// With the baseline there are at least 4 configs in blocks.
const FEWEST_IN_BLOCKS: usize = 3;

/// By changes, seeds, and ratio or blocks.
#[rustfmt::skip]
const LEVELS: [[[f64; 7]; 7]; 9] = [
    [ // 1
        [3.70e-2, 3.70e-2, 7.06e-3, 3.20e-3, 1.83e-3, 6.46e-3, 0.0],
        [1.75e-2, 3.33e-2, 2.67e-2, 2.95e-2, 3.06e-2, 3.73e-2, 0.0],
        [8.20e-3, 3.80e-2, 3.83e-2, 3.86e-2, 3.73e-2, 3.98e-2, 0.0],
        [4.53e-3, 3.61e-2, 3.62e-2, 4.21e-2, 3.92e-2, 4.36e-2, 0.0],
        [2.08e-3, 3.92e-2, 4.01e-2, 4.42e-2, 4.41e-2, 4.30e-2, 0.0],
        [3.02e-2, 4.07e-2, 4.24e-2, 4.32e-2, 4.19e-2, 4.27e-2, 0.0],
        [4.44e-2, 4.27e-2, 4.40e-2, 4.50e-2, 4.37e-2, 4.41e-2, 0.0],
    ],
    [ // 2
        [3.26e-2, 3.26e-2, 7.66e-3, 1.30e-3, 2.68e-4, 8.42e-5, 0.0],
        [1.01e-2, 2.59e-2, 2.85e-2, 2.35e-2, 2.16e-2, 1.87e-2, 0.0],
        [3.79e-3, 3.14e-2, 3.42e-2, 2.85e-2, 2.43e-2, 2.23e-2, 0.0],
        [2.64e-3, 3.31e-2, 3.18e-2, 3.02e-2, 2.75e-2, 2.26e-2, 0.0],
        [1.21e-3, 3.05e-2, 3.25e-2, 2.65e-2, 2.42e-2, 2.22e-2, 0.0],
        [2.35e-2, 3.31e-2, 3.43e-2, 2.64e-2, 2.51e-2, 2.23e-2, 0.0],
        [3.20e-2, 2.77e-2, 3.29e-2, 2.55e-2, 2.40e-2, 2.20e-2, 0.0],
    ],
    [ // 3
        [2.66e-2, 2.66e-2, 7.09e-3, 1.70e-3, 1.08e-4, 1.20e-5, 2.18e-2],
        [8.90e-3, 2.44e-2, 2.72e-2, 2.39e-2, 1.98e-2, 1.39e-2, 1.83e-2],
        [3.46e-3, 2.81e-2, 3.42e-2, 3.03e-2, 2.03e-2, 1.81e-2, 1.55e-2],
        [1.83e-3, 2.82e-2, 2.95e-2, 2.72e-2, 2.21e-2, 1.82e-2, 1.84e-2],
        [7.83e-4, 2.72e-2, 2.88e-2, 2.42e-2, 2.16e-2, 1.89e-2, 1.79e-2],
        [2.07e-2, 2.52e-2, 2.90e-2, 2.31e-2, 2.04e-2, 1.64e-2, 1.59e-2],
        [2.74e-2, 1.98e-2, 2.25e-2, 2.26e-2, 2.01e-2, 1.62e-2, 1.56e-2],
    ],
    [ // 5
        [2.08e-2, 2.08e-2, 6.87e-3, 2.86e-3, 8.94e-5, 3.96e-6, 1.83e-2],
        [6.86e-3, 1.97e-2, 2.55e-2, 2.57e-2, 1.55e-2, 1.20e-2, 1.68e-2],
        [3.08e-3, 2.59e-2, 2.45e-2, 2.35e-2, 2.17e-2, 1.45e-2, 1.75e-2],
        [1.37e-3, 2.26e-2, 2.53e-2, 2.32e-2, 1.82e-2, 1.37e-2, 1.61e-2],
        [6.56e-4, 1.98e-2, 2.28e-2, 2.17e-2, 1.50e-2, 1.24e-2, 1.56e-2],
        [1.72e-2, 1.78e-2, 1.88e-2, 1.85e-2, 1.48e-2, 1.34e-2, 1.34e-2],
        [2.42e-2, 1.54e-2, 1.28e-2, 1.75e-2, 1.44e-2, 1.03e-2, 1.13e-2],
    ],
    [ // 8
        [1.64e-2, 1.64e-2, 9.29e-3, 2.98e-3, 8.86e-4, 3.97e-6, 1.64e-2],
        [5.49e-3, 1.73e-2, 1.84e-2, 2.95e-2, 1.81e-2, 1.01e-2, 1.53e-2],
        [2.21e-3, 2.19e-2, 1.52e-2, 2.56e-2, 1.89e-2, 1.19e-2, 1.81e-2],
        [1.19e-3, 1.75e-2, 1.53e-2, 2.24e-2, 1.48e-2, 1.09e-2, 1.59e-2],
        [5.30e-4, 1.36e-2, 1.25e-2, 1.93e-2, 1.37e-2, 9.97e-3, 1.25e-2],
        [1.58e-2, 1.35e-2, 1.26e-2, 1.62e-2, 1.14e-2, 8.99e-3, 1.10e-2],
        [2.12e-2, 1.04e-2, 1.13e-2, 9.52e-3, 1.06e-2, 9.15e-3, 8.46e-3],
    ],
    [ // 11
        [1.53e-2, 1.53e-2, 8.13e-3, 2.86e-3, 1.91e-3, 1.31e-5, 1.28e-2],
        [4.17e-3, 1.77e-2, 1.61e-2, 2.77e-2, 1.92e-2, 9.36e-3, 1.56e-2],
        [1.72e-3, 1.95e-2, 1.20e-2, 2.13e-2, 1.65e-2, 1.21e-2, 1.66e-2],
        [9.56e-4, 1.41e-2, 9.99e-3, 1.44e-2, 1.44e-2, 9.00e-3, 1.29e-2],
        [4.42e-4, 1.19e-2, 7.55e-3, 1.39e-2, 1.13e-2, 9.05e-3, 1.00e-2],
        [1.24e-2, 1.02e-2, 7.48e-3, 1.23e-2, 1.06e-2, 7.63e-3, 9.10e-3],
        [1.66e-2, 9.83e-3, 8.38e-3, 9.65e-3, 8.37e-3, 6.36e-3, 7.72e-3],
    ],
    [ // 16
        [1.32e-2, 1.32e-2, 7.86e-3, 2.69e-3, 1.98e-3, 9.56e-6, 1.20e-2],
        [4.60e-3, 1.55e-2, 1.07e-2, 1.18e-2, 1.74e-2, 1.03e-2, 1.31e-2],
        [1.60e-3, 1.52e-2, 9.05e-3, 1.03e-2, 1.55e-2, 1.05e-2, 1.43e-2],
        [7.87e-4, 1.02e-2, 9.62e-3, 8.35e-3, 1.37e-2, 8.65e-3, 1.23e-2],
        [4.02e-4, 9.00e-3, 6.30e-3, 9.16e-3, 9.71e-3, 7.41e-3, 9.39e-3],
        [1.14e-2, 8.50e-3, 6.06e-3, 6.98e-3, 7.86e-3, 5.78e-3, 7.54e-3],
        [1.47e-2, 7.04e-3, 5.34e-3, 6.03e-3, 7.53e-3, 5.30e-3, 6.03e-3],
    ],
    [ // 23
        [1.13e-2, 1.13e-2, 8.17e-3, 5.61e-3, 4.61e-3, 1.06e-4, 1.02e-2],
        [4.08e-3, 1.45e-2, 8.35e-3, 5.73e-3, 2.07e-2, 1.13e-2, 1.38e-2],
        [1.28e-3, 1.26e-2, 7.19e-3, 5.13e-3, 1.52e-2, 9.31e-3, 1.24e-2],
        [6.17e-4, 9.97e-3, 4.64e-3, 5.01e-3, 1.23e-2, 7.11e-3, 8.77e-3],
        [3.24e-4, 7.48e-3, 4.55e-3, 4.69e-3, 9.76e-3, 6.48e-3, 6.84e-3],
        [7.90e-3, 5.83e-3, 4.44e-3, 4.57e-3, 7.04e-3, 5.12e-3, 5.63e-3],
        [1.16e-2, 5.11e-3, 4.14e-3, 3.86e-3, 4.95e-3, 4.68e-3, 5.07e-3],
    ],
    [ // 47
        [8.52e-3, 8.52e-3, 7.50e-3, 2.45e-3, 1.32e-3, 9.73e-4, 9.58e-3],
        [3.49e-3, 1.25e-2, 5.17e-3, 2.36e-3, 2.23e-3, 1.04e-2, 1.13e-2],
        [9.94e-4, 9.15e-3, 3.42e-3, 2.54e-3, 2.95e-3, 8.41e-3, 9.07e-3],
        [4.98e-4, 6.83e-3, 2.68e-3, 2.28e-3, 2.79e-3, 6.91e-3, 6.15e-3],
        [2.53e-4, 5.04e-3, 2.51e-3, 1.98e-3, 3.16e-3, 4.23e-3, 4.75e-3],
        [6.13e-3, 4.40e-3, 2.10e-3, 2.01e-3, 2.15e-3, 3.49e-3, 3.99e-3],
        [9.09e-3, 3.26e-3, 1.86e-3, 1.93e-3, 2.45e-3, 2.48e-3, 2.83e-3],
    ],
];

/// The level for one of `changes` changes with `seeds` seeds, and a baseline with `of_baseline`.
pub(super) fn level(changes: usize, seeds: usize, of_baseline: usize, design: Design) -> f64 {
    let (fewer, more) = (seeds.min(of_baseline), seeds.max(of_baseline));
    let ratio = of_baseline as f64 / seeds as f64;
    let tabulated = match design {
        Design::PairedBySeed => {
            let of = |count| entry(changes.max(FEWEST_IN_BLOCKS), count, [(BLOCKS, 1.0); 1]);
            of(fewer).min(of(more))
        }
        // Far fewer seeds of the baseline are tabulated the other way round, for one change.
        Design::Unpaired if ratio < RATIOS[0] => {
            entry(1, of_baseline, between(&RATIOS, 1.0 / ratio)) / changes as f64
        }
        Design::Unpaired => entry(changes, seeds, between(&RATIOS, ratio)),
    };
    let most = SEEDS[SEEDS.len() - 1] as usize;
    if seeds > most { tabulated.min(FALSE_ALARMS / changes as f64) } else { tabulated }
}

/// The level between the entries around these numbers, linear in all logarithms; more changes than are
/// tabulated share the level of the most.
fn entry<const N: usize>(changes: usize, seeds: usize, columns: [(usize, f64); N]) -> f64 {
    let beyond = (CHANGES[CHANGES.len() - 1] / changes as f64).min(1.0);
    let mut log = 0.0;
    for (k, of_changes) in between(&CHANGES, changes as f64) {
        for (n, of_seeds) in between(&SEEDS, seeds as f64) {
            for (column, of_column) in columns {
                let weight = of_changes * of_seeds * of_column;
                if weight > 0.0 {
                    log += weight * libm::log(LEVELS[k][n][column]);
                }
            }
        }
    }
    beyond * libm::exp(log)
}

/// The values around `at`, by their position, and their weights; the first or last alone beyond them.
fn between(axis: &[f64], at: f64) -> [(usize, f64); 2] {
    let Some(above) = axis.iter().position(|value| *value >= at) else {
        return [(axis.len() - 1, 1.0), (axis.len() - 1, 0.0)];
    };
    let below = above.saturating_sub(1);
    if above == below || axis[above] == at {
        return [(above, 1.0), (above, 0.0)];
    }
    let share = libm::log(at / axis[below]) / libm::log(axis[above] / axis[below]);
    [(below, 1.0 - share), (above, share)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_joined_smoothly() {
        let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-12, "{a}, {b}");
        let of = |changes, seeds, of_baseline| level(changes, seeds, of_baseline, Design::Unpaired);
        close(of(11, 3, 9), LEVELS[5][1][3]);
        close(of(11, 3, 3), LEVELS[5][1][1]);
        close(of(11, 10, 10), LEVELS[5][5][1]);
        close(of(94, 3, 3), 0.5 * LEVELS[8][1][1]);
        let is_between = |value: f64, a: f64, b: f64| value > a.min(b) && value < a.max(b);
        assert!(is_between(of(10, 3, 9), LEVELS[4][1][3], LEVELS[5][1][3]));
        assert!(is_between(of(11, 3, 8), LEVELS[5][1][2], LEVELS[5][1][3]));
        assert!(is_between(of(11, 6, 6), LEVELS[5][3][1], LEVELS[5][4][1]));
        assert!(is_between(of(1, 9, 2), LEVELS[0][0][3], LEVELS[0][0][4]));
        close(level(11, 3, 3, Design::PairedBySeed), LEVELS[5][1][6]);
        close(level(2, 3, 3, Design::PairedBySeed), LEVELS[2][1][6]);
        let uneven = level(11, 2, 3, Design::PairedBySeed);
        close(uneven, LEVELS[5][0][6].min(LEVELS[5][1][6]));
    }

    #[test]
    fn every_case_has_a_level() {
        for changes in [1, 2, 4, 30, 1000] {
            for seeds in [2, 3, 6, 30, 1000] {
                for of_baseline in [2, 3, 6, 30, 1000] {
                    let got = level(changes, seeds, of_baseline, Design::Unpaired);
                    assert!(got > 0.0 && got <= 0.05, "{changes} {seeds} {of_baseline}: {got}");
                }
                let got = level(changes.max(3), seeds, seeds, Design::PairedBySeed);
                assert!(got > 0.0 && got <= 0.05);
            }
        }
    }
}
