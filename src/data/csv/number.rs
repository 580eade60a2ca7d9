//! A field -> a number, in 32 bits and in 64, because which one a column needs is known only after
//! reading all of it.

use crate::data::csv::bad_row::Doubt;
use crate::data::csv::format::Decimal;
use crate::error::Flaw;
use sha2::{Digest, Sha256};

/// Significant digits that 64 bits always hold (C's `DBL_DIG`).
const DIGITS_OF_64_BITS: usize = 15;
/// Characters of a field that a message quotes.
const MOST_QUOTED: usize = 40;

/// A finite number, rounded once to 32 bits and once to 64.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParsedNumber {
    /// In 32 bits; not always [`ParsedNumber::wide`] in 32 bits, which is rounded twice.
    pub narrow: f32,
    /// In 64 bits.
    pub wide: f64,
    /// A hash of all of its digits if 64 bits may not hold them.
    pub cut: Option<u64>,
    /// Whether it has so few digits that 32 bits distinguish it from all other such numbers.
    pub is_short: bool,
    /// Whether it stands for `true` or `false`.
    pub is_word: bool,
}

/// Why a field is not a number, after "it".
#[derive(Debug, PartialEq)]
pub(super) struct NoNumber {
    pub(super) reason: Flaw,
    /// What may be the reason.
    pub(super) doubt: Option<Doubt>,
}

impl ParsedNumber {
    /// Reads a field without spaces around it.
    ///
    /// # Errors
    /// Says what it is instead, after "it".
    pub(super) fn read(field: &str, decimal: Decimal) -> Result<ParsedNumber, NoNumber> {
        ParsedNumber::read_written(field, decimal).map_err(|reason| {
            let is_of_other = || ParsedNumber::read_written(field, decimal.other()).is_ok();
            let doubt = match separates_thousands(field, decimal.other()) {
                true => Some(Doubt::Thousands),
                false => is_of_other().then_some(Doubt::Decimal),
            };
            NoNumber { reason, doubt }
        })
    }

    /// Reads `true` or `false`, as pandas does in a column of nothing else.
    pub(super) fn read_word(text: &str) -> Option<ParsedNumber> {
        let value = match text {
            "true" | "True" | "TRUE" => 1.0,
            "false" | "False" | "FALSE" => 0.0,
            _ => return None,
        };
        let wide = f64::from(value);
        Some(ParsedNumber { narrow: value, wide, cut: None, is_short: true, is_word: true })
    }

    /// A number of 32 bits.
    pub(in crate::data) fn of_narrow(narrow: f32) -> ParsedNumber {
        let narrow = narrow + 0.0; // -0.0 becomes 0.0
        let wide = f64::from(narrow);
        ParsedNumber { narrow, wide, cut: None, is_short: false, is_word: false }
    }

    /// A number of 64 bits.
    pub(in crate::data) fn of_wide(wide: f64) -> ParsedNumber {
        let wide = wide + 0.0;
        ParsedNumber { narrow: wide as f32, wide, cut: None, is_short: false, is_word: false }
    }

    /// A whole number.
    pub(in crate::data) fn of_whole(whole: i64) -> ParsedNumber {
        let wide = whole as f64;
        let is_held = wide as i128 == i128::from(whole);
        let cut = (!is_held).then_some(whole as u64); // it is its own hash
        ParsedNumber { narrow: whole as f32, wide, cut, is_short: false, is_word: false }
    }

    /// The pixel that it is, if it is one.
    pub fn pixel(&self) -> Option<u8> {
        let pixel = self.wide as u8; // saturates
        (f64::from(pixel) == self.wide && !self.is_word).then_some(pixel)
    }

