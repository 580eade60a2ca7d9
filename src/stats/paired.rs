//! The lead of one config over another that was trained with the same seeds, seed by seed: the
//! seeds' common effect cancels, and nothing is assumed about the spread of either.

use crate::stats::pairwise::{FALSE_ALARMS, first};
use crate::stats::student_t::t_of_tails;
use crate::stats::{Difference, Summary};

/// The lead of one config over another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lead {
    differences: Summary, // over the seeds that both have
    tails: f64,           // outside of the interval, on both sides together
}

impl Lead {
    /// The lead whose differences are these, one a seed; one of `family` leads that are looked at
    /// together, whose intervals hold at once with 95 % (Bonferroni). `None` without any seed.
    pub fn of(differences: &[f64], family: usize) -> Option<Lead> {
        let differences = Summary::of(differences)?;
        Some(Lead { differences, tails: FALSE_ALARMS / family.max(1) as f64 })
    }

    /// Seeds that both have.
    pub fn seeds(&self) -> usize {
        self.differences.n
    }

    /// The mean lead with its interval by Student's t. None for one seed; nor where all differ by the
    /// same: few seeds on few examples do that by chance, and an interval of no width claims too much.
    pub fn difference(&self) -> Difference {
        let half_width = self.half_width_with(self.differences.n);
        Difference { value: self.differences.mean, half_width }
    }

    /// With how many seeds this lead would be shown, if its mean and spread stayed what they are; `None`
    /// if more than 1000, or if there is no spread. With so many a true lead of this size is shown
    /// about every other time.
    pub fn seeds_needed(&self) -> Option<usize> {
        self.difference().half_width?;
        first(2, |n| {
            let half_width = self.half_width_with(n);
            Difference { value: self.differences.mean, half_width }.is_shown()
        })
    }

    fn half_width_with(&self, seeds: usize) -> Option<f64> {
        let std = self.differences.shown_std().filter(|std| std.is_finite())?;
        Some(t_of_tails(self.tails, seeds as f64 - 1.0) * std / (seeds as f64).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interval_of_one_lead_is_that_of_the_paired_t_test() {
        // SciPy's t quantile of two degrees of freedom times the deviation over the root of three.
        let lead = Lead::of(&[0.011, 0.002, 0.018], 1).unwrap();
        let Difference { value, half_width } = lead.difference();
        assert!((value - 0.010333333333333333).abs() < 1e-15 && lead.seeds() == 3);
        assert!((half_width.unwrap() - 0.019924787351365908).abs() < 1e-12, "{half_width:?}");
        let of_three = Lead::of(&[0.011, 0.002, 0.018], 3).unwrap().difference().half_width;
        assert!(of_three > half_width, "three at once need more room");
    }

    #[test]
    fn seeds_needed_are_the_first_that_show() {
        let lead =
            Lead { differences: Summary { mean: 0.01, std: Some(0.015), n: 3 }, tails: 0.025 };
        let needed = lead.seeds_needed().unwrap();
        let shows = |n| {
            let differences = Summary { n, ..lead.differences };
            Lead { differences, ..lead }.difference().is_shown()
        };
        assert!(needed > 3 && shows(needed) && !shows(needed - 1), "{needed}");
        assert_eq!(Lead::of(&[-0.01, 0.01], 1).unwrap().seeds_needed(), None);
    }

    #[test]
    fn what_has_no_spread_shows_nothing() {
        for differences in [&[0.3][..], &[0.25, 0.25, 0.25], &[f64::NAN, 0.3]] {
            let lead = Lead::of(differences, 2).unwrap();
            assert_eq!((lead.difference().half_width, lead.seeds_needed()), (None, None));
            assert!(!lead.difference().is_shown());
        }
        assert_eq!(Lead::of(&[], 1), None);
    }
}
