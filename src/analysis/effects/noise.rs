//! The spread of the seeds within the configs, pooled over all of them, and the intervals that follow.

use crate::analysis::effects::Estimate;
use crate::analysis::effects::cells::{ConfigCell, figures};
use crate::runs::figures::Figure;
use crate::runs::held_out::HeldOutSplit;
use crate::stats::{ROUNDING, t_quantile};

/// Probability that an interval, or any interval of a family, misses the true value.
const MISS: f64 = 0.05;

/// Cells and their weights in a sum of means.
pub(super) type CellWeights = [(usize, f64)];

/// The pooled variances, assumed to be equal in all configs.
pub(super) struct Noise {
    variances: [(Figure, Option<f64>); 3], // of a single run; none if no seeds differ
    freedom: usize,
}

impl Noise {
    /// Pools the squared deviations of all cells.
    pub(super) fn pooled(cells: &[ConfigCell], split: HeldOutSplit) -> Noise {
        let freedom_of = |cell: &ConfigCell| cell.summary(Figure::TrainAccuracy).n - 1;
        let freedom: usize = cells.iter().map(freedom_of).sum();
        let pooled = |figure: Figure| {
            let squares = cells.iter().map(|cell| {
                let std = cell.summary(figure).std.unwrap_or(0.0);
                std * std * freedom_of(cell) as f64
            });
            let variance = squares.sum::<f64>() / freedom as f64;
            (figure, (variance > ROUNDING * ROUNDING).then_some(variance))
        };
        Noise { variances: figures(split).map(pooled), freedom }
    }

    /// Whether no config has two seeds.
    pub(super) fn is_unknown(&self) -> bool {
        self.freedom == 0
    }

    /// Whether some configs have two seeds, and within all configs all happen to agree in this figure.
    pub(super) fn all_agree(&self, figure: Figure) -> bool {
        !self.is_unknown() && self.variance(figure).is_none()
    }

    fn variance(&self, figure: Figure) -> Option<f64> {
        let known = self.variances.iter().find(|(known, _)| *known == figure);
        known.expect("noise is of one split").1
    }

    /// A weighted sum of the cells' means with the interval that the pooled variance gives.
    pub(super) fn mean(
        &self,
        weights: &CellWeights,
        cells: &[ConfigCell],
        figure: Figure,
    ) -> Estimate {
        let half_width = self.pooled_half_width(weights, cells, figure, 1.0 - MISS);
        Estimate { value: value(weights, cells, figure), half_width }
    }

    /// A difference of means with one of `family` intervals that hold together (Bonferroni). It is
    /// the wider of two: by the pooled variance, which is too small for the noisier of unequal
    /// configs, and by the variances of only these cells. None if the seeds of all these cells
    /// agree.
    pub(super) fn difference(
        &self,
        weights: &CellWeights,
        cells: &[ConfigCell],
        figure: Figure,
        family: usize,
    ) -> Estimate {
        let level = 1.0 - MISS / family.max(1) as f64;
        let own = own_half_width(weights, cells, figure, level).unwrap_or(0.0);
        let pooled = self.pooled_half_width(weights, cells, figure, level);
        let agree = weights.iter().all(|(cell, _)| cells[*cell].summary(figure).agrees());
        let half_width = pooled.map(|pooled| pooled.max(own)).filter(|_| !agree);
        Estimate { value: value(weights, cells, figure), half_width }
    }

    fn pooled_half_width(
        &self,
        weights: &CellWeights,
        cells: &[ConfigCell],
        figure: Figure,
        level: f64,
    ) -> Option<f64> {
        let of_mean = |cell: usize| cells[cell].summary(figure).variance_of_mean();
        let share: f64 = weights.iter().map(|(cell, w)| w * w * of_mean(*cell)).sum();
        let std = (self.variance(figure)? * share).sqrt();
        Some(t_quantile(level, self.freedom as f64) * std)
    }
}

fn value(weights: &CellWeights, cells: &[ConfigCell], figure: Figure) -> f64 {
    weights.iter().map(|(cell, w)| w * cells[*cell].summary(figure).mean).sum()
}

