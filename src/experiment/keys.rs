//! The keys that a trial has, learnt from the readers themselves.

use std::collections::BTreeMap;

use crate::config::{Diagnostic, Origin, Problems, Table, nearest, quoted_list};

use super::trial::Point;

/// What belongs to the experiment rather than to a trial: replaced before anything is read.
pub(super) const EXPERIMENT_KEYS: [&str; 4] = ["name", "description", "grid", "exclude"];

/// Every key of every kind, such as `optimizer.beta1`, with whether its value is a list.
pub(super) struct Keys(BTreeMap<String, bool>);

/// Every key that a trial may have, with the tables that hold them: `optimizer`, `optimizer.beta1`.
pub fn key_names() -> Vec<String> {
    Keys::of_trials().names().map(str::to_owned).collect()
}

impl Keys {
    /// Asks the readers.
    pub(super) fn of_trials() -> Keys {
        let problems = Problems::recording_keys();
        Point::read(&Table::new(), 0, &problems);
        Keys(problems.into_known_keys())
    }

    /// All of them, tables included.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
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
        let mut diagnostic = Diagnostic::new(origin, format!("unknown key `{name}`"), label);
        let (table, siblings) = match path.split_last() {
            Some((_, table)) if !table.is_empty() => (table.join("."), None),
            _ => (String::new(), Some(EXPERIMENT_KEYS)),
        };
        let keys: Vec<&str> = self.keys_of(&table).chain(siblings.into_iter().flatten()).collect();
        if path.len() == 1 && self.0.contains_key(&name) {
            return diagnostic.help("outside of [grid] it is written without quotes");
        }
        diagnostic.help = match self.nearest(&name, &keys) {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None if keys.is_empty() => None,
            None => Some(format!("the keys there are {}", quoted_list(&keys))),
        };
        diagnostic
    }

    /// The keys of one table, with their full names.
    fn keys_of(&self, table: &str) -> impl Iterator<Item = &str> {
        let parent =
            |key: &str| key.rsplit_once('.').map_or(String::new(), |(table, _)| table.to_owned());
        self.0.keys().map(String::as_str).filter(move |key| parent(key) == table)
    }

    /// Among the keys of the same table by their last part, else one of another table that is
    /// called the same, else, if there is no such table, among all by their whole name.
    fn nearest<'a>(&'a self, name: &str, siblings: &[&'a str]) -> Option<&'a str> {
        let last = |name: &'a str| name.rsplit('.').next().unwrap_or_default();
        let word = name.rsplit('.').next().unwrap_or_default();
        let names = || self.0.keys().map(String::as_str);
        if let Some(near) = nearest(word, siblings.iter().map(|key| last(key))) {
            return siblings.iter().copied().find(|key| last(key) == near);
        }
        let same_word = names().find(|known| last(known) == word);
        same_word.or_else(|| nearest(name, names()).filter(|_| siblings.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_all_kinds_are_known() {
        let keys = Keys::of_trials();
        let path = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        for key in
            ["optimizer", "optimizer.beta1", "dataset.labels", "network.weight_init.normal.std"]
        {
            assert!(keys.has(&path(key)), "{key}");
        }
        assert!(!keys.has(&path("optimizer.droput")));
        assert!(keys.is_list(&path("network.hidden_sizes")));
        let help =
            |name| keys.unknown(&path(name), Origin::start_of(0), "").help.unwrap_or_default();
        assert_eq!(help("dropout"), "did you mean `network.dropout`?");
        assert_eq!(help("nam"), "did you mean `name`?");
        assert_eq!(help("optimizer.dropout"), "did you mean `network.dropout`?");
        assert_eq!(help("netwrk.dropout"), "did you mean `network.dropout`?");
        assert_eq!(
            help("evaluation.x"),
            "the keys there are `evaluation.every_epochs`, `evaluation.test`, \
             `evaluation.train_examples`"
        );
    }
}
