//! The scalars of a row, and when it was written.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::super::super::record::RunRecord;
use super::super::super::row_figures::{FIGURES, figures};
use super::hparams::unix_seconds;
use super::messages::SummaryValue;
use crate::run_dir::file;
use crate::train::Row;

/// The scalars of a row; a split that is absent or sealed has none.
pub(super) fn values(row: &Row) -> Vec<SummaryValue> {
    let scalar = |(name, value): (&str, Option<f32>)| {
        let simple_value = Some(value?);
        Some(SummaryValue { tag: tag(name), simple_value, ..SummaryValue::default() })
    };
    FIGURES.into_iter().zip(figures(row)).filter_map(scalar).collect()
}

/// The tag of a column of `metrics.csv`: TensorBoard draws what stands before the slash as a group.
pub(super) fn tag(name: &str) -> String {
    match name.rsplit_once('_') {
        Some((_, group @ ("loss" | "accuracy"))) => format!("{group}/{name}"),
        _ => name.to_owned(),
    }
}

/// Moments at which the epochs of a run were evaluated, as far as `timing.csv` knows.
pub(super) struct Clock {
    started: f64,
    seconds: BTreeMap<u64, f64>, // since the start, by epoch; pauses between attempts not counted
}

impl Clock {
    /// Reads a run's `timing.csv`; no result depends on it, so what cannot be read is left out.
    pub(super) fn read(record: &RunRecord, folder: &Path) -> Clock {
        #[derive(Deserialize)]
        struct Timing {
            epoch: u64,
            train_seconds: f64,
            evaluation_seconds: f64,
        }
        let text = fs::read(folder.join(file::TIMING)).unwrap_or_default();
        let mut total = 0.0;
        let rows = csv::Reader::from_reader(&*text).into_deserialize();
        let since_start = rows.filter_map(Result::ok).map(|row: Timing| {
            total += (row.train_seconds + row.evaluation_seconds).max(0.0);
            (row.epoch, total)
        });
        Clock { seconds: since_start.collect(), started: unix_seconds(&record.started) }
    }

    /// Seconds since 1970 at which the run began.
    pub(super) fn started(&self) -> f64 {
        self.started
    }

    /// Seconds since 1970 at which `epoch` was evaluated; those of the one before where it is not
    /// known.
    pub(super) fn at(&self, epoch: u64) -> f64 {
        let known = self.seconds.range(..=epoch).next_back();
        self.started + known.map_or(0.0, |(_, seconds)| *seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_group_losses_and_accuracies() {
        let tags = FIGURES.map(tag);
        assert_eq!(tags[0], "learning_rate");
        assert_eq!(tags[1..4], ["loss/batch_loss", "loss/train_loss", "accuracy/train_accuracy"]);
        assert_eq!(tags[8], "gap");
    }
}
