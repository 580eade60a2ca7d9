//! Runs that differ only by seed and fold become one config, with the mean and spread of each figure over
//! its finished runs.

use std::cmp::Ordering;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

use crate::analysis::comparability::{
    Comparability, DATA_SHA256, Incomparable, PLACES, makes_the_data,
};
use crate::analysis::compare::measure::Measure;
use crate::analysis::compare::summaries::Summaries;
use crate::analysis::compare::verdict::ConfigChange;
use crate::analysis::naming::{BaselineChoice, Unnamed, find_baseline, names};
use crate::analysis::replicates::{fold, replicate};
use crate::analysis::settings;
use crate::analysis::settings::{DifferingKeys, Settings};
use crate::escape::escape_controls;
use crate::runs::figures::{Figure, exact};
use crate::runs::held_out::HeldOutSplit;
use crate::runs::record::{RunRecord, RunState};
use crate::runs::role::ConfigRole;
use crate::runs::trial_tables::{REPLICATE_KEYS, ReplicateName};
use crate::stats::{Fold, Replicate, Summary, Unit};
use crate::table::value::value_text;

/// The most settings that name a config where experiments could.
const MOST_SETTINGS: usize = 6;
/// The most configs that are looked through for experiments of their own.
const MOST_EXPERIMENTS: usize = 50;
/// Enough digits of a hash to tell two apart.
const SHORT_HASH: usize = 12;

/// One row of a comparison. Accuracies are fractions 0 to 1; figures cover only finished runs and
/// are absent if there are none.
#[derive(Debug, Clone)]
pub(super) struct Config<'a> {
    pub(super) runs: Vec<&'a RunRecord>, // by seed and fold
    pub(super) place: usize, // among all configs, by their first runs as they were given
    pub(super) settings: Settings, // those that are not the same in all configs
    pub(super) label: String, // the varied settings in words, or the experiment
    pub(super) replicates: BTreeSet<ReplicateName>, // all runs, finished or not
    pub(super) unit: Unit,   // what its figures are averaged over
    pub(super) states: Vec<RunState>, // of each run, finished ones first
    pub(super) finished: usize,
    pub(super) has_validation: bool, // best epochs were chosen on it
    pub(super) summaries: Summaries, // over the finished runs, of each figure, computed on demand
    pub(super) is_best: bool,        // the one that the answer names
    pub(super) is_baseline: bool,    // the one that the others are compared with
    pub(super) change: Option<ConfigChange>, // against the baseline
}

/// Configs with the keys in which they differ.
#[derive(Debug)]
pub(super) struct Configs<'a> {
    pub(super) list: Vec<Config<'a>>,
    pub(super) varied: Vec<String>,
    pub(super) comparability: Comparability,
    pub(super) choice: Option<BaselineChoice>, // how the baseline was found, if there is one
}

impl<'a> Configs<'a> {
    /// The config that the others are compared with.
    pub(super) fn baseline(&self) -> Option<&Config<'a>> {
        self.list.iter().find(|config| config.is_baseline)
    }

    /// Why none of them is the best by this figure, if so. The figure that the answer is about counts too: runs
    /// without validation are ranked by test accuracy beside sealed ones, which are judged by validation.
    pub(super) fn problem(&self, ranked_by: Figure) -> Option<Incomparable> {
        let of = |figure: Figure| {
            self.comparability.problem(figure.kind().held_out.unwrap_or(HeldOutSplit::Test))
        };
        of(ranked_by).or_else(|| of(Measure::of(&self.list).score))
    }

    /// Removes the configs that a search left at a rung, because their figures are of fewer epochs
    /// than the others', and says so; if there are no others, all stay. Labels still show the
    /// settings in which the removed ones differ.
    pub(super) fn leave_out_paused(&mut self) -> Option<String> {
        let is_paused = |config: &Config| config.states.contains(&RunState::Paused);
        let paused = self.list.iter().filter(|config| is_paused(config)).count();
        if paused == 0 || paused == self.list.len() {
            return None;
        }
        self.list.retain(|config| !is_paused(config));
        let what = if paused == 1 { "1 config" } else { &format!("{paused} configs") };
        Some(format!("left out: {what} that a search stopped at a rung"))
    }
}

