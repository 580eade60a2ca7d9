//! Means and spreads of configs by least squares: each config on its own, or with an effect of each seed that
//! all configs share (randomized blocks; runs may be missing).

use std::collections::BTreeMap;

use crate::stats::Summary;
use crate::stats::folds::Observations;
use crate::stats::many_to_one::{Block, Replicate};
use crate::stats::seed_effects::{Table, dot, part_of, quadratic};

/// Fewer configs do not pay for the degrees of freedom that the seeds take.
const FEWEST_PAIRED: usize = 4;

/// A baseline, which is the first, and its changes.
#[derive(Debug)]
pub(super) struct Fit {
    pub(super) configs: Vec<OfConfig>,
    pub(super) variance: f64, // of a run, from all configs together
    pub(super) freedom: f64,
}

/// One config.
#[derive(Debug, Clone, Copy)]
pub(super) struct OfConfig {
    pub(super) runs: usize,         // with a figure
    pub(super) spread: Option<f64>, // variance of a run; absent for fewer than two of them
    pub(super) shared: f64,         // variance that all runs have in common, in variances of a run
    mean: f64,                      // without the effects of the seeds
    share: f64, // variance of the difference from the baseline, in variances of a run
}

impl Fit {
    /// Mean of config `i` minus that of the baseline.
    pub(super) fn value(&self, i: usize) -> f64 {
        self.configs[i].mean - self.configs[0].mean
    }

    /// Variance of that difference, in variances of a run.
    pub(super) fn share(&self, i: usize) -> f64 {
        self.configs[i].share
    }

    /// Each config on its own.
    pub(super) fn unpaired(configs: &[Observations]) -> Fit {
        let values = |runs: &Observations| -> Vec<f64> {
            runs.list.iter().map(|run| run.value).filter(|value| value.is_finite()).collect()
        };
        let mut configs: Vec<OfConfig> = configs
            .iter()
            .map(|runs| match Summary::of(&values(runs)) {
                Some(Summary { mean, std, n, .. }) => {
                    let (spread, shared) = (std.map(|s| s * s), runs.shared);
                    OfConfig { runs: n, spread, shared, mean, share: f64::NAN }
                }
                None => {
                    let (mean, share) = (f64::NAN, f64::NAN);
                    OfConfig { runs: 0, spread: None, shared: 0.0, mean, share }
                }
            })
            .collect();
        let of_mean = |config: &OfConfig| 1.0 / config.runs as f64 + config.shared;
        let of_baseline = of_mean(&configs[0]);
        for config in &mut configs {
            config.share = of_mean(config) + of_baseline;
        }
        let spreads = || configs.iter().filter_map(|c| Some((c.spread?, (c.runs - 1) as f64)));
        let freedom: f64 = spreads().map(|(_, freedom)| freedom).sum();
        let squares: f64 = spreads().map(|(variance, weight)| variance * weight).sum();
        Fit { configs, variance: squares / freedom, freedom }
    }

    /// With effects of the seeds.
    pub(super) fn paired(configs: &[Observations]) -> Fit {
        let table = Table::of(configs);
        let inverse = table.inverse();
        let effects = table.effects(&inverse);
        let rows = || table.rows.iter().zip(&table.means);
        let mut squares = 0.0;
        let mut fitted: Vec<OfConfig> = rows()
            .zip(configs)
            .map(|((row, mean), Observations { shared, .. })| {
                let part = part_of(row, table.seeds);
                let mean = mean - dot(&part, &effects);
                let of_row = row.iter().map(|(seed, value)| value - mean - effects[*seed]);
                let residual: f64 = of_row.map(|r| r * r).sum();
                squares += residual;
                // What the fit leaves of this config's degrees of freedom.
                let diagonal: f64 = row.iter().map(|(seed, _)| inverse[*seed][*seed]).sum();
                let n = row.len() as f64;
                let freedom = n - 1.0 - diagonal + n * quadratic(&inverse, &part);
                let spread = (row.len() > 1 && freedom > 1e-9).then(|| residual / freedom);
                OfConfig { runs: row.len(), spread, shared: *shared, mean, share: f64::NAN }
            })
            .collect();
        let of_baseline = part_of(&table.rows[0], table.seeds);
        let shared_by_baseline = configs[0].shared;
        for (config, row) in fitted.iter_mut().zip(&table.rows) {
            let part = part_of(row, table.seeds);
            let apart: Vec<f64> = part.iter().zip(&of_baseline).map(|(a, b)| a - b).collect();
            config.share = 1.0 / row.len() as f64
                + 1.0 / table.rows[0].len() as f64
                + quadratic(&inverse, &apart)
                + config.shared
                + shared_by_baseline;
        }
        let runs: usize = table.rows.iter().map(Vec::len).sum();
        let count = table.rows.iter().filter(|row| !row.is_empty()).count();
        let freedom = (runs + 1) as f64 - (count + table.seeds) as f64;
        Fit { configs: fitted, variance: squares / freedom, freedom }
    }
}

