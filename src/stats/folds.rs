//! Runs that validate on different parts of the same examples. Any two of them share most of their training examples,
//! so they differ less from each other than trainings on other data would: the spread between them is too small, and a
//! mean over more of them is hardly surer.
//!
//! The variance of such a mean is taken to be 1/J + n2/n1 times that of one figure instead of 1/J, for J figures, each
//! from n1 training and n2 validation examples (Nadeau & Bengio, 2003, <https://doi.org/10.1023/A:1024068626366>); for K
//! folds n2/n1 is 1/(K - 1). Runs of one fold with several seeds share everything else, so they are averaged first:
//! the folds are what is counted. `tests/soak/folds.rs` shows how often that errs.

use std::collections::{BTreeMap, BTreeSet};

use crate::stats::Summary;
use crate::stats::many_to_one::Replicate;

/// One of the parts that take turns to validate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fold {
    /// The number of parts.
    pub of: u64,
    /// Which of them.
    pub number: u64,
}

/// What counts as one observation of a config.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unit {
    /// Each run.
    #[default]
    Run,
    /// Each fold, with the mean of its runs; each run where a config has no folds.
    Fold,
}

impl Unit {
    /// Folds if any config has runs of two or more. Where all have one, they differ by seed alone, as without folds.
    pub fn of<'a>(configs: impl IntoIterator<Item = &'a [Replicate]>) -> Unit {
        let has_several = |runs: &[Replicate]| {
            let folds: BTreeSet<Fold> = runs.iter().filter_map(|run| run.fold).collect();
            folds.len() > 1
        };
        if configs.into_iter().any(has_several) { Unit::Fold } else { Unit::Run }
    }
}

/// The observations of a config, and what their spread does not show.
#[derive(Debug, Clone)]
pub(super) struct Observations {
    pub(super) list: Vec<Replicate>,
    /// Variance that they have in common, in variances of one of them.
    pub(super) shared: f64,
}

impl Observations {
    /// Those of a config with these runs.
    pub(super) fn of(runs: &[Replicate], unit: Unit) -> Observations {
        let parts: BTreeSet<Option<u64>> = runs.iter().map(|run| Some(run.fold?.of)).collect();
        let parts = match parts.into_iter().collect::<Vec<_>>()[..] {
            [Some(parts)] if unit == Unit::Fold => parts,
            _ => return Observations { list: runs.to_vec(), shared: 0.0 },
        };
        let mut by_fold: BTreeMap<Fold, Vec<f64>> = BTreeMap::new();
        for run in runs {
            run.fold.into_iter().for_each(|fold| by_fold.entry(fold).or_default().push(run.value));
        }
        let mean = |(fold, values): (Fold, Vec<f64>)| {
            let value = values.iter().sum::<f64>() / values.len() as f64;
            Replicate { seed: 0, fold: Some(fold), value }
        };
        let shared = 1.0 / parts.saturating_sub(1).max(1) as f64;
        Observations { list: by_fold.into_iter().map(mean).collect(), shared }
    }
}

impl Summary {
    /// Summary of the runs of one config; `None` if there are none.
    pub fn over(runs: &[Replicate], unit: Unit) -> Option<Summary> {
        let Observations { list, shared } = Observations::of(runs, unit);
        let values: Vec<f64> = list.iter().map(|one| one.value).collect();
        Summary::of(&values).map(|summary| Summary { shared, ..summary })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(values: &[(u64, f64)]) -> Vec<Replicate> {
        let run = |(at, (fold, value)): (usize, &(u64, f64))| Replicate {
            seed: at as u64,
            fold: Some(Fold { of: 5, number: *fold }),
            value: *value,
        };
        values.iter().enumerate().map(run).collect()
    }

    /// The paper's factor: 1/5 + 1/4 instead of 1/5.
    #[test]
    fn the_interval_of_five_folds_is_corrected() {
        let five = runs(&[(0, 0.80), (1, 0.84), (2, 0.79), (3, 0.83), (4, 0.81)]);
        let summary = Summary::over(&five, Unit::Fold).unwrap();
        let plain = Summary::of(&[0.80, 0.84, 0.79, 0.83, 0.81]).unwrap();
        assert_eq!((summary.mean, summary.std, summary.n), (plain.mean, plain.std, 5));
        let wider = summary.half_width().unwrap() / plain.half_width().unwrap();
        assert!((wider - (0.45_f64 / 0.2).sqrt()).abs() < 1e-12, "{wider}");
    }

    #[test]
    fn seeds_of_a_fold_are_averaged_and_do_not_count_as_more() {
        let twice = runs(&[(0, 0.80), (0, 0.82), (1, 0.84), (1, 0.88), (2, 0.79), (2, 0.79)]);
        let once = runs(&[(0, 0.81), (1, 0.86), (2, 0.79)]);
        let [twice, once] = [twice, once].map(|runs| Summary::over(&runs, Unit::Fold).unwrap());
        assert!((twice.mean - once.mean).abs() < 1e-15 && twice.n == 3);
        assert!((twice.std.unwrap() - once.std.unwrap()).abs() < 1e-15);
        // Unequal numbers of seeds do not make a fold count more.
        let uneven = runs(&[(0, 0.80), (0, 0.82), (1, 0.86), (2, 0.79)]);
        assert!((Summary::over(&uneven, Unit::Fold).unwrap().mean - once.mean).abs() < 1e-15);
    }

    #[test]
    fn seeds_of_one_fold_are_runs_unless_another_config_has_several() {
        let one_fold = runs(&[(3, 0.80), (3, 0.84), (3, 0.79)]);
        let of = |configs: &[&Vec<Replicate>]| Unit::of(configs.iter().map(|runs| &runs[..]));
        assert_eq!(of(&[&one_fold, &one_fold]), Unit::Run);
        let several = runs(&[(0, 0.8), (1, 0.9)]);
        assert_eq!(of(&[&one_fold, &several]), Unit::Fold);
        let plain = Summary::over(&one_fold, Unit::Run).unwrap();
        assert_eq!((plain.n, plain.shared), (3, 0.0));
        assert_eq!(Summary::over(&one_fold, Unit::Fold).unwrap().n, 1);
        let without: Vec<Replicate> = (0..3).map(|seed| Replicate::of_seed(seed, 0.5)).collect();
        let of_seeds = Summary::over(&without, Unit::Fold).unwrap();
        assert_eq!((of_seeds.n, of_seeds.shared), (3, 0.0));
    }
}
