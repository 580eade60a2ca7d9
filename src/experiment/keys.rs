//! The keys that a trial has.

use std::collections::BTreeMap;

use crate::config::keys::{ConfigTable, TableFacts, ValueKind};
use crate::config::{ANY_ELEMENT, Diagnostic, Origin, Problems, nearest, quoted_list};

use super::Trial;
use super::file::experiment_keys;

/// Every key of every kind, such as `optimizer.beta1`, with whether its value is a list.
pub(super) struct Keys(BTreeMap<String, bool>);

/// Every key that a trial may have, with the tables that hold them: `optimizer`, `optimizer.beta1`.
/// The elements of a list of tables are called `[]`: `network.layers[].rate`.
pub fn key_names() -> Vec<String> {
    Keys::of_trials().names().map(str::to_owned).collect()
}

/// A key with `[]` in place of the numbers and names of elements, as in [`key_names`], if
/// `is_known` accepts it: `network.layers[].rate` for `network.layers.3.rate`.
pub fn any_element(path: &[String], is_known: impl Fn(&str) -> bool) -> String {
    let mut key = String::new();
    let mut inside = String::new(); // the elements of `key`, if it is a list
    for part in path {
        if !key.is_empty() && is_known(&inside) {
            key = std::mem::take(&mut inside);
            continue;
        }
        let dot = if key.is_empty() { "" } else { "." };
        let is_same_list = key.ends_with(&format!(".{part}{ANY_ELEMENT}"));
        inside = if is_same_list { key.clone() } else { format!("{key}{dot}{part}{ANY_ELEMENT}") };
        key = format!("{key}{dot}{part}");
    }
    key
}

impl Keys {
    /// Those of a trial's tables.
    pub(super) fn of_trials() -> Keys {
        let mut keys = Keys(BTreeMap::new());
        keys.add_table("", &Trial::facts());
        keys
    }

    fn add_table(&mut self, path: &str, table: &TableFacts) {
        let name =
            |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        if !table.kinds.is_empty() {
            self.0.insert(name("kind"), false);
        }
        for kind in &table.kinds {
            self.add_table(path, &(kind.facts)());
        }
        for key in &table.keys {
            let key_path = name(key.name);
            self.0.insert(key_path.clone(), key.kind.is_list());
            match &key.kind {
                ValueKind::Table(facts) | ValueKind::WordsOrTable(_, facts) => {
                    self.add_table(&key_path, &facts());
                }
                ValueKind::Tables(facts) => self.add_elements(&key_path, &facts()),
                _ => {}
            }
        }
    }

    /// Adds the keys of the elements of a list, except for a list inside an element of the same list.
    fn add_elements(&mut self, list: &str, element: &TableFacts) {
        let path = format!("{list}{ANY_ELEMENT}");
        let mut parts = path.rsplit('.');
        if parts.next() != parts.next() {
            self.0.insert(path.clone(), false);
            self.add_table(&path, element);
        }
    }

    /// Made-up keys of a list of tables, for tests.
    #[cfg(test)]
    pub(super) fn with_a_list() -> Keys {
        let of_elements = ["", ".kind", ".name", ".filters", ".rate", ".layers"];
        let elements = of_elements.map(|key| (format!("network.layers[]{key}"), key == ".layers"));
        let others = [("network", false), ("network.layers", true), ("network.kind", false)];
        let others = others.map(|(key, is_list)| (key.to_owned(), is_list));
        Keys(elements.into_iter().chain(others).collect())
    }

    /// All of them, tables included.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether there is such a key or table; any element of a list of tables counts.
    pub(super) fn has(&self, path: &[String]) -> bool {
        self.0.contains_key(&self.general(path))
    }

    /// Whether there are further keys under a key: of a table, or of the elements of a list.
    pub(super) fn has_keys(&self, path: &[String]) -> bool {
        let general = self.general(path);
        let rest = |key: &String| key.strip_prefix(&general).map(str::to_owned);
        self.0.keys().filter_map(rest).any(|rest| rest.starts_with(['.', '[']))
    }

    /// Whether the value of a key is a list by itself.
    pub(super) fn is_list(&self, path: &[String]) -> bool {
        self.0.get(&self.general(path)) == Some(&true)
    }

