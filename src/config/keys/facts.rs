//! What can be said of keys without a config at hand.

use super::{ConfigTable, Key, Kinds, Written, paragraph};
use crate::config::Range;

/// The keys that a table may have.
#[derive(Debug, Clone)]
pub struct TableFacts {
    /// The name of its type.
    pub name: &'static str,
    /// What it is.
    pub words: String,
    /// Those of every kind, in their order; the place of `kind` is before the first, or behind the keys that
    /// come before it.
    pub keys: Vec<KeyFacts>,
    /// The kinds that it may be of; none: it has no key `kind`.
    pub kinds: Vec<KindFacts>,
}

/// A kind of a table.
#[derive(Debug, Clone)]
pub struct KindFacts {
    /// The word of `kind`.
    pub name: &'static str,
    /// What it is.
    pub words: String,
    /// The keys of this kind, and what its config is called.
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
    /// What it is without one.
    pub preset: Preset,
    /// Whether a trial leaves it out while it has its default.
    pub is_left_out: bool,
}

/// The values that a key may have.
#[derive(Debug, Clone)]
pub enum ValueKind {
    /// A number.
    Number(Range),
    /// A whole number from the first to the second, if that is a bound of its own.
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
    /// A list of seeds, or how many of them; at most so many.
    Seeds(i64),
    /// A table.
    Table(fn() -> TableFacts),
    /// A list of tables.
    Tables(fn() -> TableFacts),
    /// The key `kind` of the table, with the keys of each kind.
    Kinds(fn() -> Vec<KindFacts>),
    /// One of these words, or a table of one key, which is a table itself.
    WordsOrTable(Vec<(&'static str, String)>, fn() -> TableFacts),
    /// What has a schema of its own, and the tables that the schema refers to.
    Other(fn() -> serde_json::Value, &'static [fn() -> TableFacts]),
}

/// What a key is without a value in the file.
#[derive(Debug, Clone, PartialEq)]
pub enum Preset {
    /// This value.
    Fixed(Written),
    /// What this other key is.
    SameAs(&'static str),
    /// It has to have one, for example this.
    Required(&'static str),
    /// It has to have one, for example this, in the table or from a grid.
    RequiredOfTrial(&'static str),
    /// It or the other has to have one.
    OneOf(&'static str),
    /// Nothing.
    Absent,
}

impl TableFacts {
    /// Those of a kind without keys of its own.
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

    /// Those of a table with nothing but kinds.
    pub fn of_kinds<T: Kinds>(name: &'static str, words: String) -> TableFacts {
        TableFacts { name, words, keys: Vec::new(), kinds: T::kind_facts() }
    }

    /// Its key of this name, of any kind.
    pub fn key(&self, name: &str) -> Option<KeyFacts> {
        let own = self.keys.iter().find(|key| key.name == name).cloned();
        own.or_else(|| self.kinds.iter().find_map(|kind| (kind.facts)().key(name)))
    }
}

impl ValueKind {
    /// Whether a value is a list by itself.
    pub fn is_list(&self) -> bool {
        use ValueKind::*;
        matches!(self, Texts | Wholes(..) | Seeds(_) | Tables(_))
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

/// The facts of a nested table, as [`ValueKind::Table`] has them.
pub(super) fn of_table<T: ConfigTable>() -> TableFacts {
    T::facts()
}

/// Words with what they mean.
pub(super) fn described<T>(
    words: &[(&'static str, T, &'static [&'static str])],
) -> Vec<(&'static str, String)> {
    words.iter().map(|(name, _, lines)| (*name, paragraph(lines))).collect()
}
