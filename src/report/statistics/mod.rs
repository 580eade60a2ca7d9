//! Mean and spread over seeds, and what the seeds can show of a difference: Welch's interval.

/// Mean and sample standard deviation of one figure over the seeds of a config.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Arithmetic mean; NaN if any value is.
    pub mean: f64,
    /// Sample standard deviation (n - 1); absent for n = 1.
    pub std: Option<f64>,
    /// Number of values.
    pub n: usize,
}

/// Difference of two means and the half width of its 95 % interval, in the unit of the summaries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// First mean minus second mean.
    pub value: f64,
    /// Half width of Welch's 95 % interval; absent when a side has one value and so no spread.
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
        Some(Summary { mean, std, n })
    }

    /// Welch's comparison with another mean (Welch, 1947,
    /// <https://doi.org/10.1093/biomet/34.1-2.28>); the spreads may differ.
    pub fn minus(&self, other: &Summary) -> Difference {
        Difference { value: self.mean - other.mean, half_width: welch_half_width(self, other) }
    }
}

impl Difference {
    /// Whether seeds alone explain a difference as large as this one.
    pub fn is_within_noise(&self) -> bool {
        // Equal means cannot be told apart, even where the spread is zero.
        self.half_width.is_some_and(|half| self.value.abs() <= half || self.value == 0.0)
    }
}

fn welch_half_width(a: &Summary, b: &Summary) -> Option<f64> {
    let share = |s: &Summary| s.std.map(|std| std * std / s.n as f64);
    let (a_share, b_share) = (share(a)?, share(b)?);
    let variance = a_share + b_share;
    if variance == 0.0 {
        return Some(0.0);
    }
    let freedom = variance * variance
        / (a_share * a_share / (a.n - 1) as f64 + b_share * b_share / (b.n - 1) as f64);
    Some(t_quantile_975(freedom) * variance.sqrt())
}

/// The 97.5 % quantile of Student's t: the factor of a two-sided 95 % interval.
fn t_quantile_975(freedom: f64) -> f64 {
    // The normal distribution's quantile and that of one degree of freedom enclose all others.
    let (mut low, mut high) = (1.95, 12.71);
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if t_cdf(middle, freedom) < 0.975 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Distribution function of Student's t for `t` >= 0.
fn t_cdf(t: f64, freedom: f64) -> f64 {
    1.0 - 0.5 * incomplete_beta(0.5 * freedom, 0.5, freedom / (freedom + t * t))
}

/// Regularised incomplete beta function I_x(a, b) by its continued fraction (DLMF 8.17.22,
/// <https://dlmf.nist.gov/8.17#v>); the fraction converges fast on the lower side of the mean.
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(b, a, 1.0 - x);
    }
    let log_front = a * libm::log(x) + b * libm::log1p(-x) + libm::lgamma(a + b)
        - libm::lgamma(a)
        - libm::lgamma(b);
    libm::exp(log_front) / a / beta_fraction(a, b, x)
}

/// 1 + d1 / (1 + d2 / (1 + ...)), from front to back (modified Lentz).
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let tiny = 1e-300; // stands for a zero denominator
    let away_from_zero = |v: f64| if v.abs() < tiny { tiny } else { v };
    let (mut value, mut c, mut d) = (1.0, 1.0, 0.0);
    for k in 1..=1000_u32 {
        let m = f64::from(k / 2);
        let term = if k % 2 == 0 {
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        d = 1.0 / away_from_zero(1.0 + term * d);
        c = away_from_zero(1.0 + term / c);
        value *= c * d;
        if (c * d - 1.0).abs() < 1e-14 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_quantiles_match_scipy() {
        // scipy.stats.t.ppf(0.975, df), SciPy 1.17.1
        for (freedom, expected) in [
            (1.0, 12.706204736174694),
            (2.0, 4.302652729749462),
            (2.5, 3.5746548420036817),
            (3.0, 3.1824463052837078),
            (4.0, 2.7764451051977934),
            (10.0, 2.228138851986274),
            (30.0, 2.0422724563012378),
            (1000.0, 1.9623390808264083),
        ] {
            let got = t_quantile_975(freedom);
            assert!((got - expected).abs() < 1e-9, "{freedom}: {got}");
        }
        assert!((t_cdf(2.0, 3.0) - 0.9303370157205785).abs() < 1e-13);
    }

    #[test]
    fn welch_interval_matches_scipy() {
        // scipy.stats.ttest_ind(a, b, equal_var=False).confidence_interval()
        let a = Summary::of(&[0.531, 0.535, 0.529]).unwrap();
        let b = Summary::of(&[0.480, 0.484, 0.486, 0.490]).unwrap();
        let difference = a.minus(&b);
        let half = difference.half_width.unwrap();
        assert!((difference.value - half - 0.03965013970038913).abs() < 1e-10);
        assert!((difference.value + half - 0.05368319363294436).abs() < 1e-10);
        assert!(!difference.is_within_noise());
    }

    #[test]
    fn one_seed_has_no_spread_and_no_interval() {
        let one = Summary::of(&[0.5]).unwrap();
        assert_eq!(one.std, None);
        assert_eq!(one.minus(&one).half_width, None);
        assert!(!one.minus(&one).is_within_noise());
        assert_eq!(Summary::of(&[]), None);
    }

    #[test]
    fn equal_seeds_show_any_difference_but_none_of_equal_means() {
        let same = Summary::of(&[0.5, 0.5]).unwrap();
        let other = Summary::of(&[0.6, 0.6]).unwrap();
        assert!(same.minus(&same).is_within_noise());
        assert!(!other.minus(&same).is_within_noise());
    }

    #[test]
    fn nan_is_never_called_noise_or_difference() {
        let nan = Summary::of(&[f64::NAN, 0.5]).unwrap();
        let other = Summary::of(&[0.6, 0.7]).unwrap();
        assert!(nan.mean.is_nan());
        assert!(!nan.minus(&other).is_within_noise());
    }
}
