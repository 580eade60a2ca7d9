//! What a comparison of two configs with fresh seeds can find.

use crate::stats::t_quantile;

/// The smallest true difference of two configs that a two-sided test at 5 % with `seeds` seeds each finds in 80 % of
/// all studies, as a multiple of the spread between seeds. None with fewer than two seeds.
pub fn smallest_found(seeds: u64) -> Option<f64> {
    let freedom = 2.0 * seeds.checked_sub(1).filter(|free| *free > 0)? as f64;
    let (test, power) = (t_quantile(0.95, freedom), t_quantile(0.6, freedom)); // 0.6 on both sides: 80 % below
    Some((test + power) * (2.0 / seeds as f64).sqrt())
}

/// The fewest seeds of each config, from `least` to `most`, with which that test finds a true difference of `effect`
/// spreads; none if not even `most` are enough.
pub fn seeds_to_find(effect: f64, least: u64, most: u64) -> Option<u64> {
    (least..=most).find(|seeds| smallest_found(*seeds).is_some_and(|found| found <= effect))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `statsmodels.stats.power.TTestIndPower().solve_power(nobs1=n, alpha=0.05, power=0.8)` gives 2.024 and 3.071 for 5
    /// and 3 seeds; the sum of two quantiles is a little more with few seeds.
    #[test]
    fn more_seeds_find_smaller_differences() {
        let of = |seeds| (100.0 * smallest_found(seeds).unwrap()).round() / 100.0;
        assert_eq!([of(3), of(5), of(10)], [3.04, 2.02, 1.33]);
        assert_eq!(smallest_found(1), None);
    }

    #[test]
    fn as_many_seeds_as_the_effect_needs() {
        assert_eq!(seeds_to_find(2.1, 2, 10), Some(5));
        assert_eq!(seeds_to_find(2.1, 7, 10), Some(7));
        assert_eq!(seeds_to_find(1.0, 2, 10), None);
        assert_eq!(seeds_to_find(100.0, 0, 10), Some(2));
        assert_eq!(seeds_to_find(f64::NAN, 2, 10), None);
    }
}
