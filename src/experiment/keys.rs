//! The keys that a trial has, learnt from the readers themselves.

use std::collections::BTreeMap;

use crate::config::{Diagnostic, Origin, Problems, Table, nearest};

use super::trial::Point;

/// Every key of every kind, such as `optimizer.beta1`, with whether its value is a list.
pub(super) struct Keys(BTreeMap<String, bool>);

impl Keys {
    /// Asks the readers.
    pub(super) fn of_trials() -> Keys {
        let problems = Problems::recording_keys();
        Point::read(&Table::new(), 0, &problems);
        Keys(problems.into_known_keys())
    }

    /// Whether there is such a key or table.
    pub(super) fn has(&self, path: &[String]) -> bool {
        self.0.contains_key(&path.join("."))
    }

    /// Whether the value of a key is a list by itself.
    pub(super) fn is_list(&self, path: &[String]) -> bool {
        self.0.get(&path.join(".")) == Some(&true)
    }

    /// That there is no such key, with the nearest one there is.
    pub(super) fn unknown(&self, path: &[String], origin: Origin, label: &str) -> Diagnostic {
        let name = path.join(".");
        let diagnostic = Diagnostic::new(origin, format!("unknown key `{name}`"), label);
        match self.nearest(&name) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic,
        }
    }

    fn nearest(&self, name: &str) -> Option<&str> {
        let names = || self.0.keys().map(String::as_str);
        let last = |name: &str| name.rsplit('.').next().map(str::to_owned);
        nearest(name, names()).or_else(|| names().find(|known| last(known) == last(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_all_kinds_are_known() {
        let keys = Keys::of_trials();
        let path = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        for key in [
            "optimizer",
            "optimizer.beta1",
            "dataset.labels",
            "network.weight_init.normal.std",
        ] {
            assert!(keys.has(&path(key)), "{key}");
        }
        assert!(!keys.has(&path("optimizer.droput")));
        assert!(keys.is_list(&path("network.hidden_sizes")));
        assert_eq!(keys.nearest("dropout"), Some("network.dropout"));
    }
}
