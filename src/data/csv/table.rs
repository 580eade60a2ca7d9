//! A CSV file line by line: which columns are wanted, and what keeps a line from being an example.

use std::io::Cursor;
use std::path::Path;

use csv::{ByteRecord, Reader, ReaderBuilder};

use crate::memory;

/// What some programs begin a text in UTF-8 with.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// Characters of a field that a message quotes.
const MOST_QUOTED: usize = 40;

/// An open CSV file.
#[derive(Debug)]
pub struct Table {
    reader: Reader<Cursor<Vec<u8>>>,
    lines: LineCount,
    /// Names of the columns, in the order of the file, without the spaces around them.
    pub header: Vec<String>,
}

/// Counts lines up to a place in the file. The parser's own count is behind after an empty line.
#[derive(Debug, Clone, Copy, Default)]
struct LineCount {
    place: usize,
    line_breaks: u64, // before it
}

/// Positions of the columns that are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// The class; none if it is not wanted.
    pub label: Option<usize>,
    /// The features, in the order of the network's inputs.
    pub features: Vec<usize>,
}

/// A line that is an example.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number in the file, from 1 for the header.
    pub line: u64,
    /// The class; empty if it is not wanted.
    pub label: String,
    /// `[features]`
    pub features: Vec<f32>,
}

/// A line that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Its number in the file, from 1 for the header.
    pub line: u64,
    /// Why, after "it".
    pub reason: String,
}

impl Table {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// Says what is wrong with the file, after "it".
    pub fn open(path: &Path, delimiter: u8) -> Result<Table, String> {
        let unreadable = |e: std::io::Error| match e.kind() {
            std::io::ErrorKind::NotFound => "is not there".to_owned(),
            _ => format!("cannot be read: {e}"),
        };
        let metadata = std::fs::metadata(path).map_err(unreadable)?;
        if !metadata.is_file() {
            return Err("is no file".to_owned()); // a pipe would be waited for
        }
        // The text, and numbers that take at most as much.
        memory::check_now(metadata.len().saturating_mul(2))
            .map_err(|shortage| shortage.to_string())?;
        let mut bytes = std::fs::read(path).map_err(unreadable)?;
        if bytes.starts_with(BYTE_ORDER_MARK) {
            bytes.drain(..BYTE_ORDER_MARK.len());
        }
        let mut builder = ReaderBuilder::new();
        let mut reader =
            builder.delimiter(delimiter).flexible(true).from_reader(Cursor::new(bytes));
        let header = reader.byte_headers().map_err(|e| format!("cannot be read: {e}"))?;
        let name = |field: &[u8]| match std::str::from_utf8(field) {
            Ok(name) => Ok(name.trim().to_owned()),
            Err(_) => Err("has a header that is not UTF-8".to_owned()),
        };
        let header = header.iter().map(name).collect::<Result<Vec<String>, String>>()?;
        if header.is_empty() {
            return Err("is empty".to_owned());
        }
        Ok(Table { reader, lines: LineCount::default(), header })
    }

    /// The only column of a name; `Err` with how many there are.
    pub fn column(&self, name: &str) -> Result<usize, usize> {
        let mut places = self.header.iter().enumerate().filter(|(_, column)| *column == name);
        match (places.next(), places.count()) {
            (Some((place, _)), 0) => Ok(place),
            (first, more) => Err(usize::from(first.is_some()) + more),
        }
    }

    /// Hands on every line after the header.
    ///
    /// # Errors
    /// Says why the file cannot be read to its end, after "it".
    pub fn read(
        mut self,
        columns: &Columns,
        mut line: impl FnMut(Result<Row, BadRow>),
    ) -> Result<(), String> {
        let mut record = ByteRecord::new();
        loop {
            match self.reader.read_byte_record(&mut record) {
                Ok(true) => {
                    let place = record.position().map_or(0, csv::Position::byte);
                    let number =
                        self.lines.line_at(place as usize, self.reader.get_ref().get_ref());
                    line(self.row(&record, number, columns));
                }
                Ok(false) => return Ok(()),
                Err(e) => return Err(format!("cannot be read to its end: {e}")),
            }
        }
    }

    fn row(&self, record: &ByteRecord, line: u64, columns: &Columns) -> Result<Row, BadRow> {
        let bad = |reason: String| BadRow { line, reason };
        let (fields, names) = (record.len(), self.header.len());
        if fields != names {
            return Err(bad(format!("has {fields} fields, the header has {names}")));
        }
        let field = |i: usize| {
            let text = std::str::from_utf8(&record[i]).map(str::trim);
            text.map_err(|_| bad(format!("has no UTF-8 in column `{}`", self.header[i])))
        };
        let label = columns.label.map_or(Ok(""), field)?;
        if columns.label.is_some() && label.is_empty() {
            return Err(bad("has no label".to_owned()));
        }
        let number = |&i: &usize| {
            let problem = |reason| bad(format!("{reason} in column `{}`", self.header[i]));
            field(i).and_then(|text| number(text).map_err(problem))
        };
        let features = columns.features.iter().map(number).collect::<Result<Vec<f32>, _>>()?;
        Ok(Row { line, label: label.to_owned(), features })
    }
}

impl LineCount {
    /// The number of the line, from 1, that holds the first character from `place` on that breaks no
    /// line. Places do not go back.
    fn line_at(&mut self, place: usize, bytes: &[u8]) -> u64 {
        let breaks = bytes[place..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let between = &bytes[self.place..place + breaks];
        self.line_breaks += between.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.place = place + breaks;
        self.line_breaks + 1
    }
}

/// A finite number.
fn number(text: &str) -> Result<f32, String> {
    if text.is_empty() {
        return Err("has nothing".to_owned());
    }
    let shown: String = text.chars().take(MOST_QUOTED).collect();
    match text.parse::<f32>() {
        Ok(number) if number.is_finite() => Ok(number + 0.0), // -0.0 becomes 0.0
        Ok(_) => Err(format!("has `{shown}`, which is no finite 32-bit number,")),
        Err(_) => Err(format!("has `{shown}`, which is no number,")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8], columns: &Columns) -> Vec<Result<Row, BadRow>> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let mut rows = Vec::new();
        let table = Table::open(file.path(), b',').unwrap();
        table.read(columns, |row| rows.push(row)).unwrap();
        rows
    }

    #[test]
    fn lines_that_are_no_examples_say_why() {
        let text =
            b"\xef\xbb\xbfa, b ,class\r\n1,2e3,x\n\n-.5, 7 ,\"y z\"\n1,,x\n1,abc,x\n1,nan,x\n\
            1e50,1,x\n1,2\n1,2,\n1,2,\xff\n\"1\n\",2,x\n";
        let columns = Columns { label: Some(2), features: vec![1, 0] };
        let shown: Vec<String> = rows(text, &columns)
            .into_iter()
            .map(|row| match row {
                Ok(Row { line, label, features }) => format!("{line}: {label} {features:?}"),
                Err(BadRow { line, reason }) => format!("{line}: it {reason}"),
            })
            .collect();
        insta::assert_snapshot!(shown.join("\n"));
    }

    #[test]
    fn columns_are_found_by_their_name() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "\u{feff}a;b;b;\n").unwrap();
        let table = Table::open(file.path(), b';').unwrap();
        assert_eq!(table.header, ["a", "b", "b", ""]);
        assert_eq!(table.column("a"), Ok(0));
        assert_eq!(table.column("b"), Err(2));
        assert_eq!(table.column("c"), Err(0));
    }
}
