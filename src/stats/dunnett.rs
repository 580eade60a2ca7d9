//! Dunnett's test: how far the means of several changes lie from that of one baseline, in standard errors,
//! when all are equal and the spread is estimated too (Dunnett, 1955,
//! <https://doi.org/10.1080/01621459.1955.10501294>; unequal numbers: Dunnett, 1964,
//! <https://doi.org/10.2307/2528490>).
//!
//! The changes have the baseline in common, and given its mean they are independent: one integral over
//! that mean, and one over the estimate of the spread. Both are sums of equidistant points, as in
//! `studentized_range.rs`.

use std::collections::BTreeMap;
use std::f64::consts::PI;
use std::sync::{Mutex, PoisonError};

use crate::stats::pairwise::FALSE_ALARMS;
use crate::stats::studentized_range::{normal_distribution, root};

/// Changes whose statistics have the same correlation with the mean of the baseline.
#[derive(Debug, Clone, Copy)]
struct Alike {
    shared: f64, // correlation with the mean of the baseline
    own: f64,    // root of the rest of the variance
    changes: f64,
}

/// Half width of the 95 % interval in standard errors.
pub(super) fn factor(baseline: usize, mut counts: Vec<usize>, freedom: f64) -> f64 {
    // Cached, as Tukey's in `pairwise.rs`.
    type Key = (usize, Vec<usize>, u64);
    static KNOWN: Mutex<BTreeMap<Key, f64>> = Mutex::new(BTreeMap::new());
    counts.sort_unstable();
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (baseline, counts, freedom.to_bits());
    if let Some(factor) = known.get(&key) {
        return *factor;
    }
    let factor = critical_value(1.0 - FALSE_ALARMS, baseline, &key.1, freedom);
    known.insert(key, factor);
    factor
}

/// The value that the largest of all |differences| from the baseline, in standard errors, stays below
/// with probability `p`, for `counts` replicates of each change, `baseline` of the baseline, and a spread
/// estimated with `freedom` degrees of freedom; infinite `freedom` means a known spread.
///
/// NaN if undefined: no change, a count of 0, less than one degree of freedom, `p` outside 0 to 1.
fn critical_value(p: f64, baseline: usize, counts: &[usize], freedom: f64) -> f64 {
    let exists = !counts.is_empty()
        && baseline > 0
        && !counts.contains(&0)
        && freedom >= 1.0
        && (0.0..1.0).contains(&p);
    if !exists {
        return f64::NAN;
    }
    let family = family(baseline, counts);
    let excess = |c: f64| distribution(c, &family, freedom) - p;
    let (mut low, mut high) = (0.0, 4.0);
    while excess(high) < 0.0 && high < 1e12 {
        (low, high) = (high, 2.0 * high);
    }
    root(excess, low, high)
}

/// The changes by their number of replicates.
fn family(baseline: usize, counts: &[usize]) -> Vec<Alike> {
    let mut sorted = counts.to_vec();
    sorted.sort_unstable();
    let alike = |group: &[usize]| {
        let share = group[0] as f64 / (group[0] + baseline) as f64;
        Alike { shared: share.sqrt(), own: (1.0 - share).sqrt(), changes: group.len() as f64 }
    };
    sorted.chunk_by(|a, b| a == b).map(alike).collect()
}

