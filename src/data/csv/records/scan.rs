//! Where the parser stands within a record, byte after byte.

use crate::data::csv::record::Record;

/// Where the parser stands within a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ParserState {
    RecordStart,
    FieldStart,
    InField,
    InQuoted,
    AfterQuote, // within a quoted field: it closes the field, or another follows
    AfterBlank, // behind the quote that closed a field, and blanks
}

/// A record as far as it was scanned.
#[derive(Debug)]
pub(super) struct Scan {
    pub(super) state: ParserState,
    pub(super) line: u64,
    pub(super) previous: u8,
    pub(super) opened: u64, // line of the newest opening quote
    /// The line after it, if the quoted field has reached that.
    pub(super) after_opened: Option<LineStart>,
}

/// The beginning of a line within the record.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineStart {
    pub(super) offset: usize, // from the beginning of the record
    pub(super) line: u64,
    pub(super) previous: u8,
}

impl Scan {
    pub(super) fn new(line: u64, previous: u8) -> Scan {
        Scan { state: ParserState::RecordStart, line, previous, opened: line, after_opened: None }
    }

    /// Counts the line that `byte`, the one before `offset`, ends.
    pub(super) fn count_line(&mut self, byte: u8, offset: usize) {
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
    pub(super) fn step(&mut self, byte: u8, delimiter: u8, record: &mut Record) -> bool {
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
            (ParserState::AfterQuote | ParserState::AfterBlank, b' ' | b'\t') => {
                record.push(byte);
                self.state = ParserState::AfterBlank;
            }
            _ => {
                record.push(byte);
                self.state = ParserState::InField;
            }
        }
        false
    }
}