/// Runs of one config, and the settings of their trial that vary over all runs.
pub(super) struct RunGroup<'a> {
    differing: Value,         // without the keys of replicates
    runs: Vec<&'a RunRecord>, // never empty
}

/// Groups runs into configs, ordered by their varied settings. Duplicate runs count once.
pub(super) fn configs_of(records: &[RunRecord]) -> Configs<'_> {
    let groups = groups(records);
    let mut all = settings::flatten_all(groups.iter().map(|group| &group.differing));
    add_provenance_that_differs(&groups, &mut all);
    let mut varied = match all.is_empty() {
        true => Vec::new(),
        false => settings::varied_keys(&all),
    };
    add_data_from_elsewhere(&groups, &mut varied);
    let comparability = Comparability::of(groups.iter().flat_map(|g| g.runs.iter().copied()));
    let configs = groups.into_iter().zip(all);
    let mut list: Vec<Config> =
        configs.map(|(group, settings)| summarise(group.runs, settings, &varied)).collect();
    (0..).zip(&mut list).for_each(|(place, config)| config.place = place);
    list.sort_by(|a, b| order_of_configs(a, b, &varied));
    set_unit(&mut list);
    let is_comparable = [HeldOutSplit::Test, HeldOutSplit::Validation]
        .into_iter()
        .any(|split| comparability.problem(split).is_none());
    let choice = is_comparable.then(|| name_configs(&mut list, &varied)).flatten();
    Configs { list, varied, comparability, choice }
}

/// What the figures of all configs are averaged over.
pub(super) fn set_unit(list: &mut [Config]) {
    let names = |config: &Config| -> Vec<Replicate> {
        let runs = config.runs.iter().enumerate();
        runs.map(|(place, run)| replicate(run, place, f64::NAN)).collect()
    };
    let all: Vec<Vec<Replicate>> = list.iter().map(names).collect();
    let unit = Unit::of(all.iter().map(Vec::as_slice));
    list.iter_mut().for_each(|config| config.unit = unit);
}

/// Names the configs after what tells them from the baseline, if there is one; says how it was found.
fn name_configs(list: &mut [Config], varied: &[String]) -> Option<BaselineChoice> {
    let plain = ConfigRole::default();
    let mut unnamed = Vec::with_capacity(list.len());
    for config in &*list {
        let mut roles = config.runs.iter().map(|run| &run.role);
        let role = roles.find(|role| !role.is_plain()).unwrap_or(&plain);
        unnamed.push(Unnamed { settings: &config.settings, role });
    }
    let baseline = find_baseline(&unnamed, varied)?;
    let names = names(&unnamed, varied, Some(baseline.index));
    let names = experiment_names(list, varied).unwrap_or(names);
    for (config, name) in list.iter_mut().zip(names) {
        config.label = name;
    }
    list[baseline.index].is_baseline = true;
    Some(baseline.choice)
}

/// The experiment of each config, where each has one of its own and they differ in so many settings that a list of them
/// is no name.
fn experiment_names(list: &[Config], varied: &[String]) -> Option<Vec<String>> {
    let has = |config: &Config, name: &String| {
        config.runs.iter().all(|run| run.experiments.contains(name))
    };
    let own = |config: &Config| {
        let is_own = |name: &&String| list.iter().filter(|other| has(other, name)).count() == 1;
        let mut names = config.runs.first()?.experiments.iter().rev();
        let own = names.find(|name| has(config, name) && is_own(name))?;
        Some(escape_controls(own).into_owned())
    };
    if varied.len() <= MOST_SETTINGS || list.len() > MOST_EXPERIMENTS {
        return None;
    }
    list.iter().map(own).collect()
}

