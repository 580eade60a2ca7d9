//! Welch's interval of a difference of two means (Welch, 1947, <https://doi.org/10.1093/biomet/34.1-2.28>), with the
//! degrees of freedom of Satterthwaite (1946, <https://doi.org/10.2307/3002019>).

use crate::stats::{Difference, Summary, t_quantile};

/// The least variance of a run, of a figure in which one example makes `resolution`: the spread of a run is at least half of
/// it, which is the most that a figure between two neighbouring counts can scatter. 0 if the resolution is unknown.
pub(super) fn least_variance(resolution: f64) -> f64 {
    let resolution = if resolution.is_finite() { resolution } else { 0.0 };
    0.25 * resolution * resolution
}

/// The standard error of a difference of two means.
#[derive(Debug, Clone, Copy)]
pub(super) struct StandardError {
    pub(super) error: f64,
    pub(super) freedom: f64,
}

impl StandardError {
    /// From the variance of each mean and the number of its runs.
    pub(super) fn of([x, n]: [f64; 2], [y, m]: [f64; 2]) -> StandardError {
        let freedom = (x + y) * (x + y) / (x * x / (n - 1.0) + y * y / (m - 1.0));
        StandardError { error: (x + y).sqrt(), freedom }
    }
}

/// The first mean minus the second, with its 95 % interval; one comparison alone, of runs that are not paired. No interval
/// with fewer than two runs of each, or where nothing shows a spread. For `resolution` see `least_variance`.
pub fn welch(a: &Summary, b: &Summary, resolution: f64) -> Difference {
    let of = |summary: &Summary| {
        let (std, n) = (summary.shown_std().unwrap_or(0.0), summary.n as f64);
        (summary.n > 1).then(|| [(std * std).max(least_variance(resolution)) / n, n])
    };
    let half_width = of(a).zip(of(b)).filter(|(a, b)| a[0] + b[0] > 0.0).map(|(of_a, of_b)| {
        let StandardError { error, freedom } = StandardError::of(of_a, of_b);
        t_quantile(0.95, freedom) * error
    });
    Difference { value: a.mean - b.mean, half_width }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64]) -> Summary {
        Summary::of(values).unwrap()
    }

    /// `scipy.stats.ttest_ind([.7, .74, .73], [.6, .64], equal_var=False).confidence_interval()`
    #[test]
    fn intervals_are_those_of_scipy() {
        let difference = welch(&of(&[0.7, 0.74, 0.73]), &of(&[0.6, 0.64]), 0.01);
        let half = difference.half_width.unwrap();
        assert!((difference.value - 0.103_333_333).abs() < 1e-9);
        assert!((half - WELCH_HALF_WIDTH).abs() < 1e-9, "{half}");
        assert_eq!(welch(&of(&[0.7]), &of(&[0.6, 0.64]), 0.01).half_width, None);
    }

    const WELCH_HALF_WIDTH: f64 = 0.116_294_479_226_955_18;

    #[test]
    fn runs_that_agree_differ_by_at_least_half_an_example() {
        let (all, most) = (of(&[1.0; 5]), of(&[0.9; 5]));
        assert_eq!(welch(&all, &most, 0.0).half_width, None);
        // Both spread by 0.005: a standard error of 0.005 * sqrt(2 / 5), and t = 2.306 for 8 degrees of freedom.
        let half = welch(&all, &most, 0.01).half_width.unwrap();
        assert!((half - 2.306_004 * 0.005 * 0.4_f64.sqrt()).abs() < 1e-7, "{half}");
        assert!(welch(&all, &most, 0.01).is_shown() && !welch(&all, &most, 0.2).is_shown());
    }
}
