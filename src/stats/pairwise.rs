//! Differences between all pairs of several configs at once. The best of them is chosen from the
//! same figures, so testing each pair alone at 5 % would mistake noise for a difference far too
//! often.
//!
//! The rule: a difference is shown if two intervals agree that it is not zero: Tukey's (1949,
//! <https://doi.org/10.2307/3001913>; with Kramer's unequal n), from the spread of all configs
//! together, and Welch's at 5 % divided by the number of configs, from the spread of the two.
//! Tukey's alone errs if spreads differ (24 % of tables of 12 configs, one of them with five times
//! the spread), Welch's alone if there are many pairs (13 %), and Games-Howell, which is meant for
//! both, if a config has two seeds (18 %). Together they stay below 5 % in every case of
//! `tests/soak/false_alarms.sh`; the price with few seeds is that they miss more.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::stats::student_t::{t_of_tails, t_tails};
use crate::stats::{Difference, ROUNDING, Summary, studentized_range};

/// Chance that a table of equal configs shows any difference.
pub(super) const FALSE_ALARMS: f64 = 0.05;

/// More seeds than anyone trains.
const MOST_SEEDS: usize = 1000;

/// Variance from rounding in seeds that agree.
const LEAST_VARIANCE: f64 = ROUNDING * ROUNDING;

/// Configs that are compared with each other by one figure, by their position.
#[derive(Debug, Clone)]
pub struct Pairwise {
    summaries: Vec<Summary>,
    groups: usize,          // with a spread: those whose differences can be shown
    pooled: Option<Pooled>, // absent if fewer than two have several seeds, or none of them differ
}

/// The spread of all configs together.
#[derive(Debug, Clone, Copy)]
struct Pooled {
    variance: f64,
    factor: f64, // of Tukey's interval, in standard errors of a difference
}

/// Standard error of a difference and Welch's degrees of freedom for it.
#[derive(Debug, Clone, Copy)]
struct Welch {
    error: f64,
    freedom: f64,
}

impl Pairwise {
    /// The family of these configs. A config with a single seed, or with NaN, has no spread: no
    /// difference from it is ever shown.
    pub fn of(summaries: &[Summary]) -> Pairwise {
        let spreads = || summaries.iter().filter_map(|s| Some((variance(s)?, (s.n - 1) as f64)));
        let groups = spreads().count();
        let freedom: f64 = spreads().map(|(_, freedom)| freedom).sum();
        let squares: f64 = spreads().map(|(variance, weight)| variance * weight).sum();
        let variance = squares / freedom;
        let pooled = (groups > 1 && variance > LEAST_VARIANCE)
            .then(|| Pooled { variance, factor: tukey_factor(groups, freedom) });
        Pairwise { summaries: summaries.to_vec(), groups, pooled }
    }

    /// Whether two configs have more than one seed, without which no difference can be shown.
    pub fn has_seeds(&self) -> bool {
        self.groups > 1
    }

    /// Whether `i` and `j` have more than one seed each but still no spread, because within both
    /// all happen to agree.
    pub fn agree(&self, i: usize, j: usize) -> bool {
        self.summaries[i].agrees() && self.summaries[j].agrees()
    }

    /// Whether the difference of `i` and `j` has an interval: both have more than one seed, and not all of
    /// them agree.
    pub fn has_interval(&self, i: usize, j: usize) -> bool {
        let (a, b) = (&self.summaries[i], &self.summaries[j]);
        self.tukey(a, b).and(Welch::of(a, b)).is_some()
    }

    /// Mean of config `i` minus that of `j`, with the wider of the two half widths; without one if
    /// either has one seed, or both show no spread.
    pub fn difference(&self, i: usize, j: usize) -> Difference {
        let (a, b) = (&self.summaries[i], &self.summaries[j]);
        let half_width = self
            .tukey(a, b)
            .zip(Welch::of(a, b))
            .map(|(tukey, welch)| tukey.max(welch.half_width(self.tails())));
        Difference { value: a.mean - b.mean, half_width }
    }

    /// Whether the seeds show that the means of `i` and `j` differ: like `difference`, but without
    /// its costly quantile.
    pub fn is_shown(&self, i: usize, j: usize) -> bool {
        let (a, b) = (&self.summaries[i], &self.summaries[j]);
        let is_beyond = |half_width| Difference { value: a.mean - b.mean, half_width }.is_shown();
        let welch = Welch::of(a, b);
        is_beyond(self.tukey(a, b)) && welch.is_some_and(|w| w.p_of(a.mean - b.mean) < self.tails())
    }

