//! What the page is drawn from: configs with their table cells, runs with their curves, and what all
//! runs share, told once. Texts in it are free of control characters.

use std::collections::HashMap;
use std::path::Path;

use rayon::prelude::*;
use serde::Serialize;

use super::super::compare::{Comparison, Member};
use super::super::record::RunRecord;
use super::super::runs::read_rows;
use super::super::settings;
use super::super::table::{Cell, Column, ColumnKind};
use super::ReportSource;
use super::curves::{curves, points_per_run, shown_epochs};
use super::predictions::{Predictions, predictions};
use super::runs::{RunData, Shared};
use super::text::safe;
use crate::error::Result;
use crate::train::Row;

/// The data of the page.
#[derive(Debug, Serialize)]
pub(super) struct Data {
    columns: Vec<ColumnData>,
    varied: Vec<SettingData>,
    configs: Vec<ConfigData>,   // in the order of the comparison: the best first
    epochs: Vec<Vec<u64>>,      // what configs' curves are shown at
    runs: Vec<RunData>,         // config by config
    shared: Shared,
    most_points: usize,         // of a curve
    predictions: Vec<Predictions>,
}

#[derive(Debug, Serialize)]
struct ColumnData {
    header: String,
    is_setting: bool,
    is_number: bool,
}

/// A setting in which configs differ.
#[derive(Debug, Serialize)]
struct SettingData {
    key: String,   // network.dropout
    short: String, // dropout
}

#[derive(Debug, Serialize)]
struct ConfigData {
    label: String,
    values: Vec<Option<String>>,       // of each varied setting
    cells: Vec<(String, Option<f64>)>, // what is shown, and the number that it sorts by
    runs: Vec<usize>,
    epochs: usize, // which of the lists of epochs
}

/// A run that was read.
struct Read<'a> {
    record: &'a RunRecord,
    folder: &'a Path,
    rows: Vec<Row>,
}

/// The data, and what could not be read.
pub(super) fn collect(source: &ReportSource, comparison: &Comparison) -> (Data, Vec<String>) {
    let (read, mut problems) = read_all(source);
    let mut shared = Shared::of(source.records);
    let most_points = points_per_run(source.records.len());
    let (mut configs, mut runs, mut epochs) = (Vec::new(), Vec::new(), EpochLists::default());
    let mut folders = Vec::new();
    for (index, member) in comparison.members.iter().enumerate() {
        let members: Vec<&Read> =
            member.ids.iter().filter_map(|id| read.get(id.as_str())).collect();
        let rows: Vec<&[Row]> = members.iter().map(|run| run.rows.as_slice()).collect();
        let shown = shown_epochs(&rows, most_points);
        let first = runs.len();
        for Read { record, folder, rows } in members {
            folders.push((runs.len(), *folder));
            runs.push(shared.run(record, index, curves(rows, &shown)));
        }
        let cells = &comparison.table.rows[index];
        configs.push(config(member, cells, (first..runs.len()).collect(), epochs.index(shown)));
    }
    let varied = comparison.varied.iter().map(|key| setting(key, &comparison.varied)).collect();
    let columns = comparison.table.columns.iter().map(|c| column(c, comparison)).collect();
    let (predictions, unread) = predictions(&folders);
    problems.extend(unread);
    let epochs = epochs.lists;
    (Data { columns, varied, configs, epochs, runs, shared, most_points, predictions }, problems)
}

/// Reads the curves of all runs, in parallel; a run that occurs twice counts once.
fn read_all<'a>(source: &ReportSource<'a>) -> (HashMap<&'a str, Read<'a>>, Vec<String>) {
    let rows: Vec<Result<Vec<Row>>> =
        source.folders.par_iter().map(|folder| read_rows(folder)).collect();
    let mut problems = Vec::new();
    let runs = source.records.iter().zip(source.folders).zip(rows);
    let read = runs.map(|((record, folder), rows)| {
        let rows = rows.unwrap_or_else(|error| {
            problems.push(safe(&error.chain()));
            Vec::new()
        });
        (record.id.as_str(), Read { record, folder, rows })
    });
    (read.collect(), problems)
}

fn config(member: &Member, cells: &[Cell], runs: Vec<usize>, epochs: usize) -> ConfigData {
    let value = |value: &serde_json::Value| safe(&settings::value_text(value));
    ConfigData {
        label: safe(&member.label),
        values: member.values.iter().map(|v| v.as_ref().map(value)).collect(),
        cells: cells.iter().map(|cell| (cell.shown(), number(cell))).collect(),
        runs,
        epochs,
    }
}

/// The number that a cell sorts by; none sorts by its text.
fn number(cell: &Cell) -> Option<f64> {
    let number = match cell {
        Cell::Value(value) => value.as_f64()?,
        Cell::Count(count) => *count as f64,
        Cell::Percent(summary) | Cell::Points(summary) => summary.mean,
        Cell::Range(low, _) => *low as f64,
        _ => return None,
    };
    number.is_finite().then_some((number * 1e6).round() / 1e6)
}

fn column(column: &Column, comparison: &Comparison) -> ColumnData {
    let is_setting = comparison.varied.contains(&column.name);
    let short = column.short.as_ref().filter(|_| is_setting);
    ColumnData {
        header: safe(short.unwrap_or(&column.header)).replace('_', " "),
        is_setting,
        is_number: column.kind != ColumnKind::Text,
    }
}

fn setting(key: &str, varied: &[String]) -> SettingData {
    let short = settings::short_key(key, varied).unwrap_or_else(|| key.to_owned());
    SettingData { key: safe(key), short: safe(&short).replace('_', " ") }
}

/// Lists of epochs, each told once: most configs have the same.
#[derive(Default)]
struct EpochLists {
    lists: Vec<Vec<u64>>,
    index_of: HashMap<Vec<u64>, usize>,
}

impl EpochLists {
    fn index(&mut self, epochs: Vec<u64>) -> usize {
        *self.index_of.entry(epochs).or_insert_with_key(|epochs| {
            self.lists.push(epochs.clone());
            self.lists.len() - 1
        })
    }
}
