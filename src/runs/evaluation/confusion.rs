//! `confusion.csv`: how many examples of each class were predicted as which class. A square of
//! classes or, if there are very many, only the nonzero cells, so that it grows with the examples.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::error::{Error, Flaw, Result};
use crate::runs::evaluation::JudgedExample;
use crate::table::csv_field;

/// The most classes for which the file is a square: with this many it has 2 MB.
pub const MOST_IN_SQUARE: usize = 1000;

/// First column of a square.
const CLASS: &str = "class";
/// Columns of a list of cells. The first differs from that of a square, whatever the class names.
const CELL: [&str; 3] = ["true_class", "predicted_class", "examples"];

/// How many examples of each class were predicted as which class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Confusion {
    /// Names of the classes; for a list of cells, only those that occur.
    pub names: Vec<String>,
    /// Examples by class and predicted class, as positions in the names; those that are not zero.
    pub counts: BTreeMap<(usize, usize), u64>,
}

impl Confusion {
    /// Counts judged examples; `names` are those of the classes.
    pub fn of(examples: &[JudgedExample], names: &[String]) -> Confusion {
        let mut counts = BTreeMap::new();
        for example in examples {
            let cell = (usize::from(example.class), usize::from(example.predicted));
            *counts.entry(cell).or_insert(0) += 1;
        }
        Confusion { names: names.to_vec(), counts }
    }

    /// The content of `confusion.csv`. Names are written as in all other CSV output, so that none
    /// is read as a formula.
    ///
    /// # Errors
    /// When the CSV writer fails, which text in memory gives no reason for.
    pub fn to_csv(&self) -> Result<Vec<u8>> {
        let names: Vec<String> = self.names.iter().map(|name| spelled(name)).collect();
        if names.len() <= MOST_IN_SQUARE {
            let lines = self.square(&names).collect::<Result<Vec<_>>>()?;
            return Ok(lines.concat());
        }
        let mut csv = line(&CELL)?;
        for ((class, predicted), count) in &self.counts {
            csv.extend(line(&[&*names[*class], &*names[*predicted], &*count.to_string()])?);
        }
        Ok(csv)
    }

    /// Whether `csv` is what version 0.1.0 wrote for the same counts: always a square, with names
    /// unchanged. `names` are those of the classes.
    pub fn is_of_first_version(&self, csv: &[u8], names: &[String]) -> bool {
        let mut rest = csv;
        let same = Confusion { names: names.to_vec(), counts: self.in_order_of(names) };
        let mut lines = same.square(names);
        lines.all(|line| match line.ok().and_then(|line| rest.strip_prefix(&*line)) {
            Some(after) => {
                rest = after;
                true
            }
            None => false,
        }) && rest.is_empty()
    }

    /// Reads a `confusion.csv`.
    ///
    /// # Errors
    /// Says what is wrong with it, after "is not a confusion matrix".
    pub(super) fn parse(bytes: &[u8]) -> Result<Confusion, Flaw> {
        let mut reader = csv::Reader::from_reader(bytes);
        let header = reader.headers().map_err(|e| e.to_string())?.clone();
        match header.iter().eq(CELL) {
            true => list(&mut reader),
            false => square(&header, &mut reader),
        }
    }

    /// The same with the real class names: the file escapes names with content that CSV files
    /// should not have. `names` are those of all classes.
    #[must_use]
    pub fn named_by<'a>(mut self, names: impl Iterator<Item = &'a str>) -> Confusion {
        let real: HashMap<String, &str> = names.map(|name| (spelled(name), name)).collect();
        for name in &mut self.names {
            if let Some(real) = real.get(name) {
                *name = (*real).to_owned();
            }
        }
        self
    }

    /// `[class][predicted]`; none if there are too many classes for a square.
    pub fn to_square(&self) -> Option<Vec<Vec<u64>>> {
        let classes = self.names.len();
        (classes <= MOST_IN_SQUARE).then(|| (0..classes).map(|class| self.row(class)).collect())
    }

    /// Examples of a class, whatever they were predicted as.
    pub fn examples_of(&self, class: usize) -> u64 {
        let row = self.counts.range((class, 0)..=(class, usize::MAX));
        row.fold(0, |all: u64, (_, count)| all.saturating_add(*count))
    }

    fn row(&self, class: usize) -> Vec<u64> {
        let mut row = vec![0; self.names.len()];
        for ((_, predicted), count) in self.counts.range((class, 0)..=(class, usize::MAX)) {
            row[*predicted] = *count;
        }
        row
    }

    /// The lines of a square, the header first, with the classes in the order of `names`.
    fn square<'a>(&'a self, names: &'a [String]) -> impl Iterator<Item = Result<Vec<u8>>> + 'a {
        let header: Vec<&str> =
            [CLASS].into_iter().chain(names.iter().map(String::as_str)).collect();
        let rows = names.iter().enumerate().map(|(class, name)| {
            let counts = self.row(class).into_iter().map(|count| count.to_string());
            line(&[name.clone()].into_iter().chain(counts).collect::<Vec<String>>())
        });
        [line(&header)].into_iter().chain(rows)
    }

    /// The counts with classes as positions in `names`; without those of other classes.
    fn in_order_of(&self, names: &[String]) -> BTreeMap<(usize, usize), u64> {
        let places: HashMap<&str, usize> =
            names.iter().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
        let place = |class: usize| places.get(self.names.get(class)?.as_str()).copied();
        let cells = self.counts.iter();
        cells.filter_map(|((class, to), n)| Some(((place(*class)?, place(*to)?), *n))).collect()
    }
}

