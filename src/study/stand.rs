//! Where do I stand? The baseline with its seeds.

use super::{Figures, Outcome};
use crate::analysis::diagnosis::memorising_since;
use crate::runs::held_out::HeldOutSplit;
use crate::runs::metrics::{MetricsRow, best_row};

/// What the baseline's runs show.
#[derive(Debug, Clone, PartialEq)]
pub struct Stand {
    /// Its accuracies and its gap.
    pub figures: Figures,
    /// The epoch with the highest validation accuracy, averaged over the seeds.
    pub best_epoch: f64,
    /// The last epoch.
    pub last_epoch: u64,
    /// How much validation accuracy fell from its highest value to the end, averaged over the seeds. The highest of
    /// many epochs is partly luck.
    pub fall: f64,
    /// The epoch from which on it memorises: the loss on validation examples rises for good while that on training
    /// examples falls. None if there is no such turn.
    pub memorises_since: Option<u64>,
    /// Each seed's evaluated epochs.
    pub curves: Vec<Vec<MetricsRow>>,
}

impl Stand {
    /// None if every run diverged.
    pub(super) fn of(outcomes: &[Outcome]) -> Option<Stand> {
        let figures = Figures::of(outcomes)?;
        let bests: Vec<&MetricsRow> =
            outcomes.iter().filter_map(|outcome| best_row(&outcome.rows)).collect();
        let lasts = outcomes.iter().filter_map(|outcome| outcome.rows.last());
        let count = bests.len().max(1) as f64;
        let falls = outcomes.iter().filter_map(|outcome| {
            let last = outcome.rows.last()?.val_accuracy?;
            Some(f64::from(best_row(&outcome.rows)?.val_accuracy? - last))
        });
        let curves: Vec<Vec<MetricsRow>> =
            outcomes.iter().map(|outcome| outcome.rows.clone()).collect();
        Some(Stand {
            figures,
            memorises_since: memorising_since(&curves, HeldOutSplit::Validation),
            best_epoch: bests.iter().map(|row| row.epoch as f64).sum::<f64>() / count,
            last_epoch: lasts.map(|row| row.epoch).max().unwrap_or(0),
            fall: falls.sum::<f64>() / count,
            curves,
        })
    }
}
