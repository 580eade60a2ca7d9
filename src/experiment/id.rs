//! A trial's canonical form, its id, and its record as TOML and JSON.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::train::NUMERICS_VERSION;

use super::Trial;

/// Hex digits of an id: 48 bits, so that among a million trials two share one with odds of 1:500.
const ID_DIGITS: usize = 12;

const TOML_HEADER: &str = "# One trial with all defaults filled in; a valid experiment file: \
    `runner run trial.toml` is this very trial.\n";

impl Trial {
    /// JSON with sorted keys of everything that decides the result.
    pub fn canonical(&self) -> String {
        canonical(self.to_json())
    }

    /// The run id: the first digits of the canonical form's SHA-256.
    pub fn id(&self) -> String {
        digest(&self.canonical())
    }

    /// The id without the seed: equal for replicates of one config.
    pub fn config_id(&self) -> String {
        let mut trial = self.to_json();
        if let Some(training) = trial["training"].as_object_mut() {
            training.remove("seeds");
        }
        digest(&canonical(trial))
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

    /// The trial as nested tables.
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).expect("configs are tables of plain values")
    }
}

fn canonical(mut trial: Value) -> String {
    trial["numerics"] = NUMERICS_VERSION.into();
    sorted(trial).to_string()
}

/// Sorts keys at every depth, whatever order serde_json was built to keep.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.into_iter().map(|(k, v)| (k, sorted(v))).collect();
            entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            Value::Object(entries.into_iter().collect::<Map<_, _>>())
        }
        other => other,
    }
}

fn digest(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    hex[..ID_DIGITS].to_owned()
}