/// The probability that all |differences| are at most `c` estimated standard errors.
fn distribution(c: f64, family: &[Alike], freedom: f64) -> f64 {
    if c <= 0.0 {
        return 0.0;
    }
    if freedom.is_infinite() {
        return known_spread(c, family);
    }
    // The mean over the estimate s of the spread, s = exp(u), as in `studentized_range.rs`.
    let changes: f64 = family.iter().map(|alike| alike.changes).sum();
    let width = 1.0 / (2.0 * freedom).sqrt();
    let step = (0.6 * width).min(0.1 / (1.0 + libm::log10(changes + 1.0)));
    let weight = |u: f64| libm::exp(freedom * (u - 0.5 * libm::expm1(2.0 * u)));
    let (mut sum, mut total) = (0.0, 0.0);
    let mut add = |u: f64| {
        let (w, x) = (weight(u), c * libm::exp(u));
        total += w;
        // One difference alone is below x with at most 0.8 x, the normal density being below 0.4.
        if w * x > 1e-17 {
            sum += w * known_spread(x, family);
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

/// The probability that all |differences| are at most `c` true standard errors: the integral over the
/// mean z of the baseline.
fn known_spread(c: f64, family: &[Alike]) -> f64 {
    const FARTHEST: f64 = 8.5; // the normal density is 1e-16 here
    // Given z, a difference has the spread `own`: a narrow one needs small steps.
    let narrowest = family.iter().map(|a| a.own / a.shared).fold(1.0, f64::min);
    let changes: f64 = family.iter().map(|alike| alike.changes).sum();
    let step = 0.5 * narrowest / (1.0 + libm::log10(changes + 1.0));
    let points = (FARTHEST / step).ceil() as u32;
    let term = |index: u32| {
        let z = f64::from(index) * step;
        let of_group = |alike: &Alike| {
            let (centre, half) = (alike.shared * z / alike.own, c / alike.own);
            // Both tails are on the side where they keep their digits.
            let inside = normal_distribution(half - centre) - normal_distribution(-half - centre);
            alike.changes * libm::log(inside.max(0.0))
        };
        let inside: f64 = family.iter().map(of_group).sum();
        let twice = if index == 0 { 1.0 } else { 2.0 }; // z and -z
        twice * libm::exp(inside - 0.5 * z * z)
    };
    let sum: f64 = (0..=points).map(term).sum();
    (step * sum / (2.0 * PI).sqrt()).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn fixture() -> Value {
        serde_json::from_str(include_str!("../../tests/parity/dunnett.json")).unwrap()
    }

    #[test]
    fn critical_values_match_quadrature() {
        let rows: Vec<(f64, f64, usize, Vec<usize>, f64, f64)> =
            serde_json::from_value(fixture()["critical"].take()).unwrap();
        assert!(rows.len() > 100);
        for (p, freedom, baseline, counts, expected, by_scipy) in rows {
            let freedom = if freedom == 0.0 { f64::INFINITY } else { freedom };
            let got = critical_value(p, baseline, &counts, freedom);
            let error = (got / expected - 1.0).abs();
            assert!(error < 1e-7, "{p}, {baseline}, {counts:?}, {freedom}: {got}, {expected}");
            assert!(by_scipy == 0.0 || (by_scipy - p).abs() < 1e-3, "{by_scipy}");
        }
    }

    #[test]
    fn one_change_is_students_t() {
        let t = crate::stats::t_quantile(0.95, 7.0);
        assert!((critical_value(0.95, 3, &[6], 7.0) / t - 1.0).abs() < 1e-9);
    }

    #[test]
    fn tables_of_1955_are_found() {
        // Dunnett (1955), table 2a: two-sided, 95 %, equal numbers.
        for (changes, freedom, expected) in
            [(2, 5.0, 3.03), (9, 20.0, 2.95), (3, 10.0, 2.76), (5, 60.0, 2.55)]
        {
            let got = critical_value(0.95, 4, &vec![4; changes], freedom);
            // His were approximate: Dunnett (1964) gives values up to 0.03 smaller.
            assert!((got - expected).abs() < 0.05, "{changes}, {freedom}: {got}");
        }
    }

    #[test]
    fn many_changes_have_values_that_rise() {
        let many: Vec<f64> =
            [100, 1000, 10_000].map(|k| critical_value(0.95, 9, &vec![3; k], 2e3)).to_vec();
        assert!(many.is_sorted() && many[2] < 10.0, "{many:?}");
    }

    #[test]
    fn what_is_no_distribution_is_nan() {
        for (p, baseline, counts, freedom) in [
            (0.95, 0, &[3, 3][..], 5.0),
            (0.95, 3, &[], 5.0),
            (0.95, 3, &[3, 0], 5.0),
            (0.95, 3, &[3], 0.0),
            (0.95, 3, &[3], f64::NAN),
            (1.0, 3, &[3], 5.0),
        ] {
            assert!(critical_value(p, baseline, counts, freedom).is_nan());
        }
        assert_eq!(critical_value(0.0, 3, &[3], 5.0), 0.0);
    }
}
