//! `timing.csv`: wall-clock time of each evaluated epoch. It is used only for estimates.

use std::fmt::Write;

use serde::Deserialize;

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
    }
}
