//! A CSV file line by line: which columns are wanted, and why a line cannot be used.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use super::bad_row::{BadLabel, BadRow, Doubt};
use super::commas::{Commas, divided_numbers};
use super::format::{Decoded, Encoding, TextFormat};
use super::number::{ParsedNumber, quoted};
use super::quotes::{LineBreaks, reason};
use super::record::Record;
use super::records::{Next, Quotes, Records, StrayQuote};
use super::size::{SAMPLE, TableSize};
use crate::error::Flaw;

/// The byte order mark of UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// The byte order marks of UTF-16.
const MARKS_OF_UTF_16: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];
/// The most columns of a table: with 100 units in its first layer, a network would have 13 million
/// weights.
pub(in crate::data) const MOST_COLUMNS: usize = 1 << 17;

/// An open CSV file.
#[derive(Debug)]
pub struct CsvTable {
    records: Records<Decoded<BufReader<File>>>,
    record: Record,
    format: TextFormat,
    /// Names of the columns, in the order of the file, without the spaces around them.
    pub header: Vec<String>,
    places: HashMap<String, ColumnPlace>,
    /// How much there is to read.
    pub(super) size: TableSize,
}

/// The position of a column, and how many columns have its name.
#[derive(Debug)]
struct ColumnPlace {
    first: usize,
    count: usize,
}

/// Positions of the columns that are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnPositions {
    /// The class; none if it is not wanted.
    pub label: Option<usize>,
    /// The features, in the order of the network's inputs.
    pub features: Vec<usize>,
    /// What their values may be.
    pub values: FeatureValues,
}

/// What the values of features may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeatureValues {
    /// Numbers.
    Numbers,
    /// Numbers, or `true` and `false`.
    NumbersOrWords,
    /// Numbers, but in the features of these positions, in order, `true` and `false`, or 1 and 0.
    WordsIn(Vec<usize>),
    /// Whole numbers from 0 to 255.
    Pixels,
}

/// A line that is an example.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleLine<'a> {
    /// Its number in the file, from 1 for the header.
    pub line: u64,
    /// The class; empty if it is not wanted.
    pub label: &'a str,
    /// `[features]`
    pub features: &'a [ParsedNumber],
}

/// What there is to say of a file that was read to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadTable {
    /// Which records span several lines.
    pub breaks: LineBreaks,
    /// Whether decimal commas may be something else.
    pub commas: Commas,
}

impl CsvTable {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// Says what is wrong with the file, after "it".
    pub fn open(path: &Path, format: TextFormat) -> Result<CsvTable, Flaw> {
        CsvTable::open_with(path, format, Quotes::Strict)
    }