    /// The smallest difference from config `i` that these seeds can show of any other one.
    pub fn smallest_shown(&self, i: usize) -> Option<f64> {
        let one = &self.summaries[i];
        let others = self.summaries.iter().enumerate().filter(|(j, _)| *j != i);
        others.fold(None, |smallest: Option<f64>, (j, other)| {
            let Some(tukey) = self.tukey(one, other) else {
                return smallest;
            };
            // Tukey's is a lower bound, so most pairs need no further check.
            if smallest.is_some_and(|least| tukey >= least) {
                return smallest;
            }
            match (self.difference(i, j).half_width, smallest) {
                (Some(half_width), Some(least)) => Some(least.min(half_width)),
                (half_width, smallest) => half_width.or(smallest),
            }
        })
    }

    /// How many seeds each config would need for the difference of `i` and `j` to be shown, if
    /// means and spreads stayed the same; `None` if more than 1000, or if the spread is unknown. A
    /// config without its own spread is given that of all together. It is one number for all
    /// configs, whatever each has now: every config would have this many seeds.
    ///
    /// With this many seeds, a true difference of that size is shown about every other time. `None` for folds: what they
    /// share does not shrink with more seeds.
    pub fn seeds_needed(&self, i: usize, j: usize) -> Option<usize> {
        let pooled = self.pooled.filter(|_| !self.shares_data(i, j))?;
        let (a, b) = (&self.summaries[i], &self.summaries[j]);
        let groups = self.summaries.iter().filter(|s| s.mean.is_finite()).count();
        let with = |s: &Summary, n: usize| {
            let std = s.shown_std().unwrap_or(pooled.variance.sqrt());
            Summary { std: Some(std), n, ..*s }
        };
        let is_beyond =
            |half: f64| Difference { value: a.mean - b.mean, half_width: Some(half) }.is_shown();
        let welch_shows = |n| {
            let welch = Welch::of(&with(a, n), &with(b, n));
            welch.is_some_and(|w| is_beyond(w.half_width(FALSE_ALARMS / groups as f64)))
        };
        let tukey_shows = |n: usize| {
            let factor = tukey_factor(groups, (groups * (n - 1)) as f64);
            is_beyond(factor * (2.0 * pooled.variance / n as f64).sqrt())
        };
        first(2, welch_shows).and_then(|n| first(n, tukey_shows))
    }

    /// Whether the values of either are of folds, which share training examples.
    pub fn shares_data(&self, i: usize, j: usize) -> bool {
        self.summaries[i].shared > 0.0 || self.summaries[j].shared > 0.0
    }

    /// Welch's share of the false alarms, on both sides together.
    fn tails(&self) -> f64 {
        FALSE_ALARMS / self.groups as f64
    }

    fn tukey(&self, a: &Summary, b: &Summary) -> Option<f64> {
        let Pooled { variance: pooled, factor } = self.pooled?;
        variance(a).and(variance(b))?;
        Some(factor * (pooled * (a.variance_of_mean() + b.variance_of_mean())).sqrt())
    }
}

impl Welch {
    /// Welch (1947, <https://doi.org/10.1093/biomet/34.1-2.28>); none if neither shows a spread.
    fn of(a: &Summary, b: &Summary) -> Option<Welch> {
        let (x, y) = (variance(a)? * a.variance_of_mean(), variance(b)? * b.variance_of_mean());
        a.shown_std().or(b.shown_std())?;
        let freedom = (x + y) * (x + y) / (x * x / (a.n - 1) as f64 + y * y / (b.n - 1) as f64);
        Some(Welch { error: (x + y).sqrt(), freedom })
    }

    fn half_width(self, tails: f64) -> f64 {
        t_of_tails(tails, self.freedom) * self.error
    }

    /// Chance of a difference this large or larger between equal means.
    fn p_of(self, value: f64) -> f64 {
        t_tails(value.abs() / self.error, self.freedom)
    }
}

/// Variance over the seeds; absent for one seed, and if a figure is NaN.
fn variance(summary: &Summary) -> Option<f64> {
    summary.std.filter(|std| std.is_finite()).map(|std| std * std)
}

/// Half width of Tukey's interval in standard errors of a difference.
pub(super) fn tukey_factor(groups: usize, freedom: f64) -> f64 {
    // Cached, because the figures of a comparison and simulated tables share it; it takes
    // milliseconds.
    static KNOWN: Mutex<BTreeMap<(usize, u64), f64>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    *known.entry((groups, freedom.to_bits())).or_insert_with(|| {
        let range = studentized_range::quantile(1.0 - FALSE_ALARMS, groups, freedom);
        range * std::f64::consts::FRAC_1_SQRT_2
    })
}