/// Orders two configs by their values of these keys, the first key first.
pub(super) fn order_of_configs(a: &Config, b: &Config, keys: &[String]) -> Ordering {
    let mut orders =
        keys.iter().map(|key| settings::order_of_values(a.settings.get(key), b.settings.get(key)));
    orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

pub(super) fn groups(records: &[RunRecord]) -> Vec<RunGroup<'_>> {
    let mut differing_keys = DifferingKeys::between(records.iter().map(|record| &record.trial));
    REPLICATE_KEYS.into_iter().for_each(|(table, key)| differing_keys.forget(table, key));
    PLACES.into_iter().for_each(|key| differing_keys.forget("dataset", key));
    let mut groups: Vec<RunGroup> = Vec::new();
    let mut index_of: HashMap<_, usize> = HashMap::new();
    let mut seen = HashSet::new();
    for record in records.iter().filter(|record| seen.insert(&record.id)) {
        // Runs on other data or with other numerics are not replicates, whatever the trial says.
        let provenance = &record.provenance;
        let part = differing_keys.part_of(&record.trial);
        let identity = (part, provenance.numerics, provenance.data_sha256.as_str());
        match index_of.entry(identity) {
            Entry::Occupied(index) => groups[*index.get()].runs.push(record),
            Entry::Vacant(place) => {
                let of_group = place.key().0.clone();
                place.insert(groups.len());
                groups.push(RunGroup { differing: of_group, runs: vec![record] });
            }
        }
    }
    groups
}

/// Adds keys for differences that are not settings but still separate the groups: different
/// numerics under the same `[dataset]` and `[network]` tables (one program may use different
/// numerics for different tables), or different data under the same identifying keys. Content is
/// identified by the beginning of its hash.
fn add_provenance_that_differs(groups: &[RunGroup], all: &mut [Settings]) {
    let mut numerics_of_tables: HashMap<[Option<&Value>; 2], u32> = HashMap::new();
    let mut numerics_differ = false;
    for run in groups.iter().map(|group| group.runs[0]) {
        let numerics = run.provenance.numerics;
        let tables = ["dataset", "network"].map(|table| run.trial.get(table));
        numerics_differ |= *numerics_of_tables.entry(tables).or_insert(numerics) != numerics;
    }
    let data_differs = data_differs_by_itself(groups);
    for (group, settings) in groups.iter().zip(all) {
        let provenance = &group.runs[0].provenance;
        let short: String = provenance.data_sha256.chars().take(SHORT_HASH).collect();
        if let Some(content) = settings.get_mut(DATA_SHA256) {
            *content = Value::from(short.as_str());
        }
        if data_differs {
            settings.insert("dataset.data_sha256".to_owned(), Value::from(short));
        }
        if numerics_differ {
            settings.insert("numerics".to_owned(), Value::from(provenance.numerics));
        }
    }
}

/// Whether datasets with the same keys differ in content.
fn data_differs_by_itself(groups: &[RunGroup]) -> bool {
    let content = |group: &RunGroup| group.runs[0].provenance.data_sha256.clone();
    let Some(first) = groups.first().map(content) else { return false };
    if groups.iter().all(|group| content(group) == first) {
        return false;
    }
    let mut content_of: HashMap<Option<Value>, String> = HashMap::new();
    groups.iter().any(|group| {
        let mut dataset = group.runs[0].trial.get("dataset").cloned();
        if let Some(Value::Object(keys)) = &mut dataset {
            keys.retain(|key, _| makes_the_data(key) && !PLACES.contains(&key.as_str()));
        }
        *content_of.entry(dataset).or_insert_with(|| content(group)) != content(group)
    })
}

/// Settings that shape the data determine its content if it comes from one place; with several
/// places, both may differ together by chance.
fn add_data_from_elsewhere(groups: &[RunGroup], varied: &mut Vec<String>) {
    let of = |group: &RunGroup, key: &str| {
        let dataset = group.runs[0].trial.get("dataset");
        dataset.and_then(|dataset| dataset.get(key)).cloned()
    };
    let differs = |key: &str| groups.iter().any(|group| of(group, key) != of(&groups[0], key));
    let is_shown = varied.iter().any(|key| key == DATA_SHA256);
    if !is_shown && differs("sha256") && PLACES.into_iter().any(differs) {
        varied.push(DATA_SHA256.to_owned());
        varied.sort_by(|a, b| settings::order_of_keys(a, b));
    }
}

