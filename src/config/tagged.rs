//! Tables whose key `kind` decides which other keys they have.

use super::reader::quoted_list;
use super::{Problems, TableReader, Value, nearest};

/// One kind of a tagged table.
pub struct Kind<T> {
    /// What `kind` says.
    pub name: &'static str,
    /// Reads the other keys.
    pub read: fn(&mut TableReader<'_>) -> T,
}

impl TableReader<'_> {
    /// Reads a tagged table. `kinds` has at least one element.
    pub fn tagged<T>(&mut self, kinds: &[Kind<T>]) -> T {
        let Some(chosen) = self.kind(kinds) else {
            self.accepts_anything = true;
            if self.problems.is_recording() {
                kinds.iter().for_each(|kind| self.learn_keys_of(kind));
            }
            return (kinds[0].read)(&mut self.probe(&Problems::new()));
        };
        let value = (chosen.read)(self);
        // Of thousands of tables, few have a key that may be one of another kind.
        if !self.table.entries.iter().all(|entry| self.asked.contains(&&*entry.key)) {
            let others = kinds.iter().filter(|kind| kind.name != chosen.name);
            others.for_each(|kind| self.learn_keys_of(kind));
        }
        value
    }

    /// The kind that the table says or, where that is misspelt, almost says.
    fn kind<'k, T>(&mut self, kinds: &'k [Kind<T>]) -> Option<&'k Kind<T>> {
        let names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
        let choices = format!("the kinds are {}", quoted_list(&names));
        let Some(entry) = self.entry("kind") else {
            self.require("kind", &choices);
            return None;
        };
        let Value::String(word) = &entry.node.value else {
            let name = self.name("kind");
            self.wrong_type(entry.node.origin, &name, "a string", &entry.node.value);
            return None;
        };
        let near = nearest(word, names.iter().copied());
        if near != Some(word.as_str()) {
            let help = near.map_or(choices, |near| format!("did you mean \"{near}\"?"));
            let title = format!("unknown `{}`", self.name("kind"));
            self.error("kind", title, "no such kind".to_owned(), Some(help));
        }
        kinds.iter().find(|kind| Some(kind.name) == near)
    }

    /// Notes the keys of a kind that the table is not, to say so of a key that belongs there.
    fn learn_keys_of<T>(&mut self, kind: &Kind<T>) {
        let silent = Problems::new();
        let problems = if self.problems.is_recording() { self.problems } else { &silent };
        let mut probe = self.probe(problems);
        (kind.read)(&mut probe);
        let learnt = probe.asked.iter().map(|key| (*key, kind.name));
        self.elsewhere.extend(learnt);
    }
}
