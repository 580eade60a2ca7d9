//! How much memory the numbers of a table will take, estimated before they are read: a table that does not fit is refused
//! in time.

use super::table::{ColumnPositions, FeatureValues};
use crate::error::Flaw;
use crate::memory;

/// Bytes at the beginning of a file that show how long its fields are.
pub(super) const SAMPLE: usize = 1 << 16;
/// Bytes for each number: 64 bits of it in a list that grows, their division into two parts, and its 32 bits. Measured on
/// numbers of one digit, for which a file has two bytes: 9 times as much as the file.
const BYTES_OF_A_NUMBER: f64 = 18.0;
/// Likewise for each pixel.
const BYTES_OF_A_PIXEL: f64 = 4.0;

/// The bytes of a file, and of a field of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct TableSize {
    bytes: u64,
    bytes_of_a_field: f64,
}

impl TableSize {
    /// Of a file of so many bytes that begins like this.
    pub(super) fn of(bytes: u64, start: &[u8], delimiter: u8) -> TableSize {
        // Names of columns are longer than what stands below them.
        let header = start.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let lines = if header < start.len() { &start[header..] } else { start };
        let ends = lines.iter().filter(|byte| **byte == delimiter || **byte == b'\n').count();
        TableSize { bytes, bytes_of_a_field: lines.len() as f64 / ends.max(1) as f64 }
    }

    /// Refuses a table of so many columns, of which these are kept, if the memory does not hold it.
    ///
    /// # Errors
    /// Says how much it needs and how much there is.
    pub(super) fn check(&self, header: usize, columns: &ColumnPositions) -> Result<(), Flaw> {
        let shortage = memory::check_now(self.needs(header, columns)).err();
        shortage.map_or(Ok(()), |shortage| Err(Flaw::from(shortage.to_string())))
    }

    fn needs(&self, header: usize, columns: &ColumnPositions) -> u64 {
        let each = match columns.values {
            FeatureValues::Pixels => BYTES_OF_A_PIXEL,
            _ => BYTES_OF_A_NUMBER,
        };
        let kept = columns.features.len() as f64 / header.max(1) as f64;
        let fields = self.bytes as f64 / self.bytes_of_a_field.max(1.0);
        (fields * kept * each) as u64 // saturates
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_need_more_than_their_text() {
        let columns = |features, values| ColumnPositions { label: Some(0), features, values };
        let text = format!("{}\n{}", "a_long_name,".repeat(50), "1,2,3,4\n".repeat(1000));
        let size = TableSize::of(1_000_000, text.as_bytes(), b',');
        let needs = |columns: &ColumnPositions| size.needs(4, columns);
        assert_eq!(needs(&columns(vec![0, 1, 2, 3], FeatureValues::Numbers)), 9_000_000);
        assert_eq!(needs(&columns(vec![1], FeatureValues::NumbersOrWords)), 2_250_000);
        assert_eq!(needs(&columns(vec![0, 1, 2, 3], FeatureValues::Pixels)), 2_000_000);
        let long = TableSize::of(1_000_000, "x;y\n0.12345678;0.12345678\n".as_bytes(), b';');
        let of_long = long.needs(2, &columns(vec![0, 1], FeatureValues::Numbers));
        assert!((1_600_000..1_700_000).contains(&of_long), "{of_long}");
        let nothing = TableSize::of(0, b"", b',');
        assert_eq!(nothing.needs(0, &columns(Vec::new(), FeatureValues::Numbers)), 0);
        let huge = TableSize::of(u64::MAX, b"a\n1\n", b',');
        let refused = huge.check(1, &columns(vec![0], FeatureValues::Numbers)).unwrap_err();
        assert!(refused.contains("memory"), "{refused}");
    }
}
