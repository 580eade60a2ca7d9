//! Where many trials differ, found before they are flattened.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::analysis::settings::elements::{NAME, element, elements, nameless};
use crate::runs::trial_tables::TrialTables;

/// The keys under which trials differ, as a tree. With thousands of trials that differ in a few
/// keys, only those need flattening.
#[derive(Debug, Default)]
pub(crate) struct DifferingKeys {
    is_whole: bool, // the value here differs, not only something in it
    inner: BTreeMap<String, DifferingKeys>, // of a list, by the numbers of its elements
    names: Vec<String>, // of a list: the element names common to all trials
}

impl DifferingKeys {
    /// Where any of the trials differs from the first.
    pub(crate) fn between<'a>(mut trials: impl Iterator<Item = &'a TrialTables>) -> DifferingKeys {
        let mut root = DifferingKeys::default();
        if let Some(first) = trials.next() {
            trials.for_each(|trial| root.add_tables(first, trial));
        }
        root
    }

    fn add_tables(&mut self, a: &TrialTables, b: &TrialTables) {
        let names = a.iter().chain(b.iter().filter(|(name, _)| a.get(name).is_none()));
        for (name, _) in names {
            self.add_inner(name, a.get(name), b.get(name));
        }
    }

    fn add(&mut self, a: Option<&Value>, b: Option<&Value>) {
        match (a, b) {
            (Some(Value::Object(a)), Some(Value::Object(b))) => {
                for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                    self.add_inner(key, a.get(key), b.get(key));
                }
            }
            (Some(a), Some(b)) if self.add_elements(a, b) => {}
            _ => self.is_whole |= a != b,
        }
    }

    /// For two lists with equally many tables, element by element. Names of elements do not count.
    fn add_elements(&mut self, a: &Value, b: &Value) -> bool {
        let (Some(list_a), Some(list_b)) = (elements(a), elements(b)) else { return false };
        if list_a.len() != list_b.len() {
            return false;
        }
        if self.names.is_empty() {
            self.names = list_a.iter().map(|(name, _)| name.clone()).collect();
        }
        for (index, ((_, in_a), (name, in_b))) in list_a.iter().zip(&list_b).enumerate() {
            if self.names[index] != *name {
                self.names = (0..self.names.len()).map(|place| place.to_string()).collect();
            }
            let element = self.inner.entry(index.to_string()).or_default();
            let keys =
                [in_a, in_b].into_iter().flat_map(|table| table.as_object()).flat_map(Map::keys);
            for key in keys.filter(|key| *key != NAME) {
                element.add_inner(key, in_a.get(key), in_b.get(key));
            }
        }
        true
    }

    /// The name in keys of the part in `inner` under this key.
    fn called(&self, key: &str) -> String {
        let name = key.parse().ok().and_then(|index: usize| self.names.get(index));
        name.map_or(key, |name| name).to_owned()
    }

    fn add_inner(&mut self, key: &str, a: Option<&Value>, b: Option<&Value>) {
        let is_shared = a.zip(b).is_some_and(|(a, b)| std::ptr::eq(a, b));
        if is_shared || a == b {
            return;
        }
        match self.inner.get_mut(key) {
            Some(inner) => inner.add(a, b),
            None => self.inner.entry(key.to_owned()).or_default().add(a, b),
        }
    }

    /// No longer a difference: the key of a table, which is not a setting.
    pub(crate) fn forget(&mut self, table: &str, key: &str) {
        if let Some(table) = self.inner.get_mut(table) {
            table.inner.remove(key);
        }
    }

    /// The part of a trial under the keys: always a table.
    pub(crate) fn part_of(&self, trial: &TrialTables) -> Value {
        let tables = self
            .inner
            .iter()
            .filter_map(|(name, inner)| Some((name.clone(), inner.part(trial.get(name)?)?)));
        Value::Object(tables.collect())
    }

    fn part(&self, value: &Value) -> Option<Value> {
        if self.is_whole {
            return Some(nameless(value));
        }
        let kept: Map<String, Value> = self
            .inner
            .iter()
            .filter_map(|(key, inner)| Some((self.called(key), inner.part(element(value, key)?)?)))
            .collect();
        (!kept.is_empty()).then_some(Value::Object(kept))
    }
}
