//! Words for settings that are tables: those that a trial may or may not have, and groups of parameters.

use serde_json::Value;

use crate::escape::escape_controls;
use crate::table::value::value_text;

/// A table that a trial may have.
pub(super) struct OptionalTable {
    pub(super) table: &'static str,
    /// The key that stands for the whole table, which every such table has.
    pub(super) key: &'static str,
    /// What a trial with the table has, before the key's value; none: as for any other key.
    pub(super) with: Option<&'static str>,
    /// What a trial without the table lacks.
    pub(super) without: &'static str,
}

/// All of them.
pub(super) const OPTIONAL_TABLES: [OptionalTable; 6] = [
    OptionalTable {
        table: "training.early_stopping",
        key: "training.early_stopping.patience",
        with: None,
        without: "early stopping",
    },
    OptionalTable {
        table: "training.sam",
        key: "training.sam.rho",
        with: Some("SAM"),
        without: "SAM",
    },
    OptionalTable {
        table: "training.swa",
        key: "training.swa.start_epoch",
        with: Some("SWA from epoch"),
        without: "SWA",
    },
    OptionalTable {
        table: "training.lookahead",
        key: "training.lookahead.every_steps",
        with: Some("lookahead"),
        without: "lookahead",
    },
    OptionalTable {
        table: "training.start_from",
        key: "training.start_from.sha256",
        with: Some("started from"),
        without: "other run's weights",
    },
    OptionalTable {
        table: "training.distill_from",
        key: "training.distill_from.sha256",
        with: Some("distilled from"),
        without: "teacher",
    },
];

/// Digits of another run's hash that tell it from others.
const DIGITS: usize = 8;

impl OptionalTable {
    /// The table whose key this is.
    pub(super) fn of_key(key: &str) -> Option<&'static OptionalTable> {
        OPTIONAL_TABLES.iter().find(|table| table.key == key)
    }

    /// What a trial with this value of the key has.
    pub(super) fn words(&self, value: &Value) -> Option<String> {
        let with = self.with?;
        let mut text = value_text(value);
        if self.key.ends_with(".sha256") {
            text.truncate(text.char_indices().nth(DIGITS).map_or(text.len(), |(at, _)| at));
        }
        Some(format!("{with} {}", escape_controls(&text)))
    }
}

/// The list of groups of parameters in words: `first.weight not trained, norms.bias at 64 times the rate`.
pub(super) fn groups_in_words(value: &Value) -> Option<String> {
    let groups = value.as_array()?;
    if groups.is_empty() {
        return Some("no groups of parameters".to_owned());
    }
    let words: Option<Vec<String>> = groups.iter().map(group_in_words).collect();
    Some(words?.join(", "))
}

fn group_in_words(group: &Value) -> Option<String> {
    let name = escape_controls(group.get("parameters")?.as_str()?).into_owned();
    let number = |key: &str| group.get(key).and_then(Value::as_f64);
    let mut parts = Vec::new();
    if group.get("trainable") == Some(&Value::Bool(false)) {
        parts.push("not trained".to_owned());
    }
    if let Some(epochs) = number("trainable_epochs") {
        parts.push(format!("trained for {epochs} epochs"));
    }
    if let Some(factor) = number("learning_rate_factor").filter(|factor| *factor != 1.0) {
        parts.push(format!("at {factor} times the rate"));
    }
    match number("weight_decay") {
        Some(0.0) => parts.push("without decay".to_owned()),
        Some(decay) => parts.push(format!("with decay {decay}")),
        None => {}
    }
    Some(format!("{name} {}", parts.join(" ")).trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn groups_are_told_in_words() {
        let groups = json!([
            { "parameters": "first.weight", "learning_rate_factor": 1.0, "trainable": false },
            { "parameters": "first.bias", "trainable": true, "trainable_epochs": 3 },
            { "parameters": "norms.bias", "learning_rate_factor": 64.0, "weight_decay": 0.00002 },
            { "parameters": "weights", "weight_decay": 0.0 },
        ]);
        let words = "first.weight not trained, first.bias trained for 3 epochs, \
                     norms.bias at 64 times the rate with decay 0.00002, weights without decay";
        assert_eq!(groups_in_words(&groups).unwrap(), words);
        assert_eq!(groups_in_words(&json!([])).unwrap(), "no groups of parameters");
        assert_eq!(groups_in_words(&json!([{ "other": 1 }])), None);
    }

    #[test]
    fn tables_are_called_after_what_they_do() {
        let words = |key: &str, value: Value| OptionalTable::of_key(key).unwrap().words(&value);
        assert_eq!(words("training.sam.rho", json!(0.05)).unwrap(), "SAM 0.05");
        let hash = json!("0123456789abcdef");
        assert_eq!(words("training.distill_from.sha256", hash).unwrap(), "distilled from 01234567");
        assert_eq!(words("training.early_stopping.patience", json!(3)), None);
    }
}