    /// Whether `outer` is an element, or a key of one, that contains `inner`, if the element names
    /// and numbers in both paths mean the same.
    pub(super) fn may_hold(&self, outer: &[String], inner: &[String]) -> bool {
        let outer = self.general(outer);
        let inner = self.general(inner);
        let rest = inner.strip_prefix(&outer).filter(|_| outer.contains(ANY_ELEMENT));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    fn general(&self, path: &[String]) -> String {
        any_element(path, |key| self.0.contains_key(key))
    }

    /// Reports that there is no such key, with the most similar one.
    pub(super) fn report_unknown(
        &self,
        path: &[String],
        origin: Origin,
        label: &str,
        problems: &Problems,
    ) {
        problems.push(match problems.is_full() {
            true => Diagnostic::new(origin, unknown_key(path), label), // it would only be counted
            false => self.unknown(path, origin, label),
        });
    }

    fn unknown(&self, path: &[String], origin: Origin, label: &str) -> Diagnostic {
        let name = path.join(".");
        let mut diagnostic = Diagnostic::new(origin, unknown_key(path), label);
        let table = &path[..path.len().saturating_sub(1)];
        let general = self.general(table);
        let siblings = table.is_empty().then(experiment_keys);
        let mut keys: Vec<&str> = self.keys_of(&general).collect();
        siblings.into_iter().flatten().for_each(|key| keys.push(key));
        if path.len() == 1 && self.0.contains_key(&name) {
            return diagnostic.help("outside [grid] it is written without quotes");
        }
        // With the element names of the file; unnamed ones are all like the first.
        let own = |key: &str| {
            let rest = key.strip_prefix(&general).filter(|rest| rest.starts_with('.'));
            let called = rest.map_or(key.to_owned(), |rest| format!("{}{rest}", table.join(".")));
            called.replace(ANY_ELEMENT, ".0")
        };
        diagnostic.help = match self.nearest(&name, &keys) {
            Some(near) => Some(format!("did you mean `{}`?", own(near))),
            None if keys.is_empty() => None,
            None => {
                let owned: Vec<String> = keys.into_iter().map(own).collect();
                let names: Vec<&str> = owned.iter().map(String::as_str).collect();
                Some(format!("the keys there are {}", quoted_list(&names)))
            }
        };
        diagnostic
    }

    /// The keys of one table, with their full names.
    fn keys_of(&self, table: &str) -> impl Iterator<Item = &str> {
        let parent =
            |key: &str| key.rsplit_once('.').map_or(String::new(), |(before, _)| before.to_owned());
        let is_key = |key: &&str| !key.ends_with(ANY_ELEMENT);
        self.0.keys().map(String::as_str).filter(move |key| parent(key) == table).filter(is_key)
    }

    /// Searches the keys of the same table by their last part, then a key with the same name in
    /// another table, then, if there is no such table, all keys by their whole name.
    fn nearest<'a>(&'a self, name: &str, siblings: &[&'a str]) -> Option<&'a str> {
        let last = |key: &'a str| key.rsplit('.').next().unwrap_or_default();
        let word = name.rsplit('.').next().unwrap_or_default();
        let names = || self.0.keys().map(String::as_str);
        if let Some(near) = nearest(word, siblings.iter().map(|key| last(key))) {
            return siblings.iter().copied().find(|key| last(key) == near);
        }
        let same_word = names().find(|known| last(known) == word);
        same_word.or_else(|| nearest(name, names()).filter(|_| siblings.is_empty()))
    }
}

fn unknown_key(path: &[String]) -> String {
    format!("unknown key `{}`", path.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn elements_are_known_by_any_number_and_name_and_at_any_depth() {
        let keys = Keys::with_a_list();
        let inner = "network.layers.block.layers.2.layers.layers.rate";
        for key in
            ["network.layers.3.rate", "network.layers.conv1.filters", "network.layers.7", inner]
        {
            assert!(keys.has(&path(key)), "{key}");
        }
        for key in ["network.layers.rate.rat", "network.layers.3.4", "network.kind.3.rate"] {
            assert!(!keys.has(&path(key)), "{key}");
        }
        let may_hold = |outer, inner| keys.may_hold(&path(outer), &path(inner));
        assert!(may_hold("network.layers.3", "network.layers.a.rate"));
        assert!(may_hold("network.layers.3.rate", "network.layers.a.rate"));
        assert!(!may_hold("network.layers.3.rate", "network.layers.a"));
        assert!(!may_hold("network.layers", "network.layers.a"));
        assert!(keys.is_list(&path("network.layers.3.layers")));
        assert!(!keys.is_list(&path("network.layers.3")));
    }

    #[test]
    fn unknown_keys_of_elements_are_corrected_as_they_are_written() {
        let keys = Keys::with_a_list();
        let help =
            |name| keys.unknown(&path(name), Origin::start_of(0), "").help.unwrap_or_default();
        assert_eq!(help("network.layers.3.rat"), "did you mean `network.layers.3.rate`?");
        assert_eq!(
            help("network.layers.a.layers.1.filter"),
            "did you mean `network.layers.a.layers.1.filters`?"
        );
        assert_eq!(help("network.rate"), "did you mean `network.layers.0.rate`?");
        assert_eq!(help("network.colour"), "the keys there are `network.kind`, `network.layers`");
        assert_eq!(
            help("network.layers.1.colour"),
            "the keys there are `network.layers.1.filters`, `network.layers.1.kind`, \
             `network.layers.1.layers`, `network.layers.1.name`, `network.layers.1.rate`"
        );
    }

    #[test]
    fn keys_of_all_kinds_are_known() {
        let keys = Keys::of_trials();
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
