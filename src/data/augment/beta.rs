//! Beta-distributed numbers, from two gamma-distributed ones (Marsaglia & Tsang, 2000,
//! <https://doi.org/10.1145/358407.358414>). Computed in logarithms, because for a small alpha the
//! gamma numbers themselves would be 0.

use crate::rng::Stream;

/// A draw from Beta(alpha, alpha), for `alpha` above 0: in [0, 1], with mean 1/2.
pub(super) fn symmetric_beta(alpha: f64, stream: &mut Stream) -> f64 {
    let (first, first_power) = log_gamma(alpha, stream);
    let (second, second_power) = log_gamma(alpha, stream);
    // The powers are kept apart: each may be infinite, but their difference is not NaN.
    let distance = (second - first) + (second_power - first_power) / alpha;
    1.0 / (1.0 + libm::exp(distance))
}

/// The logarithm of a draw from Gamma(alpha, 1), as the sum of the first number and the second one
/// divided by alpha: Gamma(alpha) is Gamma(alpha + 1) times a uniform number to the power 1 / alpha.
fn log_gamma(alpha: f64, stream: &mut Stream) -> (f64, f64) {
    let of_next = libm::log(gamma_above_one(alpha + 1.0, stream));
    (of_next, libm::log(1.0 - stream.uniform()))
}

/// A draw from Gamma(alpha, 1) for `alpha` of 1 or more, above 0.
fn gamma_above_one(alpha: f64, stream: &mut Stream) -> f64 {
    let d = alpha - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = stream.normal();
        let base = 1.0 + c * x;
        if base <= 0.0 {
            continue;
        }
        let v = base * base * base;
        let u = 1.0 - stream.uniform();
        if libm::log(u) < 0.5 * x * x + d - d * v + d * libm::log(v) {
            return d * v;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};

    const DRAWS: usize = 100_000;

    /// Mean and variance of draws, each with its standard error from the fourth moment.
    fn moments(mut draw: impl FnMut() -> f64) -> [(f64, f64); 2] {
        let draws: Vec<f64> = (0..DRAWS).map(|_| draw()).collect();
        let n = DRAWS as f64;
        let mean = draws.iter().sum::<f64>() / n;
        let central = |power: i32| draws.iter().map(|x| (x - mean).powi(power)).sum::<f64>() / n;
        let variance = central(2);
        let of_variance = ((central(4) - variance * variance) / n).sqrt();
        [(mean, (variance / n).sqrt()), (variance, of_variance)]
    }

    #[track_caller]
    fn assert_moments(draw: impl FnMut() -> f64, expected: [f64; 2], what: &str) {
        for ((found, error), expected) in moments(draw).into_iter().zip(expected) {
            let distance = (found - expected).abs();
            assert!(distance <= 5.0 * error + 1e-12, "{what}: {found} of {expected} ± {error}");
        }
    }

    #[test]
    fn gamma_has_mean_and_variance_alpha() {
        for (i, alpha) in [1.0, 1.2, 2.0, 7.5, 100.0].into_iter().enumerate() {
            let mut stream = stream(3, Purpose::Augmentation, 0, i as u64);
            assert_moments(|| gamma_above_one(alpha, &mut stream), [alpha; 2], "gamma");
        }
        for (i, alpha) in [0.2, 0.5, 1.0, 3.0].into_iter().enumerate() {
            let mut stream = stream(3, Purpose::Augmentation, 1, i as u64);
            let draw = || {
                let (log, power) = log_gamma(alpha, &mut stream);
                (log + power / alpha).exp()
            };
            assert_moments(draw, [alpha; 2], "gamma by its logarithm");
        }
    }

    #[test]
    fn beta_has_mean_one_half_and_variance_by_alpha() {
        for (i, alpha) in [0.05, 0.2, 0.5, 1.0, 2.0, 20.0].into_iter().enumerate() {
            let mut stream = stream(3, Purpose::Augmentation, 2, i as u64);
            let variance = 1.0 / (4.0 * (2.0 * alpha + 1.0));
            let what = format!("beta of {alpha}");
            assert_moments(|| symmetric_beta(alpha, &mut stream), [0.5, variance], &what);
        }
    }

    /// Beta(1/2, 1/2) is the arcsine distribution, Beta(1, 1) the uniform one: whole shapes.
    #[test]
    fn known_shapes_are_met_at_every_tenth() {
        let arcsine = |x: f64| 2.0 / std::f64::consts::PI * x.sqrt().asin();
        let shapes: [(f64, &dyn Fn(f64) -> f64); 2] = [(0.5, &arcsine), (1.0, &|x| x)];
        for (alpha, shape) in shapes {
            let mut stream = stream(3, Purpose::Augmentation, 3, 0);
            let draws: Vec<f64> = (0..DRAWS).map(|_| symmetric_beta(alpha, &mut stream)).collect();
            for tenth in 1..10 {
                let x = f64::from(tenth) / 10.0;
                let share = draws.iter().filter(|draw| **draw < x).count() as f64 / DRAWS as f64;
                // 5 standard deviations are at most 0.008.
                assert!((share - shape(x)).abs() < 0.008, "{alpha}: {share} below {x}");
            }
        }
    }

    #[test]
    fn extreme_alphas_give_shares_all_the_same() {
        let mut stream = stream(3, Purpose::Augmentation, 4, 0);
        for alpha in [5e-324, 1e-300, 1e-38, 1e-3, 1e10, 3e38, 1e300, f64::MAX] {
            let draws: Vec<f64> = (0..1000).map(|_| symmetric_beta(alpha, &mut stream)).collect();
            assert!(draws.iter().all(|share| (0.0..=1.0).contains(share)), "{alpha}");
        }
    }

    #[test]
    fn draws_are_pinned() {
        let mut stream = stream(1, Purpose::Augmentation, 0, 0);
        let draws = [0.2, 1.0, 5.0].map(|alpha| symmetric_beta(alpha, &mut stream));
        insta::assert_debug_snapshot!(draws);
    }
}
