//! The studentized range: how far apart the largest and the smallest of several equal means lie, in
//! standard errors, when the spread is estimated too. Its quantiles give Tukey's intervals.
//!
//! Both integrals are sums of equidistant points (the trapezoidal rule), whose error falls
//! exponentially for integrands that are analytic and vanish at both ends (Trefethen & Weideman,
//! 2014, <https://doi.org/10.1137/130932132>).

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// The value that the studentized range of `groups` means with `freedom` degrees of freedom stays
/// below with probability `p`; infinite `freedom` means a known spread.
///
/// NaN if undefined: fewer than two groups, less than one degree of freedom, `p` outside 0 to 1.
pub(super) fn quantile(p: f64, groups: usize, freedom: f64) -> f64 {
    let exists = groups >= 2 && freedom >= 1.0 && (0.0..1.0).contains(&p);
    if !exists {
        return f64::NAN;
    }
    let excess = |q: f64| distribution(q, groups, freedom) - p;
    let (mut low, mut high) = (0.0, 4.0);
    // One degree of freedom has heavy tails: p = 1 - 1e-9 lies near 1e9.
    while excess(high) < 0.0 && high < 1e12 {
        (low, high) = (high, 2.0 * high);
    }
    root(excess, low, high)
}

/// The probability that the studentized range of `groups` means with `freedom` degrees of freedom
/// is at most `q`.
fn distribution(q: f64, groups: usize, freedom: f64) -> f64 {
    if q <= 0.0 {
        return 0.0;
    }
    if freedom.is_infinite() {
        return range_distribution(q, groups);
    }
    // The mean of range_distribution(q * s) over the estimate s of the spread, s = exp(u). Its
    // density in u is exp(freedom * (u - (exp(2u) - 1) / 2)) times a constant, which divides out.
    let width = 1.0 / (2.0 * freedom).sqrt();
    let step = (0.6 * width).min(0.1 / (1.0 + (groups as f64).log10()));
    let weight = |u: f64| (freedom * (u - 0.5 * libm::expm1(2.0 * u))).exp();
    let (mut sum, mut total) = (0.0, 0.0);
    let mut add = |u: f64| {
        let (w, x) = (weight(u), q * u.exp());
        total += w;
        if w * most(x, groups) > 1e-17 {
            sum += w * range_distribution(x, groups);
        }
        w > 1e-17
    };
    let mut index = 0.0;
    while add(index * step) {
        index += 1.0;
    }
    index = -1.0;
    while add(index * step) {
        index -= 1.0;
    }
    (sum / total).min(1.0)
}

/// What `range_distribution` cannot exceed: the normal density is below 0.4 everywhere.
fn most(w: f64, groups: usize) -> f64 {
    let others = (groups - 1) as f64;
    (libm::log(groups as f64) + others * libm::log(0.4 * w)).exp().min(1.0)
}

/// The probability that `groups` standard normal numbers lie within a range of `w`: the integral
/// over the largest, z, of the chance that all others lie between z - w and z.
fn range_distribution(w: f64, groups: usize) -> f64 {
    const FARTHEST: f64 = 8.5; // the normal density is 1e-16 here
    // Two of so many numbers are hardly ever farther apart than this.
    if w > 2.0 * FARTHEST + 2.0 {
        return 1.0;
    }
    let others = (groups - 1) as f64;
    let step = 0.5 / (1.0 + (groups as f64).log10());
    let points = (2.0 * FARTHEST / step).ceil() as u32;
    let term = |index: u32| {
        let z = f64::from(index) * step - FARTHEST;
        let inside = normal_distribution(z) - normal_distribution(z - w);
        (others * libm::log(inside) - 0.5 * z * z).exp()
    };
    let sum: f64 = (0..=points).map(term).sum();
    (groups as f64 * step * sum / (2.0 * PI).sqrt()).min(1.0)
}

/// The normal distribution function.
pub(super) fn normal_distribution(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// Where an increasing function crosses zero: false position with the Illinois rule (Dowell &
/// Jarratt, 1971, <https://doi.org/10.1007/BF01934364>).
pub(super) fn root(function: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let (mut below, mut above) = (function(low), function(high));
    let mut was_below = None;
    for _ in 0..100 {
        let middle = (low * above - high * below) / (above - below);
        let value = function(middle);
        if value.abs() < 1e-13 || high - low <= 1e-10 * high {
            return middle;
        }
        let is_below = value < 0.0;
        // An end that stays for a second time counts half; otherwise it would stay forever.
        let stale = if was_below == Some(is_below) { 0.5 } else { 1.0 };
        if is_below {
            (low, below, above) = (middle, value, stale * above);
        } else {
            (high, above, below) = (middle, value, stale * below);
        }
        was_below = Some(is_below);
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_match_scipy() {
        let text = include_str!("../../tests/parity/studentized_range.json");
        let rows: Vec<[f64; 5]> = serde_json::from_str(text).unwrap();
        assert!(rows.len() > 200);
        for [p, groups, freedom, expected, _] in rows {
            let freedom = if freedom == 0.0 { f64::INFINITY } else { freedom };
            let got = quantile(p, groups as usize, freedom);
            let error = (got / expected - 1.0).abs();
            assert!(error < 1e-7, "p {p}, {groups} groups, freedom {freedom}: {got}, {expected}");
        }
    }

    #[test]
    fn two_groups_are_students_t() {
        // q = t * sqrt(2)
        let t = crate::stats::t_quantile(0.95, 7.0);
        assert!((quantile(0.95, 2, 7.0) / t / 2.0_f64.sqrt() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn many_groups_go_on_where_few_end() {
        let many: Vec<f64> =
            [100, 300, 1000, 10_000].map(|k| quantile(0.95, k, 2.0 * k as f64)).to_vec();
        assert!(many.is_sorted() && many[3] < 10.0, "{many:?}");
    }

    #[test]
    fn what_is_no_distribution_is_nan() {
        for (p, groups, freedom) in
            [(0.95, 1, 5.0), (0.95, 3, 0.0), (0.95, 3, f64::NAN), (1.0, 3, 5.0), (-0.1, 3, 5.0)]
        {
            assert!(quantile(p, groups, freedom).is_nan());
        }
        assert_eq!(quantile(0.0, 3, 5.0), 0.0);
    }
}
