//! Settings of a trial as dotted keys, which of them vary over several trials, and short labels
//! made of those.

mod differing;

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::escape::escape_controls;
pub(super) use differing::Differing;

/// The content of the user's own data.
const DATA_SHA256: &str = "dataset.sha256";

/// Settings by dotted key, such as `network.dropout`.
pub(super) type Settings = BTreeMap<String, Value>;

/// Settings of several trials: nested tables become dotted keys, except where another trial has a
/// plain value under the same key (`weight_init = "he"` beside `{ normal = { std = 0.01 } }`).
pub(super) fn flatten_all<V: Borrow<Value>>(
    trials: impl Iterator<Item = V> + Clone,
) -> Vec<Settings> {
    let none = BTreeSet::new();
    let flat: Vec<Settings> = trials.clone().map(|trial| flatten(trial.borrow(), &none)).collect();
    let leaves: BTreeSet<&str> = flat.iter().flat_map(Settings::keys).map(|k| &**k).collect();
    let is_inside_leaf =
        |key: &str| key.match_indices('.').any(|(dot, _)| leaves.contains(&key[..dot]));
    if !leaves.iter().any(|key| is_inside_leaf(key)) {
        return flat;
    }
    trials.map(|trial| flatten(trial.borrow(), &leaves)).collect()
}

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Settings of one trial.
pub(super) fn flatten_one(trial: &Value) -> Settings {
    flatten(trial, &BTreeSet::new())
}

fn flatten(trial: &Value, leaves: &BTreeSet<&str>) -> Settings {
    let mut settings = Settings::new();
    collect(trial, "", leaves, &mut settings);
    settings
}

fn collect(value: &Value, path: &str, leaves: &BTreeSet<&str>, settings: &mut Settings) {
    match value {
        Value::Object(table) if !leaves.contains(path) => {
            for (key, value) in table {
                collect(value, &joined(path, key), leaves, settings);
            }
        }
        _ => drop(settings.insert(path.to_owned(), value.clone())),
    }
}

/// Keys whose values differ between the trials, in alphabetical order, without those that a
/// varying `kind` beside them implies: `optimizer.beta1` is only there because of `adam`.
pub(super) fn varied_keys(all: &[Settings]) -> Vec<String> {
    let keys: BTreeSet<&str> = all.iter().flat_map(Settings::keys).map(|k| &**k).collect();
    let varies = |key: &str| all.iter().any(|s| s.get(key) != all[0].get(key));
    let mut varied: Vec<&str> = keys.into_iter().filter(|key| varies(key)).collect();
    // What is made of the user's own data follows from the settings that make it.
    if varied.iter().any(|key| key.starts_with("dataset.") && *key != DATA_SHA256) {
        varied.retain(|key| *key != DATA_SHA256);
    }
    let kept = varied.iter().filter(|key| !is_implied_by_kind(all, &varied, key));
    kept.map(|key| (*key).to_owned()).collect()
}

fn is_implied_by_kind(all: &[Settings], varied: &[&str], key: &str) -> bool {
    let kind = kind_beside(key);
    if kind == key || !varied.contains(&kind.as_str()) {
        return false;
    }
    let mut value_of_kind: BTreeMap<&str, Option<&Value>> = BTreeMap::new();
    let mut present: Vec<&Value> = Vec::new();
    for settings in all {
        let value = settings.get(key);
        let name = settings.get(&kind).and_then(Value::as_str).unwrap_or("");
        if *value_of_kind.entry(name).or_insert(value) != value {
            return false;
        }
        if let Some(value) = value.filter(|value| !present.contains(value)) {
            present.push(value);
        }
    }
    // Every optimizer has its own epsilon; other keys that take two values are a user's choice.
    present.len() == 1 || last_segment(key) == "eps"
}

/// The `kind` key of the table that holds `key`.
fn kind_beside(key: &str) -> String {
    match key.rsplit_once('.') {
        Some((table, _)) => format!("{table}.kind"),
        None => "kind".to_owned(),
    }
}

