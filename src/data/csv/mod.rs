//! A table of the user's own: numeric features and a label in each line of a CSV file.

mod bad_row;
pub(super) mod classes;
mod columns;
mod commas;
mod doubts;
mod format;
pub(super) mod lines;
mod load;
mod lost;
mod missing;
mod number;
pub(super) mod pixels;
mod precision;
mod quotes;
pub(super) mod read_so_far;
mod record;
mod records;
mod size;
mod table;
pub(super) mod test_examples;

pub use bad_row::{BadLabel, BadRow, Doubt};
pub use commas::Commas;
pub use format::{Decimal, Encoding, TextFormat};
pub(super) use load::load;
pub use number::ParsedNumber;
pub use quotes::LineBreaks;
pub(super) use table::MOST_COLUMNS;
pub use table::{ColumnPositions, CsvTable, ExampleLine, FeatureValues, ReadTable};

use super::archive::Archive;
use super::datasets::{DatasetKind, Own};
use super::image_shape::MOST_SIDE;
use super::own::{DataRefusal, OwnHandle, read_own};
use super::test_share::Fraction;
use super::{DataOptions, Dataset, DatasetFacts, Scaling};
use crate::config::keys::{WhenAbsent, config, number, path, text, texts, whole, wholes, word};
use crate::config::{Range, TableReader};
use crate::error::Result;

/// The default separator between two fields.
const DEFAULT_DELIMITER: &str = ",";

config! {
    /// A CSV file with a header: numeric features and a label.
    #[derive(Eq, Hash)]
    pub struct CsvConfig {
        /// The file, relative to the experiment file. Its first line names the columns.
        pub path: String = path().required("\"flowers.csv\""),
        /// A file with the same columns and the test examples; absent: a share of `path` is held out.
        pub test_path: Option<String> = path().optional(),
        /// SHA-256 of the content, filled in by the program; if given, other content is refused.
        pub sha256: Option<String> = text().optional(),
        /// Name of the column that holds the class, a string or a number.
        pub label: String = text().filled("\"species\""),
        /// Names of the columns to learn from, in this order; absent: all other named columns.
        pub features: Option<Vec<String>> = texts().optional(),
        /// Height and width of the images whose pixels, row by row, are the features: `[28, 28]`; or channels, height
        /// and width: `[3, 32, 32]`. Absent: the features are numbers.
        pub image_shape: Option<Vec<usize>> = wholes(1, MOST_SIDE).optional(),
        /// The character between two fields.
        pub delimiter: String = text().or(DEFAULT_DELIMITER.to_owned()),
        /// What stands before the fraction of a number.
        pub decimal: Decimal = word().or(Decimal::Point).left_out(),
        /// Which bytes are which characters.
        pub encoding: Encoding = word().or(Encoding::Utf8).left_out(),
        /// Share of each class that is held out as test examples; 0.2 unless there is a `test_path`.
        pub test_fraction: Option<Fraction> = number(Range::FRACTION).optional(),
        /// Seed for drawing the test examples; neither the trial's seed nor `split_seed`.
        pub test_seed: u64 = whole(0).or(0),
    }
    beside {
        /// The rules by which it is read.
        pub reading: Reading,
        /// What stands there.
        pub data: OwnHandle,
    }
    then CsvConfig::with_data
}

/// The rules by which a file becomes examples. Each gives one SHA-256, so a run that names the
/// content under the earlier rules is resumed and verified with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Reading {
    /// Those of the documentation.
    #[default]
    Current,
    /// Those of version 0.1.0: all numbers are rounded to 32 bits, labels such as `NA` are classes,
    /// an unclosed quote takes the rest of the file, and the test examples may be the training
    /// examples.
    First,
}

impl DatasetKind for CsvConfig {
    fn facts(&self) -> DatasetFacts {
        self.data.facts()
    }

    fn load(&self, _options: &DataOptions) -> Result<Dataset> {
        self.data.load()
    }

    fn archive(&self) -> Option<Archive> {
        None
    }

    fn own(&self) -> Option<Own<'_>> {
        Some(Own {
            path: &self.path,
            data: self.data.get(),
            label: Some(&self.label),
            features: self.features.as_deref().unwrap_or_default(),
        })
    }

    fn default_scaling(&self) -> Scaling {
        if self.image_shape.is_some() { Scaling::Unit } else { Scaling::Standardize }
    }

    fn has_equal_classes(&self, _train_examples: Option<usize>) -> bool {
        false
    }

    fn enough_for_all_classes(&self, _validation: usize) -> Option<usize> {
        None
    }
}

impl CsvConfig {
    /// Reads the file.
    fn with_data(self, table: &mut TableReader<'_>) -> CsvConfig {
        if self.delimiter_byte().is_none() {
            let title = "`dataset.delimiter` is not a delimiter".to_owned();
            let help = "a comma, \";\", \"\\t\" or \"|\", for example".to_owned();
            table.error("delimiter", title, "it must be one ASCII character".into(), Some(help));
        }
        // A number that is out of range is not in the list.
        let shape = self.image().filter(|_| !table.has_errors());
        if let Some(Err(DataRefusal { key, title, label, help })) = shape {
            table.error(key, title, label, help);
        }
        // Without a label column there is nothing to look for.
        if self.label.is_empty() { self } else { read_own(table, self, load) }
    }

    /// How its files are written.
    pub(super) fn text_format(&self) -> TextFormat {
        let CsvConfig { decimal, encoding, .. } = *self;
        TextFormat { delimiter: self.delimiter_byte().unwrap_or(b','), decimal, encoding }
    }

    /// The delimiter, if it is one that a CSV file can have.
    pub fn delimiter_byte(&self) -> Option<u8> {
        match self.delimiter.as_bytes() {
            [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Some(*byte),
            _ => None,
        }
    }
}
