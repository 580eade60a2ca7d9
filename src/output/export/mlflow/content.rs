//! What a server of MLflow is told of a run: settings as params, the rows of `metrics.csv` as metrics, and how
//! it ended, in requests of at most what the API takes.

use std::path::Path;

use serde_json::{Value, json};

use crate::analysis::settings::flatten_one;
use crate::error::Result;
use crate::output::export::clock::{Clock, unix_seconds};
use crate::runs::figures::{Figure, exact};
use crate::runs::metrics::FIGURE_COLUMNS;
use crate::runs::read::read_rows;
use crate::runs::record::{RunRecord, RunState};
use crate::table::value::value_text;

/// What one request may have, as the API says.
const MOST_METRICS: usize = 1000;
const MOST_PARAMS: usize = 100;
/// Characters of the value of a param.
const LONGEST_PARAM: usize = 6000;
/// The tag by which a run is found again.
pub(super) const ID_TAG: &str = "runner.id";
/// The tag that says of when the run's record is; set last, so a run without it is not whole.
pub(super) const UPDATED_TAG: &str = "runner.updated";

/// What is told of one run.
pub(super) struct RunContent {
    /// Milliseconds since 1970.
    pub(super) started: i64,
    pub(super) ended: i64,
    pub(super) status: &'static str,
    /// Bodies of `runs/log-batch`, without the run that they are of.
    pub(super) batches: Vec<Value>,
    /// Settings that are too long for a param.
    pub(super) too_long: Vec<String>,
}

impl RunContent {
    /// Reads what is to be told of a run.
    ///
    /// # Errors
    /// If its metrics are damaged.
    pub(super) fn of(record: &RunRecord, folder: &Path) -> Result<RunContent> {
        let clock = Clock::read(record, folder);
        let mut metrics = Vec::new();
        for row in read_rows(record, folder)? {
            let at = milliseconds(clock.at(row.epoch));
            let value = |figure: Figure| {
                let value = exact(figure.in_row(&row)?);
                Some(metric(figure.name(), value, row.epoch, at))
            };
            metrics.extend(FIGURE_COLUMNS.into_iter().filter_map(value));
        }
        let (updated, last) =
            (milliseconds(unix_seconds(&record.updated)), record.last.map_or(0, |row| row.epoch));
        let evaluated = record.evaluated.iter();
        metrics.extend(evaluated.map(|(name, value)| metric(name, *value, last, updated)));
        let mut too_long = Vec::new();
        let mut params = Vec::new();
        for (key, value) in flatten_one(&record.trial.value()) {
            let text = value_text(&value);
            match text.chars().count() > LONGEST_PARAM {
                true => too_long.push(key),
                false => params.push(json!({ "key": key, "value": text })),
            }
        }
        let params = params.chunks(MOST_PARAMS).map(|some| json!({ "params": some }));
        let metrics = metrics.chunks(MOST_METRICS).map(|some| json!({ "metrics": some }));
        Ok(RunContent {
            started: milliseconds(clock.started()),
            ended: updated,
            status: status(record.state),
            batches: params.chain(metrics).collect(),
            too_long,
        })
    }
}

fn metric(name: &str, value: f64, step: u64, timestamp: i64) -> Value {
    // JSON has no such numbers; protobuf writes them as text.
    let value = match value {
        value if value.is_nan() => json!("NaN"),
        f64::INFINITY => json!("Infinity"),
        f64::NEG_INFINITY => json!("-Infinity"),
        value => json!(value),
    };
    json!({ "key": name, "value": value, "step": step, "timestamp": timestamp })
}

fn milliseconds(seconds: f64) -> i64 {
    (seconds * 1e3).round() as i64
}

/// As MLflow calls it.
fn status(state: RunState) -> &'static str {
    match state {
        RunState::Finished => "FINISHED",
        RunState::Failed | RunState::Diverged => "FAILED",
        RunState::Running => "RUNNING",
        RunState::Interrupted | RunState::Paused | RunState::Lost => "KILLED",
    }
}