/// The config of these runs, at least one.
pub(super) fn summarise<'a>(
    mut runs: Vec<&'a RunRecord>,
    settings: Settings,
    varied: &[String],
) -> Config<'a> {
    runs.sort_by_key(|run| run.trial.replicate()); // whatever the order of their folders
    let finished = || runs.iter().filter(|run| is_finished(run));
    let mut states: Vec<RunState> = runs.iter().map(|record| record.state).collect();
    states.sort_unstable_by_key(|state| (*state != RunState::Finished, *state));
    Config {
        label: match varied.is_empty() {
            true => title(&runs),
            false => settings::label(&settings, varied),
        },
        place: 0,
        replicates: runs.iter().filter_map(|run| run.trial.replicate()).collect(),
        unit: Unit::default(),
        states,
        finished: finished().count(),
        has_validation: finished().count() > 0
            && finished().all(|run| run.last.is_some_and(|last| last.val_accuracy.is_some())),
        summaries: Summaries::default(),
        is_best: false,
        is_baseline: false,
        change: None,
        settings,
        runs,
    }
}

/// Whether a run's figures count.
pub(super) fn is_finished(run: &RunRecord) -> bool {
    run.state == RunState::Finished && run.last.is_some()
}

/// The label of runs if nothing varies.
fn title(runs: &[&RunRecord]) -> String {
    let names: BTreeSet<&str> =
        runs.iter().flat_map(|run| run.experiments.iter().map(String::as_str)).collect();
    if names.is_empty() {
        let kind = runs.first().and_then(|run| run.trial.pointer("/network/kind"));
        return kind.map_or("run".to_owned(), value_text);
    }
    let names: Vec<&str> = names.into_iter().collect();
    escape_controls(&names.join(", ")).into_owned()
}

impl Config<'_> {
    /// Whether its runs finished without reading the test set.
    pub(super) fn is_sealed(&self) -> bool {
        self.finished > 0 && self.over(Figure::TestAccuracy).is_none()
    }

    /// Mean and spread of a figure over the finished runs; none if a run lacks it.
    pub(super) fn over(&self, figure: Figure) -> Option<Summary> {
        self.summaries.of(figure, || self.summary(|run| figure.of(run)))
    }

    /// Test accuracy at the best epoch; for sealed test sets, the figure from when they were read with its weights.
    pub(super) fn best_test(&self) -> Option<Summary> {
        let unsealed = |run: &RunRecord| {
            let reading = run.reading_at(run.best.map(|best| best.epoch));
            reading.map(|read| exact(read.test_accuracy))
        };
        self.over(Figure::BestTestAccuracy).or_else(|| self.summary(unsealed))
    }

    /// The split that chose the best epochs.
    pub(super) fn chosen_by(&self) -> HeldOutSplit {
        if self.has_validation { HeldOutSplit::Validation } else { HeldOutSplit::Test }
    }

    /// The lowest and highest value of a counting figure over the finished runs.
    pub(super) fn range(&self, figure: Figure) -> Option<(u64, u64)> {
        let values = || self.finished_runs().filter_map(|run| Some(figure.of(run)? as u64));
        values().min().zip(values().max())
    }

    fn summary(&self, value: impl Fn(&RunRecord) -> Option<f64>) -> Option<Summary> {
        let runs = self.finished_runs().enumerate();
        let values: Option<Vec<Replicate>> =
            runs.map(|(place, run)| Some(replicate(run, place, value(run)?))).collect();
        Summary::over(&values?, self.unit)
    }

    /// The folds of its runs: how many there are, and how many each training divides the examples into. None if its runs
    /// differ by seed alone.
    pub(super) fn folds(&self) -> Option<[u64; 2]> {
        let folds: BTreeSet<Fold> = self.runs.iter().filter_map(|run| fold(run)).collect();
        let of = folds.first().filter(|_| self.unit == Unit::Fold)?.of;
        Some([folds.len() as u64, of])
    }

    fn finished_runs(&self) -> impl Iterator<Item = &RunRecord> {
        self.runs.iter().copied().filter(|run| is_finished(run))
    }

    /// Whether a search drew it.
    pub(super) fn is_drawn(&self) -> bool {
        self.runs.iter().any(|run| !run.role.drawn.is_empty())
    }

    /// The seeds of all runs.
    pub(super) fn seeds(&self) -> BTreeSet<u64> {
        self.replicates.iter().map(|which| which.seed).collect()
    }

    /// Runs that are not finished.
    pub(super) fn unfinished(&self) -> usize {
        self.states.len() - self.finished
    }
}
