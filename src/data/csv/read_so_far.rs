//! What is found in the files of a dataset while they are read: examples, classes, lines that are left
//! out, and notes for the user.

use std::fmt::Display;
use std::sync::Arc;

use crate::config::quoted_list;
use crate::data::csv::classes::Classes;
use crate::data::csv::columns::{MOST_NAMES, NamedFile};
use crate::data::csv::doubts::Doubts;
use crate::data::csv::lines::Lines;
use crate::data::csv::lost::LostClasses;
use crate::data::csv::missing::MissingLabels;
use crate::data::csv::number::{ParsedNumber, quoted};
use crate::data::csv::pixels::no_pixels;
use crate::data::csv::precision::{Digits, TooFine, crowded_columns, narrow_numbers, numbers};
use crate::data::csv::{
    ColumnPositions, CsvTable, Doubt, ExampleLine, FeatureValues, Reading, TextFormat,
};
use crate::data::numbers::Numbers;
use crate::data::own::{DataRefusal, OwnData};
use crate::data::{Dataset, LeftOutList};
use crate::error::Flaw;
use crate::escape::escape_controls;
use crate::few::{Between, first_few};

/// What has been found in the files of a dataset so far.
pub(in crate::data) struct ReadSoFar {
    pub(super) reading: Reading,
    format: TextFormat,
    doubts: Doubts,
    pub(in crate::data) classes: Classes,
    digits: Vec<Digits>, // of each feature
    missing: MissingLabels,
    left_out: LeftOutList,
    pub(super) lost: LostClasses,
    pub(in crate::data) notes: Vec<String>,
}

impl ReadSoFar {
    pub(in crate::data) fn new(reading: Reading, format: TextFormat, features: usize) -> ReadSoFar {
        ReadSoFar {
            reading,
            format,
            doubts: Doubts::default(),
            classes: Classes::default(),
            digits: vec![Digits::default(); features],
            missing: MissingLabels::default(),
            left_out: LeftOutList::default(),
            lost: LostClasses::default(),
            notes: Vec::new(),
        }
    }

    /// Reads the lines of a file. `adds_classes`: new labels become classes.
    pub(super) fn read(
        &mut self,
        table: CsvTable,
        NamedFile { key, path }: NamedFile<'_>,
        columns: &ColumnPositions,
        adds_classes: bool,
    ) -> Result<Lines, DataRefusal> {
        let mut lines = Lines::default();
        let names: Vec<String> =
            columns.features.iter().take(MOST_NAMES).map(|&i| table.header[i].clone()).collect();
        let mut first_bad = None;
        let mut of_no_class = 0;
        let mut no_pixel = None;
        let are_pixels = columns.values == FeatureValues::Pixels;
        let fits = table.size.check(table.header.len(), columns);
        fits.map_err(|shortage| {
            DataRefusal::new(
                key,
                "the table does not fit into memory",
                format!("{path} {shortage}"),
            )
        })?;
        let read = table.read(columns, |row| {
            let bad = match row {
                Ok(row) => {
                    let taken = self.take(&row, adds_classes, are_pixels, &mut lines);
                    of_no_class += u64::from(!adds_classes && taken.is_err());
                    taken.map_err(|reason| (row.line, reason.into()))
                }
                Err(bad) => {
                    if adds_classes {
                        self.lose(&bad);
                    }
                    self.doubts.push(bad.doubt);
                    if bad.doubt == Some(Doubt::Pixels) {
                        no_pixel.get_or_insert_with(|| {
                            let text = format!("{path} line {} {}", bad.line, bad.reason);
                            escape_controls(&text).into_owned()
                        });
                    }
                    Err((bad.line, bad.reason))
                }
            };
            let Err((line, reason)) = bad else { return };
            first_bad.get_or_insert_with(|| {
                escape_controls(&format!("line {line} {reason}")).into_owned()
            });
            self.left_out.push(format_args!("{path} line {line}"), reason);
        });
        let read = read.map_err(|problem| {
            DataRefusal::new(key, "the table cannot be read", format!("{path} {problem}"))
        })?;
        if let Some(first) = no_pixel {
            return Err(no_pixels(&first));
        }
        self.notes.extend(read.breaks.note(path));
        self.notes.extend(read.commas.note(path));
        self.notes.extend(self.lost.note(path));
        if of_no_class > 0 && self.reading == Reading::Current {
            let count = match of_no_class {
                1 => "1 line".to_owned(),
                count => format!("{count} lines"),
            };
            self.notes.push(format!(
                "left out of the test examples: {count} of {path}, whose class does not occur in `path`"
            ));
        }
        if lines.labels.is_empty() {
            return Err(self.nothing_used(key, first_bad, &names));
        }
        Ok(lines)
    }

    /// That no line is an example. `first_bad` says what is wrong with the first line, if there is one.
    fn nothing_used(
        &self,
        key: &'static str,
        first_bad: Option<String>,
        names: &[String],
    ) -> DataRefusal {
        let title = "no line of the table can be used";
        let Some(label) = first_bad else {
            let help = "the first line names the columns; every other line is an example";
            return DataRefusal::new(key, title, "there are no lines below the header").help(help);
        };
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let help = self.doubts.question(self.format).unwrap_or_else(|| {
            format!(
                "name the numeric columns in `features`; the columns read are {}",
                quoted_list(&names)
            )
        });
        DataRefusal::new(key, title, label).help(help)
    }