/// How many varied keys two trials differ in. A key that only one of them has because their kinds
/// differ is part of that difference, not another one.
pub(super) fn keys_that_differ<'k>(
    a: &Settings,
    b: &Settings,
    varied: &'k [String],
) -> Vec<&'k str> {
    let mut differing = Vec::new();
    for key in varied {
        let (in_a, in_b) = (a.get(key), b.get(key));
        let kind = kind_beside(key);
        let comes_with_kind = (in_a.is_none() || in_b.is_none()) && a.get(&kind) != b.get(&kind);
        if in_a != in_b && (!comes_with_kind || *key == kind) {
            differing.push(key.as_str());
        }
    }
    differing
}

/// Whether a key is one that training depends on by more than the luck of a draw: not a seed, not
/// how runs are evaluated.
pub(super) fn is_training_choice(key: &str) -> bool {
    !is_seed(key) && !key.starts_with("evaluation.")
}

fn is_seed(key: &str) -> bool {
    matches!(last_segment(key), "seeds" | "seed") || key.ends_with("_seed")
}

/// Whether a value means "not used": 0 or false, except where 0 is a value as any other.
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

/// The last part of `key` if no other of the keys ends in it.
pub(super) fn short_key(key: &str, keys: &[String]) -> Option<String> {
    let last = last_segment(key);
    let is_unique = keys.iter().filter(|k| last_segment(k) == last).count() == 1;
    (is_unique && last != "kind").then(|| last.to_owned())
}

/// A trial in words, made of the given keys: `dropout 0.2, no weight decay`.
pub(super) fn label(settings: &Settings, keys: &[String]) -> String {
    let parts = keys.iter().filter_map(|key| label_of(settings, key, keys));
    let label = parts.collect::<Vec<_>>().join(", ");
    if label.is_empty() { "defaults".to_owned() } else { label }
}

/// What tells each of the trials from the others, in words, its seed last.
pub fn trial_labels(trials: &[Value]) -> Vec<String> {
    let mut all = flatten_all(trials.iter());
    for settings in &mut all {
        if let Some(Value::Array(seeds)) = settings.remove("training.seeds") {
            settings.insert(SEED.to_owned(), seeds.into_iter().next().unwrap_or_default());
        }
    }
    let mut keys = varied_keys(&all);
    if keys.is_empty() {
        keys.push(SEED.to_owned());
    }
    all.iter().map(|settings| label(settings, &keys)).collect()
}

/// The seed of a trial, which its file gives as a list of one.
const SEED: &str = "training.seed";

/// One setting in words; `None` for one that this trial's `kind` does not have.
pub(super) fn label_of(settings: &Settings, key: &str, keys: &[String]) -> Option<String> {
    let words = match short_key(key, keys) {
        Some(short) => short.replace('_', " "),
        None => key.replace(['.', '_'], " "),
    };
    let words = escape_controls(&words).into_owned();
    let is_kind = last_segment(key) == "kind";
    match settings.get(key) {
        None if keys.contains(&kind_beside(key)) => None,
        None => Some(format!("default {words}")),
        Some(Value::Bool(true)) => Some(words),
        Some(value) if is_kind => Some(value_words(value)),
        Some(value) if is_off(key, Some(value)) => Some(format!("no {words}")),
        Some(value) => Some(format!("{words} {}", value_words(value))),
    }
}

fn value_words(value: &Value) -> String {
    escape_controls(&value_text(value)).into_owned()
}

/// A value as a table shows it: text without quotes, lists as in TOML, tables as `name(key=value)`.
pub(super) fn value_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", join(items.iter().map(value_text))),
        Value::Object(table) => join(table.iter().map(|(key, value)| match value {
            Value::Object(inner) => {
                let inner = inner.iter().map(|(k, v)| format!("{k}={}", value_text(v)));
                format!("{key}({})", join(inner))
            }
            _ => format!("{key}={}", value_text(value)),
        })),
        Value::Number(number) => number_text(number),
        other => other.to_string(),
    }
}

/// A value as an experiment file would have it.
pub(super) fn toml_text(value: &Value) -> String {
    match value {
        Value::String(text) => Value::from(text.as_str()).to_string(), // quoted as in JSON
        Value::Array(items) => format!("[{}]", join(items.iter().map(toml_text))),
        other => other.to_string(),
    }
}

/// `0.0` is shown as `0` and `20.0` as `20`, as people write them.
fn number_text(number: &serde_json::Number) -> String {
    let text = number.to_string();
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// Numbers before text, each in its own order; an absent value last.
pub(super) fn order_of_values(a: Option<&Value>, b: Option<&Value>) -> Ordering {
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
