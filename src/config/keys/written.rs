//! What a file would contain for a config, in the order of its keys.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// A value of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Whole(u64),
    /// Any number.
    Number(f64),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Written>),
    /// A table.
    Table(Entries),
}

/// Keys and values of a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Entries(pub Vec<(&'static str, Written)>);

impl Entries {
    /// Adds a key.
    pub fn add(&mut self, key: &'static str, value: Written) {
        self.0.push((key, value));
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Entries {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Written::Flag(flag) => serializer.serialize_bool(*flag),
            Written::Whole(number) => serializer.serialize_u64(*number),
            Written::Number(number) => serializer.serialize_f64(*number),
            Written::Text(text) => serializer.serialize_str(text),
            Written::List(items) => items.serialize(serializer),
            Written::Table(entries) => entries.serialize(serializer),
        }
    }
}

impl From<&Written> for serde_json::Value {
    fn from(written: &Written) -> serde_json::Value {
        serde_json::to_value(written).expect("plain values")
    }
}
