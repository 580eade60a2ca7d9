//! Numbers in words: epochs over runs, and losses.

use std::collections::BTreeSet;

use crate::runs::read::Curves;
use crate::table::hundredfold;

/// The median; 0 of nothing.
pub(super) fn median(epochs: &[u64]) -> u64 {
    let mut sorted = epochs.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or(0)
}

/// What the runs of a config are: `seeds`, `folds`, or `runs` where both differ.
fn noun(runs: &[&Curves]) -> &'static str {
    let trials = || runs.iter().map(|run| &run.record.trial);
    let folds: BTreeSet<u64> = trials().filter_map(|trial| trial.fold()).collect();
    let seeds: BTreeSet<u64> = trials().filter_map(|trial| trial.seed()).collect();
    match (folds.len(), seeds.len()) {
        (0 | 1, _) => "seeds",
        (_, 0 | 1) => "folds",
        _ => "runs",
    }
}

/// `epoch 5`, `epoch 5 (4-7 over 5 seeds)` or `epoch 5 (4-7) in 3 of 5 seeds`: the median over the
/// `epochs.len()` of `runs` that have it.
pub(super) fn epoch_over_runs(epochs: &[u64], runs: &[&Curves]) -> String {
    let (all, noun) = (runs.len(), noun(runs));
    let low = epochs.iter().min().copied().unwrap_or(0);
    let high = epochs.iter().max().copied().unwrap_or(0);
    let middle = median(epochs);
    let some = epochs.len();
    match (low == high, some == all) {
        (true, true) if all == 1 => format!("epoch {middle}"),
        (true, true) => format!("epoch {middle} in each of {all} {noun}"),
        (false, true) => format!("epoch {middle} ({low}-{high} over {all} {noun})"),
        (true, false) => format!("epoch {middle} in {some} of {all} {noun}"),
        (false, false) => format!("epoch {middle} ({low}-{high}) in {some} of {all} {noun}"),
    }
}

/// ` in 3 of 5 seeds` if it does not hold for all of these runs.
pub(super) fn in_some(some: usize, runs: &[&Curves]) -> String {
    let all = runs.len();
    if some == all { String::new() } else { format!(" in {some} of {all} {}", noun(runs)) }
}

/// A loss with two or three significant digits.
pub(super) fn loss(value: f64) -> String {
    match value.abs() {
        v if v >= 0.995 => format!("{value:.2}"),
        v if v >= 0.0995 => format!("{value:.3}"),
        v if v >= 0.000_995 || v == 0.0 => format!("{value:.4}"),
        _ => format!("{value:.1e}"),
    }
}

/// `53.2 %`
pub(super) fn percent(fraction: f64) -> String {
    format!("{} %", hundredfold(fraction))
}

/// `1.0 points`
pub(super) fn points(fraction: f64) -> String {
    let number = hundredfold(fraction);
    let unit = if number == "1.0" { "point" } else { "points" };
    format!("{number} {unit}")
}

/// The mean of a figure over runs; NaN of none.
pub(super) fn mean_of<T>(items: &[T], figure: impl Fn(&T) -> f64) -> f64 {
    items.iter().map(figure).sum::<f64>() / items.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::{flat, of_fold, runs_of};

    #[test]
    fn epochs_say_over_how_many_seeds() {
        let over = |epochs: &[u64], seeds| {
            let runs = runs_of(seeds, flat);
            epoch_over_runs(epochs, &runs.iter().collect::<Vec<_>>())
        };
        assert_eq!(over(&[5], 1), "epoch 5");
        assert_eq!(over(&[5, 5], 2), "epoch 5 in each of 2 seeds");
        assert_eq!(over(&[7, 4, 5], 3), "epoch 5 (4-7 over 3 seeds)");
        assert_eq!(over(&[7, 4], 3), "epoch 4 (4-7) in 2 of 3 seeds");
        assert_eq!(over(&[4], 2), "epoch 4 in 1 of 2 seeds");
        assert_eq!(median(&[]), 0);
    }

    #[test]
    fn folds_are_not_called_seeds() {
        let of = |runs: &[(u64, u64)]| {
            let runs: Vec<Curves> =
                runs.iter().map(|(seed, fold)| of_fold(*fold, flat(*seed))).collect();
            in_some(1, &runs.iter().collect::<Vec<_>>())
        };
        assert_eq!(of(&[(1, 0), (1, 1)]), " in 1 of 2 folds");
        assert_eq!(of(&[(1, 0), (2, 0), (1, 1), (2, 1)]), " in 1 of 4 runs");
        assert_eq!(of(&[(1, 3), (2, 3)]), " in 1 of 2 seeds");
    }

    #[test]
    fn losses_keep_the_digits_that_mean_something() {
        let shown = [2.345678, 0.23456, 0.0123456, 0.000012345, 0.0].map(loss);
        assert_eq!(shown, ["2.35", "0.235", "0.0123", "1.2e-5", "0.0000"]);
    }
}