/// The smallest number from `from` on, up to the most seeds, for which `shows` holds (it then holds
/// for all larger ones).
pub(super) fn first(from: usize, shows: impl Fn(usize) -> bool) -> Option<usize> {
    if shows(from) {
        return Some(from);
    }
    let (mut no, mut yes) = (from, MOST_SEEDS);
    if !shows(yes) {
        return None;
    }
    while yes - no > 1 {
        let middle = no.midpoint(yes);
        if shows(middle) { yes = middle } else { no = middle }
    }
    Some(yes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family(configs: &[&[f64]]) -> Pairwise {
        let summaries: Vec<Summary> =
            configs.iter().map(|values| Summary::of(values).unwrap()).collect();
        Pairwise::of(&summaries)
    }

    #[test]
    fn the_wider_interval_counts() {
        // scipy.stats.tukey_hsd and ttest_ind(equal_var=False) at a level of 1 - 0.05 / 3.
        let pairs = family(&[&[0.531, 0.535, 0.529], &[0.480, 0.484, 0.486, 0.490], &[0.5, 0.52]]);
        for (i, j, tukey, welch) in [
            (0, 1, 0.01573962483137062, 0.009648358562699022),
            (0, 2, 0.018812449898644196, 0.3167358684918432),
            (1, 2, 0.017847057014255832, 0.29584582412084015),
        ] {
            let got = pairs.difference(i, j).half_width.unwrap();
            assert!((got - f64::max(tukey, welch)).abs() < 1e-9, "{i}, {j}: {got}");
        }
        let shown = [(0, 1), (0, 2), (1, 2)].map(|(i, j)| pairs.is_shown(i, j));
        assert_eq!(shown, [true, false, false]);
        assert_eq!(pairs.smallest_shown(0), pairs.difference(0, 1).half_width);
    }

    #[test]
    fn both_ways_to_ask_agree() {
        let mut shown = 0;
        for step in 0..200_u32 {
            let shift = f64::from(step) * 1e-3;
            let pairs = family(&[&[0.1, 0.11, 0.13], &[0.1 + shift, 0.12 + shift], &[0.3, 0.3]]);
            for (i, j) in [(0, 1), (1, 0), (0, 2), (1, 2)] {
                assert_eq!(pairs.is_shown(i, j), pairs.difference(i, j).is_shown(), "{step}");
                shown += u32::from(pairs.is_shown(i, j));
            }
        }
        assert!(shown > 100 && shown < 700, "{shown}");
    }

    #[test]
    fn one_seed_shows_nothing() {
        let pairs = family(&[&[0.1, 0.1001], &[0.5, 0.5001], &[0.9], &[f64::NAN, 0.3]]);
        assert!(pairs.is_shown(0, 1));
        for i in 0..2 {
            assert!(!pairs.is_shown(i, 2) && pairs.difference(2, i).half_width.is_none());
            assert!(!pairs.is_shown(3, i) && pairs.difference(i, 3).half_width.is_none());
        }
        let single = family(&[&[0.1], &[0.9, 0.8]]);
        assert!(!single.has_seeds() && !single.is_shown(0, 1));
        assert_eq!((single.smallest_shown(0), single.seeds_needed(0, 1)), (None, None));
        assert!(!Pairwise::of(&[]).has_seeds());
    }

    #[test]
    fn seeds_that_agree_show_no_difference() {
        let pairs = family(&[&[0.5, 0.5], &[0.6, 0.6], &[0.5, 0.5, 0.5]]);
        assert!(pairs.has_seeds() && pairs.agree(0, 1));
        for (i, j) in [(0, 1), (0, 2), (1, 2)] {
            assert_eq!(pairs.difference(i, j).half_width, None);
            assert!(!pairs.is_shown(i, j) && !pairs.has_interval(i, j));
            assert!(!pairs.difference(i, j).is_within_noise());
        }
        assert_eq!((pairs.smallest_shown(0), pairs.seeds_needed(0, 1)), (None, None));
    }

    #[test]
    fn two_that_agree_show_nothing_beside_one_that_does_not() {
        let pairs = family(&[&[0.5, 0.5], &[0.6, 0.6], &[0.50, 0.52]]);
        assert!(!pairs.is_shown(0, 1) && pairs.difference(0, 1).half_width.is_none());
        // If only one of the two has a spread, Welch's has its one degree of freedom.
        let half_width = pairs.difference(1, 2).half_width.unwrap();
        assert!(half_width > 0.3, "{half_width}");
        assert_eq!(pairs.smallest_shown(1), Some(half_width), "none is less than one that is seen");
        assert!(pairs.seeds_needed(0, 1).is_some(), "by the spread of all together");
    }

    #[test]
    fn seeds_needed_are_the_first_that_show() {
        // The same means and spreads with n seeds each.
        let with = |n: usize| {
            let summary = |mean, std| Summary { mean, std: Some(std), n, shared: 0.0 };
            Pairwise::of(&[summary(0.50, 0.01), summary(0.51, 0.01), summary(0.49, 0.02)])
        };
        let needed = with(3).seeds_needed(0, 1).unwrap();
        assert!(needed > 3 && needed < 40, "{needed}");
        assert!(!with(needed - 1).is_shown(0, 1) && with(needed).is_shown(0, 1));
        assert_eq!(with(20).seeds_needed(0, 1), Some(needed));
        let equal = family(&[&[0.1, 0.2], &[0.1, 0.2]]);
        assert_eq!(equal.seeds_needed(0, 1), None);
    }
}
