//! The data of the page about one run: everything that its folder says.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::analysis::settings;
use crate::error::Result;
use crate::escape::escape_lines;
use crate::output::html::curves::{finite, four_digits, percent};
use crate::output::html::findings::{FindingData, findings};
use crate::output::html::live::{SecondsAt, json};
use crate::output::html::predictions::{JudgedRun, judged_run};
use crate::output::html::runs::{RunEntry, provenance_lines};
use crate::output::html::settings::setting;
use crate::output::html::text::safe;
use crate::runs::figures::{Figure, Unit};
use crate::runs::folder::{SHOWN, file, read_tail};
use crate::runs::layers::LayerRow;
use crate::runs::metrics::{FIGURE_COLUMNS, MetricsRow};
use crate::runs::read::{Curves, files_of, read_layers, read_rows};
use crate::runs::run_files::RunFolder;

/// The last bytes of a log that are shown.
const LOG_BYTES: u64 = 64 << 10;

/// The pictures that a page shows, in this order.
const PICTURES: [&str; 3] =
    [file::MISTAKES_PICTURE, file::FIRST_LAYER_PICTURE, file::AUGMENTED_PICTURE];

/// A command that does something with a run, and what it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunCommand {
    /// In words: `train it again and compare every byte`.
    pub what: &'static str,
    /// As it is typed.
    pub command: String,
}

#[derive(Serialize)]
struct OneRun<'a> {
    #[serde(flatten)]
    entry: RunEntry,
    experiments: String,
    settings: Vec<(String, String)>,
    provenance: Vec<(String, String)>,
    rows: RowColumns,
    layers: Vec<LayerColumns>,
    #[serde(flatten)]
    judged: JudgedRun,
    findings: Vec<FindingData>,
    pictures: Vec<&'static str>,
    log: String,
    files: Vec<FileData>,
    commands: &'a [RunCommand],
    problems: Vec<String>,
}

/// Every row, by column: accuracies in percent, losses with four digits.
#[derive(Serialize)]
struct RowColumns {
    epoch: Vec<u64>,
    step: Vec<u64>,
    seconds: Vec<Option<f64>>,
    #[serde(flatten)]
    figures: BTreeMap<&'static str, Vec<Option<f64>>>,
}

/// The figures of one layer: shares in percent.
#[derive(Serialize)]
struct LayerColumns {
    layer: String,
    units: usize,
    epochs: Vec<u64>,
    weight_norm: Vec<Option<f64>>,
    gradient_norm: Vec<Option<f64>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dead_share: Vec<Option<f64>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    saturated_share: Vec<Option<f64>>,
}

#[derive(Serialize)]
struct FileData {
    name: String,
    bytes: u64,
}

/// Everything that the folder of a run says, as JSON. Files of it that cannot be read are named under
/// `problems`.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn run_json(
    run: RunFolder<'_>,
    seconds_at: SecondsAt<'_>,
    commands: &[RunCommand],
) -> Result<String> {
    let RunFolder { record, path } = run;
    let mut problems = Vec::new();
    let rows = or_default(read_rows(record, path), &mut problems);
    let layers = or_default(read_layers(record, path), &mut problems);
    let judged = judged_run(run, &mut problems);
    let mut files = or_default(files_of(path), &mut problems);
    files.retain(|(name, _)| SHOWN.contains(&name.as_str()));
    let log = or_default(read_tail(&path.join(file::LOG), LOG_BYTES), &mut problems);
    let is_there = |name: &&str| files.iter().any(|(file, _)| file == name);
    let pictures = PICTURES.into_iter().filter(is_there).collect();
    let row_columns = RowColumns::of(&rows, seconds_at);
    let layer_columns = by_layer(&layers);
    let curves = Curves { record: record.clone(), rows, layers };
    json(&OneRun {
        entry: RunEntry::of(record),
        experiments: safe(&record.experiments.join(", ")),
        settings: settings_of(&record.trial.value()),
        provenance: provenance_lines(&record.provenance),
        rows: row_columns,
        layers: layer_columns,
        judged,
        findings: findings(std::slice::from_ref(&curves)),
        pictures,
        log: escape_lines(&String::from_utf8_lossy(&log)).into_owned(),
        files: files
            .into_iter()
            .map(|(name, bytes)| FileData { name: safe(&name), bytes })
            .collect(),
        commands,
        problems,
    })
}

fn or_default<T: Default>(read: Result<T>, problems: &mut Vec<String>) -> T {
    read.unwrap_or_else(|error| {
        problems.push(safe(&error.chain()));
        T::default()
    })
}

fn settings_of(trial: &serde_json::Value) -> Vec<(String, String)> {
    let mut settings: Vec<_> = settings::flatten_one(trial).into_iter().collect();
    settings.sort_by(|(a, _), (b, _)| settings::order_of_keys(a, b));
    settings.iter().map(|(key, value)| setting(key, value)).collect()
}

impl RowColumns {
    fn of(rows: &[MetricsRow], seconds_at: SecondsAt<'_>) -> RowColumns {
        RowColumns {
            epoch: rows.iter().map(|row| row.epoch).collect(),
            step: rows.iter().map(|row| row.step).collect(),
            seconds: rows.iter().map(|row| seconds_at(row.epoch)).collect(),
            figures: figure_columns(rows),
        }
    }
}

/// The figures of `metrics.csv` by name, those that any of the rows has.
pub(super) fn figure_columns(rows: &[MetricsRow]) -> BTreeMap<&'static str, Vec<Option<f64>>> {
    let column = |figure: &Figure| {
        let short = match figure.kind().unit {
            Unit::Fraction | Unit::Points => percent,
            Unit::Loss | Unit::Rate | Unit::Epochs | Unit::Seconds => four_digits,
        };
        let values = rows.iter().map(|row| finite(figure.in_row(row)?).map(short));
        (figure.name(), values.collect::<Vec<Option<f64>>>())
    };
    let columns = FIGURE_COLUMNS.iter().map(column);
    columns.filter(|(_, values)| values.iter().any(Option::is_some)).collect()
}

/// The rows of each layer, in the order of the network.
fn by_layer(rows: &[LayerRow]) -> Vec<LayerColumns> {
    let mut names: Vec<&str> = Vec::new();
    for row in rows {
        if !names.contains(&row.layer.as_str()) {
            names.push(&row.layer);
        }
    }
    let columns = names.into_iter().map(|name| {
        let own: Vec<&LayerRow> = rows.iter().filter(|row| row.layer == name).collect();
        let norm = |of: fn(&LayerRow) -> f32| {
            own.iter().map(|row| finite(of(row)).map(four_digits)).collect::<Vec<_>>()
        };
        let share = |of: fn(&LayerRow) -> Option<f32>| {
            let shares = own.iter().map(|row| finite(of(row)?).map(percent));
            let shares: Vec<Option<f64>> = shares.collect();
            if shares.iter().all(Option::is_none) { Vec::new() } else { shares }
        };
        LayerColumns {
            layer: safe(name),
            units: own.first().map_or(0, |row| row.units),
            epochs: own.iter().map(|row| row.epoch).collect(),
            weight_norm: norm(|row| row.weight_norm),
            gradient_norm: norm(|row| row.gradient_norm),
            dead_share: share(|row| row.dead_share),
            saturated_share: share(|row| row.saturated_share),
        }
    });
    columns.collect()
}
