//! Our own TOML tree: owned, in source order, every key and value with its origin.

use super::Origin;

/// The bytes of text that count as one value.
const BYTES_OF_A_VALUE: usize = 64;

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where the value stands.
    pub origin: Origin,
    /// What it is.
    pub value: Value,
}

/// A TOML value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    String(String),
    /// A whole number of TOML's 64 bits.
    Integer(i64),
    /// A number with a point or exponent, or `nan` and `inf`.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A date or time; no key accepts one.
    Datetime,
    /// A list.
    Array(Vec<Node>),
    /// A table, inline or not.
    Table(TomlTable),
    /// Reported as wrong when it was parsed; read as if absent.
    Invalid,
}

/// A table's entries, in the order of the source.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TomlTable {
    /// No key twice.
    pub entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key without quotes.
    pub key: String,
    /// Where the key is written.
    pub key_origin: Origin,
    /// Its value.
    pub node: Node,
}

impl Value {
    /// The type in words: "a number", "a list" ...
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::String(_) => "a string",
            Value::Integer(_) => "an integer",
            Value::Float(_) => "a decimal number",
            Value::Boolean(_) => "a boolean",
            Value::Datetime => "a date",
            Value::Array(_) => "a list",
            Value::Table(_) => "a table",
            Value::Invalid => "nothing",
        }
    }
}

impl Node {
    fn holds(&self, place: Origin) -> bool {
        let is_within = match &self.value {
            Value::Array(items) => items.iter().any(|item| item.holds(place)),
            Value::Table(table) => table.entries.iter().any(|entry| entry.holds(place)),
            _ => false,
        };
        is_within || self.origin.holds(place)
    }

    /// The number of values in it, with long texts counted as several.
    pub fn weight(&self) -> usize {
        match &self.value {
            Value::Array(items) => items.iter().map(Node::weight).sum::<usize>() + 1,
            Value::Table(table) => table.weight() + 1,
            Value::String(text) => text.len() / BYTES_OF_A_VALUE + 1,
            _ => 1,
        }
    }

    /// A text that is equal for values with the same meaning: 1 and 1.0, keys in any order.
    pub fn meaning(&self) -> String {
        match &self.value {
            Value::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
                (*number as i64).to_string()
            }
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(Node::meaning).collect();
                format!("[{}]", items.join(","))
            }
            Value::Table(table) => {
                let meaning = |entry: &Entry| format!("{:?}={}", entry.key, entry.node.meaning());
                let mut entries: Vec<String> = table.entries.iter().map(meaning).collect();
                entries.sort();
                format!("{{{}}}", entries.join(","))
            }
            Value::String(text) => format!("{text:?}"),
            Value::Integer(number) => number.to_string(),
            Value::Float(number) => format!("{number:?}"),
            Value::Boolean(flag) => flag.to_string(),
            Value::Datetime | Value::Invalid => format!("{:?}", self.origin),
        }
    }
}

impl Entry {
    /// Whether a place lies in the key or its value, wherever parts of the value are written.
    pub fn holds(&self, place: Origin) -> bool {
        self.key_origin.holds(place) || self.node.holds(place)
    }
}

impl TomlTable {
    /// An empty table.
    pub const fn new() -> TomlTable {
        TomlTable { entries: Vec::new() }
    }

    /// The number of values in it; see [`Node::weight`].
    pub fn weight(&self) -> usize {
        self.entries.iter().map(|entry| entry.node.weight()).sum()
    }

    /// The entry of a key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Takes an entry out.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let index = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(value: Value) -> Node {
        Node { origin: Origin::start_of(0), value }
    }

    #[test]
    fn one_and_one_point_zero_mean_the_same() {
        let list = |value| node(Value::Array(vec![node(value)])).meaning();
        assert_eq!(list(Value::Integer(1)), list(Value::Float(1.0)));
        assert_ne!(list(Value::Integer(1)), list(Value::Boolean(true)));
        let large = 1 << 53;
        assert_ne!(list(Value::Integer(large)), list(Value::Integer(large + 1)));
    }
}
