//! How high the largest of several equal scores is by luck, and how far ahead of the second: the
//! bias from choosing the best of a search.

use std::f64::consts::PI;

use crate::stats::studentized_range::normal_distribution;

/// The normal density is 1e-17 and less beyond.
const FARTHEST: f64 = 8.7;
/// Distance of the points at which integrands are added up (the trapezoidal rule, whose error falls
/// exponentially here: Trefethen & Weideman, 2014, <https://doi.org/10.1137/130932132>).
const STEP: f64 = 0.01;

/// The expected largest of `count` standard normal numbers: the integral of z over the density of the
/// largest, k φ(z) Φ(z)^(k-1). 0 for one of them.
pub fn expected_largest(count: usize) -> f64 {
    let density = |z: f64| libm::exp(-0.5 * z * z) / (2.0 * PI).sqrt();
    integral(|z| count as f64 * z * density(z) * others_below(z, count))
}

/// The expected distance from the largest of `count` standard normal numbers to the second: the
/// integral of k Φ(z)^(k-1) (1 - Φ(z)), the chance that exactly one lies above z (David & Nagaraja,
/// Order Statistics, 2003, section 3.1). 0 for fewer than two.
pub fn expected_lead(count: usize) -> f64 {
    match count {
        0 | 1 => 0.0,
        _ => integral(|z| count as f64 * others_below(z, count) * normal_distribution(-z)),
    }
}

fn others_below(z: f64, count: usize) -> f64 {
    libm::pow(normal_distribution(z), count.saturating_sub(1) as f64)
}

fn integral(integrand: impl Fn(f64) -> f64) -> f64 {
    let points = (2.0 * FARTHEST / STEP) as u32;
    let sum: f64 = (0..=points).map(|i| integrand(f64::from(i) * STEP - FARTHEST)).sum();
    STEP * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expectations_match_the_tables() {
        // Harter (1961), https://doi.org/10.1093/biomet/48.1-2.151: the two largest of 2 to 100.
        for (count, largest, second) in [
            (2, 0.56419, -0.56419),
            (3, 0.84628, 0.0),
            (4, 1.02938, 0.29701),
            (5, 1.16296, 0.49502),
            (10, 1.53875, 1.00136),
            (100, 2.50759, 2.14814),
        ] {
            let got = (expected_largest(count), expected_lead(count));
            assert!((got.0 - largest).abs() < 1e-5, "{count}: {got:?}");
            assert!((got.1 - (largest - second)).abs() < 2e-5, "{count}: {got:?}");
        }
        assert!(expected_largest(1).abs() < 1e-12 && expected_lead(1) == 0.0);
        assert!(expected_largest(100_000) > 4.3 && expected_largest(100_000) < 4.5);
    }
}