    fn read_written(field: &str, decimal: Decimal) -> Result<ParsedNumber, Flaw> {
        if field.is_empty() {
            return Err(Flaw::from("has nothing"));
        }
        let with_point;
        let text = match decimal {
            Decimal::Point => field,
            // The point may separate thousands: `1.234` would be another number.
            Decimal::Comma if separates_thousands(field, Decimal::Point) => {
                return Err(Flaw::from(format!(
                    "has `{}`, in which points may separate thousands,",
                    quoted(field)
                )));
            }
            Decimal::Comma if field.contains('.') => {
                return Err(Flaw::from(format!(
                    "has `{}`, which is not a number with a decimal comma,",
                    quoted(field)
                )));
            }
            Decimal::Comma => {
                with_point = field.replace(',', ".");
                &with_point
            }
        };
        let wide: f64 =
            text.parse().map_err(|_| format!("has `{}`, which is not a number,", quoted(field)))?;
        // Rounding twice equals rounding once if the first rounding was exact.
        let narrow = if f64::from(wide as f32) == wide { Ok(wide as f32) } else { text.parse() };
        match narrow {
            Ok(_) if wide == 0.0 && !is_zero(text) => Err(Flaw::from(format!(
                "has `{}`, which is so small that 64 bits make it 0,",
                quoted(field)
            ))),
            Ok(narrow) if narrow.is_finite() => {
                let (narrow, wide) = (narrow + 0.0, wide + 0.0); // -0.0 becomes 0.0
                let (cut, is_short) = (cut(text, wide), is_short(text));
                Ok(ParsedNumber { narrow, wide, cut, is_short, is_word: false })
            }
            _ => Err(Flaw::from(format!(
                "has `{}`, which is not a finite 32-bit number,",
                quoted(field)
            ))),
        }
    }
}

/// Whether a number is written as zero, whatever its exponent.
fn is_zero(text: &str) -> bool {
    let mantissa = text.split(['e', 'E']).next().unwrap_or(text);
    !mantissa.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
}

/// Whether a number is written with this character between groups of three digits: `12,000` or `1.234.567,8`.
pub(super) fn separates_thousands(field: &str, separator: Decimal) -> bool {
    let [separator, other] = match separator {
        Decimal::Comma => [',', '.'],
        Decimal::Point => ['.', ','],
    };
    let whole = field.trim_start_matches(['+', '-']).split(other).next().unwrap_or(field);
    let mut groups = whole.split(separator);
    let are_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let is_first = |group: &str| {
        (1..=3).contains(&group.len()) && are_digits(group) && !group.starts_with('0')
    };
    let is_group = |group: &str| group.len() == 3 && are_digits(group);
    groups.next().is_some_and(is_first) && whole.contains(separator) && groups.all(is_group)
}

/// The beginning of a field.
pub(super) fn quoted(text: &str) -> String {
    let mut characters = text.chars();
    let shown: String = characters.by_ref().take(MOST_QUOTED).collect();
    if characters.next().is_some() { shown + "..." } else { shown }
}

/// 32 bits always hold six significant digits (C's `FLT_DIG`), except for powers near the limits.
fn is_short(text: &str) -> bool {
    text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
}

