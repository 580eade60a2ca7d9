//! Bytes of a CSV file -> records: fields, quotes and line breaks as in RFC 4180, one record of at
//! most 16 MiB at a time.
//!
//! The `csv` crate reads the same fields, but treats the end of the file as the end of a quoted
//! field (<https://github.com/BurntSushi/rust-csv/issues/289>) and reads records of any length into
//! memory.

use std::io::{self, Read};

/// Bytes that a record may have.
pub(super) const MOST_RECORD_BYTES: usize = 1 << 24;
/// Bytes that are read at once.
const CHUNK: usize = 1 << 16;

/// The records of a file, one after the other.
#[derive(Debug)]
pub(super) struct Records<R> {
    input: R,
    delimiter: u8,
    quotes: Quotes,
    buffer: Vec<u8>,
    start: usize, // of what was not yet consumed
    line: u64,    // of the byte at `start`
    previous: u8, // the byte before it
}

/// How badly closed quotes are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// They are reported.
    Strict,
    /// They are treated like in the `csv` crate, which version 0.1.0 used.
    Lenient,
}

/// The fields of one record.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// The line that it begins in, from 1.
    pub(super) line: u64,
    /// The line that it ends in: a later one if a quoted field contains line breaks.
    pub(super) last_line: u64,
    /// How many fields there are; the first `most_fields` of them are kept.
    pub(super) count: usize,
    /// Whether text follows a quote that closes a field.
    pub(super) is_glued: bool,
    most_fields: usize,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// What comes next in the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A record.
    Record,
    /// A line that is unusable because of its quote. The text after it is read separately.
    Stray(StrayQuote),
    /// The end.
    End,
}

/// A quote that opens a field but is not closed properly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StrayQuote {
    /// The line that the record begins in.
    pub(super) line: u64,
    /// The line of the quote.
    pub(super) opened: u64,
    pub(super) end: StrayEnd,
}

/// How the search for the closing quote ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StrayEnd {
    /// It was not found; this many lines follow the quote's line.
    Never { lines_after: u64 },
    /// It was not found within the bytes of a record.
    TooFar,
    /// It was found lines later, and a field continues after it, so it was meant to open one.
    Within { line: u64 },
}

/// Why no more records can be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum RecordError {
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("has a line of more than {} MiB, line {line}", MOST_RECORD_BYTES >> 20)]
    TooLong { line: u64 },
}

/// Where the parser stands within a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ParserState {
    RecordStart,
    FieldStart,
    InField,
    InQuoted,
    AfterQuote, // within a quoted field: it closes the field, or another follows
}

/// A record as far as it was scanned.
#[derive(Debug)]
struct Scan {
    state: ParserState,
    line: u64,
    previous: u8,
    opened: u64,                     // line of the newest opening quote
    after_opened: Option<LineStart>, // the line after it, if the quoted field has reached it
}

/// The beginning of a line within the record.
#[derive(Debug, Clone, Copy)]
struct LineStart {
    offset: usize, // from the beginning of the record
    line: u64,
    previous: u8,
}

impl Record {
    pub(super) fn new(most_fields: usize) -> Record {
        Record { most_fields, ..Record::default() }
    }

    /// A field, of those that are kept.
    pub(super) fn field(&self, i: usize) -> &[u8] {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.bytes[start..self.ends[i]]
    }

    fn clear(&mut self, line: u64) {
        (self.line, self.last_line, self.count, self.is_glued) = (line, line, 0, false);
        self.bytes.clear();
        self.ends.clear();
    }

    fn push(&mut self, byte: u8) {
        if self.count < self.most_fields {
            self.bytes.push(byte);
        }
    }

    fn end_field(&mut self) {
        if self.count < self.most_fields {
            self.ends.push(self.bytes.len());
        }
        self.count += 1;
    }
}

impl<R: Read> Records<R> {
    pub(super) fn new(input: R, delimiter: u8, quotes: Quotes) -> Records<R> {
        Records { input, delimiter, quotes, buffer: Vec::new(), start: 0, line: 1, previous: 0 }
    }

    /// Reads what comes next. `record` holds its fields if it is a record.
    ///
    /// # Errors
    /// If the file cannot be read, or a line is too long to be one.
    pub(super) fn next(&mut self, record: &mut Record) -> Result<Next, RecordError> {
        record.clear(self.line);
        let mut offset = 0;
        let mut scan = Scan::new(self.line, self.previous);
        loop {
            if self.start + offset == self.buffer.len() {
                if offset > MOST_RECORD_BYTES {
                    return self.too_long(&scan, record.line);
                }
                if !self.fill()? {
                    return Ok(self.at_end(&scan, offset, record));
                }
            }
            let byte = self.buffer[self.start + offset];
            offset += 1;
            scan.count_line(byte, offset);
            if scan.state == ParserState::RecordStart && matches!(byte, b'\r' | b'\n') {
                self.consume(1, scan.line, byte); // an empty line, or what is left of a line break
                (offset, record.line) = (0, scan.line);
                scan.previous = byte;
                continue;
            }
            if self.is_stray(&scan, byte) {
                let end = StrayEnd::Within { line: scan.line };
                return Ok(self.stray(&scan, record.line, end));
            }
            record.is_glued |= self.is_glued(&scan, byte);
            let is_end = scan.step(byte, self.delimiter, record);
            scan.previous = byte;
            if is_end {
                record.last_line = scan.line - u64::from(matches!(byte, b'\r' | b'\n'));
                self.consume(offset, scan.line, byte);
                return Ok(Next::Record);
            }
        }
    }

