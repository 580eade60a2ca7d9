//! The newest and best rows of two runs side by side, with their differences.

use serde::Serialize;

use crate::runs::figures::{exact, exact_gap};
use crate::runs::metrics::MetricsRow;
use crate::runs::record::RunRecord;

/// One figure of both runs, in the newest row and in the best; accuracies and gap as fractions,
/// differences are b - a.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct FigurePair {
    pub(super) name: &'static str,
    #[serde(skip)]
    pub(super) unit: ShownUnit,
    pub(super) last: Pair,
    pub(super) best: Pair,
}

/// How a figure is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShownUnit {
    /// As it is.
    Epochs,
    /// A fraction, shown in percent or points.
    Fraction,
    /// Nats per example.
    Loss,
}

/// A figure of both runs; NaN is `null`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub(super) struct Pair {
    pub(super) a: Option<f64>,
    pub(super) b: Option<f64>,
    pub(super) difference: Option<f64>,
}

/// The names of the figures, their units, and their field in a row.
type KnownFigure = (&'static str, ShownUnit, fn(&MetricsRow) -> Option<f64>);
const KNOWN: [KnownFigure; 8] = [
    ("epoch", ShownUnit::Epochs, |row| Some(row.epoch as f64)),
    ("train_accuracy", ShownUnit::Fraction, |row| Some(exact(row.train_accuracy))),
    ("val_accuracy", ShownUnit::Fraction, |row| row.val_accuracy.map(exact)),
    ("test_accuracy", ShownUnit::Fraction, |row| row.test_accuracy.map(exact)),
    ("gap", ShownUnit::Fraction, |row| exact_gap(row).map(rounded)),
    ("train_loss", ShownUnit::Loss, |row| Some(exact(row.train_loss))),
    ("val_loss", ShownUnit::Loss, |row| row.val_loss.map(exact)),
    ("test_loss", ShownUnit::Loss, |row| row.test_loss.map(exact)),
];

/// The figures that either run has.
pub(super) fn figures_of(a: &RunRecord, b: &RunRecord) -> Vec<FigurePair> {
    let figure_pair = |(name, unit, of): KnownFigure| {
        let pair = |row_a: &Option<MetricsRow>, row_b: &Option<MetricsRow>| {
            Pair::of(row_a.as_ref().and_then(of), row_b.as_ref().and_then(of))
        };
        FigurePair { name, unit, last: pair(&a.last, &b.last), best: pair(&a.best, &b.best) }
    };
    let is_there = |figure: &FigurePair| figure.last.a.or(figure.last.b).is_some();
    KNOWN.into_iter().map(figure_pair).filter(is_there).collect()
}

impl Pair {
    fn of(a: Option<f64>, b: Option<f64>) -> Pair {
        let difference = a.zip(b).map(|(a, b)| rounded(b - a));
        Pair { a, b, difference }
    }
}

/// More digits than a 32-bit figure has, without binary rounding noise.
fn rounded(figure: f64) -> f64 {
    format!("{figure:.9e}").parse().unwrap_or(figure) + 0.0
}

impl FigurePair {
    /// Whether both runs have the same.
    pub(super) fn is_equal(&self) -> bool {
        let same = |pair: &Pair| pair.a.map(f64::to_bits) == pair.b.map(f64::to_bits);
        same(&self.last) && same(&self.best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_have_no_noise_behind_their_decimals() {
        assert_eq!(Pair::of(Some(0.529), Some(0.53)).difference, Some(0.001));
        assert_eq!(Pair::of(Some(1e-12), Some(3e-12)).difference, Some(2e-12));
        assert_eq!(Pair::of(Some(0.5), None).difference, None);
        let equal = Pair::of(Some(0.3), Some(0.3)).difference;
        assert_eq!(equal.map(f64::to_bits), Some(0));
        assert!(Pair::of(Some(0.3), Some(f64::NAN)).difference.is_some_and(f64::is_nan));
    }
}
