//! The data of the page: configs with their table cells, runs with their curves, and values shared
//! by all runs, stored once. Texts in it are free of control characters.

use std::collections::HashMap;
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
}

/// The runs of a config that were read, and the folder of each.
struct ReadConfig<'a> {
    runs: Vec<Curves>,
    folders: Vec<&'a Path>,
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
            ConfigParts { cells, runs, epochs: 0, findings: Vec::new() },
        );
    }
    data
}

fn collect_whole(source: &ReportSource, comparison: &Comparison) -> (Data, Vec<String>) {
    let (mut runs_read, mut problems) = read_all(source);
    let mut of_config = |config: &ConfigRuns| {
        let runs = config.runs.iter().filter_map(|run| runs_read.remove(&run.id));
        let (runs, folders) = runs.map(|run| (run.curves, run.folder)).unzip();
        ReadConfig { runs, folders }
    };
    let read: Vec<ReadConfig<'_>> = comparison.configs.iter().map(&mut of_config).collect();
    let findings: Vec<Vec<FindingData>> = threads::map(&read, |config| findings(&config.runs));
    let folders: Vec<Vec<RunFolder<'_>>> = read.iter().map(run_folders).collect();
    let (predictions, unread) = predictions(&one_of_each_first(&folders));
    problems.extend(unread);
    let columns = PageColumns::of(comparison);
    let mut data = Data { predictions, ..Data::of(source, comparison, &columns) };
    let mut epochs = EpochLists::default();
    for (index, (config, findings)) in read.iter().zip(findings).enumerate() {
        let cells = columns.cells(index);
        let (runs, epochs) = data.add_runs(index, &config.runs, &mut epochs);
        data.push_config(comparison, index, ConfigParts { cells, runs, epochs, findings });
    }
    data.epochs = epochs.lists;
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
            runs: Vec::new(),
            shared: SharedData::of(source.records),
            most_points: points_per_run(source.records.len()),
            predictions: Vec::new(),
            effects: effects(source.records, &comparison.varied),
            figures: figures(),
        }
    }

    /// Adds the runs of a config; their places, and that of their epochs.
    fn add_runs(
        &mut self,
        index: usize,
        runs: &[Curves],
        epochs: &mut EpochLists,
    ) -> (Vec<usize>, usize) {
        let rows: Vec<&[MetricsRow]> = runs.iter().map(|run| run.rows.as_slice()).collect();
        let shown = shown_epochs(&rows, self.most_points);
        let first = self.runs.len();
        for run in runs {
            let curves = curves(&run.rows, &shown);
            self.runs.push(self.shared.run(&run.record, index, Some(curves)));
        }
        ((first..self.runs.len()).collect(), epochs.index(shown))
    }

    fn push_config(&mut self, comparison: &Comparison, index: usize, parts: ConfigParts) {
        let ConfigParts { cells, runs, epochs, findings } = parts;
        let compared = &comparison.configs[index];
        let value = |key| compared.settings.get(key).map(|v| safe(&value_text(v)));
        self.configs.push(ConfigData {
            label: safe(&compared.label),
            values: comparison.varied.iter().map(value).collect(),
            cells,
            runs,
            epochs,
            findings,
        });
    }
}

/// Reads the curves of all runs, in parallel; duplicate runs count once.
fn read_all<'a>(source: &ReportSource<'a>) -> (HashMap<String, Read<'a>>, Vec<String>) {
    let pairs: Vec<_> = source.records.iter().zip(source.folders).collect();
    let files = threads::map(&pairs, |(record, folder)| {
        (read_rows(record, folder), read_layers(record, folder))
    });
    let mut problems = Vec::new();
    let runs = source.records.iter().zip(source.folders).zip(files);
    let read = runs.map(|((record, folder), (rows, layers))| {
        let rows = or_none(rows, &mut problems);
        let layers = or_none(layers, &mut problems);
        let curves = Curves { record: record.clone(), rows, layers };
        (record.id.clone(), Read { curves, folder })
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

/// Lists of epochs, each stored once, because most configs share one.
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
