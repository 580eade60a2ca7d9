//! What a server sends of the page: the page without data, its files, and the data as JSON. The
//! report is the same page with the data inside.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::output::html::curves::{CurveData, curves};
use crate::output::html::data::{Data, Depth};
use crate::output::html::one_run::figure_columns;
use crate::output::html::page::Heading;
use crate::output::html::runs::{EpochData, RunEntry, figures};
use crate::output::html::{ReportSource, content, page};
use crate::runs::metrics::MetricsRow;
use crate::runs::record::RunRecord;

/// The most runs whose curves, findings and predictions come with the page.
pub const MOST_WITH_CURVES: usize = 300;

/// Bytes of a piece of the page's data.
const PIECE: usize = 64 << 10;

/// The page without data.
///
/// # Errors
/// When the template asks for what is not there.
pub fn live_page() -> Result<String> {
    page::live()
}

/// The files that the live page loads, by name.
pub fn assets() -> [(&'static str, &'static str); 3] {
    page::ASSETS
}

#[derive(Serialize)]
struct Page {
    version: u64,
    heading: Heading,
    data: Data,
}

/// The content of the page as JSON; `version` is that of the records.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn page_json(source: &ReportSource, version: u64) -> Result<Pieces> {
    let has_curves = source.records.len() <= MOST_WITH_CURVES;
    let depth = if has_curves { Depth::Whole } else { Depth::Records };
    let (mut heading, data) = content(source, depth)?;
    if !has_curves {
        heading.notes.push(format!(
            "findings and predictions are shown of {MOST_WITH_CURVES} runs or fewer: choose among these {} with a filter",
            source.records.len()
        ));
    }
    let mut pieces = Pieces::default();
    serde_json::to_writer(&mut pieces, &Page { version, heading, data }).map_err(not_written)?;
    Ok(pieces)
}

/// A long text in pieces: it needs no room twice as large as it grows.
#[derive(Debug, Default)]
pub struct Pieces(Vec<Vec<u8>>);

impl Pieces {
    /// The pieces in order.
    pub fn take(self) -> impl Iterator<Item = Vec<u8>> {
        self.0.into_iter()
    }
}

impl io::Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.last_mut() {
            Some(last) if last.len() + bytes.len() <= PIECE => last.extend_from_slice(bytes),
            _ => {
                let mut piece = Vec::with_capacity(PIECE);
                piece.extend_from_slice(bytes);
                self.0.push(piece);
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The epochs of a run with its curves: what a page adds to its plots.
#[derive(Serialize)]
struct RunCurves {
    epochs: Vec<u64>,
    steps: Vec<u64>,
    seconds: Vec<Option<f64>>, // of training and evaluation since the start; null if not known
    #[serde(flatten)]
    curves: CurveData,
}

/// The seconds that a run had taken at an epoch, if that is known.
pub type SecondsAt<'a> = &'a dyn Fn(u64) -> Option<f64>;

/// The curves of these rows of a run as JSON.
///
/// # Errors
/// When they cannot be written as JSON.
pub fn curves_json(rows: &[MetricsRow], seconds_at: SecondsAt<'_>) -> Result<String> {
    json(&of_rows(rows, seconds_at))
}

fn of_rows(rows: &[MetricsRow], seconds_at: SecondsAt<'_>) -> RunCurves {
    let epochs: Vec<u64> = rows.iter().map(|row| row.epoch).collect();
    let tenths = |seconds: f64| (seconds * 10.0).round() / 10.0;
    RunCurves {
        curves: curves(rows, &epochs),
        steps: rows.iter().map(|row| row.step).collect(),
        seconds: epochs.iter().map(|epoch| seconds_at(*epoch).map(tenths)).collect(),
        epochs,
    }
}

#[derive(Serialize)]
struct NewRows<'a> {
    id: &'a str,
    epochs: Vec<u64>,
    steps: Vec<u64>,
    seconds: Vec<Option<f64>>,
    rows: CurveData,
    /// The other figures of `metrics.csv`, which the page of a run shows.
    columns: BTreeMap<&'static str, Vec<Option<f64>>>,
    last: Option<EpochData>,
    best: Option<EpochData>,
    state: &'static str,
    seconds_left: Option<f64>,
}

/// New rows of a run, and what pages say with them.
#[derive(Debug)]
pub struct AddedRows<'a> {
    /// The run; its record may be older than the rows.
    pub record: &'a RunRecord,
    /// The rows.
    pub rows: &'a [MetricsRow],
    /// The best row of all that the run has.
    pub best: Option<&'a MetricsRow>,
    /// How long it still takes, if that is known.
    pub seconds_left: Option<f64>,
}

/// New rows of a run as JSON, with where it stands.
///
/// # Errors
/// When they cannot be written as JSON.
pub fn rows_json(added: &AddedRows<'_>, seconds_at: SecondsAt<'_>) -> Result<String> {
    let AddedRows { record, rows, best, seconds_left } = *added;
    let mut columns = figure_columns(rows);
    columns.retain(|name, _| !CurveData::NAMES.contains(name));
    let RunCurves { epochs, steps, seconds, curves } = of_rows(rows, seconds_at);
    json(&NewRows {
        id: &record.id,
        epochs,
        steps,
        seconds,
        rows: curves,
        columns,
        last: rows.last().map(figures),
        best: best.map(figures),
        state: record.state.name(),
        seconds_left,
    })
}

/// What is said about a run, whatever stands beside it, as JSON; `of` are the experiments that it belongs to.
/// `is_noted`: nothing changed but its notes.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn entry_json(record: &RunRecord, of: &BTreeSet<&str>, is_noted: bool) -> Result<String> {
    #[derive(Serialize)]
    struct ChangedRun<'a> {
        of: &'a BTreeSet<&'a str>,
        is_noted: bool,
        #[serde(flatten)]
        entry: RunEntry,
    }
    json(&ChangedRun { of, is_noted, entry: RunEntry::of(record) })
}

pub(super) fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(not_written)
}

fn not_written(error: serde_json::Error) -> Error {
    Error::Unexpected(format!("cannot write the page's data: {error}"))
}
