//! Runs that differ only by seed become one config, with the mean and spread of each figure over
//! its finished runs.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::super::escape::escape_controls;
use super::super::record::{RunRecord, State};
use super::super::settings::{self, Settings};
use super::super::statistics::Summary;
use crate::train::Row;

/// One row of a comparison. Accuracies are fractions 0 to 1; figures are over finished runs only
/// and absent if there are none.
#[derive(Debug, Clone)]
pub(super) struct Config {
    pub(super) ids: Vec<String>, // of all its runs, in the order of the records
    pub(super) settings: Settings,
    pub(super) label: String, // the varied settings in words, or the experiment
    pub(super) seeds: BTreeSet<u64>, // of all runs, finished or not
    pub(super) states: Vec<State>, // of each run, finished ones first
    pub(super) finished: usize,
    pub(super) train: Option<Summary>,
    pub(super) val: Option<Summary>,
    pub(super) test: Option<Summary>,
    pub(super) gap: Option<Summary>,
    pub(super) best_test: Option<Summary>, // test accuracy of each run's best epoch
    pub(super) best_epoch: Option<(u64, u64)>, // lowest and highest over the runs
    pub(super) fall: Option<Summary>,      // from the best epoch's test accuracy to the last one's
    pub(super) has_validation: bool,       // best epochs were chosen on it
}

/// Configs with the keys in which they differ.
#[derive(Debug)]
pub(super) struct Configs {
    pub(super) list: Vec<Config>,
    pub(super) varied: Vec<String>,
}

/// Runs of one config and the settings they share.
struct Group<'a> {
    trial: Value, // without its seed
    records: Vec<&'a RunRecord>,
}

