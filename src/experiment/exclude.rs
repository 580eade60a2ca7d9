//! `[[exclude]]`: drops the grid points that match all keys of a table.

use std::cell::{Cell, LazyCell};

use serde_json::Value as Json;

use crate::config::{Diagnostic, Entry, Node, Origin, Problems, Table, Value};

use super::axis::{leaves, tables};
use super::keys::Keys;

/// One `[[exclude]]` table.
pub(super) struct Exclusion {
    origin: Origin,
    keys: Vec<(Vec<String>, Node)>,
    has_matched: Cell<bool>,
}

/// Reads the value of the key `exclude`.
pub(super) fn read_exclusions(
    entry: Option<&Entry>,
    keys: &Keys,
    problems: &Problems,
) -> Vec<Exclusion> {
    let mut exclusions = Vec::new();
    for (origin, table) in entry.map(|entry| tables(entry, problems)).unwrap_or_default() {
        let mut conditions = Vec::new();
        for (path, entry) in leaves(table) {
            if !keys.has(&path) {
                problems.push(keys.unknown(&path, entry.key_origin, "no such key"));
            }
            conditions.push((path, entry.node.clone()));
        }
        if conditions.is_empty() {
            let label = "would drop every point";
            problems.push(Diagnostic::new(origin, "`exclude` without keys", label));
        }
        exclusions.push(Exclusion { origin, keys: conditions, has_matched: Cell::new(false) });
    }
    exclusions
}

impl Exclusion {
    /// Whether a point with this seed matches all keys. What its tree does not say is compared with
    /// the default, which its trial has.
    pub(super) fn matches(
        &self,
        tree: &Table,
        defaults: &LazyCell<Json, impl FnOnce() -> Json>,
        seed: u64,
    ) -> bool {
        let all = self.keys.iter().all(|(path, wanted)| {
            if *path == ["training", "seeds"] {
                return names_seed(wanted, seed);
            }
            match tree.at(path) {
                Some(entry) => entry.node.meaning() == wanted.meaning(),
                None => {
                    let pointer = format!("/{}", path.join("/"));
                    defaults.pointer(&pointer).is_some_and(|json| means_json(wanted, json))
                }
            }
        });
        let all = all && !self.keys.is_empty();
        self.has_matched.set(self.has_matched.get() || all);
        all
    }

    /// Reports that nothing was dropped: most likely a value is misspelt.
    pub(super) fn report_unmatched(&self, problems: &Problems) {
        if !self.has_matched.get() {
            let label = "matches no point of the grid";
            problems.push(Diagnostic::new(self.origin, "`exclude` drops nothing", label));
        }
    }
}

fn names_seed(wanted: &Node, seed: u64) -> bool {
    match &wanted.value {
        Value::Integer(number) => u64::try_from(*number) == Ok(seed),
        Value::Array(items) => items.iter().any(|item| names_seed(item, seed)),
        _ => false,
    }
}

fn means_json(node: &Node, json: &Json) -> bool {
    match &node.value {
        Value::String(text) => json.as_str() == Some(text),
        Value::Integer(number) => json.as_f64() == Some(*number as f64),
        Value::Float(number) => json.as_f64() == Some(*number),
        Value::Boolean(flag) => json.as_bool() == Some(*flag),
        Value::Array(items) => json.as_array().is_some_and(|there| {
            there.len() == items.len() && items.iter().zip(there).all(|(a, b)| means_json(a, b))
        }),
        Value::Table(_) | Value::Datetime | Value::Invalid => false,
    }
}
