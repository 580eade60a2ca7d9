//! Where do I stand? The baseline with its seeds.

use super::{Figures, Gain, Outcome};
use crate::analysis::diagnosis::memorising_since;
use crate::runs::held_out::HeldOutSplit;
use crate::runs::metrics::{MetricsRow, best_row};

/// A smaller fall of validation accuracy is none.
pub(super) const AS_GOOD: f64 = 0.001;

/// What the baseline's runs show.
#[derive(Debug, Clone, PartialEq)]
pub struct Stand {
    /// Its accuracies and its gap.
    pub figures: Figures,
    /// The epoch with the highest validation accuracy, averaged over the seeds.
    pub best_epoch: f64,
    /// The last epoch.
    pub last_epoch: u64,
    /// How much the validation accuracy that a run keeps is below its highest, averaged over the seeds. The highest of
    /// many epochs is partly luck.
    pub fall: f64,
    /// Whether the runs keep the weights of their last epoch, as far as validation accuracy tells; early stopping may
    /// have restored others.
    pub keeps_last: bool,
    /// The first evaluated epoch from which on validation accuracy is as good as that which the run keeps, with every
    /// seed.
    pub settled_since: u64,
    /// The epoch from which on it memorises: the loss on validation examples rises for good while that on training
    /// examples falls. None if there is no such turn.
    pub memorises_since: Option<u64>,
    /// Each seed's run.
    pub runs: Vec<Outcome>,
}

impl Stand {
    /// None if every run diverged.
    pub(super) fn of(outcomes: &[Outcome]) -> Option<Stand> {
        let figures = Figures::of(outcomes)?;
        let best = |outcome: &Outcome| best_row(trained(&outcome.rows)).copied();
        let bests: Vec<MetricsRow> = outcomes.iter().filter_map(best).collect();
        let lasts = || outcomes.iter().filter_map(|outcome| Some((outcome, outcome.rows.last()?)));
        let count = bests.len().max(1) as f64;
        let falls = outcomes
            .iter()
            .filter_map(|outcome| Some(f64::from(best(outcome)?.val_accuracy?) - outcome.val));
        let is_kept = |(outcome, last): (&Outcome, &MetricsRow)| {
            last.val_accuracy.is_none_or(|val| f64::from(val) == outcome.val)
        };
        let curves: Vec<Vec<MetricsRow>> =
            outcomes.iter().map(|outcome| outcome.rows.clone()).collect();
        Some(Stand {
            figures,
            memorises_since: memorising_since(&curves, HeldOutSplit::Validation),
            best_epoch: bests.iter().map(|row| row.epoch as f64).sum::<f64>() / count,
            last_epoch: lasts().map(|(_, row)| row.epoch).max().unwrap_or(0),
            fall: falls.sum::<f64>() / count,
            keeps_last: lasts().all(is_kept),
            settled_since: outcomes.iter().filter_map(settled_since).max().unwrap_or(0),
            runs: outcomes.to_vec(),
        })
    }

    /// The figures over the seeds of a gain.
    pub fn over(&self, gain: &Gain) -> Figures {
        Figures::over(&self.runs, gain).unwrap_or(self.figures)
    }
}

/// The rows after the first step: no early stopping keeps the weights before it.
fn trained(rows: &[MetricsRow]) -> &[MetricsRow] {
    &rows[rows.partition_point(|row| row.step == 0)..]
}

/// The first evaluated epoch from which on validation accuracy is as good as that which the run keeps; none if it ends below.
fn settled_since(outcome: &Outcome) -> Option<u64> {
    let is_as_good = |row: &&MetricsRow| {
        row.val_accuracy.is_some_and(|val| f64::from(val) > outcome.val - AS_GOOD)
    };
    outcome.rows.iter().rev().take_while(is_as_good).last().map(|row| row.epoch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::samples::row;

    fn outcome(vals: &[f32], kept: usize) -> Outcome {
        let rows = (0..).zip(vals).map(|(epoch, val)| row(epoch, 0.9, Some(*val), 0.1));
        let val = f64::from(vals[kept]);
        Outcome { seed: 0, train: 0.9, val, test: None, rows: rows.collect() }
    }

    #[test]
    fn a_flat_curve_is_as_good_from_its_start() {
        let flat = Stand::of(&[outcome(&[1.0, 1.0, 1.0, 1.0], 3)]).unwrap();
        assert_eq!((flat.fall, flat.settled_since, flat.last_epoch), (0.0, 0, 3));
        assert!(flat.keeps_last);
        let rising = Stand::of(&[outcome(&[0.5, 0.7, 0.6, 0.8], 3)]).unwrap();
        assert_eq!((rising.fall, rising.settled_since), (0.0, 3));
        let late = [outcome(&[0.5, 0.8, 0.8, 0.8], 3), outcome(&[0.5, 0.5, 0.8, 0.8], 3)];
        assert_eq!(Stand::of(&late).unwrap().settled_since, 2, "with every seed");
    }

    #[test]
    fn the_untrained_network_is_not_the_best_epoch() {
        let stand = Stand::of(&[outcome(&[0.9, 0.5, 0.75, 0.5], 3)]).unwrap();
        assert_eq!((stand.best_epoch, stand.fall), (2.0, 0.25));
    }

    #[test]
    fn the_fall_is_against_the_weights_that_are_kept() {
        let restored = Stand::of(&[outcome(&[0.5, 0.75, 0.5, 0.25], 1)]).unwrap();
        assert!(restored.fall == 0.0 && !restored.keeps_last);
        let last = Stand::of(&[outcome(&[0.5, 0.75, 0.5, 0.25], 3)]).unwrap();
        assert!(last.fall == 0.5 && last.keeps_last);
    }
}
