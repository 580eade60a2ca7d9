//! Settings of a trial as dotted keys, which of them vary over several trials, and short labels
//! made from those.

mod differing;
mod elements;
mod flatten;
mod length;
mod tables;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::analysis::comparability::{DATA_SHA256, makes_the_data};
use crate::analysis::left_out::{default_left_out, kind_in};
use crate::escape::escape_controls;
use crate::runs::trial_tables::REPLICATE_KEYS;
use crate::table::value::value_text;
use length::{STEPS, steps_in_words};
use tables::{OPTIONAL_TABLES, OptionalTable, groups_in_words};

pub(super) use differing::DifferingKeys;
pub(crate) use elements::{element, elements, order_of_keys};
pub(crate) use flatten::{flatten_all, flatten_each, flatten_one};

/// Settings by dotted key, such as `network.dropout`.
pub(crate) type Settings = BTreeMap<String, Value>;

/// Keys whose values differ between the trials, in order, without those that a varying `kind` of an
/// enclosing table implies: `optimizer.beta1` is only there because of `adam`.
pub(crate) fn varied_keys(all: &[Settings]) -> Vec<String> {
    let keys: BTreeSet<&str> = all.iter().flat_map(Settings::keys).map(|k| &**k).collect();
    let varies = |key: &str| all.iter().any(|s| s.get(key) != all[0].get(key));
    let mut varied: Vec<&str> = keys.into_iter().filter(|key| varies(key)).collect();
    if varied.contains(&DATA_SHA256) && is_made_by_settings(all, &varied) {
        varied.retain(|key| *key != DATA_SHA256);
    }
    let kept = varied.iter().filter(|key| !is_implied_by_kind(all, &varied, key));
    let mut kept: Vec<String> = kept.map(|key| (*key).to_owned()).collect();
    kept.sort_by(|a, b| order_of_keys(a, b));
    kept
}

/// Whether the settings that turn the user's own data into examples distinguish all differing data:
/// then the content follows from them, and they are more informative.
fn is_made_by_settings(all: &[Settings], varied: &[&str]) -> bool {
    let is_making = |key: &&str| {
        let key = key.strip_prefix("dataset.").filter(|_| *key != DATA_SHA256);
        key.is_some_and(makes_the_data)
    };
    let making: Vec<&str> = varied.iter().copied().filter(|key| is_making(key)).collect();
    let mut content_of: BTreeMap<String, Option<&Value>> = BTreeMap::new();
    !making.is_empty()
        && all.iter().all(|settings| {
            let values: Vec<Option<&Value>> = making.iter().map(|key| settings.get(*key)).collect();
            let content = settings.get(DATA_SHA256);
            *content_of.entry(format!("{values:?}")).or_insert(content) == content
        })
}

fn is_implied_by_kind(all: &[Settings], varied: &[&str], key: &str) -> bool {
    let mut kinds = kinds_around(key).filter(|kind| varied.contains(&kind.as_str()));
    kinds.any(|kind| is_implied_by(all, &kind, key))
}

fn is_implied_by(all: &[Settings], kind: &str, key: &str) -> bool {
    let mut value_of_kind: BTreeMap<String, Option<&Value>> = BTreeMap::new();
    let mut present: Vec<&Value> = Vec::new();
    for settings in all {
        let value = settings.get(key);
        let name = settings.get(kind).map(Value::to_string).unwrap_or_default();
        if *value_of_kind.entry(name).or_insert(value) != value {
            return false;
        }
        if let Some(value) = value.filter(|value| !present.contains(value)) {
            present.push(value);
        }
    }
    // Every optimizer has its own epsilon; other keys with two values are the user's choice.
    present.len() == 1 || last_segment(key) == "eps"
}

/// The `kind` keys of the tables that hold `key`, the innermost first: for `network.layers.3.rate`
/// that of the element, and that of the network, which decides whether the list exists. `key`
/// itself is not included.
fn kinds_around(key: &str) -> impl Iterator<Item = String> {
    let tables = key.rmatch_indices('.').map(|(dot, _)| {
        let table = &key[..dot];
        let optional = OPTIONAL_TABLES.iter().find(|optional| optional.table == table);
        optional.map_or_else(|| format!("{table}.kind"), |optional| optional.key.to_owned())
    });
    tables.filter(move |kind| kind != key)
}

/// The number of varied keys in which two trials differ. A key that only one of them has because
/// their kinds differ counts as part of that difference.
pub(super) fn keys_that_differ<'k>(
    a: &Settings,
    b: &Settings,
    varied: &'k [String],
) -> Vec<&'k str> {
    let mut differing = Vec::new();
    for key in varied {
        let (in_a, in_b) = (a.get(key), b.get(key));
        let kind_differs = || kinds_around(key).any(|kind| a.get(&kind) != b.get(&kind));
        let comes_with_kind = (in_a.is_none() || in_b.is_none()) && kind_differs();
        if in_a != in_b && !comes_with_kind {
            differing.push(key.as_str());
        }
    }
    differing
}

/// Whether a key affects training other than by random draws: not a seed, not which fold validates, not how
/// runs are evaluated.
pub(crate) fn is_training_choice(key: &str) -> bool {
    !is_seed(key) && !key.starts_with("evaluation.")
}

fn is_seed(key: &str) -> bool {
    matches!(last_segment(key), "seeds" | "seed") || key.ends_with("_seed") || key == "dataset.fold"
}

/// Whether replicates of one config differ in this setting.
pub(super) fn is_of_replicates(key: &str) -> bool {
    key.split_once('.').is_some_and(|key| REPLICATE_KEYS.contains(&key))
}