    /// Whether a quoted field continues after its closing quote, lines later.
    fn is_stray(&self, scan: &Scan, byte: u8) -> bool {
        self.is_glued(scan, byte) && scan.after_opened.is_some()
    }

    /// Whether text follows the quote that closes a field.
    fn is_glued(&self, scan: &Scan, byte: u8) -> bool {
        let closes = [b'"', b'\r', b'\n', b' ', b'\t', self.delimiter].contains(&byte);
        self.quotes == Quotes::Strict && scan.state == ParserState::AfterQuote && !closes
    }

    fn at_end(&mut self, scan: &Scan, offset: usize, record: &mut Record) -> Next {
        if scan.state == ParserState::RecordStart {
            return Next::End;
        }
        if scan.state == ParserState::InQuoted && self.quotes == Quotes::Strict {
            let is_line_begun = !matches!(scan.previous, b'\r' | b'\n');
            let begun_after = scan.line - scan.opened; // of which the last may be empty
            let lines_after = begun_after - u64::from(begun_after > 0 && !is_line_begun);
            return self.stray(scan, record.line, StrayEnd::Never { lines_after });
        }
        record.end_field();
        record.last_line = scan.line;
        self.consume(offset, scan.line, scan.previous);
        Next::Record
    }

    fn too_long(&mut self, scan: &Scan, line: u64) -> Result<Next, RecordError> {
        let is_quote = scan.state == ParserState::InQuoted && scan.after_opened.is_some();
        match is_quote && self.quotes == Quotes::Strict {
            true => Ok(self.stray(scan, line, StrayEnd::TooFar)),
            false => Err(RecordError::TooLong { line }),
        }
    }

    /// Continues after the quote's line, to the end if there is no more.
    fn stray(&mut self, scan: &Scan, line: u64, end: StrayEnd) -> Next {
        match scan.after_opened {
            Some(start) => self.consume(start.offset, start.line, start.previous),
            None => self.consume(self.buffer.len() - self.start, scan.line, scan.previous),
        }
        Next::Stray(StrayQuote { line, opened: scan.opened, end })
    }

    fn consume(&mut self, bytes: usize, line: u64, previous: u8) {
        self.start += bytes;
        (self.line, self.previous) = (line, previous);
    }

    /// Reads more; returns whether there was any.
    fn fill(&mut self) -> io::Result<bool> {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let length = self.buffer.len();
        self.buffer.resize(length + CHUNK, 0);
        let read = loop {
            match self.input.read(&mut self.buffer[length..]) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.buffer.truncate(length + *read.as_ref().unwrap_or(&0));
        Ok(read? > 0)
    }
}

impl Scan {
    fn new(line: u64, previous: u8) -> Scan {
        Scan { state: ParserState::RecordStart, line, previous, opened: line, after_opened: None }
    }

    /// Counts the line that `byte`, the one before `offset`, ends.
    fn count_line(&mut self, byte: u8, offset: usize) {
        let is_second = byte == b'\n' && self.previous == b'\r';
        if !matches!(byte, b'\r' | b'\n') || is_second {
            return;
        }
        self.line += 1;
        if self.state == ParserState::InQuoted && self.after_opened.is_none() {
            self.after_opened = Some(LineStart { offset, line: self.line, previous: byte });
        }
    }

