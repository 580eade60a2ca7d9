//! What is said of quotes: of those that do not close where they should, and of line breaks between them.

use super::records::{MOST_RECORD_BYTES, StrayEnd, StrayQuote};

/// Quoted fields that contain line breaks: multi-line text, or an extra quote that was closed by
/// another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LineBreaks {
    /// Records of more than one line.
    pub records: u64,
    /// Lines of them.
    pub lines: u64,
    /// First and last line of the longest of them, the first of equals.
    pub longest: (u64, u64),
}

impl LineBreaks {
    /// Counts a record from its first to its last line.
    pub(super) fn count(&mut self, first: u64, last: u64) {
        if last == first {
            return;
        }
        self.records += 1;
        self.lines += last - first + 1;
        if last - first > self.longest.1 - self.longest.0 {
            self.longest = (first, last);
        }
    }

    /// A note about them, if there are any.
    pub fn note(&self, path: &str) -> Option<String> {
        let LineBreaks { records, lines, longest: (first, last) } = self;
        (*records > 0).then(|| {
            format!(
                "quoted fields of {path} contain line breaks: {lines} of its lines become \
                 {records} of the table, the longest from line {first} to line {last}; if that is \
                 not intended, there is a missing or extra quote"
            )
        })
    }
}

/// Why a line with such a quote cannot be used.
pub(super) fn reason(StrayQuote { line, opened, end }: &StrayQuote) -> String {
    let opens = match opened == line {
        true => "opens a quote that".to_owned(),
        false => format!("continues to line {opened}, which opens a quote that"),
    };
    let closes = match end {
        StrayEnd::Never { lines_after: 0 } => return format!("{opens} is never closed"),
        StrayEnd::Never { lines_after: 1 } => {
            return format!("{opens} is never closed; the line after it is read separately");
        }
        StrayEnd::Never { lines_after } => {
            return format!(
                "{opens} is never closed; the {lines_after} lines after it are read separately"
            );
        }
        StrayEnd::TooFar => format!("is not closed within {} MiB", MOST_RECORD_BYTES >> 20),
        StrayEnd::Within { line: closed } => {
            format!("is closed only in line {closed}, where a field continues after the quote")
        }
    };
    format!("{opens} {closes}; the lines after it are read separately")
}
