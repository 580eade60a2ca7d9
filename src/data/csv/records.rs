//! Bytes of a CSV file -> records: fields, quotes and line breaks as in RFC 4180, one record of at
//! most 16 MiB at a time.
//!
//! The `csv` crate reads the same fields, but treats the end of the file as the end of a quoted
//! field (<https://github.com/BurntSushi/rust-csv/issues/289>) and reads records of any length into
//! memory.

mod scan;
#[cfg(test)]
mod tests;

use std::io::{self, Read};

use crate::data::csv::record::Record;
use scan::{ParserState, Scan};

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

    /// Whether text follows the quote that closes a field, also after blanks.
    fn is_glued(&self, scan: &Scan, byte: u8) -> bool {
        let ends = [b'\r', b'\n', b' ', b'\t', self.delimiter].contains(&byte);
        let goes_on = match scan.state {
            ParserState::AfterQuote => !ends && byte != b'"',
            ParserState::AfterBlank => !ends,
            _ => false,
        };
        self.quotes == Quotes::Strict && goes_on
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
