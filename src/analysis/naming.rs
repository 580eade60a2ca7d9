//! The names of configs: each is called by what tells it from the baseline.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::analysis::settings::{
    Settings, flatten_all, has_many_numbers, is_off, keys_that_differ, label, label_of, varied_keys,
};
use crate::escape::escape_controls;
use crate::runs::role::ConfigRole;

/// What the baseline is called.
pub(crate) const BASELINE: &str = "baseline";

/// How the baseline was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaselineChoice {
    /// The experiment file without variants and grid describes it.
    File,
    /// It has the most settings that most configs have.
    MostShared,
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

/// The config that the file calls its baseline, or the one that shares the most settings with the others. None
/// where there is only one config, or where the configs are points of a search.
pub(crate) fn find_baseline(configs: &[Unnamed<'_>], varied: &[String]) -> Option<Baseline> {
    if configs.len() < 2 || varied.is_empty() {
        return None;
    }
    let mut stated = configs.iter().enumerate().filter(|(_, config)| config.role.is_baseline);
    if let (Some((index, _)), None) = (stated.next(), stated.next()) {
        return Some(Baseline { index, choice: BaselineChoice::File });
    }
    let is_drawn = |key: &String| {
        has_many_numbers(configs.iter().filter_map(|config| config.settings.get(key)))
    };
    if varied.iter().any(is_drawn) {
        return None;
    }
    let usual: Vec<Vec<Option<&Value>>> =
        varied.iter().map(|key| most_frequent(configs, key)).collect();
    let scores = configs.iter().enumerate().map(|(index, config)| {
        let of_key = |(key, usual): (&String, &Vec<Option<&Value>>)| {
            let value = config.settings.get(key);
            (usual.contains(&value), value.is_none() || is_off(key, value))
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

/// The config of each trial in words, with its seed where seeds vary.
pub fn trial_labels(trials: &[Value], roles: &[ConfigRole]) -> Vec<String> {
    let mut all = flatten_all(trials.iter());
    let seed = |settings: &mut Settings| match settings.remove("training.seeds") {
        Some(Value::Array(seeds)) => seeds.into_iter().next(),
        _ => None,
    };
    let seeds: Vec<Option<Value>> = all.iter_mut().map(seed).collect();
    let names = config_names(&all, roles.iter());
    let vary = seeds.windows(2).any(|pair| pair[0] != pair[1]);
    let label = |(name, seed): (Option<String>, &Option<Value>)| {
        let is_shown = vary || name.is_none();
        let seed = seed.as_ref().filter(|_| is_shown).map(|seed| format!("seed {seed}"));
        name.into_iter().chain(seed).collect::<Vec<_>>().join(", ")
    };
    names.into_iter().zip(&seeds).map(label).collect()
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

/// `45,000 training examples instead of 10,000`
fn example_counts(key: &str, settings: &Settings, baseline: &Settings) -> Option<String> {
    let of = match key {
        "dataset.train_examples" => "training examples",
        "dataset.validation_examples" => "validation examples",
        _ => return None,
    };
    let count = |settings: &Settings| settings.get(key).and_then(Value::as_u64).filter(|&n| n > 0);
    let (here, there) = (count(settings)?, count(baseline)?);
    Some(format!("{} {of} instead of {}", thousands(here), thousands(there)))
}

/// `45,000`
pub(crate) fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<&str> = groups.map(|group| std::str::from_utf8(group).unwrap_or("")).collect();
    groups.join(",")
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
        for (&place, settings) in places.iter().zip(&settings) {
            names[place] = format!("{}, {}", names[place], label(settings, &varied));
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