    /// As [`CsvTable::open`].
    pub(super) fn open_with(
        path: &Path,
        format: TextFormat,
        quotes: Quotes,
    ) -> Result<CsvTable, Flaw> {
        let unreadable = |e: std::io::Error| match e.kind() {
            std::io::ErrorKind::NotFound => "does not exist".to_owned(),
            _ => format!("cannot be read: {e}"),
        };
        let metadata = std::fs::metadata(path).map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(Flaw::from("is not a file")); // a pipe would block
        }
        let mut input = BufReader::with_capacity(SAMPLE, File::open(path).map_err(unreadable)?);
        let start = input.fill_buf().map_err(unreadable)?;
        let size = TableSize::of(metadata.len(), start, format.delimiter);
        if MARKS_OF_UTF_16.iter().any(|mark| start.starts_with(mark)) {
            return Err(Flaw::from("is UTF-16, which is not read: save it as UTF-8"));
        }
        if start.starts_with(BYTE_ORDER_MARK) {
            if format.encoding != Encoding::Utf8 {
                return Err(Flaw::from(format!(
                    "begins with the byte order mark of UTF-8, but `encoding` is {:?}",
                    format.encoding.name()
                )));
            }
            input.consume(BYTE_ORDER_MARK.len());
        }
        let decoded = Decoded::new(input, format.encoding);
        let mut records = Records::new(decoded, format.delimiter, quotes);
        let mut record = Record::new(MOST_COLUMNS);
        match records.next(&mut record).map_err(|e| e.to_string())? {
            Next::End => return Err(Flaw::from("is empty")),
            Next::Stray(StrayQuote { opened, .. }) => {
                return Err(Flaw::from(format!(
                    "has a header with a quote, opened in line {opened}, that is never closed"
                )));
            }
            Next::Record if record.count > MOST_COLUMNS => {
                let (line, count) = (record.line, record.count);
                return Err(Flaw::from(format!(
                    "has {count} columns in line {line}, at most {MOST_COLUMNS} are possible"
                )));
            }
            Next::Record => {}
        }
        let name_at = |i: usize| match std::str::from_utf8(record.field(i)) {
            _ if is_no_text(record.field(i)) => Err(Flaw::from(
                "is not a table: it begins with bytes that no text has, as pictures and archives do",
            )),
            Ok(name) => Ok(name.trim().to_owned()),
            Err(_) if format.encoding == Encoding::Utf8 => Err(Flaw::from(
                "has a header that is not UTF-8: set `encoding`, to \"windows-1252\" for example",
            )),
            Err(_) => {
                Err(Flaw::from(format!("has a header that is not {}", format.encoding.words())))
            }
        };
        let header = (0..record.count).map(name_at).collect::<Result<Vec<String>, Flaw>>()?;
        let mut places: HashMap<String, ColumnPlace> = HashMap::new();
        for (first, name) in header.iter().enumerate() {
            let place = places.entry(name.clone()).or_insert(ColumnPlace { first, count: 0 });
            place.count += 1;
        }
        Ok(CsvTable { records, record, format, header, places, size })
    }

    /// Whether the header is mostly numbers, as in a file without a header.
    pub(super) fn has_numbers_for_names(&self) -> bool {
        2 * self.header.iter().filter(|name| name.parse::<f64>().is_ok()).count()
            > self.header.len()
    }

    /// The only column with a name; `Err` with the number of such columns.
    pub fn column(&self, name: &str) -> Result<usize, usize> {
        match self.places.get(name) {
            Some(ColumnPlace { first, count: 1 }) => Ok(*first),
            other => Err(other.map_or(0, |place| place.count)),
        }
    }

    /// Passes on every line after the header.
    ///
    /// # Errors
    /// Says why the file cannot be read to its end, after "it".
    pub fn read(
        mut self,
        columns: &ColumnPositions,
        mut line: impl FnMut(Result<ExampleLine<'_>, BadRow>),
    ) -> Result<ReadTable, Flaw> {
        let mut record = std::mem::take(&mut self.record);
        let mut numbers = Vec::with_capacity(columns.features.len());
        let mut read = ReadTable::default();
        loop {
            match self.records.next(&mut record).map_err(|e| e.to_string())? {
                Next::End => return Ok(read),
                Next::Stray(stray) => {
                    let (line_of, reason) = (stray.line, reason(&stray));
                    let label = BadLabel::Unknown;
                    line(Err(BadRow { line: line_of, reason, label, doubt: None }));
                }
                Next::Record => {
                    read.breaks.count(record.line, record.last_line);
                    line(self.row(&record, columns, &mut numbers, &mut read.commas));
                }
            }
        }
    }

    fn row<'a>(
        &self,
        record: &'a Record,
        columns: &ColumnPositions,
        numbers: &'a mut Vec<ParsedNumber>,
        commas: &mut Commas,
    ) -> Result<ExampleLine<'a>, BadRow> {
        let of = |label, reason| BadRow { line: record.line, reason, label, doubt: None };
        let bad = |reason: String| of(BadLabel::Unknown, reason);
        if record.is_glued {
            return Err(bad("continues after the closing quote of a field".to_owned()));
        }
        let (fields, names) = (record.count, self.header.len());
        if fields != names {
            let reason = format!("has {fields} fields, but the header has {names}");
            let row = of(BadLabel::likely(record, columns.label), reason);
            let are_divided = self.format.delimiter == b',' && divided_numbers(record, names);
            return Err(BadRow { doubt: are_divided.then_some(Doubt::Delimiter), ..row });
        }
        let field = |i: usize| {
            let text = std::str::from_utf8(record.field(i)).map(str::trim);
            text.map_err(|_| {
                let (encoding, name) = (self.format.encoding.words(), &self.header[i]);
                let row = bad(format!("is not {encoding} in column `{name}`"));
                BadRow { doubt: Some(Doubt::Encoding), ..row }
            })
        };
        let label = columns.label.map_or(Ok(""), field)?;
        if columns.label.is_some() && label.is_empty() {
            return Err(of(BadLabel::Missing, "has no label".to_owned()));
        }
        numbers.clear();
        for (feature, &i) in columns.features.iter().enumerate() {
            let problem = |(reason, doubt): (String, _)| {
                let row = bad(format!("{reason} in column `{}`", self.header[i]));
                BadRow { doubt, ..row }
            };
            let read = |text| self.value(text, feature, &columns.values).map_err(problem);
            let of_class = |row| BadRow { label: BadLabel::Known(label.to_owned()), ..row };
            let number = field(i).and_then(|text| {
                let number = read(text)?;
                commas.look_at(text, self.format.decimal);
                Ok(number)
            });
            numbers.push(number.map_err(of_class)?);
        }
        Ok(ExampleLine { line: record.line, label, features: numbers })
    }

    /// The value of a feature, or why it has none and which setting may be the reason.
    fn value(
        &self,
        text: &str,
        feature: usize,
        values: &FeatureValues,
    ) -> Result<ParsedNumber, (String, Option<Doubt>)> {
        let of_words = |features: &Vec<usize>| features.binary_search(&feature).is_ok();
        let takes_words = match values {
            FeatureValues::Numbers | FeatureValues::Pixels => false,
            FeatureValues::NumbersOrWords => true,
            FeatureValues::WordsIn(features) => of_words(features),
        };
        if let Some(word) = takes_words.then(|| ParsedNumber::read_word(text)).flatten() {
            return Ok(word);
        }
        let number = ParsedNumber::read(text, self.format.decimal)
            .map_err(|problem| (problem.reason.into(), problem.doubt))?;
        let has_words = matches!(values, FeatureValues::WordsIn(features) if of_words(features));
        if has_words && number.wide != 0.0 && number.wide != 1.0 {
            let text = quoted(text);
            return Err((format!("has `{text}` instead of true or false, 1 or 0,"), None));
        }
        if *values == FeatureValues::Pixels && number.pixel().is_none() {
            let reason =
                format!("has `{}`, which is not a whole number from 0 to 255,", quoted(text));
            return Err((reason, Some(Doubt::Pixels)));
        }
        Ok(number)
    }
}

