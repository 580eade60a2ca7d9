//! Mean and spread over seeds and folds, and what the seeds can show about differences between configs.

mod blocks;
mod change;
mod dunnett;
mod folds;
mod largest;
mod many_to_one;
mod paired;
mod pairwise;
mod rank;
mod seed_effects;
mod student_t;
mod studentized_range;
mod welch;
mod welch_levels;

use std::sync::LazyLock;

use clap::ValueEnum;

pub use change::Change;
pub use folds::{Fold, Unit};
pub use largest::{expected_largest, expected_lead};
pub use many_to_one::{Against, Choice, Design, Replicate, against};
pub use paired::Lead;
pub use pairwise::Pairwise;
pub use rank::spearman;
pub(super) use student_t::t_quantile;
pub use welch::welch;

/// Smaller differences are rounding errors of equal figures: accuracies are 32-bit numbers, so two
/// equal gaps may be 1e-7 apart. One example in a million makes a larger difference.
pub(super) const ROUNDING: f64 = 2e-7;

/// Means that differ by less than a part of this many are equal: they differ by the order in which they were summed.
const PARTS: f64 = 1e9;

/// The figure without the rounding errors of a sum, so that equal means are equal.
pub(crate) fn without_rounding(figure: f64) -> f64 {
    let parts = (figure * PARTS).round();
    if parts.is_finite() { parts / PARTS } else { figure }
}

/// Mean and sample standard deviation of one figure over the seeds of a config.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Arithmetic mean; NaN if any value is.
    pub mean: f64,
    /// Sample standard deviation (n - 1); absent for n = 1.
    pub std: Option<f64>,
    /// Number of values: runs, or folds.
    pub n: usize,
    /// Variance that all values have in common and their spread does not show, in variances of a value: 1 / (K - 1)
    /// for K folds (see `folds.rs`), 0 for independent values.
    pub shared: f64,
}

/// What the ± after a mean shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Spread {
    /// Half width of the 95 % interval of the mean.
    #[default]
    Interval,
    /// Standard deviation over the seeds.
    Std,
}

/// Difference of two means and the half width of its 95 % interval, in the unit of the summaries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// First mean minus second mean.
    pub value: f64,
    /// Half width of the interval; absent if the values show no spread: a single value, or values
    /// that all agree.
    pub half_width: Option<f64>,
}

impl Summary {
    /// Summary of the values; `None` if there are none.
    pub fn of(values: &[f64]) -> Option<Summary> {
        if values.is_empty() {
            return None;
        }
        let n = values.len();
        let mean = values.iter().sum::<f64>() / n as f64;
        let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
        let std = (n > 1).then(|| (squares / (n - 1) as f64).sqrt());
        Some(Summary { mean, std, n, shared: 0.0 })
    }

    /// The standard deviation, if the values show a spread: not for one value, nor for several that
    /// agree to the last digit. With few examples they do so by chance, and an interval of zero
    /// width would claim too much.
    pub fn shown_std(&self) -> Option<f64> {
        self.std.filter(|std| *std > ROUNDING)
    }

    /// Whether there are several values that happen to agree.
    pub fn agrees(&self) -> bool {
        self.std.is_some_and(|std| std <= ROUNDING)
    }

    /// Half width of the 95 % interval of the mean by Student's t; absent if there is no spread.
    pub fn half_width(&self) -> Option<f64> {
        Some(interval_factor(self.n) * self.shown_std()? * self.variance_of_mean().sqrt())
    }

    /// Variance of the mean, in variances of a value.
    pub fn variance_of_mean(&self) -> f64 {
        1.0 / self.n as f64 + self.shared
    }

    /// A single value.
    pub fn single(value: f64) -> Summary {
        Summary { mean: value, std: None, n: 1, shared: 0.0 }
    }

    /// No value.
    pub fn nothing() -> Summary {
        Summary { mean: f64::NAN, std: None, n: 0, shared: 0.0 }
    }
}

/// The factor for n >= 2 values, looked up for common n, because a table has thousands of cells.
fn interval_factor(n: usize) -> f64 {
    static USUAL: LazyLock<Vec<f64>> =
        LazyLock::new(|| (1..=32).map(|freedom| t_quantile(0.95, f64::from(freedom))).collect());
    let usual = n.checked_sub(2).and_then(|index| USUAL.get(index));
    usual.copied().unwrap_or_else(|| t_quantile(0.95, n as f64 - 1.0))
}

impl Spread {
    /// The spread to show for `summary`; absent if the values show no spread.
    pub fn of(self, summary: &Summary) -> Option<f64> {
        match self {
            Spread::Interval => summary.half_width(),
            Spread::Std => summary.shown_std(),
        }
    }
}

impl Difference {
    /// Whether the seeds show a difference at all.
    pub fn is_shown(&self) -> bool {
        self.half_width.is_some_and(|half| self.value.abs() > half.max(ROUNDING))
    }

    /// Whether seeds alone explain a difference as large as this one; unknown, and so false, if
    /// there is no spread.
    pub fn is_within_noise(&self) -> bool {
        self.half_width.is_some_and(|half| self.value.abs() <= half.max(ROUNDING))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interval_of_a_mean_matches_scipy() {
        // scipy.stats.ttest_1samp(values, 0).confidence_interval()
        let three = Summary::of(&[0.531, 0.535, 0.529]).unwrap();
        assert!((three.half_width().unwrap() - 0.007589166067193509).abs() < 1e-12);
        assert_eq!(Spread::Interval.of(&three), three.half_width());
        assert_eq!(Spread::Std.of(&three), three.std);
        let forty: Vec<f64> = (0..40).map(f64::from).collect();
        let forty = Summary::of(&forty).unwrap();
        assert!((forty.half_width().unwrap() - 3.7387879149750916).abs() < 1e-9);
    }

    #[test]
    fn one_seed_has_no_spread_and_no_interval() {
        let one = Summary::of(&[0.5]).unwrap();
        assert_eq!((one.std, one.half_width()), (None, None));
        assert_eq!(Summary::of(&[]), None);
    }

    #[test]
    fn values_that_agree_show_no_spread() {
        let equal = Summary::of(&[0.6, 0.6, 0.6]).unwrap();
        assert!(equal.agrees() && equal.std.is_some());
        assert_eq!((equal.half_width(), Spread::Std.of(&equal)), (None, None));
        // Gaps of 1/10 that 32-bit accuracies have.
        let gap = |train: f32, test: f32| f64::from(train) - f64::from(test);
        let gaps = [gap(23.0 / 30.0, 20.0 / 30.0), gap(28.0 / 30.0, 25.0 / 30.0)];
        let rounded = Summary::of(&gaps).unwrap();
        assert!(rounded.std.unwrap() > 1e-9 && rounded.agrees(), "{rounded:?}");
        assert!(!Summary::of(&[0.6, 0.6001]).unwrap().agrees());
        assert!(!Summary::of(&[0.6]).unwrap().agrees());
        assert!(!Summary::of(&[f64::NAN, 0.6]).unwrap().agrees());
    }

    #[test]
    fn nan_is_never_called_noise_or_difference() {
        let nan = Summary::of(&[f64::NAN, 0.5]).unwrap();
        assert!(nan.mean.is_nan());
        let difference = Difference { value: nan.mean, half_width: Some(0.1) };
        assert!(!difference.is_within_noise() && !difference.is_shown());
    }
}
