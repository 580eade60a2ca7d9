//! Where many trials differ, found before anything of them is flattened.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::trial_tables::TrialTables;
use super::{element, elements};

/// The keys under which trials differ, as a tree. Of thousands of trials that differ in a few keys,
/// only those have to be looked at.
#[derive(Debug, Default)]
pub(in crate::report) struct Differing {
    is_whole: bool, // the value here differs, not only something in it
    inner: BTreeMap<String, Differing>,
}

impl Differing {
    /// Where any of the trials differs from the first.
    pub(in crate::report) fn between<'a>(
        mut trials: impl Iterator<Item = &'a TrialTables>,
    ) -> Differing {
        let mut root = Differing::default();
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

    /// Of two lists of tables that call their elements the same, each element by itself.
    fn add_elements(&mut self, a: &Value, b: &Value) -> bool {
        let (Some(a), Some(b)) = (elements(a), elements(b)) else { return false };
        let is_same = a.len() == b.len() && a.iter().zip(&b).all(|((a, _), (b, _))| a == b);
        if is_same {
            for ((name, a), (_, b)) in a.iter().zip(&b) {
                self.add_inner(name, Some(a), Some(b));
            }
        }
        is_same
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

    /// No difference any more: the key of a table, which is not one of settings.
    pub(in crate::report) fn forget(&mut self, table: &str, key: &str) {
        if let Some(table) = self.inner.get_mut(table) {
            table.inner.remove(key);
        }
    }

    /// What of a trial is under the keys: a table in any case.
    pub(in crate::report) fn part_of(&self, trial: &TrialTables) -> Value {
        let tables = self
            .inner
            .iter()
            .filter_map(|(name, inner)| Some((name.clone(), inner.part(trial.get(name)?)?)));
        Value::Object(tables.collect())
    }

    fn part(&self, value: &Value) -> Option<Value> {
        if self.is_whole {
            return Some(value.clone());
        }
        let kept: serde_json::Map<String, Value> = self
            .inner
            .iter()
            .filter_map(|(key, inner)| Some((key.clone(), inner.part(element(value, key)?)?)))
            .collect();
        (!kept.is_empty()).then_some(Value::Object(kept))
    }
}
