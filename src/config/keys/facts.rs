//! Facts about keys that do not depend on a config.

use super::{ConfigTable, Key, Kinds, Written, paragraph};
use crate::config::Range;

/// The keys that a table may have.
#[derive(Debug, Clone)]
pub struct TableFacts {
    /// The name of its type.
    pub name: &'static str,
    /// What it is.
    pub words: String,
    /// The keys of every kind, in order; `kind` comes first, or after the keys that precede it.
    pub keys: Vec<KeyFacts>,
    /// Its possible kinds; empty: it has no key `kind`.
    pub kinds: Vec<KindFacts>,
}

/// A kind of a table.
#[derive(Debug, Clone)]
pub struct KindFacts {
    /// The word of `kind`.
    pub name: &'static str,
    /// What it is.
    pub words: String,
    /// The keys of this kind, and the name of its config.
    pub facts: fn() -> TableFacts,
}

/// A key.
#[derive(Debug, Clone)]
pub struct KeyFacts {
    /// As in the file.
    pub name: &'static str,
    /// What it means.
    pub words: String,
    /// The values that it may have.
    pub kind: ValueKind,
    /// What it is without a value.
    pub preset: Preset,
    /// Whether a trial omits it while it has its default.
    pub is_left_out: bool,
}

/// The values that a key may have.
#[derive(Debug, Clone)]
pub enum ValueKind {
    /// A number.
    Number(Range),
    /// A number, or one of these words, each with what it means.
    NumberOrWords(Range, Vec<(&'static str, String)>),
    /// A list of numbers, or one of these words, each with what it means.
    NumbersOrWords(Range, Vec<(&'static str, String)>),
    /// A whole number from the first to the second; the second only if it is a real limit.
    Whole(i64, Option<i64>),
    /// `true` or `false`.
    Flag,
    /// A string.
    Text,
    /// Strings.
    Texts,
    /// One of these words, each with what it means.
    Words(Vec<(&'static str, String)>),
    /// A list of whole numbers from the first to the second.
    Wholes(i64, Option<i64>),
    /// A list of seeds, or their number; at most this many.
    Seeds(i64),
    /// A table.
    Table(fn() -> TableFacts),
    /// A list of tables.
    Tables(fn() -> TableFacts),
    /// The key `kind` of the table, with the keys of each kind.
    Kinds(fn() -> Vec<KindFacts>),
    /// One of these words, or a table with one key, which is a table itself.
    WordsOrTable(Vec<(&'static str, String)>, fn() -> TableFacts),
    /// A value with its own schema, and the tables that the schema refers to.
    Other(fn() -> serde_json::Value, &'static [fn() -> TableFacts]),
}

/// The default of a key that the file does not set.
#[derive(Debug, Clone, PartialEq)]
pub enum Preset {
    /// This value.
    Fixed(Written),
    /// The value of this other key.
    SameAs(&'static str),
    /// It must have one, for example this.
    Required(&'static str),
    /// It must have one, for example this, in the table or from a grid.
    RequiredOfTrial(&'static str),
    /// It or the other key must have one.
    OneOf(&'static str),
    /// Nothing.
    Absent,
}

impl TableFacts {
    /// The facts of a kind without its own keys.
    pub fn empty() -> TableFacts {
        TableFacts { name: "", words: String::new(), keys: Vec::new(), kinds: Vec::new() }
    }

    /// Those of a config.
    pub fn new<Config>(name: &'static str, words: String, keys: &[Key<Config>]) -> TableFacts {
        let (mut own, mut kinds) = (Vec::new(), Vec::new());
        for key in keys.iter().map(Key::describe) {
            match key.kind {
                ValueKind::Kinds(of_key) => kinds = of_key(),
                _ => own.push(key),
            }
        }
        TableFacts { name, words, keys: own, kinds }
    }

    /// The facts of a table with only kinds.
    pub fn of_kinds<T: Kinds>(name: &'static str, words: String) -> TableFacts {
        TableFacts { name, words, keys: Vec::new(), kinds: T::kind_facts() }
    }

    /// Its key with this name, in any kind.
    pub fn key(&self, name: &str) -> Option<KeyFacts> {
        let own = self.keys.iter().find(|key| key.name == name).cloned();
        own.or_else(|| self.kinds.iter().find_map(|kind| (kind.facts)().key(name)))
    }
}

impl KeyFacts {
    /// Whether `false` says that it is absent.
    pub fn can_be_switched_off(&self) -> bool {
        self.preset == Preset::Absent && !matches!(self.kind, ValueKind::Flag | ValueKind::Kinds(_))
    }
}

impl ValueKind {
    /// Whether a value is a list by itself.
    pub fn is_list(&self) -> bool {
        use ValueKind::*;
        matches!(self, Texts | Wholes(..) | NumbersOrWords(..) | Seeds(_) | Tables(_))
    }
}

impl Preset {
    /// The default, if it is a value.
    pub fn fixed(&self) -> Option<&Written> {
        match self {
            Preset::Fixed(value) => Some(value),
            _ => None,
        }
    }
}

/// The facts of a nested table, in the form of [`ValueKind::Table`].
pub(super) fn of_table<T: ConfigTable>() -> TableFacts {
    T::facts()
}

/// Words with their meanings.
pub(super) fn described<T>(
    words: &[(&'static str, T, &'static [&'static str])],
) -> Vec<(&'static str, String)> {
    words.iter().map(|(name, _, lines)| (*name, paragraph(lines))).collect()
}
