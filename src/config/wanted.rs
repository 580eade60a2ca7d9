//! The types that readers want of a value: their words in messages, and what helps where the value has
//! another type.

use super::Value;

/// A type that a reader wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WantedType {
    /// A number, whole numbers included.
    Number,
    /// A number, or one of a few words.
    NumberOrWord,
    /// A list of numbers, or one of a few words.
    NumbersOrWord,
    /// A whole number.
    WholeNumber,
    /// A list of whole numbers.
    WholeNumbers,
    /// A list of seeds, or their number.
    Seeds,
    /// `true` or `false`.
    Boolean,
    /// A string.
    Text,
    /// A list of strings.
    Texts,
    /// A table.
    Table,
    /// A list of tables.
    Tables,
}

impl WantedType {
    /// Its words, after "expected".
    pub(super) fn words(self) -> &'static str {
        match self {
            WantedType::Number => "a number",
            WantedType::NumberOrWord => "a number or a word",
            WantedType::NumbersOrWord => "a list of numbers or a word",
            WantedType::WholeNumber => "a whole number",
            WantedType::WholeNumbers => "a list of whole numbers",
            WantedType::Seeds => "a list of whole numbers, or how many",
            WantedType::Boolean => "true or false",
            WantedType::Text => "a string",
            WantedType::Texts => "a list of texts",
            WantedType::Table => "a table",
            WantedType::Tables => "a list of tables",
        }
    }

    /// What to do where `found` is there instead.
    pub(super) fn help(self, found: &Value) -> Option<String> {
        let is_of_numbers = matches!(
            self,
            WantedType::Number
                | WantedType::NumberOrWord
                | WantedType::NumbersOrWord
                | WantedType::WholeNumber
                | WantedType::WholeNumbers
                | WantedType::Seeds
        );
        let is_list = matches!(
            self,
            WantedType::WholeNumbers
                | WantedType::NumbersOrWord
                | WantedType::Seeds
                | WantedType::Texts
                | WantedType::Tables
        );
        match found {
            Value::String(text) if is_of_numbers && text.parse::<f64>().is_ok() => {
                Some(format!("write {text} without quotes"))
            }
            Value::Integer(_) if is_of_numbers && is_list => {
                Some("a list is written [100, 50]; under [grid], lists of it".to_owned())
            }
            _ if self == WantedType::Tables => {
                Some("a list of tables is written [{ ... }, { ... }]".to_owned())
            }
            Value::Array(_) if !is_list => Some("values to try belong under [grid]".to_owned()),
            _ => None,
        }
    }
}

/// What to write where a key wants a table with keys such as those of `example`.
pub(super) fn table_help(key: &str, example: &str) -> String {
    format!("for example `{key} = {{ {example} }}`")
}