    /// The class of an example with this label, or why it has none. `source` is the key of the labels
    /// that may be classes.
    pub(in crate::data) fn class_of(
        &mut self,
        label: &str,
        adds_classes: bool,
        source: &str,
    ) -> Result<usize, Flaw> {
        if self.reading == Reading::Current {
            if self.missing.take(label) {
                return Err(Flaw::from(format!(
                    "has the label `{label}`, which stands for a missing label"
                )));
            }
            // Hashed names end with NUL. UTF-16 text has it in every other byte.
            if label.contains('\0') {
                return Err(Flaw::from("has a NUL character in its label"));
            }
        }
        self.classes.place(label, adds_classes).ok_or_else(|| {
            let label = quoted(label);
            Flaw::from(format!("has the label `{label}`, which does not occur in `{source}`"))
        })
    }

    /// Adds an example of numbers.
    pub(in crate::data) fn add(
        &mut self,
        class: usize,
        numbers: &[ParsedNumber],
        lines: &mut Lines,
    ) {
        lines.push(class, numbers);
        self.digits.iter_mut().zip(numbers).for_each(|(digits, number)| digits.push(number));
    }

    /// Lists an example that cannot be used.
    pub(in crate::data) fn leave_out(&mut self, what: impl Display, reason: &str) {
        self.left_out.push(what, reason);
    }

    /// Adds a line to the examples, or says why it cannot be used.
    fn take(
        &mut self,
        row: &ExampleLine<'_>,
        adds_classes: bool,
        are_pixels: bool,
        lines: &mut Lines,
    ) -> Result<(), Flaw> {
        let class = self.class_of(row.label, adds_classes, "path")?;
        if are_pixels {
            lines.push_pixels(class, row.features);
            return Ok(());
        }
        self.add(class, row.features, lines);
        Ok(())
    }

    pub(in crate::data) fn numbers(
        &mut self,
        features: &[String],
        parts: [Lines; 2],
    ) -> Result<Numbers, DataRefusal> {
        if self.reading == Reading::First {
            return Ok(narrow_numbers(parts));
        }
        if let Some(mixed) = (0..features.len()).find(|i| self.digits[*i].are_mixed()) {
            let name = escape_controls(&features[mixed]);
            let title =
                format!("column `{name}` mixes true or false with other numbers than 0 and 1");
            let help = "leave the column out of `features`, or write one kind of value in the file";
            let label = "it is not clear which numbers true and false stand for";
            return Err(DataRefusal::new("features", title, label).help(help));
        }
        let crowded = named(features, crowded_columns(&parts[0], features.len()).into_iter());
        self.notes.extend(crowded.map(|columns| {
            format!(
                "{columns}: a few values are so far off that standardising leaves the others almost \
                 equal; clip those values, or take logarithms"
            )
        }));
        let numbers = numbers(parts, &self.digits);
        let numbers = numbers.inspect(|numbers| {
            let merged = named(features, numbers.beyond.iter().map(|beyond| beyond.column));
            self.notes.extend(merged.map(|columns| {
                format!(
                    "some different values of {columns} become equal: 64 bits hold 15 to 17 digits"
                )
            }));
        });
        numbers.map_err(|TooFine { column }| {
            let title = format!(
                "the values of column `{}` cannot be told apart",
                escape_controls(&features[column])
            );
            let label = "they differ by less than 64-bit precision at their size";
            let help =
                "subtract an offset from them in the file, or leave the column out of `features`";
            DataRefusal::new("features", title, label).help(help)
        })
    }

    /// Adds the first line that is left out to a refusal that has no help.
    pub(in crate::data) fn explained(&self, refusal: DataRefusal) -> DataRefusal {
        match self.left_out.first() {
            Some(first) if refusal.help.is_none() => refusal.help(format!(
                "{} lines are left out, the first: {} {}",
                self.left_out.count(),
                first.what,
                first.reason
            )),
            _ => refusal,
        }
    }

    pub(in crate::data) fn into_data(self, dataset: Dataset) -> OwnData {
        let mut notes = self.notes;
        notes.extend(self.missing.note());
        notes.extend(self.doubts.note(self.format));
        if self.reading == Reading::Current {
            notes.extend(self.classes.note());
            notes.extend(self.classes.note_of_utf8(self.format.encoding));
        }
        if self.reading == Reading::First {
            notes.push(
                "`sha256` matches the file as version 0.1.0 read it, so it is read that way: numbers \
                 rounded to 32 bits, labels such as NA as classes, stray quotes ignored; remove \
                 `sha256` to read it the current way, which makes a new run"
                    .to_owned(),
            );
        }
        OwnData { dataset: Arc::new(dataset), left_out: self.left_out, notes }
    }
}

/// The names of columns as a list; none if there are no columns.
fn named(features: &[String], columns: impl Iterator<Item = usize>) -> Option<String> {
    let names: Vec<String> =
        columns.map(|column| format!("`{}`", escape_controls(&features[column]))).collect();
    first_few(&names, MOST_NAMES, Between::Commas)
}
