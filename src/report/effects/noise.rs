//! The spread of the seeds within the configs, pooled over all of them, and the intervals that follow.

use super::super::statistics::t_quantile;
use super::Estimate;
use super::cells::{Cell, Figure};

/// Probability that an interval, or all intervals of a family, miss what they are to cover.
const MISS: f64 = 0.05;

/// The pooled variances: equal in all configs is what is taken for granted.
pub(super) struct Noise {
    variances: [f64; 3], // of a single run's gap, held-out and train accuracy
    freedom: usize,
}

impl Noise {
    /// Pools the squared deviations of all cells.
    pub(super) fn pooled(cells: &[Cell]) -> Noise {
        let freedom: usize = cells.iter().map(|cell| cell.runs - 1).sum();
        let pooled = |figure: Figure| {
            let squares = cells.iter().map(|cell| {
                let std = cell.summary(figure).std.unwrap_or(0.0);
                std * std * (cell.runs - 1) as f64
            });
            squares.sum::<f64>() / freedom as f64
        };
        Noise { variances: [Figure::Gap, Figure::HeldOut, Figure::Train].map(pooled), freedom }
    }

    /// Whether no config has two seeds.
    pub(super) fn is_unknown(&self) -> bool {
        self.freedom == 0
    }

    /// A weighted sum of the cells' means. Its interval is one of `family` that hold together
    /// (Bonferroni).
    pub(super) fn estimate(
        &self,
        weights: &[(usize, f64)],
        cells: &[Cell],
        figure: Figure,
        family: usize,
    ) -> Estimate {
        let value = weights.iter().map(|(cell, w)| w * cells[*cell].summary(figure).mean).sum();
        let variance = self.variances[figure as usize];
        let share: f64 = weights.iter().map(|(cell, w)| w * w / cells[*cell].runs as f64).sum();
        let level = 1.0 - MISS / family.max(1) as f64;
        let half_width = (!self.is_unknown())
            .then(|| t_quantile(level, self.freedom as f64) * (variance * share).sqrt());
        Estimate { value, half_width }
    }
}
