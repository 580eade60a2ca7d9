//! The lead of one config over another that was trained with the same seeds, seed by seed: the
//! seeds' common effect cancels, and nothing is assumed about the spread of either.

use std::collections::BTreeSet;

use crate::stats::many_to_one::Replicate;
use crate::stats::pairwise::{FALSE_ALARMS, first};
use crate::stats::student_t::t_of_tails;
use crate::stats::{Difference, Summary, Unit};

/// The lead of one config over another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lead {
    differences: Summary, // over the seeds that both have, or the folds
    seeds: usize,
    tails: f64, // outside of the interval, on both sides together
}

impl Lead {
    /// The lead of a config with these figures over another, run by run of the same seed and fold; one of `family`
    /// leads that are looked at together, whose intervals hold at once with 95 % (Bonferroni). `None` if the two have
    /// no such runs.
    pub fn over(ours: &[Replicate], theirs: &[Replicate], family: usize) -> Option<Lead> {
        let difference = |run: &Replicate| {
            let other = theirs.iter().find(|other| other.block() == run.block())?;
            Some(Replicate { value: run.value - other.value, ..*run })
        };
        let differences: Vec<Replicate> = ours.iter().filter_map(difference).collect();
        let seeds: BTreeSet<u64> = differences.iter().map(|run| run.seed).collect();
        let unit = Unit::of([&differences[..]]);
        let tails = FALSE_ALARMS / family.max(1) as f64;
        let differences = Summary::over(&differences, unit)?;
        Some(Lead { differences, seeds: seeds.len(), tails })
    }

    /// Seeds that both have.
    pub fn seeds(&self) -> usize {
        self.seeds
    }

    /// Whether its interval is over folds, which share training examples.
    pub fn is_over_folds(&self) -> bool {
        self.differences.shared > 0.0
    }

    /// The mean lead with its interval by Student's t. None for one seed; nor where all differ by the
    /// same: few seeds on few examples do that by chance, and an interval of no width claims too much.
    pub fn difference(&self) -> Difference {
        let half_width = self.half_width_with(self.differences.n);
        Difference { value: self.differences.mean, half_width }
    }

    /// With how many seeds this lead would be shown, if its mean and spread stayed what they are; `None`
    /// if more than 1000, or if there is no spread. With so many a true lead of this size is shown
    /// about every other time. `None` for folds too: what they share does not shrink with more seeds.
    pub fn seeds_needed(&self) -> Option<usize> {
        self.difference().half_width.filter(|_| !self.is_over_folds())?;
        first(2, |n| {
            let half_width = self.half_width_with(n);
            Difference { value: self.differences.mean, half_width }.is_shown()
        })
    }

    fn half_width_with(&self, seeds: usize) -> Option<f64> {
        let std = self.differences.shown_std().filter(|std| std.is_finite())?;
        let with = Summary { n: seeds, ..self.differences };
        Some(t_of_tails(self.tails, seeds as f64 - 1.0) * std * with.variance_of_mean().sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lead whose differences are these.
    fn of(differences: &[f64], family: usize) -> Option<Lead> {
        let runs = |value: &dyn Fn(usize) -> f64| -> Vec<Replicate> {
            (0..differences.len()).map(|at| Replicate::of_seed(at as u64, value(at))).collect()
        };
        Lead::over(&runs(&|at| differences[at]), &runs(&|_| 0.0), family)
    }

    #[test]
    fn interval_of_one_lead_is_that_of_the_paired_t_test() {
        // SciPy's t quantile of two degrees of freedom times the deviation over the root of three.
        let lead = of(&[0.011, 0.002, 0.018], 1).unwrap();
        let Difference { value, half_width } = lead.difference();
        assert!((value - 0.010333333333333333).abs() < 1e-15 && lead.seeds() == 3);
        assert!((half_width.unwrap() - 0.019924787351365908).abs() < 1e-12, "{half_width:?}");
        let of_three = of(&[0.011, 0.002, 0.018], 3).unwrap().difference().half_width;
        assert!(of_three > half_width, "three at once need more room");
    }

    #[test]
    fn seeds_needed_are_the_first_that_show() {
        let lead = Lead {
            differences: Summary { mean: 0.01, std: Some(0.015), n: 3, shared: 0.0 },
            seeds: 3,
            tails: 0.025,
        };
        let needed = lead.seeds_needed().unwrap();
        let shows = |n| {
            let differences = Summary { n, ..lead.differences };
            Lead { differences, ..lead }.difference().is_shown()
        };
        assert!(needed > 3 && shows(needed) && !shows(needed - 1), "{needed}");
        assert_eq!(of(&[-0.01, 0.01], 1).unwrap().seeds_needed(), None);
    }

    #[test]
    fn what_has_no_spread_shows_nothing() {
        for differences in [&[0.3][..], &[0.25, 0.25, 0.25], &[f64::NAN, 0.3]] {
            let lead = of(differences, 2).unwrap();
            assert_eq!((lead.difference().half_width, lead.seeds_needed()), (None, None));
            assert!(!lead.difference().is_shown());
        }
        assert_eq!(of(&[], 1), None);
    }
}
