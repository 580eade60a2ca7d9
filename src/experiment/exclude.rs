//! `[[exclude]]`: drops the grid points that match all keys of a table.

use std::cell::{Cell, LazyCell, RefCell};

use serde_json::Value as Json;

use crate::config::{Diagnostic, Entry, NoElement, Node, Origin, Problems, Table, Value};

use super::axis::{leaves, tables};
use super::keys::Keys;

/// One `[[exclude]]` table.
pub(super) struct Exclusion {
    origin: Origin,
    conditions: Vec<Condition>,
    has_matched: Cell<bool>,
}

/// A key and the value that points are dropped for.
struct Condition {
    path: Vec<String>,
    key_origin: Origin,
    wanted: Node,
    element: RefCell<Element>,
}

/// Whether any point has the element of a list that a path goes through.
#[derive(Default)]
enum Element {
    #[default]
    NotAskedFor,
    Found,
    Missing(NoElement),
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
            let (key_origin, wanted) = (entry.key_origin, entry.node.clone());
            conditions.push(Condition { path, key_origin, wanted, element: RefCell::default() });
        }
        if conditions.is_empty() {
            let label = "would drop every point";
            problems.push(Diagnostic::new(origin, "`exclude` without keys", label));
        }
        exclusions.push(Exclusion { origin, conditions, has_matched: Cell::new(false) });
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
        let all = self.conditions.iter().all(|condition| condition.holds(tree, defaults, seed));
        let all = all && !self.conditions.is_empty();
        self.has_matched.set(self.has_matched.get() || all);
        all
    }

    /// Reports that nothing was dropped: most likely a value is misspelt.
    pub(super) fn report_unmatched(&self, problems: &Problems) {
        let missing = self.conditions.iter().filter_map(Condition::missing_element);
        let before = problems.len();
        problems.extend(missing);
        if !self.has_matched.get() && problems.len() == before {
            let label = "matches no point of the grid";
            problems.push(Diagnostic::new(self.origin, "`exclude` drops nothing", label));
        }
    }
}

impl Condition {
    fn holds(
        &self,
        tree: &Table,
        defaults: &LazyCell<Json, impl FnOnce() -> Json>,
        seed: u64,
    ) -> bool {
        if self.path == ["training", "seeds"] {
            return names_seed(&self.wanted, seed);
        }
        let found = tree.find(&self.path);
        self.note(found.as_ref().err());
        match found {
            Ok(Some(node)) => node.meaning() == self.wanted.meaning(),
            Ok(None) => {
                let pointer = format!("/{}", tree.numbered(&self.path).join("/"));
                defaults.pointer(&pointer).is_some_and(|json| means_json(&self.wanted, json))
            }
            Err(_) => false,
        }
    }

    fn note(&self, missing: Option<&NoElement>) {
        let mut element = self.element.borrow_mut();
        match (&*element, missing) {
            (_, None) => *element = Element::Found,
            (Element::NotAskedFor, Some(missing)) => *element = Element::Missing(missing.clone()),
            _ => {}
        }
    }

    /// That no point has the element, if none has.
    fn missing_element(&self) -> Option<Diagnostic> {
        match &*self.element.borrow() {
            Element::Missing(no) => Some(no.diagnostic(self.key_origin)),
            Element::NotAskedFor | Element::Found => None,
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
