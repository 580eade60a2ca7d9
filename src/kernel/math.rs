//! Exponential and error functions that are the same everywhere: built only from correctly rounded
//! operations, without branches, so that they vectorise. Unless stated otherwise, coefficients are
//! those of Cephes (Moshier, 1989, <https://www.netlib.org/cephes/>), in fused multiply-adds.

/// 1.5 * 2^23: adding it to a number rounds it to an integer, which is then in the low bits.
const ROUND: f32 = 12_582_912.0;
/// ln 2 in two parts; a product of the first with a small integer is exact.
const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];

/// e^x, to 1.1 ulp. NaN stays NaN, and overflow becomes infinity.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    // Beyond these, the result is infinity or zero.
    let x = if x > 89.0 { 89.0 } else { x };
    let x = if x < -104.0 { -104.0 } else { x };
    let rounded = x.mul_add(std::f32::consts::LOG2_E, ROUND);
    let n = rounded - ROUND;
    let r = (-n).mul_add(LN_2[0], x);
    let r = (-n).mul_add(LN_2[1], r);
    let p = 1.987_569_1e-4_f32.mul_add(r, 1.398_199_9e-3);
    let p = p.mul_add(r, 8.333_452e-3);
    let p = p.mul_add(r, 4.166_579_6e-2);
    let p = p.mul_add(r, 1.666_666_5e-1);
    let p = p.mul_add(r, 0.5);
    let e_r = p.mul_add(r * r, r) + 1.0;
    // 2^n in two factors, because n may be beyond the exponents of normal numbers.
    let n = (rounded.to_bits() as i32).wrapping_sub(ROUND.to_bits() as i32);
    let half = n >> 1;
    e_r * power_of_two(half) * power_of_two(n.wrapping_sub(half))
}

/// 2^n for n from -126 to 127.
#[inline(always)]
fn power_of_two(n: i32) -> f32 {
    f32::from_bits((n.wrapping_add(127) as u32) << 23)
}

/// 1 / (1 + e^-x), to 3 ulp.
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    let e = exp(-x.abs()); // of a negative number only: it cannot overflow
    let numerator = if x >= 0.0 { 1.0 } else { e };
    numerator / (1.0 + e)
}

/// Hyperbolic tangent, to 2 ulp.
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    let z = x * x;
    let p = (-5.704_988_7e-3_f32).mul_add(z, 2.063_909e-2);
    let p = p.mul_add(z, -5.373_971_6e-2);
    let p = p.mul_add(z, 1.333_144_2e-1);
    let p = p.mul_add(z, -3.333_328e-1);
    let small = (p * z).mul_add(x, x);
    let large = 1.0 - 2.0 / (exp(2.0 * x.abs()) + 1.0);
    if x.abs() < 0.625 { small } else { large.copysign(x) }
}

/// Error function, to 2 ulp. The polynomials are minimax fits: of erf(x) / x - 1 in x² below the
/// point where they meet, and above it of ln(erfc(x)) / x in x, up to where the result is 1.
#[inline(always)]
pub fn erf(x: f32) -> f32 {
    let z = x * x;
    let p = (-5.964_282e-4_f32).mul_add(z, 4.988_011e-3);
    let p = p.mul_add(z, -2.676_313e-2);
    let p = p.mul_add(z, 1.128_172_1e-1);
    let p = p.mul_add(z, -3.761_248_6e-1);
    let p = p.mul_add(z, 1.283_791_5e-1);
    let small = p.mul_add(x, x);
    let t = if x.abs() > 4.0 { 4.0 } else { x.abs() };
    let q = 2.132_689_4e-4_f32.mul_add(t, -3.209_126_4e-3);
    let q = q.mul_add(t, 2.287_153e-2);
    let q = q.mul_add(t, -1.052_335_2e-1);
    let q = q.mul_add(t, -6.357_394_5e-1);
    let q = q.mul_add(t, -1.128_508_2);
    let large = 1.0 - exp(q * t);
    if x.abs() < 0.9277 { small } else { large.copysign(x) }
}

/// x · Φ(x), where Φ is the normal distribution function: PyTorch's `GELU` without approximation.
#[inline(always)]
pub fn gelu(x: f32) -> f32 {
    x * normal_cdf(x)
}

/// The derivative of [`gelu`]: Φ(x) + x · φ(x).
#[inline(always)]
pub fn gelu_slope(x: f32) -> f32 {
    gelu_and_slope(x).1
}

/// [`gelu`] and its slope, for less than one after the other.
#[inline(always)]
pub fn gelu_and_slope(x: f32) -> (f32, f32) {
    let density = FRAC_1_SQRT_TAU * exp(-0.5 * x * x);
    let cdf = normal_cdf(x);
    (x * cdf, x.mul_add(density, cdf))
}

/// 1 / sqrt(2 pi)
const FRAC_1_SQRT_TAU: f32 = 0.398_942_3;

