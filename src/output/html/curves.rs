//! Learning curves in few and short numbers: at most about 200 epochs of a run, fewer if there are
//! many runs, accuracies in percent.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::runs::metrics::MetricsRow;

/// Most points of a curve: more than a plot can show separately.
const MOST_POINTS: usize = 200;
/// Fewest points of a curve, for any number of runs.
const FEWEST_POINTS: usize = 40;
/// Points of all runs: six figures of about six characters each make about 2 MB.
const POINTS_IN_ALL: usize = 60_000;

/// The curves of one run at the epochs of its config; `null` is NaN, infinite or missing. A split
/// that the run does not have is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub(super) struct CurveData {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) train_accuracy: Vec<Option<f64>>, // percent
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) val_accuracy: Vec<Option<f64>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) test_accuracy: Vec<Option<f64>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) train_loss: Vec<Option<f64>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) val_loss: Vec<Option<f64>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) test_loss: Vec<Option<f64>>,
    /// Of training and evaluation since the run began; absent if no epoch's are known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) seconds: Vec<Option<f64>>,
}

impl CurveData {
    /// The names of the curves, which are those of the columns of `metrics.csv`.
    pub(super) const NAMES: [&'static str; 6] =
        ["train_accuracy", "val_accuracy", "test_accuracy", "train_loss", "val_loss", "test_loss"];

    /// The same with the seconds at these epochs, in tenths.
    pub(super) fn with_seconds(mut self, epochs: &[u64], known: &BTreeMap<u64, f64>) -> CurveData {
        let length = self.train_loss.len().max(self.train_accuracy.len());
        let tenths = |seconds: &f64| (seconds * 10.0).round() / 10.0;
        let seconds = epochs.iter().take(length).map(|epoch| known.get(epoch).map(tenths));
        self.seconds = seconds.collect();
        if self.seconds.iter().all(Option::is_none) {
            self.seconds.clear();
        }
        self
    }
}

/// How many points a curve of one of `runs` runs may have.
pub(super) fn points_per_run(runs: usize) -> usize {
    (POINTS_IN_ALL / runs.max(1)).clamp(FEWEST_POINTS, MOST_POINTS)
}

/// The epochs at which the runs of a config are shown: those of its longest run, evenly thinned,
/// always including the first and the last.
pub(super) fn shown_epochs(runs: &[&[MetricsRow]], most: usize) -> Vec<u64> {
    let longest = runs.iter().max_by_key(|rows| rows.len());
    let epochs: Vec<u64> =
        longest.map_or(Vec::new(), |rows| rows.iter().map(|r| r.epoch).collect());
    if epochs.len() <= most.max(2) {
        return epochs;
    }
    let last = epochs.len() - 1;
    let steps = most.max(2) - 1;
    (0..=steps).map(|step| epochs[step * last / steps]).collect()
}

/// The curves of `rows` at these epochs.
pub(super) fn curves(rows: &[MetricsRow], epochs: &[u64]) -> CurveData {
    let at = |epoch: u64| rows.binary_search_by_key(&epoch, |row| row.epoch).ok().map(|i| &rows[i]);
    // A shorter run ends where it ends.
    let reached = epochs.iter().filter(|epoch| rows.last().is_some_and(|r| r.epoch >= **epoch));
    let shown: Vec<Option<&MetricsRow>> = reached.map(|epoch| at(*epoch)).collect();
    let figure = |value: &dyn Fn(&MetricsRow) -> Option<f32>, short: fn(f64) -> f64| {
        let values = shown.iter().map(|row| finite(value((*row)?)?).map(short));
        let values: Vec<Option<f64>> = values.collect();
        if values.iter().all(Option::is_none) { Vec::new() } else { values }
    };
    CurveData {
        train_accuracy: figure(&|row| Some(row.train_accuracy), percent),
        val_accuracy: figure(&|row| row.val_accuracy, percent),
        test_accuracy: figure(&|row| row.test_accuracy, percent),
        train_loss: figure(&|row| Some(row.train_loss), four_digits),
        val_loss: figure(&|row| row.val_loss, four_digits),
        test_loss: figure(&|row| row.test_loss, four_digits),
        seconds: Vec::new(),
    }
}

pub(super) fn finite(value: f32) -> Option<f64> {
    value.is_finite().then_some(f64::from(value))
}

/// A fraction in percent with two decimals, so that differences of one in 10,000 examples are
/// visible.
pub(super) fn percent(fraction: f64) -> f64 {
    (fraction * 1e4).round() / 1e2 + 0.0 // never -0.0
}

/// Four significant digits.
pub(super) fn four_digits(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::samples::row;

    fn rows(count: u64) -> Vec<MetricsRow> {
        (0..count).map(|epoch| row(epoch, 0.123_456, None, 0.5)).collect()
    }

    #[test]
    fn long_runs_are_thinned_to_their_ends() {
        let long = rows(10_001);
        let epochs = shown_epochs(&[&long[..7], &long], 200);
        assert_eq!((epochs.len(), epochs[0], epochs[199]), (200, 0, 10_000));
        assert!(epochs.is_sorted());
        assert_eq!(shown_epochs(&[&long[..7]], 200), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(shown_epochs(&[], 200), [0; 0]);
    }

    #[test]
    fn many_runs_have_fewer_points_each() {
        assert_eq!([1, 10, 300, 1_000, 100_000].map(points_per_run), [200, 200, 200, 60, 40]);
        assert_eq!(points_per_run(0), 200);
    }

    #[test]
    fn numbers_are_short_and_absent_splits_are_absent() {
        let mut rows = rows(3);
        rows[1].test_loss = Some(f32::NAN);
        rows[2].test_loss = Some(123_456.7);
        let json = serde_json::to_string(&curves(&rows, &[0, 1, 2, 3])).unwrap();
        insta::assert_snapshot!(json);
    }

    #[test]
    fn epochs_that_a_run_lacks_are_gaps() {
        let rows = [row(0, 0.1, None, 0.1), row(4, 0.5, None, 0.4)];
        let shown = curves(&rows, &[0, 2, 4, 6]);
        assert_eq!(shown.train_accuracy, [Some(10.0), None, Some(50.0)]);
    }
}
