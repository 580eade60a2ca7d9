//! When the rows of a run were written.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::runs::folder::{file, read_if_there};
use crate::runs::record::RunRecord;

/// Times at which the epochs of a run were evaluated, as far as `timing.csv` tells.
pub(super) struct Clock {
    started: f64,
    seconds: BTreeMap<u64, f64>, // since the start, by epoch; pauses between attempts not counted
}

impl Clock {
    /// Reads a run's `timing.csv`; no result depends on it, so unreadable rows are skipped.
    pub(super) fn read(record: &RunRecord, folder: &Path) -> Clock {
        #[derive(Deserialize)]
        struct ClockTiming {
            epoch: u64,
            train_seconds: f64,
            evaluation_seconds: f64,
        }
        let text = read_if_there(&folder.join(file::TIMING)).ok().flatten().unwrap_or_default();
        let mut total = 0.0;
        let rows = csv::Reader::from_reader(&*text).into_deserialize();
        let since_start = rows.filter_map(Result::ok).map(|row: ClockTiming| {
            total += (row.train_seconds + row.evaluation_seconds).max(0.0);
            (row.epoch, total)
        });
        Clock { seconds: since_start.collect(), started: unix_seconds(&record.started) }
    }

    /// Seconds since 1970 at which the run began.
    pub(super) fn started(&self) -> f64 {
        self.started
    }

    /// Seconds since 1970 at which `epoch` was evaluated; those of the previous epoch if unknown.
    pub(super) fn at(&self, epoch: u64) -> f64 {
        let known = self.seconds.range(..=epoch).next_back();
        self.started + known.map_or(0.0, |(_, seconds)| *seconds)
    }
}

/// Seconds since 1970 of a time as in `run.json`; 0 if it is invalid.
pub(super) fn unix_seconds(rfc3339: &str) -> f64 {
    let time = chrono::DateTime::parse_from_rfc3339(rfc3339);
    time.map_or(0.0, |time| time.timestamp_millis() as f64 / 1e3)
}
