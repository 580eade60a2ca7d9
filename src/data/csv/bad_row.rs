//! Why a line of a table cannot be used, and what that says of the class that it may have.

use super::record::Record;

/// A line that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Its number in the file, from 1 for the header.
    pub line: u64,
    /// Why, after "it".
    pub reason: String,
    /// Its class.
    pub label: BadLabel,
    /// The setting that may be the wrong one for the file.
    pub doubt: Option<Doubt>,
}

/// The class of a line that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadLabel {
    /// It has none.
    Missing,
    /// It cannot be read, or is not where the header says.
    Unknown,
    /// What stands at its place.
    Known(String),
}

/// A setting of a table that does not fit one of its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Bytes are not text in `encoding`.
    Encoding,
    /// A number has its fraction after what is not `decimal`.
    Decimal,
    /// A number has what is not `decimal` between groups of three digits.
    Thousands,
    /// A number is not a pixel.
    Pixels,
    /// Decimal commas may have divided numbers, as `delimiter` is a comma too.
    Delimiter,
}

impl BadLabel {
    /// What stands at the place of the label in a line with another number of fields. A number may be a feature that has
    /// moved there.
    pub(super) fn likely(record: &Record, place: Option<usize>) -> BadLabel {
        let field =
            place.filter(|place| *place < record.ends.len()).map(|place| record.field(place));
        let text = field.and_then(|bytes| std::str::from_utf8(bytes).ok()).map(str::trim);
        match text {
            Some(text) if !text.is_empty() && text.parse::<f64>().is_err() => {
                BadLabel::Known(text.to_owned())
            }
            _ => BadLabel::Unknown,
        }
    }
}