/// Whether these are no characters of any table: control characters other than white space, or how a picture begins.
fn is_no_text(field: &[u8]) -> bool {
    const PICTURES: [&[u8]; 2] = [b"\x89PNG", b"\xff\xd8\xff"];
    let is_control = |byte: &u8| *byte < b'\t';
    field.iter().any(is_control) || PICTURES.iter().any(|picture| field.starts_with(picture))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(label: usize, features: Vec<usize>) -> ColumnPositions {
        ColumnPositions { label: Some(label), features, values: FeatureValues::Numbers }
    }

    fn shown(text: &[u8], columns: &ColumnPositions) -> String {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let mut lines = Vec::new();
        let table = CsvTable::open(file.path(), TextFormat::plain(b',')).unwrap();
        let read = table.read(columns, |row| {
            lines.push(match row {
                Ok(ExampleLine { line, label, features }) => {
                    let numbers: Vec<f32> = features.iter().map(|number| number.narrow).collect();
                    format!("{line}: {label} {numbers:?}")
                }
                Err(BadRow { line, reason, .. }) => format!("{line}: it {reason}"),
            });
        });
        lines.extend(read.unwrap().breaks.note("FILE"));
        lines.join("\n")
    }

    #[test]
    fn lines_that_are_no_examples_say_why() {
        let text =
            b"\xef\xbb\xbfa, b ,class\r\n1,2e3,x\n\n-.5, 7 ,\"y z\"\n1,,x\n1,abc,x\n1,nan,x\n\
            1e50,1,x\n1,2\n1,2,\n1,2,\xff\n\"1\n\",2,x\n";
        let columns = columns(2, vec![1, 0]);
        insta::assert_snapshot!(shown(text, &columns));
    }

    #[test]
    fn quotes_that_do_not_close_say_where_they_are() {
        let columns = columns(0, vec![1]);
        let text = b"class,x\n\"a\"b,1\na,1\n\"b,2\na,3\n\"b,4\na,5\n\"two\nlines\",6\n\"three\n\nlines\",\"7\na,8\n";
        insta::assert_snapshot!(shown(text, &columns));
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "class,\"x\na,1\n").unwrap();
        let problem = CsvTable::open(file.path(), TextFormat::plain(b',')).unwrap_err();
        assert_eq!(problem, "has a header with a quote, opened in line 1, that is never closed");
    }

    #[test]
    fn a_column_of_words_takes_no_other_numbers_than_they_stand_for() {
        let values = FeatureValues::WordsIn(vec![1]);
        let columns = ColumnPositions { values, ..columns(0, vec![1, 2]) };
        let text = b"class,x,is_big\na,0.5,true\nb,1,0\nc,1,1.0\nd,1,0.5\n";
        assert_eq!(
            shown(text, &columns),
            "2: a [0.5, 1.0]\n3: b [1.0, 0.0]\n4: c [1.0, 1.0]\n\
             5: it has `0.5` instead of true or false, 1 or 0, in column `is_big`"
        );
    }

    #[test]
    fn columns_are_found_by_their_name() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "\u{feff}a;b;b;\n").unwrap();
        let table = CsvTable::open(file.path(), TextFormat::plain(b';')).unwrap();
        assert_eq!(table.header, ["a", "b", "b", ""]);
        assert_eq!(table.column("a"), Ok(0));
        assert_eq!(table.column("b"), Err(2));
        assert_eq!(table.column("c"), Err(0));
    }

    #[test]
    fn more_columns_than_a_network_can_have_are_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), ",".repeat(1_000_000)).unwrap();
        assert_eq!(
            CsvTable::open(file.path(), TextFormat::plain(b',')).unwrap_err(),
            "has 1000001 columns in line 1, at most 131072 are possible"
        );
    }
}