/// A hash of the digits of `text` if 64 bits (its value is `wide`) may not hold all of them. Equal
/// numbers have equal hashes, however they are written.
fn cut(text: &str, wide: f64) -> Option<u64> {
    if text.len() <= DIGITS_OF_64_BITS {
        return None;
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{}{fraction}", whole.trim_start_matches(['+', '-']));
    let digits = all.trim_start_matches('0').trim_end_matches('0');
    if digits.len() <= DIGITS_OF_64_BITS {
        return None;
    }
    let trailing = all.len() - all.trim_end_matches('0').len();
    let exponent = exponent.parse::<i64>().unwrap_or(0) - fraction.len() as i64 + trailing as i64;
    let sign = if text.starts_with('-') { "-" } else { "" };
    let is_held = || {
        let zeros = usize::try_from(exponent).ok().filter(|zeros| *zeros < 40);
        let integer = zeros.map(|zeros| format!("{sign}{digits}{}", "0".repeat(zeros)));
        integer.is_some_and(|written| {
            written.parse::<i128>().is_ok_and(|number| number == wide as i128)
        })
    };
    (!is_held()).then(|| {
        let hash = Sha256::digest(format!("{sign}{digits}e{exponent}"));
        hash[..8].iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ParsedNumber, Flaw> {
        ParsedNumber::read(text, Decimal::Point).map_err(|problem| problem.reason)
    }

    #[test]
    fn decimal_commas_are_read_and_points_beside_them_are_not() {
        let comma = |text: &str| ParsedNumber::read(text, Decimal::Comma);
        assert_eq!(comma("-1,5e2").unwrap(), read("-1.5e2").unwrap());
        assert_eq!(comma("7").unwrap(), read("7").unwrap());
        for (text, doubt) in [
            ("1.5", Some(Doubt::Decimal)),
            ("1.234,5", Some(Doubt::Thousands)),
            ("1.234", Some(Doubt::Thousands)),
            ("1,2,3", None),
        ] {
            let problem = comma(text).unwrap_err();
            assert_eq!(problem.doubt, doubt, "{text}");
            assert!(problem.reason.contains(text), "{problem:?}");
        }
        let point = |text: &str| ParsedNumber::read(text, Decimal::Point).unwrap_err().doubt;
        assert_eq!(point("1,5"), Some(Doubt::Decimal));
        for thousands in ["12,000", "-1,234,567", "1,234.5", "+999,999"] {
            assert_eq!(point(thousands), Some(Doubt::Thousands), "{thousands}");
        }
        for other in ["0,125", "1234,567", "1,23", "12,0000"] {
            assert_eq!(point(other), Some(Doubt::Decimal), "{other}");
        }
        assert!(!separates_thousands("1234", Decimal::Comma));
    }

    #[test]
    fn pixels_are_whole_numbers_of_a_byte() {
        let pixel = |text: &str| read(text).unwrap().pixel();
        assert_eq!(["0", "255", "7.0", "-0"].map(pixel), [Some(0), Some(255), Some(7), Some(0)]);
        assert_eq!(["256", "-1", "0.5", "1e9"].map(pixel), [None; 4]);
        assert_eq!(ParsedNumber::read_word("True").unwrap().pixel(), None);
        assert_eq!(ParsedNumber::read_word("truE"), None);
    }

    #[test]
    fn thirty_two_bits_are_rounded_once() {
        // Just above the middle between two 32-bit numbers; in 64 bits it is the middle itself, which
        // would be rounded down.
        let number = read("16777217.0000000001").unwrap();
        assert_eq!((number.narrow, number.wide as f32), (16_777_218.0, 16_777_216.0));
        assert_eq!(read("-0").unwrap().wide.to_bits(), 0);
        assert_eq!(read("1e-46").unwrap().narrow, 0.0);
        for text in ["1e39", "-1e300", "nan", "inf", "1e999"] {
            assert!(read(text).unwrap_err().contains("not a finite 32-bit number"), "{text}");
        }
        for text in ["1e-400", "-0.00001e-999999", "2e-324"] {
            assert!(read(text).unwrap_err().contains("so small that 64 bits make it 0"), "{text}");
        }
        for text in ["0e-400", "-0.000", "0", "00e9"] {
            assert_eq!(read(text).unwrap().wide.to_bits(), 0, "{text}");
        }
        assert_eq!(read("5e-324").unwrap().wide, 5e-324);
        let long = "x".repeat(100);
        assert!(read(&long).unwrap_err().len() < 80);
    }

    #[test]
    fn digits_beyond_64_bits_are_noticed() {
        let is_cut = |text: &str| read(text).unwrap().cut.is_some();
        for text in ["1700000000000000001", "0.12345678901234567", "-1700000000.123456789e3"] {
            assert!(is_cut(text), "{text}");
        }
        let cut = |text: &str| read(text).unwrap().cut;
        assert_eq!(cut("1700000000000000001"), cut("+1700000000000000001.000"));
        assert_eq!(cut("1700000000000000001"), cut("17000000000.00000001e8"));
        assert_ne!(cut("1700000000000000001"), cut("-1700000000000000001"));
        assert_ne!(cut("0.12345678901234567"), cut("1.2345678901234567"));
        for text in [
            "1152921504606846976.0",
            "-9007199254740994.00",
            "1700000000000",
            "0.100000000000000000000",
            "9007199254740992",
            "170000000000000000000",
        ] {
            assert!(!is_cut(text), "{text}");
        }
    }
}