/// Removes the settings by which replicates differ.
pub(crate) fn forget_replicate(settings: &mut Settings) {
    for (table, key) in REPLICATE_KEYS {
        settings.remove(&format!("{table}.{key}"));
    }
}

/// Whether a value means "not used": 0 or false, except for keys where 0 is an ordinary value.
pub(super) fn is_off(key: &str, value: Option<&Value>) -> bool {
    if !is_training_choice(key) || last_segment(key) == "eps" {
        return false;
    }
    match value {
        Some(Value::Bool(on)) => !on,
        Some(Value::Number(number)) => number.as_f64() == Some(0.0),
        _ => false,
    }
}

/// The last part of a dotted key.
pub(super) fn last_segment(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// The last part of `key` if no other key ends with it; for a nested key, such as one of a list's
/// elements, as many of the last parts as needed; for augmentation, all but the first.
pub(crate) fn short_key(key: &str, keys: &[String]) -> Option<String> {
    // Some of its keys mean nothing without their table: `size`, `alpha`.
    if let Some(rest) = key.strip_prefix("augmentation.") {
        return Some(rest.to_owned());
    }
    let ends_so = |other: &String, end: &str| {
        other.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    let is_unique = |end: &&str| keys.iter().filter(|other| ends_so(other, end)).count() == 1;
    let last = last_segment(key);
    let ends = key.rmatch_indices('.').map(|(dot, _)| &key[dot + 1..]);
    let is_deep = key.matches('.').count() > 2;
    let begins_well = |end: &&str| !end.starts_with(|c: char| c.is_ascii_digit());
    let longer = ends.skip(1).filter(|end| is_deep && begins_well(end));
    let last = [last].into_iter().filter(|last| *last != "kind");
    last.chain(longer).find(is_unique).map(str::to_owned)
}

/// A trial in words, made from the given keys: `dropout 0.2, no weight decay`.
pub(crate) fn label(settings: &Settings, keys: &[String]) -> String {
    let parts = keys.iter().filter_map(|key| label_of(settings, key, keys));
    let label = parts.collect::<Vec<_>>().join(", ");
    if label.is_empty() { "defaults".to_owned() } else { label }
}

/// What a trial without the setting lacks, in words.
const OFF_WHERE_ABSENT: [(&str, &str); 6] = [
    ("training.max_norm", "max norm"),
    ("training.clip_norm", "clip norm"),
    ("training.clip_value", "clip value"),
    ("training.ema_decay", "ema"),
    ("schedule.warmup_steps", "warmup"),
    ("schedule.warmup_epochs", "warmup"),
];

/// One setting in words; `None` for one that this trial's `kind` does not have.
pub(crate) fn label_of(settings: &Settings, key: &str, keys: &[String]) -> Option<String> {
    let words = match short_key(key, keys) {
        Some(short) => short.replace(['.', '_'], " "),
        None => key.replace(['.', '_'], " "),
    };
    let words = escape_controls(&words).into_owned();
    let is_kind = last_segment(key) == "kind";
    let left_out = default_left_out(key, |table| kind_in(settings, table));
    match settings.get(key).or(left_out) {
        None if let Some(table) = OptionalTable::of_key(key) => {
            Some(format!("no {}", table.without))
        }
        None if let Some((_, what)) = OFF_WHERE_ABSENT.iter().find(|(off, _)| *off == key) => {
            Some(format!("no {what}"))
        }
        None if kinds_around(key).any(|kind| keys.contains(&kind)) => None,
        None => Some(format!("default {words}")),
        Some(value) if let Some(words) = table_in_words(key, value) => Some(words),
        Some(Value::Bool(true)) => Some(words),
        Some(value) if is_kind => Some(value_words(value)),
        Some(value) if key == STEPS && value.is_u64() => {
            value.as_u64().map(|steps| steps_in_words(settings, steps))
        }
        Some(value) if is_off(key, Some(value)) => Some(format!("no {words}")),
        Some(value) => Some(format!("{words} {}", value_words(value))),
    }
}

/// The words of a whole table, where it has some.
fn table_in_words(key: &str, value: &Value) -> Option<String> {
    match key {
        "optimizer.groups" => groups_in_words(value),
        _ => OptionalTable::of_key(key)?.words(value),
    }
}

fn value_words(value: &Value) -> String {
    escape_controls(&value_text(value)).into_owned()
}

/// If a setting has more different numbers than this, they are points on an axis, as a search draws
/// them, not levels to compare, whatever the runs say.
const MANY_NUMBERS: usize = 12;

/// Whether a setting has many values, all of them numbers.
pub(crate) fn has_many_numbers<'v>(values: impl Iterator<Item = &'v Value>) -> bool {
    different_numbers(values) > MANY_NUMBERS
}

/// How many values a setting has; 0 unless all of them are numbers.
pub(crate) fn different_numbers<'v>(values: impl Iterator<Item = &'v Value>) -> usize {
    let numbers: Option<Vec<f64>> = values.map(Value::as_f64).collect();
    let mut numbers = numbers.unwrap_or_default();
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    numbers.len()
}

/// Numbers before text, each in its own order; a missing value last.
pub(crate) fn order_of_values(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    let (Some(x), Some(y)) = (a, b) else {
        return a.is_none().cmp(&b.is_none());
    };
    match (x.as_f64(), y.as_f64()) {
        (Some(x), Some(y)) => x.total_cmp(&y), // JSON has no NaN
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => value_text(x).cmp(&value_text(y)),
    }
}

#[cfg(test)]
mod tests;