#[inline(always)]
fn normal_cdf(x: f32) -> f32 {
    0.5 * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest error in a walk through many floats of `range`, in units in the last place of
    /// the result.
    fn largest_ulp_error(
        range: std::ops::Range<f32>,
        ours: impl Fn(f32) -> f32,
        reference: impl Fn(f64) -> f64,
    ) -> f64 {
        let mut worst = 0.0f64;
        let mut check = |x: f32| {
            let (result, exact) = (f64::from(ours(x)), reference(f64::from(x)));
            let rounded = exact as f32;
            let ulp = f64::from(f32::from_bits(rounded.abs().to_bits() + 1) - rounded.abs());
            worst = worst.max((result - exact).abs() / ulp);
        };
        // The first steps visit all exponents equally often, the second ones divide the range
        // evenly.
        for bits in (0..f32::INFINITY.to_bits()).step_by(20_011) {
            for x in [f32::from_bits(bits), -f32::from_bits(bits)] {
                if range.contains(&x) {
                    check(x);
                }
            }
        }
        let steps = 400_000;
        for i in 0..steps {
            check(range.start + (range.end - range.start) * (i as f32 / steps as f32));
        }
        worst
    }

    #[test]
    fn errors_are_a_few_units_in_the_last_place() {
        let exp_error = largest_ulp_error(-103.0..88.7, exp, libm::exp);
        assert!(exp_error < 1.1, "exp: {exp_error}");
        let exact = |x: f64| 1.0 / (1.0 + libm::exp(-x));
        let sigmoid_error = largest_ulp_error(-87.0..100.0, sigmoid, exact);
        assert!(sigmoid_error < 3.0, "sigmoid: {sigmoid_error}");
        let tanh_error = largest_ulp_error(-20.0..20.0, tanh, libm::tanh);
        assert!(tanh_error < 2.0, "tanh: {tanh_error}");
        let erf_error = largest_ulp_error(-1e30..1e30, erf, libm::erf);
        let erf_error = erf_error.max(largest_ulp_error(-4.5..4.5, erf, libm::erf));
        assert!(erf_error < 2.0, "erf: {erf_error}");
    }

    /// As accurate as 1 + erf allows: a few units in the last place of 1, times x.
    #[test]
    fn gelu_and_its_slope_are_exact_to_a_few_units_of_the_distribution_function() {
        let cdf = |x: f64| 0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2);
        let density = |x: f64| libm::exp(-0.5 * x * x) / libm::sqrt(std::f64::consts::TAU);
        for i in -60_000..60_000 {
            let x = i as f32 * 1e-4;
            let exact = f64::from(x);
            let error = (f64::from(gelu(x)) - exact * cdf(exact)).abs();
            assert!(error <= 1.5e-7 * exact.abs(), "gelu({x}): {error}");
            let error = (f64::from(gelu_slope(x)) - cdf(exact) - exact * density(exact)).abs();
            assert!(error < 3e-7, "slope at {x}: {error}");
        }
    }

    #[test]
    fn the_logarithm_of_the_loss_is_exact_to_an_ulp() {
        let error = largest_ulp_error(1e-30..1e30, libm::logf, libm::log);
        assert!(error < 1.0, "logf: {error}");
    }

    #[test]
    fn limits_are_reached_and_nan_stays() {
        assert_eq!([exp(f32::INFINITY), exp(1e30), exp(88.73)], [f32::INFINITY; 3]);
        assert_eq!(
            [exp(f32::NEG_INFINITY), exp(-1e30), exp(-104.0), exp(0.0)],
            [0.0, 0.0, 0.0, 1.0]
        );
        assert_eq!([sigmoid(-1e30), sigmoid(0.0), sigmoid(1e30)], [0.0, 0.5, 1.0]);
        assert_eq!([tanh(f32::NEG_INFINITY), tanh(0.0), tanh(1e30)], [-1.0, 0.0, 1.0]);
        assert_eq!([erf(f32::NEG_INFINITY), erf(0.0), erf(1e30)], [-1.0, 0.0, 1.0]);
        assert_eq!([gelu(-1e30), gelu(0.0), gelu(1e30)], [0.0, 0.0, 1e30]);
        assert_eq!([gelu_slope(-1e30), gelu_slope(0.0), gelu_slope(1e30)], [0.0, 0.5, 1.0]);
        let of_nan = [exp, sigmoid, tanh, erf, gelu, gelu_slope].map(|f| f(f32::NAN));
        assert!(of_nan.iter().all(|x| x.is_nan()), "{of_nan:?}");
    }

    #[test]
    fn vectorised_functions_give_the_same_bits() {
        assert_same_bits(exp);
        assert_same_bits(sigmoid);
        assert_same_bits(tanh);
        assert_same_bits(erf);
        assert_same_bits(gelu);
        assert_same_bits(gelu_slope);
    }

    /// Generic, so that the function is inlined into both loops instead of being called through a
    /// pointer.
    fn assert_same_bits(function: impl Fn(f32) -> f32) {
        let inputs: Vec<f32> = (-4000..4000).map(|i| i as f32 * 0.0273).collect();
        let plain: Vec<u32> = inputs.iter().map(|&x| function(x).to_bits()).collect();
        let mut fast = vec![0; inputs.len()];
        crate::kernel::vectorise(
            #[inline(always)]
            || {
                for (bits, x) in fast.iter_mut().zip(&inputs) {
                    *bits = function(*x).to_bits();
                }
            },
        );
        assert_eq!(plain, fast);
    }
}
