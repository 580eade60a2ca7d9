//! The keys that a trial has.

use std::collections::BTreeMap;

use crate::config::keys::{ConfigTable, TableFacts, ValueKind};
use crate::config::{
    ANY_ELEMENT, Diagnostic, Entry, KeyMeant, Meaning, Origin, Problems, UnknownKey, meanings,
    nearest, quoted_list,
};

use super::Trial;
use super::file::{experiment_keys, file_facts};

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
        let diagnostic = Diagnostic::new(origin, unknown_key(path), label);
        Diagnostic { help: self.suggestion(path), ..diagnostic }
    }

    /// What a dotted key may stand for, spelled as a dotted key, or the keys of its table.
    fn suggestion(&self, path: &[String]) -> Option<String> {
        let (key, table) = path.split_last()?;
        let general = self.general(table);
        let mut siblings: Vec<&str> = self.keys_of(&general).map(last).collect();
        if table.is_empty() {
            experiment_keys().for_each(|key| siblings.push(key));
        }
        let all = file_names();
        let unknown = UnknownKey { table: &general, key, siblings: &siblings, all: &all };
        // With the element names of the file; unnamed ones are all like the first.
        let own = |key: &str| {
            let rest = key.strip_prefix(&general).filter(|rest| rest.starts_with('.'));
            let called = rest.map_or(key.to_owned(), |rest| format!("{}{rest}", table.join(".")));
            called.replace(ANY_ELEMENT, ".0")
        };
        let of_table = |key: &str| match table.is_empty() {
            true => key.to_owned(),
            false => own(&format!("{general}.{key}")),
        };
        let in_other_table = || self.in_table_meant(path).or_else(|| self.similar(path, &siblings));
        Some(match unknown.meant() {
            Some(KeyMeant::Sibling(key, rest)) => {
                format!("did you mean `{}`?{rest}", of_table(key))
            }
            Some(KeyMeant::Elsewhere(names)) => {
                let names: Vec<String> =
                    names.iter().map(|name| format!("`{}`", own(name))).collect();
                format!("did you mean {}?", names.join(" or "))
            }
            Some(KeyMeant::Value(ours, rest) | KeyMeant::Renamed(ours, rest)) => {
                format!("did you mean `{}`?{rest}", own(ours))
            }
            Some(KeyMeant::Remark(remark)) => remark.to_owned(),
            None => match in_other_table() {
                Some(near) => format!("did you mean `{}`?", own(&near)),
                None if siblings.is_empty() => return None,
                None => {
                    let owned: Vec<String> = siblings.into_iter().map(of_table).collect();
                    let names: Vec<&str> = owned.iter().map(String::as_str).collect();
                    format!("the keys there are {}", quoted_list(&names))
                }
            },
        })
    }

    /// The key in the table that others call as the first part of the path.
    fn in_table_meant(&self, path: &[String]) -> Option<String> {
        let (table, rest) = path.split_first()?;
        let is_table = |meaning: &Meaning| self.0.contains_key(meaning.ours);
        let ours = meanings(table).find(is_table)?.ours;
        let key = format!("{ours}.{}", rest.join("."));
        (!self.0.contains_key(table) && self.0.contains_key(&key)).then_some(key)
    }

    /// If there is no such table, the most similar of all keys by its whole name.
    fn similar(&self, path: &[String], siblings: &[&str]) -> Option<String> {
        let names = self.0.keys().map(String::as_str);
        let near = nearest(&path.join("."), names).filter(|_| siblings.is_empty());
        near.map(str::to_owned)
    }

    /// The keys of one table, with their full names.
    fn keys_of(&self, table: &str) -> impl Iterator<Item = &str> {
        let parent =
            |key: &str| key.rsplit_once('.').map_or(String::new(), |(before, _)| before.to_owned());
        let is_key = |key: &&str| !key.ends_with(ANY_ELEMENT);
        self.0.keys().map(String::as_str).filter(move |key| parent(key) == table).filter(is_key)
    }
}

