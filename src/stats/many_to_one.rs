//! Differences of several changes from one baseline at once, with intervals that hold together with 95 %.
//!
//! The rule: the wider of two intervals counts. Dunnett's is from the spread of all configs together,
//! Welch's from the spread of the two, at a level that is tabulated by the number of changes and of
//! seeds (`welch_levels.rs`). Dunnett's alone errs where spreads differ, Welch's alone needs a level so
//! strict that it finds little. `tests/soak/many_to_one.rs` shows that both together err in at most 5 %.
//!
//! Pairing is by design, never by result: from 4 configs with the same planned seeds on, the effects of
//! the seeds are taken out (`blocks.rs`). Below that, or if the baseline has more seeds, they are not.

use crate::stats::ROUNDING;
use crate::stats::blocks::{self, Fit};
use crate::stats::change::{Bounds, Change};
use crate::stats::dunnett;
use crate::stats::folds::{Fold, Observations, Unit};
use crate::stats::pairwise::{FALSE_ALARMS, tukey_factor};
use crate::stats::welch::{StandardError, least_variance};
use crate::stats::welch_levels::level;

/// The figure of one run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Replicate {
    /// Seed of the run.
    pub seed: u64,
    /// The part of the training examples on which it validates, where they are divided into folds.
    pub fold: Option<Fold>,
    /// Its figure; NaN or infinite for a run that was planned and has none.
    pub value: f64,
}

impl Replicate {
    /// The figure of a run without folds.
    pub fn of_seed(seed: u64, value: f64) -> Replicate {
        Replicate { seed, fold: None, value }
    }

    /// What runs of different configs have in common: they are paired by it.
    pub(super) fn block(&self) -> Block {
        (self.fold, self.seed)
    }
}

/// Fold and seed.
pub(super) type Block = (Option<Fold>, u64);

/// When the baseline was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Before the figures were known: each change is compared with it alone.
    Beforehand,
    /// From the same figures, for example as the best: the intervals are those of all pairs.
    AfterLooking,
}

/// What is assumed about runs with the same seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Design {
    /// A seed does the same to all configs, on average, and so does a fold; this is taken out.
    PairedBySeed,
    /// Nothing.
    Unpaired,
}

/// Changes against their baseline.
#[derive(Debug, Clone)]
pub struct Against {
    /// The changes in the order in which they were given.
    pub changes: Vec<Change>,
    /// How they were compared.
    pub design: Design,
    /// How many changes have an interval: theirs hold at once.
    pub family: usize,
}

/// Each of `others` against `baseline`.
///
/// `resolution` is the size of one example in the figure's unit, 0 if unknown; see `least_variance`. Without it, seeds
/// that all agree have no interval.
///
/// Figures that are not finite are left out; of several runs of a config with the same seed and fold, the first counts.
/// Where configs have several folds, the means of the folds are compared (`folds.rs`).
pub fn against(
    baseline: &[Replicate],
    others: &[Vec<Replicate>],
    resolution: f64,
    choice: Choice,
) -> Against {
    let configs: Vec<&[Replicate]> =
        std::iter::once(baseline).chain(others.iter().map(Vec::as_slice)).collect();
    let configs: Vec<Vec<Replicate>> = configs.into_iter().map(blocks::once_per_block).collect();
    let design = match choice {
        Choice::Beforehand if blocks::are_planned(&configs) => Design::PairedBySeed,
        _ => Design::Unpaired,
    };
    let unit = Unit::of(configs.iter().map(Vec::as_slice));
    let observed = |runs: &Vec<Replicate>| {
        let finite: Vec<Replicate> =
            runs.iter().copied().filter(|run| run.value.is_finite()).collect();
        Observations::of(&finite, unit)
    };
    let configs: Vec<Observations> = configs.iter().map(observed).collect();
    let fit = match design {
        Design::PairedBySeed => Fit::paired(&configs),
        Design::Unpaired => Fit::unpaired(&configs),
    };
    let joint = Joint::of(&fit, resolution, choice, design);
    let change = |i: usize| Change { value: fit.value(i), bounds: joint.bounds(&fit, i) };
    Against { changes: (1..configs.len()).map(change).collect(), design, family: joint.family }
}

/// What all intervals have in common.
struct Joint {
    family: usize,
    least: f64,    // variance of a run
    variance: f64, // of all configs together
    factor: f64,   // of the interval from it, in standard errors
    choice: Choice,
    design: Design,
}