    /// Consumes a byte; returns whether the record ends with it.
    fn step(&mut self, byte: u8, delimiter: u8, record: &mut Record) -> bool {
        match (self.state, byte) {
            (ParserState::RecordStart | ParserState::FieldStart, b'"') => {
                // A quote's line is the last one counted, because a quote does not break a line.
                (self.opened, self.after_opened, self.state) =
                    (self.line, None, ParserState::InQuoted);
            }
            (ParserState::InQuoted, b'"') => self.state = ParserState::AfterQuote,
            (ParserState::AfterQuote, b'"') => {
                record.push(byte);
                self.state = ParserState::InQuoted;
            }
            (ParserState::InQuoted, _) => record.push(byte),
            (_, byte) if byte == delimiter => {
                record.end_field();
                (self.state, self.after_opened) = (ParserState::FieldStart, None);
            }
            (_, b'\r' | b'\n') => {
                record.end_field();
                return true;
            }
            _ => {
                record.push(byte);
                self.state = ParserState::InField;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};

    fn read(text: &[u8], quotes: Quotes) -> (Vec<Vec<Vec<u8>>>, Vec<StrayQuote>) {
        let mut records = Records::new(text, b',', quotes);
        let mut record = Record::new(1000);
        let (mut all, mut strays) = (Vec::new(), Vec::new());
        loop {
            match records.next(&mut record).unwrap() {
                Next::End => return (all, strays),
                Next::Stray(stray) => strays.push(stray),
                Next::Record => {
                    all.push((0..record.count).map(|i| record.field(i).into()).collect())
                }
            }
        }
    }

    fn lines(text: &[u8]) -> Vec<(u64, u64, usize)> {
        let mut records = Records::new(text, b',', Quotes::Strict);
        let mut record = Record::new(1000);
        let mut lines = Vec::new();
        while records.next(&mut record).unwrap() == Next::Record {
            lines.push((record.line, record.last_line, record.count));
        }
        lines
    }

    #[test]
    fn fields_are_those_of_the_csv_crate() {
        let mut random = stream(1, Purpose::Synthetic, 0, 0);
        let letters = b"ab,,\"\"\"\n\r \n";
        let mut strict_ones = 0;
        for _ in 0..3_000 {
            let length = random.below(24) as usize;
            let text: Vec<u8> =
                (0..length).map(|_| letters[random.below(letters.len() as u32) as usize]).collect();
            let mut builder = csv::ReaderBuilder::new();
            let theirs = builder.has_headers(false).flexible(true).from_reader(&text[..]);
            let theirs: Vec<Vec<Vec<u8>>> = theirs
                .into_byte_records()
                .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
                .collect();
            assert_eq!(
                read(&text, Quotes::Lenient).0,
                theirs,
                "{:?}",
                String::from_utf8_lossy(&text)
            );
            let (strict, strays) = read(&text, Quotes::Strict);
            if strays.is_empty() {
                strict_ones += 1;
                assert_eq!(strict, theirs);
            }
        }
        assert!(strict_ones > 1_500, "{strict_ones}");
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "", "1,\"x", "y\"", "2,3"].join(end);
            let expected = [(1, 1, 2), (3, 4, 2), (5, 5, 2)];
            assert_eq!(lines(text.as_bytes()), expected, "{end:?}");
            assert_eq!(lines((text + end).as_bytes()), expected, "{end:?}");
        }
    }

    #[test]
    fn a_quote_that_is_never_closed_takes_its_line_alone() {
        let text = b"a,b\n1,\"x\n2,y\n3,\"\"z\"\"\n4,w\n";
        let (records, strays) = read(text, Quotes::Strict);
        assert_eq!(
            strays[0].end,
            StrayEnd::Never { lines_after: 3 },
            "two quotes are one in a text"
        );
        assert_eq!(records.len(), 4);
        for end in [&b""[..], b"\n", b"\r\n"] {
            let text = [b"a,b\r\n1,\"x\r\n2,y\r\n3,z", end].concat();
            let (records, strays) = read(&text, Quotes::Strict);
            let stray = StrayQuote { line: 2, opened: 2, end: StrayEnd::Never { lines_after: 2 } };
            assert_eq!(strays, [stray]);
            assert_eq!(records.len(), 3, "the header and the two lines behind the quote");
            assert_eq!(records[2], [b"3", b"z"]);
        }
        let (records, strays) = read(b"a,b\n1,\"x", Quotes::Strict);
        assert_eq!((records.len(), &strays[0].end), (1, &StrayEnd::Never { lines_after: 0 }));
    }

    #[test]
    fn a_quote_that_closes_what_another_line_opened_by_mistake_is_no_end() {
        let text = b"label,x\n\"a,1\nb,2\n\"a,3\nb,4\n";
        let (records, strays) = read(text, Quotes::Strict);
        let within = StrayQuote { line: 2, opened: 2, end: StrayEnd::Within { line: 4 } };
        let never = StrayQuote { line: 4, opened: 4, end: StrayEnd::Never { lines_after: 1 } };
        assert_eq!(strays, [within, never]);
        assert_eq!(records[1..], [[b"b", b"2"], [b"b", b"4"]]);
    }

    #[test]
    fn a_line_of_any_length_takes_no_more_memory_than_a_record_may() {
        let header = b"a,b\n".chain(io::repeat(b','));
        let mut records = Records::new(header, b',', Quotes::Strict);
        let mut record = Record::new(4);
        assert_eq!(records.next(&mut record).unwrap(), Next::Record);
        let problem = records.next(&mut record).unwrap_err().to_string();
        assert_eq!(problem, "has a line of more than 16 MiB, line 2");
        assert!(records.buffer.capacity() <= 4 * MOST_RECORD_BYTES);
        assert!(record.ends.len() <= 4 && record.count > MOST_RECORD_BYTES);
    }

    #[test]
    fn a_quote_that_closes_too_far_away_takes_its_line_alone() {
        let text = b"1,\"x\n".chain(b"2,y\n".repeat(MOST_RECORD_BYTES / 4 + CHUNK).leak() as &[u8]);
        let mut records = Records::new(text, b',', Quotes::Strict);
        let mut record = Record::new(4);
        let stray = StrayQuote { line: 1, opened: 1, end: StrayEnd::TooFar };
        assert_eq!(records.next(&mut record).unwrap(), Next::Stray(stray));
        assert_eq!(records.next(&mut record).unwrap(), Next::Record);
        assert_eq!((record.line, record.field(1)), (2, &b"y"[..]));
    }
}
