//! The first epoch at which the curves of two runs differ, compared digit by digit: identical
//! training gives identical figures to the last digit.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::runs::figures::{Figure, exact};
use crate::runs::metrics::FIGURE_COLUMNS;
use crate::runs::metrics::MetricsRow;

/// How the rows of two runs agree.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(super) struct CurveAgreement {
    /// Epochs that both runs evaluated.
    pub(super) common_epochs: usize,
    /// The last equal one before any that differs.
    pub(super) equal_until: Option<u64>,
    /// The first that differs.
    pub(super) first_difference: Option<Parting>,
    /// Columns that only one of them has, because the other lacks the split or keeps it sealed.
    pub(super) only_in_a: Vec<&'static str>,
    pub(super) only_in_b: Vec<&'static str>,
    /// The last row of each.
    pub(super) a_last_epoch: Option<u64>,
    pub(super) b_last_epoch: Option<u64>,
}

/// An epoch whose rows differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Parting {
    pub(super) epoch: u64,
    /// What differs, in the order of the columns.
    pub(super) figures: Vec<DifferingFigure>,
}

/// A figure that differs; `null` means not a number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct DifferingFigure {
    pub(super) column: &'static str,
    pub(super) a: Value,
    pub(super) b: Value,
}

impl CurveAgreement {
    /// Compares the rows of the epochs that are in both.
    pub(super) fn of(a: &[MetricsRow], b: &[MetricsRow]) -> CurveAgreement {
        let of_epoch: BTreeMap<u64, &MetricsRow> = b.iter().map(|row| (row.epoch, row)).collect();
        let last = |rows: &[MetricsRow]| rows.last().map(|row| row.epoch);
        let mut curves = CurveAgreement {
            a_last_epoch: last(a),
            b_last_epoch: last(b),
            ..CurveAgreement::default()
        };
        if !a.is_empty() && !b.is_empty() {
            curves.only_in_a = columns_without(b, a);
            curves.only_in_b = columns_without(a, b);
        }
        for (row_a, row_b) in a.iter().filter_map(|row| Some((row, *of_epoch.get(&row.epoch)?))) {
            curves.common_epochs += 1;
            if curves.first_difference.is_some() {
                continue;
            }
            let figures = curves.differing(row_a, row_b);
            match figures.is_empty() {
                true => curves.equal_until = Some(row_a.epoch),
                false => curves.first_difference = Some(Parting { epoch: row_a.epoch, figures }),
            }
        }
        curves
    }

    /// The differing figures of two rows, except columns that only one run has.
    fn differing(&self, a: &MetricsRow, b: &MetricsRow) -> Vec<DifferingFigure> {
        let figure = |value: Option<f32>| value.map_or(Value::Null, |value| exact(value).into());
        let is_common =
            |column| !self.only_in_a.contains(&column) && !self.only_in_b.contains(&column);
        let step = (a.step != b.step).then(|| DifferingFigure {
            column: "step",
            a: a.step.into(),
            b: b.step.into(),
        });
        let others = FIGURE_COLUMNS.into_iter().filter_map(|column| {
            let (name, a, b) = (column.name(), column.in_row(a), column.in_row(b));
            let differs = is_common(name) && bits(a) != bits(b);
            differs.then(|| DifferingFigure { column: name, a: figure(a), b: figure(b) })
        });
        step.into_iter().chain(others).collect()
    }
}

/// Columns that are empty in all rows of `empty` and filled in some of `filled`.
fn columns_without(empty: &[MetricsRow], filled: &[MetricsRow]) -> Vec<&'static str> {
    let has =
        |rows: &[MetricsRow], figure: Figure| rows.iter().any(|row| figure.in_row(row).is_some());
    let lacking = |figure: &Figure| !has(empty, *figure) && has(filled, *figure);
    FIGURE_COLUMNS.into_iter().filter(lacking).map(Figure::name).collect()
}

/// The key for comparing figures; `metrics.csv` has a single NaN.
fn bits(value: Option<f32>) -> Option<u32> {
    value.map(|value| if value.is_nan() { f32::NAN.to_bits() } else { value.to_bits() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::samples::row;

    fn rows(epochs: &[u64]) -> Vec<MetricsRow> {
        epochs.iter().map(|epoch| row(*epoch, 0.5, Some(0.4), 0.3)).collect()
    }

    #[test]
    fn the_last_digit_of_any_figure_parts_curves() {
        let (a, mut b) = (rows(&[0, 1, 2, 3]), rows(&[0, 1, 2, 3]));
        b[2].val_loss = b[2].val_loss.map(f32::next_up);
        b[3].train_loss = 0.0;
        let curves = CurveAgreement::of(&a, &b);
        assert_eq!((curves.common_epochs, curves.equal_until), (4, Some(1)));
        let parting = curves.first_difference.unwrap();
        assert_eq!(parting.epoch, 2);
        assert_eq!(parting.figures.len(), 1);
        assert_eq!(parting.figures[0].column, "val_loss");
        assert_eq!(parting.figures[0].a, Value::from(exact(a[2].val_loss.unwrap())));
    }

    #[test]
    fn only_epochs_that_both_evaluated_are_compared() {
        let curves = CurveAgreement::of(&rows(&[0, 5, 10]), &rows(&[0, 2, 4, 6, 8, 10, 11]));
        assert_eq!((curves.common_epochs, curves.first_difference), (2, None));
        assert_eq!((curves.a_last_epoch, curves.b_last_epoch), (Some(10), Some(11)));
        let curves = CurveAgreement::of(&rows(&[0, 1]), &[]);
        assert_eq!((curves.common_epochs, curves.b_last_epoch), (0, None));
        assert!(curves.only_in_a.is_empty());
    }

    #[test]
    fn a_sealed_split_parts_nothing() {
        let (a, mut b) = (rows(&[0, 1]), rows(&[0, 1]));
        for row in &mut b {
            (row.test_loss, row.test_accuracy, row.gap) = (None, None, None);
        }
        let curves = CurveAgreement::of(&a, &b);
        assert_eq!(curves.first_difference, None);
        assert_eq!(curves.only_in_a, ["test_loss", "test_accuracy", "gap"]);
        assert!(curves.only_in_b.is_empty());
    }

    #[test]
    fn nan_equals_nan() {
        let (mut a, mut b) = (rows(&[0]), rows(&[0]));
        (a[0].train_loss, b[0].train_loss) = (f32::NAN, -f32::NAN);
        assert_eq!(CurveAgreement::of(&a, &b).first_difference, None);
        b[0].train_loss = 1.0;
        let parting = CurveAgreement::of(&a, &b).first_difference.unwrap();
        assert_eq!(parting.figures[0].a, Value::Null);
    }
}