/// Whether these runs were planned in blocks by seed: at least 4 configs, all with the same seeds, or the same seeds and
/// folds. A seed that
/// most configs have is planned for all, so that a few runs may be missing; a seed that only some have,
/// such as the baseline's further ones, shows another plan. Figures do not matter.
pub(super) fn are_planned(configs: &[Vec<Replicate>]) -> bool {
    let planned: Vec<&Vec<Replicate>> = configs.iter().filter(|runs| !runs.is_empty()).collect();
    let mut counts: BTreeMap<Block, usize> = BTreeMap::new();
    for run in planned.iter().copied().flatten() {
        *counts.entry(run.block()).or_default() += 1;
    }
    planned.len() >= FEWEST_PAIRED
        && counts.len() > 1
        && counts.values().all(|count| 2 * count > planned.len())
}

/// The runs by fold and seed, each of these once: the first with a figure counts, or else the first.
pub(super) fn once_per_block(runs: &[Replicate]) -> Vec<Replicate> {
    let mut runs = runs.to_vec();
    runs.sort_by_key(|run| (run.block(), !run.value.is_finite()));
    runs.dedup_by_key(|run| run.block());
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::folds::Unit;

    fn config(values: &[(u64, f64)]) -> Vec<Replicate> {
        values.iter().map(|(seed, value)| Replicate::of_seed(*seed, *value)).collect()
    }

    fn table() -> Vec<Vec<Replicate>> {
        [[0.50, 0.53, 0.58], [0.52, 0.54, 0.61], [0.47, 0.51, 0.55], [0.56, 0.57, 0.66]]
            .map(|values| config(&[(3, values[0]), (4, values[1]), (9, values[2])]))
            .to_vec()
    }

    fn paired(configs: &[Vec<Replicate>]) -> Fit {
        let observed = |runs: &Vec<Replicate>| Observations::of(runs, Unit::Run);
        Fit::paired(&configs.iter().map(observed).collect::<Vec<_>>())
    }

    #[test]
    fn whole_blocks_are_two_way_analysis_of_variance() {
        let fit = paired(&table());
        assert_eq!(fit.freedom, 6.0);
        // By hand: residuals from config mean + seed mean - grand mean.
        assert!((fit.variance - 0.000125).abs() < 1e-12, "{}", fit.variance);
        assert!((fit.value(3) - (0.596666666666667 - 0.536666666666667)).abs() < 1e-12);
        assert!((fit.share(3) - 2.0 / 3.0).abs() < 1e-12);
        // The configs' own freedoms are 2 * (1 - 1 / 4) each; together all of the squares.
        let squares: f64 = fit.configs.iter().map(|c| 1.5 * c.spread.unwrap()).sum();
        assert!((squares - 6.0 * fit.variance).abs() < 1e-12);
    }

    #[test]
    fn effects_of_the_seeds_are_taken_out_where_runs_are_missing() {
        let mut configs: Vec<Vec<Replicate>> = table();
        configs[1].remove(2);
        configs[3][0].value = f64::NAN;
        let before = paired(&configs);
        assert_eq!(before.freedom, 10.0 - 4.0 - 3.0 + 1.0);
        for run in configs.iter_mut().flatten() {
            run.value +=
                [(3, 0.0), (4, 7.0), (9, -2.0)].iter().find(|e| e.0 == run.seed).unwrap().1;
        }
        let after = paired(&configs);
        for i in 1..4 {
            assert!((before.value(i) - after.value(i)).abs() < 1e-12);
            let (a, b) = (before.configs[i].spread.unwrap(), after.configs[i].spread.unwrap());
            assert!((a - b).abs() < 1e-12 && before.share(i) >= 2.0 / 3.0 - 1e-12);
        }
        assert!((before.variance - after.variance).abs() < 1e-12);
        assert!(before.share(1) > before.share(2) && before.share(2) >= 2.0 / 3.0 - 1e-12);
    }

    #[test]
    fn design_does_not_depend_on_figures() {
        let mut configs = table();
        assert!(are_planned(&configs));
        configs[2].iter_mut().for_each(|run| run.value = f64::NAN);
        configs[1].remove(0);
        assert!(are_planned(&configs), "a run may be missing");
        assert!(!are_planned(&configs[..3]), "three configs");
        configs[0].push(Replicate::of_seed(10, 0.5));
        assert!(!are_planned(&configs), "the baseline has more seeds");
        let one_seed: Vec<_> = table().iter().map(|runs| runs[..1].to_vec()).collect();
        assert!(!are_planned(&one_seed));
    }

    #[test]
    fn lost_figures_leave_a_fit() {
        let mut configs = table();
        configs.iter_mut().skip(1).for_each(|runs| runs[1].value = f64::INFINITY);
        configs[2].iter_mut().for_each(|run| run.value = f64::NAN);
        let fit = paired(&configs);
        assert!(fit.value(2).is_nan() && fit.value(1).is_finite());
        assert_eq!((fit.configs[0].runs, fit.freedom), (3, 7.0 - 3.0 - 3.0 + 1.0));
        // Nothing links the last one to the baseline.
        configs[0].truncate(1);
        configs[1].remove(2);
        configs[3][0].value = f64::NAN;
        let fit = paired(&configs);
        assert!(fit.value(1).is_finite() && fit.value(3).is_nan(), "{fit:?}");
        configs.iter_mut().flatten().for_each(|run| run.value = f64::NAN);
        assert!(paired(&configs).configs.iter().all(|config| config.spread.is_none()));
    }
}
