//! Tables whose key `kind` decides which other keys they have.

use super::facts::{KindFacts, Preset, TableFacts, ValueKind};
use super::{ConfigTable, Entries, Spec, Written, paragraph};
use crate::config::reader::quoted_list;
use crate::config::{TableReader, Value, WantedType, nearest};

/// The kinds of a table; `kinds!` implements it.
pub trait Kinds: ConfigTable {
    /// All of them.
    const KINDS: &'static [KindOf<Self>];

    /// Its word in `kind`.
    fn kind(&self) -> &'static str;

    /// What a file would contain besides `kind`.
    fn keys_of_kind(&self) -> Entries;

    /// What a file would say.
    fn all_entries(&self) -> Entries {
        let mut entries = Entries::default();
        entries.add("kind", Written::Text(self.kind().to_owned()));
        entries.0.extend(self.keys_of_kind().0);
        entries
    }

    /// The facts of each kind.
    fn kind_facts() -> Vec<KindFacts> {
        let facts = |kind: &KindOf<Self>| KindFacts {
            name: kind.name,
            words: paragraph(kind.words),
            facts: kind.facts,
        };
        Self::KINDS.iter().map(facts).collect()
    }
}

/// One kind of a table.
pub struct KindOf<T: 'static> {
    /// The word in the file.
    pub name: &'static str,
    /// What it is.
    pub words: &'static [&'static str],
    /// Reads its keys.
    pub read: fn(&mut TableReader<'_>) -> T,
    /// Every key without a value in the file.
    pub unset: fn() -> T,
    /// Its keys.
    pub facts: fn() -> TableFacts,
}

/// The kind of the table that the keys belong to, whose own keys are next to them.
pub fn kind() -> KindSpec {
    KindSpec
}

/// See [`kind`].
pub struct KindSpec;

impl<Config, T: Kinds> Spec<Config, T> for KindSpec {
    fn read(&self, table: &mut TableReader<'_>, _: &'static str, _: &Config) -> T {
        read_kind(table)
    }

    fn unset(&self) -> T {
        T::unset()
    }

    fn write(&self, _: &'static str, value: &T, to: &mut Entries) {
        to.0.extend(value.entries().0);
    }

    fn facts(&self) -> (ValueKind, Preset) {
        (ValueKind::Kinds(T::kind_facts), Preset::Absent)
    }
}

/// Reads the key `kind` and the keys of that kind.
pub fn read_kind<T: Kinds>(table: &mut TableReader<'_>) -> T {
    let Some(chosen) = chosen(table, T::KINDS) else {
        table.accepts_anything = true;
        return T::unset();
    };
    let value = (chosen.read)(table);
    // Few of thousands of tables have a key that may belong to another kind.
    if !table.table.entries.iter().all(|entry| table.asked.contains(&&*entry.key)) {
        for other in T::KINDS.iter().filter(|kind| kind.name != chosen.name) {
            let keys = (other.facts)().keys;
            table.elsewhere.extend(keys.iter().map(|key| (key.name, other.name)));
        }
    }
    value
}

/// The kind that the table names, or the most similar one; none if there is none.
fn chosen<'k, T>(table: &mut TableReader<'_>, kinds: &'k [KindOf<T>]) -> Option<&'k KindOf<T>> {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
    let choices = format!("the kinds are {}", quoted_list(&names));
    let Some(entry) = table.entry("kind") else {
        table.require("kind", &choices);
        return None;
    };
    let Value::String(word) = &entry.node.value else {
        let name = table.name("kind");
        table.wrong_type(entry.node.origin, &name, WantedType::Text, &entry.node.value);
        return None;
    };
    let near = nearest(word, names.iter().copied());
    if near != Some(word.as_str()) {
        let help = near.map_or(choices, |near| format!("did you mean \"{near}\"?"));
        let title = format!("unknown `{}`", table.name("kind"));
        table.error("kind", title, "no such kind".to_owned(), Some(help));
    }
    kinds.iter().find(|kind| Some(kind.name) == near)
}
