//! Nested tables, and lists of tables, as settings with dotted keys.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::analysis::left_out::fill_left_out;
use crate::analysis::settings::Settings;
use crate::analysis::settings::elements::{NAME, elements, nameless};

/// Settings of several trials: nested tables become dotted keys, except where another trial has a
/// plain value under the same key (`weight_init = "he"` beside `{ normal = { std = 0.01 } }`). The
/// elements of a list of tables are tables under their names, or under their numbers if the trials
/// do not share the names; lists of different lengths are one value each. A name itself is not a
/// setting.
pub(crate) fn flatten_all<V: Borrow<Value>>(
    trials: impl Iterator<Item = V> + Clone,
) -> Vec<Settings> {
    flatten_like(trials, Called::Whole)
}

/// Like [`flatten_all`], but elements of lists of different lengths are also under their numbers,
/// for output with one line per setting.
pub(crate) fn flatten_each<V: Borrow<Value>>(
    trials: impl Iterator<Item = V> + Clone,
) -> Vec<Settings> {
    flatten_like(trials, Called::ByNumber)
}

/// Settings of one trial, the elements of lists under their numbers, which give their order, and
/// with their names.
pub(crate) fn flatten_one(trial: &Value) -> Settings {
    SettingLayout { with_names: true, ..SettingLayout::default() }.flatten(trial)
}

fn flatten_like<V: Borrow<Value>>(
    trials: impl Iterator<Item = V> + Clone,
    unequal: Called,
) -> Vec<Settings> {
    let mut layout = SettingLayout::default();
    trials.clone().for_each(|trial| layout.learn(trial.borrow(), "", unequal));
    let mut flat: Vec<Settings> =
        trials.clone().map(|trial| layout.flatten(trial.borrow())).collect();
    let leaves: BTreeSet<&str> = flat.iter().flat_map(Settings::keys).map(|k| &**k).collect();
    let is_inside_leaf =
        |key: &str| key.match_indices('.').any(|(dot, _)| leaves.contains(&key[..dot]));
    if leaves.iter().any(|key| is_inside_leaf(key)) {
        layout.leaves = leaves.into_iter().map(str::to_owned).collect();
        flat = trials.map(|trial| layout.flatten(trial.borrow())).collect();
    }
    fill_left_out(&mut flat);
    flat
}

/// How keys name the elements of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Called {
    ByName,
    ByNumber,
    /// Not at all: the list is one value.
    Whole,
}

/// Which values are single settings.
#[derive(Debug, Default)]
struct SettingLayout {
    with_names: bool,
    leaves: BTreeSet<String>,
    lists: BTreeMap<String, (Vec<String>, Called)>, // by their key with numbers: names of elements
}

/// The path of a value: its key, and the same with numbers for all elements.
#[derive(Clone, Default)]
struct ValuePlace {
    key: String,
    numbered: String,
}

impl ValuePlace {
    fn of(&self, key: &str, numbered: &str) -> ValuePlace {
        ValuePlace { key: joined(&self.key, key), numbered: joined(&self.numbered, numbered) }
    }
}

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

impl SettingLayout {
    /// Records the element names of a trial's lists.
    fn learn(&mut self, value: &Value, path: &str, unequal: Called) {
        if let Value::Object(table) = value {
            table.iter().for_each(|(key, inner)| self.learn(inner, &joined(path, key), unequal));
        }
        let Some(elements) = elements(value) else { return };
        let names = || elements.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        let list = self.lists.entry(path.to_owned());
        let (first, called) = list.or_insert_with(|| (names(), Called::ByName));
        if first.len() != elements.len() {
            *called = unequal;
        } else if *called == Called::ByName && *first != names() {
            *called = Called::ByNumber;
        }
        for (index, (_, element)) in elements.iter().enumerate() {
            self.learn(element, &joined(path, &index.to_string()), unequal);
        }
    }

    fn flatten(&self, trial: &Value) -> Settings {
        let mut settings = Settings::new();
        self.collect(trial, &ValuePlace::default(), &mut settings);
        settings
    }

    fn collect(&self, value: &Value, place: &ValuePlace, settings: &mut Settings) {
        if self.leaves.contains(&place.key) || !self.collect_inside(value, place, settings) {
            let value = if self.with_names { value.clone() } else { nameless(value) };
            settings.insert(place.key.clone(), value);
        }
    }

    /// Whether there is an inside.
    fn collect_inside(&self, value: &Value, place: &ValuePlace, settings: &mut Settings) -> bool {
        if let Value::Object(table) = value {
            for (key, inner) in table {
                self.collect(inner, &place.of(key, key), settings);
            }
            return true;
        }
        let called = self.lists.get(&place.numbered).map_or(Called::ByNumber, |list| list.1);
        let elements = elements(value).filter(|_| called != Called::Whole);
        for (index, (name, element)) in elements.iter().flatten().enumerate() {
            let number = index.to_string();
            let name = if called == Called::ByName { name } else { &number };
            let place = place.of(name, &number);
            for (key, inner) in element.as_object().into_iter().flatten() {
                if self.with_names || key != NAME {
                    self.collect(inner, &place.of(key, key), settings);
                }
            }
        }
        elements.is_some()
    }
}
