//! `timing.csv`: wall-clock time of each evaluated epoch. It is used only for estimates.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use serde::Deserialize;

use crate::runs::folder::{file, read_if_there};

const HEADER: &str = "epoch,train_seconds,evaluation_seconds,examples_per_second";

/// Wall-clock time of one evaluated epoch; does not affect any result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timing {
    /// Seconds of training since the previous evaluation.
    pub train_seconds: f64,
    /// Seconds of evaluation.
    pub evaluation_seconds: f64,
    /// Examples trained per second of training; 0 at epoch 0.
    pub examples_per_second: f64,
}

/// One row of `timing.csv`.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub(crate) struct TimingRow {
    pub(crate) epoch: u64,
    pub(crate) train_seconds: f64,
    pub(crate) evaluation_seconds: f64,
    pub(crate) examples_per_second: f64,
}

impl TimingRow {
    pub(crate) fn new(epoch: u64, timing: Timing) -> TimingRow {
        let Timing { train_seconds, evaluation_seconds, examples_per_second } = timing;
        TimingRow { epoch, train_seconds, evaluation_seconds, examples_per_second }
    }
}

/// Milliseconds are as precise as a shared machine's clock allows.
pub(crate) fn timing_csv(rows: &[TimingRow]) -> String {
    let mut text = format!("{HEADER}\n");
    for row in rows {
        let TimingRow { epoch, train_seconds, evaluation_seconds, examples_per_second } = row;
        let line = writeln!(
            text,
            "{epoch},{train_seconds:.3},{evaluation_seconds:.3},{examples_per_second:.0}"
        );
        line.expect("a string can be written to");
    }
    text
}

/// The seconds of training and evaluation that a run had taken at each of its epochs, as far as its folder
/// says so.
pub(crate) fn seconds_by_epoch(folder: &Path) -> BTreeMap<u64, f64> {
    let bytes = read_if_there(&folder.join(file::TIMING)).ok().flatten().unwrap_or_default();
    let rows = parse_timing(&bytes);
    let sums = rows.iter().scan(0.0, |sum, row| {
        *sum += row.train_seconds + row.evaluation_seconds;
        Some((row.epoch, *sum))
    });
    sums.collect()
}

/// The readable rows; they do not affect any result.
pub(crate) fn parse_timing(bytes: &[u8]) -> Vec<TimingRow> {
    csv::Reader::from_reader(bytes).deserialize().filter_map(|row| row.ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_read_back() {
        let timing =
            Timing { train_seconds: 1.5, evaluation_seconds: 0.25, examples_per_second: 30_000.0 };
        let rows = [TimingRow::new(0, timing), TimingRow::new(1, timing)];
        let text = timing_csv(&rows);
        assert_eq!(text, format!("{HEADER}\n0,1.500,0.250,30000\n1,1.500,0.250,30000\n"));
        assert_eq!(parse_timing(text.as_bytes()), rows);
        let folder = tempfile::tempdir().unwrap();
        assert!(seconds_by_epoch(folder.path()).is_empty());
        std::fs::write(folder.path().join(file::TIMING), text).unwrap();
        assert_eq!(seconds_by_epoch(folder.path()), BTreeMap::from([(0, 1.75), (1, 3.5)]));
    }
}
