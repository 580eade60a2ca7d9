//! The data of the page: configs with their table cells, runs with their curves, and values shared
//! by all runs, stored once. Texts in it are free of control characters.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::Serialize;

use crate::analysis::comparability::incomparable;
use crate::analysis::compare::{Comparison, ConfigRuns};
use crate::analysis::settings;
use crate::error::Result;
use crate::output::html::ReportSource;
use crate::output::html::changes::{ChangesData, changes};
use crate::output::html::columns::{CellData, ColumnData, PageColumns};
use crate::output::html::curves::{curves, points_per_run, shown_epochs};
use crate::output::html::figures::{FigureData, figures};
use crate::output::html::findings::{EffectsData, FindingData, effects, findings};
use crate::output::html::predictions::{Predictions, one_of_each_first, predictions};
use crate::output::html::runs::{RunData, SharedData};
use crate::output::html::text::safe;
use crate::runs::metrics::MetricsRow;
use crate::runs::read::{Curves, read_layers, read_rows};
use crate::runs::run_files::RunFolder;
use crate::runs::timing::seconds_by_epoch;
use crate::table::value::value_text;
use crate::threads;

/// The data of the page.
#[derive(Debug, Serialize)]
pub(super) struct Data {
    columns: Vec<ColumnData>,
    varied: Vec<SettingData>,
    legend: String,
    changes: Option<ChangesData>,
    incomparable: Option<&'static str>, // why the configs cannot be ranked, if they cannot
    configs: Vec<ConfigData>,           // in the order of the comparison: the best first
    epochs: Vec<Vec<u64>>,              // the epochs at which curves are shown
    steps: Vec<Vec<u64>>,               // the steps at these epochs
    runs: Vec<RunData>,                 // config by config
    shared: SharedData,
    most_points: usize, // of a curve
    predictions: Vec<Predictions>,
    effects: Option<EffectsData>,
    figures: Vec<FigureData>, // that plots can show for a finished run
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
    values: Vec<Option<String>>, // of each varied setting
    cells: Vec<CellData>,
    runs: Vec<usize>,
    epochs: usize, // which of the lists of epochs
    steps: usize,  // which of the lists of steps
    findings: Vec<FindingData>,
}

/// What of the runs is read for the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Curves, findings and predictions of every run.
    Whole,
    /// Nothing: the page asks for curves when it needs them. For thousands of runs on a live page.
    Records,
}

/// A run that was read.
struct Read<'a> {
    curves: Curves,
    folder: &'a Path,
    seconds: BTreeMap<u64, f64>, // since the run began, by epoch
}

/// The runs of a config that were read, and the folder of each.
struct ReadConfig<'a> {
    runs: Vec<Curves>,
    folders: Vec<&'a Path>,
    seconds: Vec<BTreeMap<u64, f64>>,
}

/// The data, and what could not be read.
pub(super) fn collect(
    source: &ReportSource,
    comparison: &Comparison,
    depth: Depth,
) -> (Data, Vec<String>) {
    match depth {
        Depth::Whole => collect_whole(source, comparison),
        Depth::Records => (collect_records(source, comparison), Vec::new()),
    }
}

fn collect_records(source: &ReportSource, comparison: &Comparison) -> Data {
    let columns = PageColumns::of(comparison);
    let mut data = Data::of(source, comparison, &columns);
    data.epochs.push(Vec::new());
    data.steps.push(Vec::new());
    for (index, config) in comparison.configs.iter().enumerate() {
        let first = data.runs.len();
        for record in &config.runs {
            let run = data.shared.run(record, index, None);
            data.runs.push(run);
        }
        let runs = (first..data.runs.len()).collect();
        let cells = columns.cells(index);
        data.push_config(
            comparison,
            index,
            ConfigParts { cells, runs, epochs: 0, steps: 0, findings: Vec::new() },
        );
    }
    data
}

fn collect_whole(source: &ReportSource, comparison: &Comparison) -> (Data, Vec<String>) {
    let (mut runs_read, mut problems) = read_all(source);
    let mut of_config = |config: &ConfigRuns| {
        let runs = config.runs.iter().filter_map(|run| runs_read.remove(&run.id));
        let (runs, (folders, seconds)) =
            runs.map(|run| (run.curves, (run.folder, run.seconds))).unzip();
        ReadConfig { runs, folders, seconds }
    };
    let read: Vec<ReadConfig<'_>> = comparison.configs.iter().map(&mut of_config).collect();
    let findings: Vec<Vec<FindingData>> = threads::map(&read, |config| findings(&config.runs));
    let folders: Vec<Vec<RunFolder<'_>>> = read.iter().map(run_folders).collect();
    let (predictions, unread) = predictions(&one_of_each_first(&folders));
    problems.extend(unread);
    let columns = PageColumns::of(comparison);
    let mut data = Data { predictions, ..Data::of(source, comparison, &columns) };
    let (mut epochs, mut steps) = (Lists::default(), Lists::default());
    for (index, (config, findings)) in read.iter().zip(findings).enumerate() {
        let shown = shown_rows(&config.runs, data.most_points);
        let at: Vec<u64> = shown.iter().map(|row| row.epoch).collect();
        let parts = ConfigParts {
            cells: columns.cells(index),
            runs: data.add_runs(index, config, &at),
            steps: steps.index(shown.iter().map(|row| row.step).collect()),
            epochs: epochs.index(at),
            findings,
        };
        data.push_config(comparison, index, parts);
    }
    data.epochs = epochs.lists;
    data.steps = steps.lists;
    (data, problems)
}

