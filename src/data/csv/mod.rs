//! A table of the user's own: numeric features and a label in each line of a CSV file.

use schemars::JsonSchema;
use serde::Serialize;

mod classes;
mod lines;
mod load;
mod missing;
mod number;
mod records;
mod table;

pub(super) use load::load;
pub use number::Number;
pub use table::{BadRow, Columns, LineBreaks, Row, Table};

use super::own::{OwnHandle, read_own};
use super::test_share::Fraction;
use crate::config::{Range, TableReader};

/// What stands between two fields unless the file says otherwise.
const DEFAULT_DELIMITER: &str = ",";

/// A CSV file with a header: numeric features and a label.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct CsvConfig {
    /// The file, relative to the experiment file. Its first line names the columns.
    pub path: String,
    /// A file of the same columns with the test examples; absent: a share of `path` is held out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_path: Option<String>,
    /// SHA-256 of the content, filled in; data of other content is refused where it is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Name of the column that holds the class, a text or a number.
    pub label: String,
    /// Names of the columns to learn from, in this order; absent: all others that have a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub features: Option<Vec<String>>,
    /// The character between two fields.
    #[schemars(default = "default_delimiter")]
    pub delimiter: String,
    /// Share of each class that is held out as test examples; 0.2 unless there is a `test_path`.
    #[schemars(with = "Option<f64>", range(min = 0), extend("exclusiveMaximum" = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_fraction: Option<Fraction>,
    /// Seed of the draw of the test examples; neither the trial's seed nor `split_seed`.
    #[schemars(default)]
    pub test_seed: u64,
    /// By whose rules it is read.
    #[serde(skip)]
    #[schemars(skip)]
    pub reading: Reading,
    /// What stands there.
    #[serde(skip)]
    #[schemars(skip)]
    pub data: OwnHandle,
}

/// The rules by which a file becomes examples. What they make of it has one SHA-256, so that a run that
/// names the content of the former ones is resumed and verified by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Reading {
    /// Those of the documentation.
    #[default]
    Current,
    /// Those of version 0.1.0: all numbers are rounded to 32 bits, labels such as `NA` are classes, a
    /// quote that is never closed takes the rest of the file, and the test examples may be those of
    /// training.
    First,
}

impl CsvConfig {
    /// Reads the table's keys, and then the file.
    pub(super) fn read(table: &mut TableReader<'_>) -> CsvConfig {
        let config = CsvConfig {
            path: table.required_path("path", "\"flowers.csv\"").unwrap_or_default(),
            test_path: table.optional_path("test_path"),
            sha256: table.optional_string("sha256"),
            label: table.required_string("label", "\"species\"").unwrap_or_default(),
            features: table.optional_strings("features"),
            delimiter: table
                .optional_string("delimiter")
                .unwrap_or_else(|| DEFAULT_DELIMITER.to_owned()),
            test_fraction: Fraction::read(table, "test_fraction", Range::FRACTION),
            test_seed: table.integer("test_seed", 0, 0),
            reading: Reading::Current,
            data: OwnHandle::default(),
        };
        if config.delimiter_byte().is_none() {
            let title = "`dataset.delimiter` is no delimiter".to_owned();
            let help = "a comma, \";\", \"\\t\" or \"|\", for example".to_owned();
            table.error("delimiter", title, "one ASCII character is wanted".into(), Some(help));
        }
        // Without a label column there is nothing to look for.
        if config.label.is_empty() { config } else { read_own(table, config, load) }
    }

    /// The delimiter, if it is one that a CSV file can have.
    pub fn delimiter_byte(&self) -> Option<u8> {
        match self.delimiter.as_bytes() {
            [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Some(*byte),
            _ => None,
        }
    }
}

fn default_delimiter() -> String {
    DEFAULT_DELIMITER.to_owned()
}
