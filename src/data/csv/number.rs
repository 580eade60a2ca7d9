//! A field -> a number, in 32 bits and in 64, because which one a column needs is known only after
//! reading all of it.

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
}

impl ParsedNumber {
    /// Reads a field without spaces around it.
    ///
    /// # Errors
    /// Says what it is instead, after "it".
    pub(super) fn read(text: &str) -> Result<ParsedNumber, Flaw> {
        if text.is_empty() {
            return Err(Flaw::from("has nothing"));
        }
        let wide: f64 =
            text.parse().map_err(|_| format!("has `{}`, which is not a number,", quoted(text)))?;
        // Rounding twice equals rounding once if the first rounding was exact.
        let narrow = if f64::from(wide as f32) == wide { Ok(wide as f32) } else { text.parse() };
        match narrow {
            Ok(narrow) if narrow.is_finite() => {
                let (narrow, wide) = (narrow + 0.0, wide + 0.0); // -0.0 becomes 0.0
                Ok(ParsedNumber { narrow, wide, cut: cut(text, wide), is_short: is_short(text) })
            }
            _ => Err(Flaw::from(format!(
                "has `{}`, which is not a finite 32-bit number,",
                quoted(text)
            ))),
        }
    }
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

    #[test]
    fn thirty_two_bits_are_rounded_once() {
        // Just above the middle between two 32-bit numbers; in 64 bits it is the middle itself, which
        // would be rounded down.
        let number = ParsedNumber::read("16777217.0000000001").unwrap();
        assert_eq!((number.narrow, number.wide as f32), (16_777_218.0, 16_777_216.0));
        assert_eq!(ParsedNumber::read("-0").unwrap().wide.to_bits(), 0);
        assert_eq!(ParsedNumber::read("1e-46").unwrap().narrow, 0.0);
        for text in ["1e39", "-1e300", "nan", "inf", "1e999"] {
            assert!(
                ParsedNumber::read(text).unwrap_err().contains("not a finite 32-bit number"),
                "{text}"
            );
        }
        let long = "x".repeat(100);
        assert!(ParsedNumber::read(&long).unwrap_err().len() < 80);
    }

    #[test]
    fn digits_beyond_64_bits_are_noticed() {
        let is_cut = |text: &str| ParsedNumber::read(text).unwrap().cut.is_some();
        for text in ["1700000000000000001", "0.12345678901234567", "-1700000000.123456789e3"] {
            assert!(is_cut(text), "{text}");
        }
        let cut = |text: &str| ParsedNumber::read(text).unwrap().cut;
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
