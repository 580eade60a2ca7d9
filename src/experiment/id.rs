//! A trial's canonical form, its id, and its record as TOML and JSON.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::runs::folder::{ID_LENGTH, hex};
use crate::runs::trial_tables::{REPLICATE_KEYS, forget_names};
use crate::train::numerics_version;

use super::Trial;
use super::left_out::{LeftOutSetting, defaults_left_out};

const TOML_HEADER: &str = "# One trial with all defaults filled in; a valid experiment file: \
    `runner run trial.toml` is this very trial.\n";

impl Trial {
    /// JSON with sorted keys of everything that decides the result.
    pub fn canonical(&self) -> String {
        canonical(self.to_json(), self.numerics())
    }

    /// The version of the numerics with which this program trains it.
    pub fn numerics(&self) -> u32 {
        numerics_version(&self.dataset, &self.network)
    }

    /// The run id: the first digits of the canonical form's SHA-256.
    pub fn id(&self) -> String {
        digest(&self.canonical())
    }

    /// The trial's id in a program with this version of the numerics.
    pub fn id_under(&self, numerics: u32) -> String {
        digest(&canonical(self.to_json(), numerics))
    }

    /// The id without the seed and the part of `dataset.folds`: equal for replicates of one config.
    pub fn config_id(&self) -> String {
        config_id(&self.to_json(), self.numerics())
    }

    /// The id without the length: equal for trials that differ only in how long they train.
    pub fn any_length_id(&self) -> String {
        any_length_id(&self.to_json(), self.numerics())
    }

    /// The trial's one seed.
    pub fn seed(&self) -> u64 {
        self.training.seeds[0]
    }

    /// The text of `trial.toml`.
    pub fn to_toml(&self) -> String {
        let tables = toml::to_string(self).expect("configs are tables of plain values");
        format!("{TOML_HEADER}\n{tables}")
    }

    /// The trial as nested tables, with the defaults that [`Trial::to_json`] leaves out.
    pub(super) fn to_full_json(&self) -> Value {
        let mut tables = self.to_json();
        for LeftOutSetting { key, default } in defaults_left_out() {
            let (path, last) = key.rsplit_once('.').unwrap_or(("", key.as_str()));
            let table = path.split('.').fold(&mut tables, |table, name| &mut table[name]);
            match table {
                Value::Object(keys) => drop(keys.entry(last).or_insert_with(|| default.clone())),
                absent => *absent = json!({ last: default }),
            }
        }
        tables
    }

    /// The trial as nested tables.
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).expect("configs are tables of plain values")
    }
}

/// The id without the seed and the part of `dataset.folds`, for a trial in a run's record, under the numerics of that
/// run: equal for replicates of one config.
pub fn config_id(trial: &Value, numerics: u32) -> String {
    id_without(&REPLICATE_KEYS, trial, numerics)
}

/// The id without the length, for a trial in a run's record, under the numerics of that run: equal
/// for trials that differ only in how long they train.
pub fn any_length_id(trial: &Value, numerics: u32) -> String {
    id_without(&[("training", "epochs"), ("training", "steps")], trial, numerics)
}

/// The run id of a trial in a run's record, under the numerics of that run.
pub fn recorded_id(trial: &Value, numerics: u32) -> String {
    id_without(&[], trial, numerics)
}

/// The id that a trial would have without some keys, each named after its table.
fn id_without(keys: &[(&str, &str)], trial: &Value, numerics: u32) -> String {
    let mut trial = trial.clone();
    for (table, key) in keys {
        if let Some(table) = trial.get_mut(table).and_then(Value::as_object_mut) {
            table.remove(*key);
        }
    }
    match trial.is_object() {
        true => digest(&canonical(trial, numerics)),
        false => digest(&trial.to_string()), // a record not written by this program
    }
}

fn canonical(mut trial: Value, numerics: u32) -> String {
    forget_place(&mut trial["dataset"]);
    for key in ["start_from", "distill_from"] {
        if let Some(other) = trial.pointer_mut(&format!("/training/{key}")) {
            forget_place(other);
        }
    }
    trial["numerics"] = numerics.into();
    if let Some(network) = trial.get_mut("network") {
        forget_names(network);
    }
    sorted(trial).to_string()
}

/// The user's own data, and another run, are identified by their content's SHA-256, wherever they are.
fn forget_place(dataset: &mut Value) {
    if let Some(keys) = dataset.as_object_mut().filter(|keys| keys.contains_key("sha256")) {
        keys.remove("path");
        keys.remove("test_path");
        keys.remove("run");
    }
}

/// Sorts keys at every depth, whatever order serde_json was built to keep; lists keep their order.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.into_iter().map(|(k, v)| (k, sorted(v))).collect();
            entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            Value::Object(entries.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

fn digest(text: &str) -> String {
    let mut digits = hex(&Sha256::digest(text.as_bytes()));
    digits.truncate(ID_LENGTH);
    digits
}

#[cfg(test)]
mod tests;
