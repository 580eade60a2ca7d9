//! One record of a CSV file: its fields, and the lines that it takes.

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
    pub(super) ends: Vec<usize>,
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

    pub(super) fn clear(&mut self, line: u64) {
        (self.line, self.last_line, self.count, self.is_glued) = (line, line, 0, false);
        self.bytes.clear();
        self.ends.clear();
    }

    pub(super) fn push(&mut self, byte: u8) {
        if self.count < self.most_fields {
            self.bytes.push(byte);
        }
    }

    pub(super) fn end_field(&mut self) {
        if self.count < self.most_fields {
            self.ends.push(self.bytes.len());
        }
        self.count += 1;
    }
}