impl Joint {
    fn of(fit: &Fit, resolution: f64, choice: Choice, design: Design) -> Joint {
        let least = least_variance(resolution);
        let has_baseline = fit.configs[0].spread.is_some();
        let of_changes = fit.configs[1..].iter().filter(|config| config.spread.is_some());
        let counts: Vec<usize> = of_changes.map(|config| config.runs).collect();
        let family = if has_baseline { counts.len() } else { 0 };
        let factor = match choice {
            _ if family == 0 => f64::NAN,
            Choice::Beforehand => dunnett::factor(fit.configs[0].runs, counts, fit.freedom),
            Choice::AfterLooking => tukey_factor(family + 1, fit.freedom),
        };
        Joint { family, least, variance: fit.variance.max(least), factor, choice, design }
    }

    /// The intervals of change `i`, if it has any.
    fn bounds(&self, fit: &Fit, i: usize) -> Option<Bounds> {
        let (ours, theirs) = (&fit.configs[i], &fit.configs[0]);
        let least = self.least;
        let (a, b) = (ours.spread?.max(least), theirs.spread?.max(least));
        // Equal figures differ by rounding errors.
        if a.max(b).sqrt() <= ROUNDING {
            return None;
        }
        let share = fit.share(i);
        let (n, m) = (ours.runs as f64, theirs.runs as f64);
        let (of_ours, of_theirs) = (1.0 / n + ours.shared, 1.0 / m + theirs.shared);
        // Under pairing with missing runs, the difference is less certain than that of two means.
        let missing = share / (of_ours + of_theirs);
        let (x, y) = (missing * a * of_ours, missing * b * of_theirs);
        let StandardError { error, freedom } = StandardError::of([x, n], [y, m]);
        let tabulated = level(self.family, ours.runs, theirs.runs, self.design);
        let tails = match self.choice {
            Choice::Beforehand => tabulated,
            Choice::AfterLooking => tabulated.min(FALSE_ALARMS / (self.family + 1) as f64),
        };
        let joint = self.factor * (self.variance * share).sqrt();
        // Figures like 1e200 have no square.
        let exists = joint.is_finite() && error.is_finite();
        exists.then_some(Bounds { joint, error, freedom, tails })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(values: &[f64]) -> Vec<Replicate> {
        (0..).zip(values).map(|(seed, value)| Replicate::of_seed(seed, *value)).collect()
    }

    fn compare(baseline: &[f64], others: &[&[f64]], resolution: f64) -> Against {
        let others: Vec<_> = others.iter().map(|values| config(values)).collect();
        against(&config(baseline), &others, resolution, Choice::Beforehand)
    }

    #[test]
    fn the_wider_interval_counts() {
        let text = include_str!("../../tests/parity/dunnett.json");
        let fixture: serde_json::Value = serde_json::from_str(text).unwrap();
        let numbers = |value: &serde_json::Value| -> Vec<f64> {
            serde_json::from_value(value.clone()).unwrap()
        };
        let samples = &fixture["samples"];
        let drugs: Vec<Vec<f64>> = (0..2).map(|i| numbers(&samples["drugs"][i])).collect();
        let control = numbers(&samples["control"]);
        let got = compare(&control, &[&drugs[0], &drugs[1]], 0.0);
        assert_eq!((got.design, got.family), (Design::Unpaired, 2));
        for (i, change) in got.changes.iter().enumerate() {
            let Bounds { joint, error, freedom, tails, .. } = change.bounds.unwrap();
            // SciPy's intervals come from random points.
            let low = numbers(&samples["low"])[i];
            assert!((change.value() - joint - low).abs() < 5e-3, "{change:?}, {low}");
            let welch = crate::stats::t_quantile(1.0 - tails, freedom) * error;
            let [low, high] = change.interval().unwrap();
            assert!((high - low - 2.0 * joint.max(welch)).abs() < 1e-9);
        }
    }

    #[test]
    fn both_ways_to_ask_agree() {
        let mut shown = 0;
        for step in 0..200_u32 {
            let shift = f64::from(step) * 1e-3;
            let got =
                compare(&[0.1, 0.11, 0.13], &[&[0.1 + shift, 0.12 + shift], &[0.3, 0.31]], 0.0);
            for change in &got.changes {
                assert_eq!(change.is_shown(), change.difference().is_shown(), "{step}");
                shown += u32::from(change.is_shown());
            }
        }
        assert!(shown > 50 && shown < 390, "{shown}");
    }

    #[test]
    fn what_has_one_figure_has_no_interval() {
        let got = compare(&[0.1, 0.2], &[&[0.5], &[0.3, f64::NAN], &[], &[0.3, 0.45]], 0.0);
        let has: Vec<bool> = got.changes.iter().map(Change::has_interval).collect();
        assert_eq!((has, got.family), (vec![false, false, false, true], 1));
        assert!((got.changes[1].value() - 0.2).abs() < 0.06 && got.changes[2].value().is_nan());
        assert!(!got.changes[2].is_shown() && got.changes[0].interval().is_none());
        for baseline in [&[0.1][..], &[], &[f64::INFINITY, f64::NAN]] {
            let got = compare(baseline, &[&[0.5, 0.6], &[0.3, 0.4]], 0.01);
            assert!(got.family == 0 && !got.changes.iter().any(Change::has_interval));
        }
        assert!(compare(&[0.1, 0.2], &[], 0.0).changes.is_empty());
    }

    #[test]
    fn figures_without_a_square_show_nothing() {
        let got = compare(&[1e200, -1e200], &[&[0.1, 0.2], &[1e308, 1e308]], f64::NAN);
        assert!(got.changes.iter().all(|change| !change.is_shown()), "{got:?}");
    }

    #[test]
    fn seeds_that_agree_need_a_resolution() {
        let others: [&[f64]; 2] = [&[0.6, 0.6, 0.6], &[0.9, 0.9, 0.9]];
        let unknown = compare(&[0.5, 0.5, 0.5], &others, 0.0);
        assert!(!unknown.changes.iter().any(Change::has_interval));
        let tenths = compare(&[0.5, 0.5, 0.5], &others, 0.1);
        let shown: Vec<bool> = tenths.changes.iter().map(Change::is_shown).collect();
        assert_eq!(shown, [false, true], "{tenths:?}");
    }

    #[test]
    fn folds_are_paired_and_intervals_allow_for_what_they_share() {
        // Of two seeds in each of five folds; the mean of both is what counts.
        let of_fold = |config: usize, fold: usize| {
            0.5 + 0.03 * fold as f64 + 0.004 * ((7 * config + 3 * fold) % 5) as f64
        };
        let folded = |config: usize| -> Vec<Replicate> {
            let run = |(seed, fold): (u64, usize)| Replicate {
                seed,
                fold: Some(Fold { of: 5, number: fold as u64 }),
                value: of_fold(config, fold) + if seed == 0 { 0.01 } else { -0.01 },
            };
            (0..2).flat_map(|seed| (0..5).map(move |fold| (seed, fold))).map(run).collect()
        };
        let seeds = |config: usize| -> Vec<Replicate> {
            (0..5).map(|fold| Replicate::of_seed(fold as u64, of_fold(config, fold))).collect()
        };
        let changes = |runs: &dyn Fn(usize) -> Vec<Replicate>| {
            let others: Vec<Vec<Replicate>> = (1..4).map(runs).collect();
            against(&runs(0), &others, 0.0, Choice::Beforehand)
        };
        let (by_fold, by_seed) = (changes(&folded), changes(&seeds));
        assert_eq!((by_fold.design, by_seed.design), (Design::PairedBySeed, Design::PairedBySeed));
        for (of_folds, of_seeds) in by_fold.changes.iter().zip(&by_seed.changes) {
            assert!((of_folds.value() - of_seeds.value()).abs() < 1e-12);
            let (a, b) = (of_folds.bounds.unwrap(), of_seeds.bounds.unwrap());
            let wider = (0.45_f64 / 0.2).sqrt();
            assert!((a.joint / b.joint - wider).abs() < 1e-9, "{a:?} {b:?}");
            assert!((a.error / b.error - wider).abs() < 1e-9, "{a:?} {b:?}");
            assert!((a.freedom - b.freedom).abs() < 1e-9 && a.tails == b.tails);
        }
        // A config that has one of the folds shows no spread, whatever its seeds.
        let single: Vec<Replicate> =
            folded(1).into_iter().filter(|run| run.fold.is_some_and(|f| f.number == 2)).collect();
        let got = against(&folded(0), &[single, folded(2)], 0.0, Choice::Beforehand);
        assert!(!got.changes[0].has_interval() && got.changes[1].has_interval());
    }

    #[test]
    fn a_baseline_chosen_after_looking_widens() {
        let (baseline, other) = (config(&[0.1, 0.11, 0.13]), config(&[0.2, 0.22, 0.21]));
        let width = |choice| {
            let got = against(&baseline, &[other.clone(), other.clone()], 0.0, choice);
            got.changes[0].difference().half_width.unwrap()
        };
        assert!(width(Choice::AfterLooking) > width(Choice::Beforehand));
    }
}