/// Half width from the variances of the cells themselves, with the degrees of freedom of
/// Satterthwaite (1946, <https://doi.org/10.2307/3002019>); `None` if one of them has only one
/// seed, or none varies.
fn own_half_width(
    weights: &CellWeights,
    cells: &[ConfigCell],
    figure: Figure,
    level: f64,
) -> Option<f64> {
    let (mut variance, mut squares) = (0.0, 0.0);
    for (cell, weight) in weights {
        let summary = cells[*cell].summary(figure);
        let std = summary.std?;
        let share = weight * weight * std * std * summary.variance_of_mean();
        variance += share;
        squares += share * share / (summary.n - 1) as f64;
    }
    let freedom = variance * variance / squares;
    freedom.is_finite().then(|| t_quantile(level, freedom) * variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::compare::configs_by_settings;
    use crate::analysis::effects::cells::measure;
    use crate::runs::samples::seeds;
    use crate::stats::Unit;
    use serde_json::json;

    /// Three seeds of two configs with these spreads of the test accuracy.
    fn cells(spreads: [f32; 2]) -> Vec<ConfigCell> {
        let [quiet, lively] = spreads;
        let dropout = json!(0.5);
        let records =
            [seeds(&[], 0.9, 0.5, quiet), seeds(&[("network.dropout", dropout)], 0.9, 0.6, lively)];
        let records = records.concat();
        let (configs, _) = configs_by_settings(&records);
        configs
            .iter()
            .filter_map(|config| measure(config, HeldOutSplit::Test, Unit::Run).unwrap())
            .collect()
    }

    const DIFFERENCE: [(usize, f64); 2] = [(1, 1.0), (0, -1.0)];

    fn difference(spreads: [f32; 2]) -> Estimate {
        let cells = cells(spreads);
        Noise::pooled(&cells, HeldOutSplit::Test).difference(
            &DIFFERENCE,
            &cells,
            Figure::TestAccuracy,
            1,
        )
    }

    #[test]
    fn equal_spreads_are_pooled() {
        let half = difference([0.01, 0.01]).half_width.unwrap();
        let expected = 2.776_445 * 0.01 * (2.0_f64 / 3.0).sqrt(); // t with 4 degrees of freedom
        assert!((half - expected).abs() < 1e-6, "{half}");
    }

    #[test]
    fn unequal_spreads_have_welchs_interval() {
        let half = difference([0.0, 0.01]).half_width.unwrap();
        let expected = 4.302_653 * 0.01 / 3.0_f64.sqrt(); // t with 2 degrees of freedom
        assert!((half - expected).abs() < 1e-6, "{half}");
    }

    #[test]
    fn seeds_that_agree_have_no_interval() {
        assert_eq!(difference([0.0, 0.0]).half_width, None);
        let cells = cells([0.0, 0.0]);
        let noise = Noise::pooled(&cells, HeldOutSplit::Test);
        assert!(noise.all_agree(Figure::TestAccuracy) && !noise.is_unknown());
        assert_eq!(noise.mean(&[(0, 1.0)], &cells, Figure::TestAccuracy).half_width, None);
        // Nor if other configs have a spread.
        let mut records = seeds(&[], 0.9, 0.5, 0.0);
        for (dropout, spread) in [(0.2, 0.0), (0.5, 0.01)] {
            records.extend(seeds(&[("network.dropout", json!(dropout))], 0.9, 0.6, spread));
        }
        let (configs, _) = configs_by_settings(&records);
        let cells: Vec<ConfigCell> = configs
            .iter()
            .filter_map(|config| measure(config, HeldOutSplit::Test, Unit::Run).unwrap())
            .collect();
        let noise = Noise::pooled(&cells, HeldOutSplit::Test);
        let half = |weights: &CellWeights| {
            noise.difference(weights, &cells, Figure::TestAccuracy, 1).half_width
        };
        assert!(half(&[(1, 1.0), (0, -1.0)]).is_none() && half(&[(2, 1.0), (0, -1.0)]).is_some());
    }
}
