//! Settings of a table that do not fit some of its lines, so that the user is asked about them.

use crate::data::csv::bad_row::Doubt;
use crate::data::csv::format::{Encoding, TextFormat};

/// What to do about decimal commas in a file whose fields are divided by commas.
const DIVIDED: &str = "if the file has decimal commas, set `decimal = \",\"`, and put its numbers in quotes or save it with \
     semicolons between the fields and set `delimiter = \";\"`";

/// How many lines each setting does not fit.
#[derive(Debug, Default)]
pub(super) struct Doubts {
    of_encoding: u64,
    of_decimal: u64,
    of_thousands: u64,
    of_delimiter: u64,
}

impl Doubts {
    /// Counts a line.
    pub(super) fn push(&mut self, doubt: Option<Doubt>) {
        match doubt {
            Some(Doubt::Encoding) => self.of_encoding += 1,
            Some(Doubt::Decimal) => self.of_decimal += 1,
            Some(Doubt::Thousands) => self.of_thousands += 1,
            Some(Doubt::Delimiter) => self.of_delimiter += 1,
            Some(Doubt::Pixels) | None => {}
        }
    }

    /// What to ask about the setting that does not fit most lines, if there are any.
    pub(super) fn question(&self, format: TextFormat) -> Option<String> {
        let other = format.decimal.other();
        if self.of_delimiter > self.of_encoding + self.of_decimal + self.of_thousands {
            return Some(DIVIDED.to_owned());
        }
        match (self.of_encoding, self.of_decimal + self.of_thousands) {
            (0, 0) => None,
            (encoding, decimal) if encoding > decimal => {
                let other = match format.encoding {
                    Encoding::Utf8 | Encoding::Latin1 => Encoding::Windows1252,
                    Encoding::Windows1252 => Encoding::Utf8,
                };
                Some(format!("should `encoding` be {:?}?", other.name()))
            }
            // A number that can only have a fraction says what the others have.
            _ if self.of_decimal > 0 => Some(format!("should `decimal` be {:?}?", other.name())),
            _ => Some(format!(
                "if each `{0}` separates thousands, remove it from the file; if it stands before a fraction, set \
                 `decimal = \"{0}\"`",
                other.name()
            )),
        }
    }

    /// A note with that question and the number of lines.
    pub(super) fn note(&self, format: TextFormat) -> Option<String> {
        let question = self.question(format)?;
        let of_numbers = self.of_decimal + self.of_thousands;
        let (count, what) = match self.of_encoding > of_numbers {
            _ if question == DIVIDED => {
                (self.of_delimiter, "more fields than the header".to_owned())
            }
            true => (self.of_encoding, format!("text that is not {}", format.encoding.words())),
            false => (of_numbers, format!("numbers with a `{}`", format.decimal.other().name())),
        };
        let lines =
            if count == 1 { "1 line has".to_owned() } else { format!("{count} lines have") };
        Some(format!("{lines} {what}; {question}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::csv::format::Decimal;

    #[test]
    fn the_setting_that_fits_fewer_lines_is_asked_about() {
        let plain = TextFormat::plain(b';');
        let mut doubts = Doubts::default();
        doubts.push(Some(Doubt::Pixels));
        assert_eq!(doubts.note(plain), None);
        doubts.push(Some(Doubt::Decimal));
        let note = doubts.note(plain).unwrap();
        assert_eq!(note, "1 line has numbers with a `,`; should `decimal` be \",\"?");
        let comma = TextFormat { decimal: Decimal::Comma, ..plain };
        assert!(doubts.note(comma).unwrap().ends_with("should `decimal` be \".\"?"));
        [Some(Doubt::Encoding); 2].into_iter().for_each(|doubt| doubts.push(doubt));
        let note = doubts.note(plain).unwrap();
        let asked = "2 lines have text that is not UTF-8; should `encoding` be \"windows-1252\"?";
        assert_eq!(note, asked);
    }

    #[test]
    fn decimal_commas_between_commas_are_asked_about() {
        let mut doubts = Doubts::default();
        doubts.push(Some(Doubt::Delimiter));
        let note = doubts.note(TextFormat::plain(b',')).unwrap();
        assert!(
            note.starts_with("1 line has more fields than the header; if the file has"),
            "{note}"
        );
    }

    #[test]
    fn commas_between_thousands_are_not_taken_for_decimal_ones() {
        let plain = TextFormat::plain(b';');
        let mut doubts = Doubts::default();
        doubts.push(Some(Doubt::Thousands));
        let note = doubts.note(plain).unwrap();
        assert!(note.starts_with("1 line has numbers with a `,`; if each `,` separates"), "{note}");
        doubts.push(Some(Doubt::Decimal));
        assert!(doubts.question(plain).unwrap().starts_with("should `decimal`"));
    }
}
