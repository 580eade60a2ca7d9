//! Tables whose key `kind` decides which other keys they have.

use super::facts::{KindFacts, Preset, TableFacts, ValueKind};
use super::{ConfigTable, Entries, Spec, Written, paragraph};
use crate::config::reader::quoted_list;
use crate::config::suggest::{choice_help, choice_meant};
use crate::config::{Diagnostic, TableReader, Value, WantedType};

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
        read_without_kind(table, T::KINDS);
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

/// Reports what is wrong with the values of a table whose kind is unknown: what every kind that has the key
/// would report. A key that no kind has is reported later, as in any table.
fn read_without_kind<T>(table: &mut TableReader<'_>, kinds: &[KindOf<T>]) {
    let mut reports: Vec<(&'static str, Vec<Diagnostic>)> = Vec::new(); // of each key, by each kind
    for kind in kinds {
        let keys: Vec<&'static str> = (kind.facts)().keys.iter().map(|key| key.name).collect();
        let new: Vec<&str> =
            keys.iter().copied().filter(|key| !table.asked.contains(key)).collect();
        table.asked.extend(new);
        if !keys.iter().any(|key| table.has(key)) {
            continue;
        }
        let found = table.problems.apart();
        (kind.read)(&mut TableReader::new(table.table, table.origin, table.path.clone(), &found));
        let list = found.into_sorted();
        for key in keys {
            let Some(entry) = table.table.get(key) else { continue };
            let is_of_entry = |diagnostic: &&Diagnostic| entry.holds(diagnostic.origin);
            reports.push((key, list.iter().filter(is_of_entry).cloned().collect()));
        }
    }
    for (key, of_kind) in &reports {
        let of_others = || reports.iter().filter(|(other, _)| other == key);
        let is_common = |found: &&Diagnostic| {
            let is_same =
                |other: &Diagnostic| (other.origin, &other.title) == (found.origin, &found.title);
            of_others().all(|(_, list)| list.iter().any(is_same))
        };
        table.problems.extend(of_kind.iter().filter(is_common).cloned());
    }
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
    if let Some(kind) = kinds.iter().find(|kind| kind.name == word) {
        return Some(kind);
    }
    let name = table.name("kind");
    let help = choice_help(&name, word, &names, &choices);
    table.error("kind", format!("unknown `{name}`"), "no such kind".to_owned(), Some(help));
    let (meant, _) = choice_meant(&name, word, &names)?;
    kinds.iter().find(|kind| kind.name == meant)
}
