//! The names of configs: each is called by what tells it from the baseline.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::analysis::settings::{
    Settings, flatten_all, forget_replicate, has_many_numbers, is_off, keys_that_differ, label,
    label_of, varied_keys,
};
use crate::data::trained_examples;
use crate::escape::escape_controls;
use crate::runs::role::{ConfigRole, draws};
use crate::runs::trial_tables::{ReplicateName, TrialTables};
use crate::table::value::thousands;

/// As many settings of the baseline as are listed.
const MOST_SETTINGS: usize = 5;
/// What the baseline is called.
pub(crate) const BASELINE: &str = "baseline";

/// How the baseline was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaselineChoice {
    /// The experiment file without variants and grid describes it.
    File,
    /// It has the most settings that most configs have.
    MostShared,
    /// Somebody chose it after its figures were there.
    AfterLooking,
}

/// The config that the others are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Baseline {
    /// Its place among the configs.
    pub index: usize,
    /// How it was found.
    pub choice: BaselineChoice,
}

/// A config that is to have a name.
pub(crate) struct Unnamed<'a> {
    /// Its settings, without the seed.
    pub(crate) settings: &'a Settings,
    /// What its experiment calls it.
    pub(crate) role: &'a ConfigRole,
}

/// The chosen config, or the one that the file calls its baseline, or the one that shares the most settings with the others. None
/// where there is only one config, or where the configs are points of a search.
pub(crate) fn find_baseline(configs: &[Unnamed<'_>], varied: &[String]) -> Option<Baseline> {
    if configs.len() < 2 || varied.is_empty() {
        return None;
    }
    if let Some(index) = configs.iter().position(|config| config.role.is_chosen) {
        return Some(Baseline { index, choice: BaselineChoice::AfterLooking });
    }
    let mut stated = configs.iter().enumerate().filter(|(_, config)| config.role.is_baseline);
    if let (Some((index, _)), None) = (stated.next(), stated.next()) {
        return Some(Baseline { index, choice: BaselineChoice::File });
    }
    // Runs of older versions do not say that they are points of a search, but many numbers do.
    let has_many_numbers = |key: &String| {
        has_many_numbers(configs.iter().filter_map(|config| config.settings.get(key)))
    };
    let is_point = |config: &Unnamed<'_>| !config.role.drawn.is_empty();
    if configs.iter().any(is_point) || varied.iter().any(has_many_numbers) {
        return None;
    }
    let usual: Vec<Vec<Option<&Value>>> =
        varied.iter().map(|key| most_frequent(configs, key)).collect();
    let scores = configs.iter().enumerate().map(|(index, config)| {
        let of_key = |(key, usual_values): (&String, &Vec<Option<&Value>>)| {
            let value = config.settings.get(key);
            (usual_values.contains(&value), value.is_none() || is_off(key, value))
        };
        let (mut shared, mut off) = (0, 0);
        for (is_usual, is_off) in varied.iter().zip(&usual).map(of_key) {
            shared += usize::from(is_usual);
            off += usize::from(is_off);
        }
        // Of equals, the one that uses the least, then the first.
        (shared, off, usize::MAX - index)
    });
    let (_, _, rest) = scores.max()?;
    Some(Baseline { index: usize::MAX - rest, choice: BaselineChoice::MostShared })
}

/// The values of a key that the most configs have.
fn most_frequent<'a>(configs: &[Unnamed<'a>], key: &str) -> Vec<Option<&'a Value>> {
    let mut counts: Vec<(Option<&Value>, usize)> = Vec::new();
    for value in configs.iter().map(|config| config.settings.get(key)) {
        match counts.iter_mut().find(|(there, _)| *there == value) {
            Some((_, count)) => *count += 1,
            None => counts.push((value, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts.into_iter().filter(|(_, count)| *count == most).map(|(value, _)| value).collect()
}

/// The names of configs, no two of them the same: that of the variant, or the difference from the baseline; without
/// a baseline all settings that vary.
pub(crate) fn names(
    configs: &[Unnamed<'_>],
    varied: &[String],
    baseline: Option<usize>,
) -> Vec<String> {
    let name = |(index, config): (usize, &Unnamed<'_>)| match (baseline, &config.role.variant) {
        (Some(baseline), _) if index == baseline => BASELINE.to_owned(),
        (Some(_), Some(variant)) => escape_controls(variant).into_owned(),
        (Some(baseline), None) => difference(config.settings, configs[baseline].settings, varied),
        (None, _) => label(config.settings, varied),
    };
    let mut names: Vec<String> = configs.iter().enumerate().map(name).collect();
    tell_apart(&mut names, configs);
    names
}

/// The name of the config of each of several runs; none where nothing but the seed varies.
pub(crate) fn config_names<'a>(
    all: &[Settings],
    roles: impl Iterator<Item = &'a ConfigRole>,
) -> Vec<Option<String>> {
    let varied = match all.is_empty() {
        true => Vec::new(),
        false => varied_keys(all),
    };
    if varied.is_empty() {
        return vec![None; all.len()];
    }
    let mut place_of: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let (mut configs, mut places) = (Vec::new(), Vec::with_capacity(all.len()));
    for (settings, role) in all.iter().zip(roles) {
        let value = |key: &String| settings.get(key).map_or(String::new(), Value::to_string);
        let next = configs.len();
        let place = *place_of.entry(varied.iter().map(value).collect()).or_insert(next);
        if place == next {
            configs.push(Unnamed { settings, role });
        }
        places.push(place);
    }
    let baseline = find_baseline(&configs, &varied).map(|found| found.index);
    let names = names(&configs, &varied, baseline);
    places.into_iter().map(|place| Some(names[place].clone())).collect()
}

/// The config of each trial in words, with its seed and fold where these vary.
pub fn trial_labels(trials: &[Value], roles: &[ConfigRole]) -> Vec<String> {
    let mut all = flatten_all(trials.iter());
    let seeds: Vec<Option<ReplicateName>> =
        trials.iter().map(|trial| TrialTables::from(trial.clone()).replicate()).collect();
    all.iter_mut().for_each(forget_replicate);
    let names = config_names(&all, roles.iter());
    let vary = seeds.windows(2).any(|pair| pair[0] != pair[1]);
    let label = |(name, seed): (Option<String>, &Option<ReplicateName>)| {
        let is_shown = vary || name.is_none();
        let seed = seed.as_ref().filter(|_| is_shown).map(ReplicateName::to_string);
        name.into_iter().chain(seed).collect::<Vec<_>>().join(", ")
    };
    names.into_iter().zip(&seeds).map(label).collect()
}

/// The values that a search drew for one of these trials in words: those of the `drawn` keys in which they differ.
pub fn drawn_label(trials: &[Value], place: usize, drawn: &[String]) -> String {
    let all = flatten_all(trials.iter());
    let mut varied = varied_keys(&all);
    varied.retain(|key| draws(drawn, key));
    all.get(place).filter(|_| !varied.is_empty()).map_or(String::new(), |one| label(one, &varied))
}

/// What a config has in place of the baseline's settings, in words.
fn difference(settings: &Settings, baseline: &Settings, varied: &[String]) -> String {
    let keys = keys_that_differ(settings, baseline, varied);
    let parts = keys.into_iter().filter_map(|key| match example_counts(key, settings, baseline) {
        Some(words) => Some(words),
        None => label_of(settings, key, varied),
    });
    let words = parts.collect::<Vec<_>>().join(", ");
    if words.is_empty() { label(settings, varied) } else { words }
}

/// The settings that vary, in words, for the one config that the others are compared with; of many, the first few.
pub(crate) fn in_words(settings: &Settings, varied: &[String]) -> String {
    let nothing = Settings::new();
    let parts = varied.iter().filter_map(|key| match example_counts(key, settings, &nothing) {
        Some(words) => Some(words),
        None => label_of(settings, key, varied),
    });
    let parts: Vec<String> = parts.collect();
    match parts.len() {
        0 => label(settings, varied),
        few if few <= MOST_SETTINGS => parts.join(", "),
        many => {
            let few = parts[..MOST_SETTINGS - 1].join(", ");
            format!("{few} and {} more settings", many + 1 - MOST_SETTINGS)
        }
    }
}

/// `45,000 training examples instead of 10,000`, `10 % of the training examples`
fn example_counts(key: &str, settings: &Settings, baseline: &Settings) -> Option<String> {
    let count = |settings: &Settings| settings.get(key).and_then(Value::as_u64).filter(|&n| n > 0);
    let of = match key {
        "dataset.train_fraction" => return Some(share_of_examples(settings)),
        "dataset.train_examples" if count(settings).is_none() => {
            return Some(all_examples(settings));
        }
        "dataset.train_examples" => "training examples",
        "dataset.validation_examples" => "validation examples",
        _ => return None,
    };
    let here = thousands(count(settings)?);
    match count(baseline) {
        Some(there) => Some(format!("{here} {of} instead of {}", thousands(there))),
        None => Some(format!("{here} {of}")),
    }
}

/// `10 % of the training examples`; without a share, all of them.
fn share_of_examples(settings: &Settings) -> String {
    match settings.get("dataset.train_fraction").and_then(Value::as_f64) {
        Some(share) if share < 1.0 => {
            let percent = (share * 1e6).round() / 1e4; // 0.07 * 100 is 7.000000000000001
            format!("{percent} % of the training examples")
        }
        _ => all_examples(settings),
    }
}

/// `all 50,000 training examples`; the number is known of published data.
fn all_examples(settings: &Settings) -> String {
    let kind = settings.get("dataset.kind").and_then(Value::as_str).unwrap_or_default();
    match trained_examples(kind, None, 0, 1.0) {
        Some(count) => format!("all {} training examples", thousands(count as u64)),
        None => "all training examples".to_owned(),
    }
}

/// Adds to names that several configs have what tells these configs apart.
fn tell_apart(names: &mut [String], configs: &[Unnamed<'_>]) {
    let mut alike: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, name) in names.iter().enumerate() {
        alike.entry(name.clone()).or_default().push(index);
    }
    for places in alike.into_values().filter(|places| places.len() > 1) {
        let settings: Vec<Settings> =
            places.iter().map(|&place| configs[place].settings.clone()).collect();
        let varied = varied_keys(&settings);
        for (&place, of_config) in places.iter().zip(&settings) {
            names[place] = format!("{}, {}", names[place], label(of_config, &varied));
        }
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for name in names {
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            *name = format!("{name} ({count})");
        }
    }
}

#[cfg(test)]
mod tests;
