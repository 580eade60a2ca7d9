//! Decimal commas that may separate thousands instead: `12,000` is 12 or 12000, which only the other numbers of the file
//! can tell. And those that divide a number into two fields, where a comma is the delimiter too.

use super::format::Decimal;
use super::number::separates_thousands;
use super::record::Record;

/// Numbers that were read with a decimal comma.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Commas {
    all: u64,
    like_thousands: u64, // three digits follow the comma
    first: String,       // of those
}

impl Commas {
    /// Looks at a number that was read.
    pub(super) fn look_at(&mut self, field: &str, decimal: Decimal) {
        if decimal == Decimal::Point || !field.contains(',') {
            return;
        }
        self.all += 1;
        if separates_thousands(field, Decimal::Comma) {
            if self.like_thousands == 0 {
                self.first = field.to_owned();
            }
            self.like_thousands += 1;
        }
    }

    /// That the commas of a file may be something else, if all of them may.
    pub fn note(&self, path: &str) -> Option<String> {
        let Commas { all, like_thousands, first } = self;
        let number: f64 = first.replace(',', ".").parse().ok()?;
        (all == like_thousands).then(|| {
            format!(
                "three digits follow every decimal comma of {path}, so `{first}` was read as {number}: if its commas \
                 separate thousands, remove them"
            )
        })
    }
}

/// Whether a line has too many fields, which decimal commas explain: enough pairs of fields are a whole number and digits.
pub(super) fn divided_numbers(record: &Record, names: usize) -> bool {
    let are_digits = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    let is_whole = |text: &[u8]| are_digits(text.strip_prefix(b"-").unwrap_or(text));
    let (mut place, mut pairs) = (0, 0);
    while place + 1 < record.count {
        let is_pair = is_whole(record.field(place).trim_ascii())
            && are_digits(record.field(place + 1).trim_ascii());
        pairs += usize::from(is_pair);
        place += if is_pair { 2 } else { 1 };
    }
    record.count > names && pairs >= record.count - names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_that_may_all_separate_thousands_are_said() {
        let mut commas = Commas::default();
        for (field, decimal) in [("7", Decimal::Comma), ("12,000", Decimal::Point)] {
            commas.look_at(field, decimal);
            assert_eq!(commas.note("FILE"), None);
        }
        commas.look_at("12,000", Decimal::Comma);
        commas.look_at("-3", Decimal::Comma);
        let note = commas.note("FILE").unwrap();
        assert!(note.contains("of FILE, so `12,000` was read as 12: if its commas"), "{note}");
        commas.look_at("0,125", Decimal::Comma);
        assert_eq!(commas.note("FILE"), None);
    }
}