/// Groups runs into configs, ordered by their varied settings. A run that occurs twice counts once.
pub(super) fn group(records: &[RunRecord]) -> Configs {
    let groups = groups(records);
    let mut all = settings::flatten_all(groups.iter().map(|group| &group.trial));
    add_provenance_that_differs(&groups, &mut all);
    let varied = match all.is_empty() {
        true => Vec::new(),
        false => settings::varied_keys(&all),
    };
    let configs = groups.iter().zip(all);
    let mut list: Vec<Config> =
        configs.map(|(group, settings)| summarise(&group.records, settings, &varied)).collect();
    list.sort_by(|a, b| {
        let mut orders = varied
            .iter()
            .map(|key| settings::order_of_values(a.settings.get(key), b.settings.get(key)));
        orders.find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
    Configs { list, varied }
}

fn groups(records: &[RunRecord]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group> = Vec::new();
    let mut index_of: HashMap<_, usize> = HashMap::new();
    let mut seen = BTreeSet::new();
    for record in records.iter().filter(|record| seen.insert(&record.id)) {
        let mut trial = record.trial.clone();
        if let Some(training) = trial.get_mut("training").and_then(Value::as_object_mut) {
            training.remove("seeds");
        }
        // Runs on other data or with other numerics are no replicates, whatever the trial says.
        let provenance = &record.provenance;
        let key = (trial.to_string(), provenance.numerics, &provenance.data_sha256);
        match index_of.entry(key) {
            Entry::Occupied(index) => groups[*index.get()].records.push(record),
            Entry::Vacant(place) => {
                place.insert(groups.len());
                groups.push(Group { trial, records: vec![record] });
            }
        }
    }
    groups
}

/// Makes a key of what is no setting but parts the groups: other numerics, or other data under the
/// same `[dataset]` table.
fn add_provenance_that_differs(groups: &[Group], all: &mut [Settings]) {
    let provenance = |group: &Group| group.records[0].provenance.clone();
    let mut data_of_dataset = HashMap::new();
    let mut numerics = BTreeSet::new();
    let mut data_differs = false;
    for group in groups {
        let dataset = group.trial.get("dataset").map(Value::to_string);
        let found = provenance(group).data_sha256;
        data_differs |= data_of_dataset.entry(dataset).or_insert(found.clone()) != &found;
        numerics.insert(provenance(group).numerics);
    }
    for (group, settings) in groups.iter().zip(all) {
        if data_differs {
            let short: String = provenance(group).data_sha256.chars().take(12).collect();
            settings.insert("dataset.data_sha256".to_owned(), Value::from(short));
        }
        if numerics.len() > 1 {
            let version = Value::from(provenance(group).numerics);
            settings.insert("numerics".to_owned(), version);
        }
    }
}

fn summarise(records: &[&RunRecord], settings: Settings, varied: &[String]) -> Config {
    let rows: Vec<(&Row, &Row)> = records.iter().filter_map(|r| finished_rows(r)).collect();
    // A figure that one of the runs lacks is no figure of the config.
    let over_runs = |figure: &dyn Fn(&Row, &Row) -> Option<f64>| {
        let values: Option<Vec<f64>> = rows.iter().map(|(last, best)| figure(last, best)).collect();
        Summary::of(&values?)
    };
    let val = over_runs(&|last, _| last.val_accuracy.map(exact));
    let epochs = || rows.iter().map(|(_, best)| best.epoch);
    let mut states: Vec<State> = records.iter().map(|record| record.state).collect();
    states.sort_unstable_by_key(|state| (*state != State::Finished, *state));
    let names = records.iter().flat_map(|r| r.experiments.iter().cloned());
    let experiments: BTreeSet<String> = names.collect();
    Config {
        ids: records.iter().map(|record| record.id.clone()).collect(),
        label: match varied.is_empty() {
            true => title(&experiments, &settings),
            false => settings::label(&settings, varied),
        },
        seeds: records.iter().filter_map(|r| seed(&r.trial)).collect(),
        states,
        finished: rows.len(),
        train: over_runs(&|last, _| Some(exact(last.train_accuracy))),
        has_validation: val.is_some(),
        val,
        test: over_runs(&|last, _| last.test_accuracy.map(exact)),
        gap: over_runs(&|last, _| exact_gap(last)),
        best_test: over_runs(&|_, best| best.test_accuracy.map(exact)),
        best_epoch: epochs().min().zip(epochs().max()),
        fall: over_runs(&|last, best| {
            Some(exact(best.test_accuracy?) - exact(last.test_accuracy?))
        }),
        settings,
    }
}

/// Last and best row of a run whose figures count.
fn finished_rows(record: &RunRecord) -> Option<(&Row, &Row)> {
    let last = record.last.as_ref()?;
    let is_finished = record.state == State::Finished;
    is_finished.then(|| (last, record.best.as_ref().unwrap_or(last)))
}

/// The seed of a trial.
pub(in crate::report) fn seed(trial: &Value) -> Option<u64> {
    trial.pointer("/training/seeds/0")?.as_u64()
}

/// The decimal number that `metrics.csv` shows for an `f32`, so that 0.532 does not become
/// 0.5320000052 on its way into a table of raw numbers.
pub(in crate::report) fn exact(value: f32) -> f64 {
    value.to_string().parse().unwrap_or(f64::from(value))
}

/// Train minus test accuracy, of the decimals that `metrics.csv` shows.
pub(in crate::report) fn exact_gap(row: &Row) -> Option<f64> {
    Some(exact(row.train_accuracy) - exact(row.test_accuracy?))
}

/// What runs are called where nothing varies.
fn title(experiments: &BTreeSet<String>, settings: &Settings) -> String {
    if experiments.is_empty() {
        let kind = settings.get("network.kind");
        return kind.map_or("run".to_owned(), settings::value_text);
    }
    let names: Vec<&str> = experiments.iter().map(String::as_str).collect();
    escape_controls(&names.join(", ")).into_owned()
}

impl Config {
    /// Runs that are not finished.
    pub(super) fn unfinished(&self) -> usize {
        self.states.len() - self.finished
    }
}
