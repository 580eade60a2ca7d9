//! The figures of a row of `metrics.csv`: by the names of their columns, for what treats all alike, and
//! as the decimals that the file shows.

use crate::runs::metrics::Row;

/// Columns of `metrics.csv` that hold figures: all but `epoch` and `step`, in the order of the file.
pub(crate) const FIGURES: [&str; 9] = [
    "learning_rate",
    "batch_loss",
    "train_loss",
    "train_accuracy",
    "val_loss",
    "val_accuracy",
    "test_loss",
    "test_accuracy",
    "gap",
];

/// The values of [`FIGURES`]; none where the row's run has no such split, or has it sealed.
pub(crate) fn figures(row: &Row) -> [Option<f32>; 9] {
    [
        Some(row.learning_rate),
        row.batch_loss,
        Some(row.train_loss),
        Some(row.train_accuracy),
        row.val_loss,
        row.val_accuracy,
        row.test_loss,
        row.test_accuracy,
        row.gap,
    ]
}

/// The decimal number that `metrics.csv` shows for an `f32`, so that 0.532 does not become
/// 0.5320000052 on its way into a table of raw numbers.
pub(crate) fn exact(value: f32) -> f64 {
    value.to_string().parse().unwrap_or(f64::from(value))
}

/// Train minus test accuracy, of the decimals that `metrics.csv` shows.
pub(crate) fn exact_gap(row: &Row) -> Option<f64> {
    Some(exact(row.train_accuracy) - exact(row.test_accuracy?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::metrics::{METRICS_HEADER, metrics_csv};
    use crate::runs::samples::row;

    #[test]
    fn names_and_values_are_those_of_metrics_csv() {
        assert_eq!(format!("epoch,step,{}", FIGURES.join(",")), METRICS_HEADER);
        let row = row(3, 0.75, Some(0.5), 0.25);
        let values = figures(&row).map(|value| value.unwrap().to_string());
        let expected = format!("3,1500,{}", values.join(","));
        assert_eq!(metrics_csv(&[row]).lines().nth(1), Some(&*expected));
    }
}