/// The last part of a dotted key.
fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or_default()
}

/// Every key and table of an experiment file, by its whole name: those of trials and its own.
pub(super) fn file_names() -> Vec<String> {
    let mut keys = Keys(BTreeMap::new());
    keys.add_table("", &file_facts());
    keys.0.into_keys().collect()
}

/// Reports that the file has no such key outside its tables.
pub(super) fn report_unknown_root(entry: &Entry, problems: &Problems) {
    let all = file_names();
    let siblings: Vec<&str> =
        all.iter().map(String::as_str).filter(|name| !name.contains(['.', '['])).collect();
    let help = match all.contains(&entry.key) {
        true => Some("outside [grid] it is written without quotes".to_owned()),
        false => UnknownKey { table: "", key: &entry.key, siblings: &siblings, all: &all }.help(),
    };
    let names = || format!("the file's keys and tables are {}", quoted_list(&siblings));
    let title = format!("unknown key `{}`", entry.key);
    let diagnostic = Diagnostic::new(entry.key_origin, title, "no such key");
    problems.push(diagnostic.help(help.unwrap_or_else(names)));
}

fn unknown_key(path: &[String]) -> String {
    format!("unknown key `{}`", path.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::all_meanings;
    use crate::runs::figures::Figure;

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
             `evaluation.test_time`, `evaluation.train_examples`"
        );
    }

    /// The values of each key that has a choice of words, under its whole name.
    fn words(path: &str, table: &TableFacts, found: &mut Vec<(String, &'static str)>) {
        let name = |key: &str| format!("{path}.{key}").trim_start_matches('.').to_owned();
        for kind in &table.kinds {
            found.push((name("kind"), kind.name));
            if !path.ends_with("layers[].layers[]") {
                words(path, &(kind.facts)(), found);
            }
        }
        for key in &table.keys {
            match &key.kind {
                ValueKind::Words(choices)
                | ValueKind::WordsOrTable(choices, _)
                | ValueKind::NumberOrWords(_, choices)
                | ValueKind::NumbersOrWords(_, choices) => {
                    found.extend(choices.iter().map(|(word, _)| (name(key.name), *word)));
                }
                ValueKind::Table(facts) => words(&name(key.name), &facts(), found),
                ValueKind::Tables(facts) if !path.contains("layers[]") => {
                    words(&format!("{}[]", name(key.name)), &facts(), found);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn words_of_others_stand_for_keys_values_and_figures_that_there_are() {
        let names = file_names();
        let mut values = Vec::new();
        words("", &file_facts(), &mut values);
        let of_runs = ["id", "state", "seed", "experiment"];
        for (words, meaning) in all_meanings() {
            let is_there = match meaning.value() {
                Some((key, value)) => values.contains(&(key.to_owned(), value)),
                None => {
                    let ours = meaning.ours;
                    let is_figure = Figure::named(ours).is_some() || of_runs.contains(&ours);
                    ours.is_empty() || is_figure || names.iter().any(|name| name == ours)
                }
            };
            assert!(is_there, "{words} -> {}", meaning.ours);
        }
    }

    #[test]
    fn words_of_others_are_corrected_as_dotted_keys() {
        let keys = Keys::of_trials();
        let help =
            |name| keys.unknown(&path(name), Origin::start_of(0), "").help.unwrap_or_default();
        assert_eq!(help("optimizer.lr"), "did you mean `optimizer.learning_rate`?");
        assert_eq!(help("lr"), "did you mean `optimizer.learning_rate`?");
        assert_eq!(help("training.lr"), "did you mean `optimizer.learning_rate`?");
        assert_eq!(help("model.dropout"), "did you mean `network.dropout`?");
        assert_eq!(help("scheduler.kind"), "did you mean `schedule.kind`?");
        assert_eq!(help("optimizer.nesterov"), "did you mean `optimizer.kind = \"nesterov\"`?");
        assert_eq!(
            help("network.layers.3.p"),
            "did you mean `network.layers.3.rate`? (the share that is dropped)"
        );
    }
}