/// The runs of a config with their folders.
fn run_folders<'a>(config: &'a ReadConfig<'_>) -> Vec<RunFolder<'a>> {
    let runs = config.runs.iter().zip(&config.folders);
    runs.map(|(run, path)| RunFolder { record: &run.record, path }).collect()
}

/// What is added about a config beside its name and settings.
struct ConfigParts {
    cells: Vec<CellData>,
    runs: Vec<usize>,
    epochs: usize,
    steps: usize,
    findings: Vec<FindingData>,
}

impl Data {
    /// All but the configs and their runs.
    fn of(source: &ReportSource, comparison: &Comparison, columns: &PageColumns) -> Data {
        Data {
            columns: columns.data(),
            varied: comparison.varied.iter().map(|key| setting(key, &comparison.varied)).collect(),
            legend: safe(&comparison.legend),
            changes: changes(comparison),
            incomparable: incomparable(source.records),
            configs: Vec::new(),
            epochs: Vec::new(),
            steps: Vec::new(),
            runs: Vec::new(),
            shared: SharedData::of(source.records),
            most_points: points_per_run(source.records.len()),
            predictions: Vec::new(),
            effects: effects(source.records, &comparison.varied),
            figures: figures(),
        }
    }

    /// Adds the runs of a config with their curves at these epochs; their places.
    fn add_runs(&mut self, index: usize, config: &ReadConfig<'_>, epochs: &[u64]) -> Vec<usize> {
        let first = self.runs.len();
        for (run, seconds) in config.runs.iter().zip(&config.seconds) {
            let curves = curves(&run.rows, epochs).with_seconds(epochs, seconds);
            self.runs.push(self.shared.run(&run.record, index, Some(curves)));
        }
        (first..self.runs.len()).collect()
    }

    fn push_config(&mut self, comparison: &Comparison, index: usize, parts: ConfigParts) {
        let ConfigParts { cells, runs, epochs, steps, findings } = parts;
        let compared = &comparison.configs[index];
        let value = |key| compared.settings.get(key).map(|v| safe(&value_text(v)));
        self.configs.push(ConfigData {
            label: safe(&compared.label),
            values: comparison.varied.iter().map(value).collect(),
            cells,
            runs,
            epochs,
            steps,
            findings,
        });
    }
}

/// Reads the curves of all runs, in parallel; duplicate runs count once.
fn read_all<'a>(source: &ReportSource<'a>) -> (HashMap<String, Read<'a>>, Vec<String>) {
    let pairs: Vec<_> = source.records.iter().zip(source.folders).collect();
    let files = threads::map(&pairs, |(record, folder)| {
        (read_rows(record, folder), read_layers(record, folder), seconds_by_epoch(folder))
    });
    let mut problems = Vec::new();
    let runs = source.records.iter().zip(source.folders).zip(files);
    let read = runs.map(|((record, folder), (rows, layers, seconds))| {
        let rows = or_none(rows, &mut problems);
        let layers = or_none(layers, &mut problems);
        let curves = Curves { record: record.clone(), rows, layers };
        (record.id.clone(), Read { curves, folder, seconds })
    });
    (read.collect(), problems)
}

fn or_none<T>(read: Result<Vec<T>>, problems: &mut Vec<String>) -> Vec<T> {
    read.unwrap_or_else(|error| {
        problems.push(safe(&error.chain()));
        Vec::new()
    })
}

fn setting(key: &str, varied: &[String]) -> SettingData {
    let short = settings::short_key(key, varied).unwrap_or_else(|| key.to_owned());
    SettingData { key: safe(key), short: safe(&short).replace('_', " ") }
}

/// The rows of the longest run of a config at which its curves are shown.
fn shown_rows(runs: &[Curves], most: usize) -> Vec<&MetricsRow> {
    let rows: Vec<&[MetricsRow]> = runs.iter().map(|run| run.rows.as_slice()).collect();
    let epochs = shown_epochs(&rows, most);
    let longest = rows.iter().max_by_key(|rows| rows.len()).copied().unwrap_or_default();
    longest.iter().filter(|row| epochs.binary_search(&row.epoch).is_ok()).collect()
}

/// Lists of epochs or steps, each stored once, because most configs share one.
#[derive(Default)]
struct Lists {
    lists: Vec<Vec<u64>>,
    index_of: HashMap<Vec<u64>, usize>,
}

impl Lists {
    fn index(&mut self, list: Vec<u64>) -> usize {
        *self.index_of.entry(list).or_insert_with_key(|list| {
            self.lists.push(list.clone());
            self.lists.len() - 1
        })
    }
}
