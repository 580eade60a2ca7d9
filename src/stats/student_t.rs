//! Student's t distribution: the factor of an interval of a mean, and of Welch's of a difference.

/// The factor of a two-sided interval that covers with probability `level`: the quantile of (1 +
/// `level`) / 2. NaN if undefined: `level` outside 0 to 1, `freedom` not above 0.
pub(crate) fn t_quantile(level: f64, freedom: f64) -> f64 {
    match level > 0.0 && level < 1.0 {
        true => t_of_tails(1.0 - level, freedom),
        false => f64::NAN,
    }
}

/// The t >= 0 beyond which the probability on both sides together is `tails`; also exact for small
/// ones, where 1 - `tails` would be rounded to 1.
pub(super) fn t_of_tails(tails: f64, freedom: f64) -> f64 {
    let exists = tails > 0.0 && tails < 1.0 && freedom > 0.0;
    if !exists {
        return f64::NAN;
    }
    // Newton's method in ln t: the logarithm of the tails is concave in it and nearly straight
    // far out, so that each step but the first comes from above.
    let mut t = libm::sqrt(-2.0 * libm::log(tails)).clamp(1e-3, 30.0);
    for _ in 0..100 {
        let area = t_tails(t, freedom);
        let slope = 2.0 * t * t_density(t, freedom) / area;
        let step = (libm::log(area / tails) / slope).clamp(-20.0, 20.0);
        t *= libm::exp(step);
        if step.abs() < 1e-11 || !t.is_finite() {
            break;
        }
    }
    t
}

/// The probability of a value beyond `t` >= 0 on either side.
pub(super) fn t_tails(t: f64, freedom: f64) -> f64 {
    incomplete_beta(0.5 * freedom, 0.5, freedom / (freedom + t * t))
}

fn t_density(t: f64, freedom: f64) -> f64 {
    let log_front = libm::lgamma(0.5 * freedom + 0.5)
        - libm::lgamma(0.5 * freedom)
        - 0.5 * libm::log(freedom * std::f64::consts::PI);
    libm::exp(log_front - 0.5 * (freedom + 1.0) * libm::log1p(t * t / freedom))
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
        // scipy.stats.t.isf(tails / 2, df), SciPy 1.17.1
        for (tails, freedom, expected) in [
            (0.5, 1.0, 1.0000000000000002),
            (0.5, 1.3, 0.9095175281352076),
            (0.5, 2.0, 0.8164965809277261),
            (0.5, 2.5, 0.7850136829922992),
            (0.5, 4.0, 0.7406970841126829),
            (0.5, 10.0, 0.6998120613124317),
            (0.5, 30.0, 0.6827556933212927),
            (0.5, 1000.0, 0.6747351646070093),
            (0.5, 100000.0, 0.674492203553292),
            (0.05, 1.0, 12.706204736174705),
            (0.05, 1.3, 7.500529325562036),
            (0.05, 2.0, 4.302652729749464),
            (0.05, 2.5, 3.5746548420036834),
            (0.05, 4.0, 2.7764451051977943),
            (0.05, 10.0, 2.2281388519862753),
            (0.05, 30.0, 2.042272456301238),
            (0.05, 1000.0, 1.9623390808264085),
            (0.05, 100000.0, 1.95998770753461),
            (0.004166666666666667, 1.0, 152.78656370042415),
            (0.004166666666666667, 1.3, 51.12320219075784),
            (0.004166666666666667, 2.0, 15.4434790070546),
            (0.004166666666666667, 2.5, 10.263740292159234),
            (0.004166666666666667, 4.0, 5.885305081781693),
            (0.004166666666666667, 10.0, 3.6914783871392562),
            (0.004166666666666667, 30.0, 3.1016750196938623),
            (0.004166666666666667, 1000.0, 2.8718713880727016),
            (0.004166666666666667, 100000.0, 2.865326210523314),
            (1e-05, 1.0, 63661.97723152214),
            (1e-05, 1.3, 5295.603081907139),
            (1e-05, 2.0, 316.22539430365174),
            (1e-05, 2.5, 115.65224026898544),
            (1e-05, 4.0, 27.771647659366717),
            (1e-05, 10.0, 8.150286558895806),
            (1e-05, 30.0, 5.299451342153791),
            (1e-05, 1000.0, 4.439926468838978),
            (1e-05, 100000.0, 4.417399929936309),
            (1e-09, 1.0, 636619772.3675814),
            (1e-09, 1.3, 6321767.365097317),
            (1e-09, 2.0, 31622.776577966713),
            (1e-09, 2.5, 4604.533051971916),
            (1e-09, 4.0, 278.3097799244099),
            (1e-09, 10.0, 21.622044154485064),
            (1e-09, 30.0, 8.72151122437306),
            (1e-09, 1000.0, 6.168430247805824),
            (1e-09, 100000.0, 6.109995609253466),
        ] {
            let got = t_of_tails(tails, freedom);
            assert!((got / expected - 1.0).abs() < 1e-9, "{tails}, {freedom}: {got}, {expected}");
        }
        assert!((t_quantile(0.95, 4.0) - 2.7764451051977934).abs() < 1e-12);
        assert!((t_tails(2.0, 3.0) - 2.0 * (1.0 - 0.9303370157205785)).abs() < 1e-13);
    }

    #[test]
    fn what_is_no_quantile_is_nan() {
        for (level, freedom) in [(0.0, 3.0), (1.0, 3.0), (f64::NAN, 3.0), (0.95, 0.0)] {
            assert!(t_quantile(level, freedom).is_nan());
        }
    }
}