/// A name as a field of a CSV file.
fn spelled(name: &str) -> String {
    csv_field(&Value::from(name))
}

fn line<T: AsRef<[u8]>>(fields: &[T]) -> Result<Vec<u8>> {
    let broken = |e: csv::Error| Error::Unexpected(format!("cannot write CSV: {e}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(fields).map_err(broken)?;
    writer.into_inner().map_err(|e| broken(e.into_error().into()))
}

fn count(field: &str) -> Result<u64, Flaw> {
    field.parse().map_err(|_| Flaw::from(format!("{field:?} is not a count")))
}

fn square(header: &csv::StringRecord, reader: &mut csv::Reader<&[u8]>) -> Result<Confusion, Flaw> {
    let mut header = header.iter();
    if header.next() != Some(CLASS) {
        return Err(Flaw::from(format!("its first column is neither {CLASS:?} nor {:?}", CELL[0])));
    }
    let names: Vec<String> = header.map(str::to_owned).collect();
    let (mut counts, mut rows) = (BTreeMap::new(), 0);
    for record in reader.records() {
        let record = record.map_err(|e| e.to_string())?;
        let mut fields = record.iter();
        if fields.next() != names.get(rows).map(String::as_str) {
            return Err(Flaw::from(format!("row {} does not belong to its class", rows + 1)));
        }
        for (predicted, field) in fields.enumerate() {
            if let count @ 1.. = count(field)? {
                counts.insert((rows, predicted), count);
            }
        }
        rows += 1;
    }
    if rows != names.len() {
        return Err(Flaw::from(format!("it has {} classes and {rows} rows", names.len())));
    }
    Ok(Confusion { names, counts })
}

fn list(reader: &mut csv::Reader<&[u8]>) -> Result<Confusion, Flaw> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut confusion = Confusion::default();
    for record in reader.records() {
        let record = record.map_err(|e| e.to_string())?;
        let mut place = |field: usize| {
            let name = &record[field]; // the reader has already compared their number with the header's
            *places.entry(name.to_owned()).or_insert_with(|| {
                confusion.names.push(name.to_owned());
                confusion.names.len() - 1
            })
        };
        let cell = (place(0), place(1));
        if confusion.counts.insert(cell, count(&record[2])?).is_some() {
            return Err(Flaw::from(format!("{:?} as {:?} appears twice", &record[0], &record[1])));
        }
    }
    Ok(confusion)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(class: u16, predicted: u16) -> JudgedExample {
        JudgedExample { class, predicted, confidence: 0.5 }
    }

    fn text(confusion: &Confusion) -> String {
        String::from_utf8(confusion.to_csv().unwrap()).unwrap()
    }

    #[test]
    fn no_name_of_a_class_is_a_formula() {
        let names = ["=cmd|' C'!A0", "@SUM(1)", "\u{1b}[31mred", "\u{202e}gnp", "plain"];
        let names = names.map(str::to_owned);
        let confusion = Confusion::of(&[example(0, 1), example(2, 2), example(3, 4)], &names);
        let header = "class,'=cmd|' C'!A0,'@SUM(1),\\u{1b}[31mred,\\u{202e}gnp,plain";
        assert_eq!(text(&confusion).lines().next(), Some(header));
        let csv = confusion.to_csv().unwrap();
        let read = Confusion::parse(&csv).unwrap().named_by(names.iter().map(String::as_str));
        assert_eq!(read, confusion);
        assert!(!confusion.is_of_first_version(&csv, &names));
        let raw = confusion.square(&names).collect::<Result<Vec<_>>>().unwrap().concat();
        assert!(raw.starts_with(b"class,=cmd|' C'!A0,@SUM(1),\x1b[31mred,"));
        assert!(confusion.is_of_first_version(&raw, &names));
        assert!(!confusion.is_of_first_version(&raw[..raw.len() - 1], &names));
    }

    #[test]
    fn very_many_classes_are_a_list_of_cells_that_are_not_zero() {
        let names: Vec<String> = (0..=MOST_IN_SQUARE).map(|class| format!("id{class}")).collect();
        let examples = [example(7, 7), example(1000, 3), example(7, 9), example(7, 9)];
        let confusion = Confusion::of(&examples, &names);
        let csv = text(&confusion);
        assert_eq!(
            csv,
            "true_class,predicted_class,examples\nid7,id7,1\nid7,id9,2\nid1000,id3,1\n"
        );
        let read = Confusion::parse(csv.as_bytes()).unwrap();
        assert_eq!(read.names, ["id7", "id9", "id1000", "id3"]);
        assert_eq!(read.in_order_of(&names), confusion.counts);
        assert_eq!((read.examples_of(0), confusion.examples_of(7)), (3, 3));
        assert_eq!(confusion.to_square(), None);
        let square = confusion.square(&names).collect::<Result<Vec<_>>>().unwrap().concat();
        assert!(read.is_of_first_version(&square, &names));
    }

    #[test]
    fn lists_that_are_damaged_are_errors() {
        for (rows, words) in [
            ("a,b,-1\n", "\"-1\" is not a count"),
            ("a,b\n", "found record with 2 fields, but the previous record has 3 fields"),
            ("a,b,1\na,b,1\n", "\"a\" as \"b\" appears twice"),
            ("a,b,\n", "\"\" is not a count"),
        ] {
            let text = format!("{}\n{rows}", CELL.join(","));
            let flaw = Confusion::parse(text.as_bytes()).unwrap_err();
            assert!(flaw.ends_with(words), "{rows}: {flaw}");
        }
    }
}
