//! Ages and sizes as typed by users: `7d`, `12h`, `10MB`, `1GiB`.

use std::num::NonZero;
use std::time::Duration;

const AGES: [(&str, u64); 5] = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 7 * 86_400)];

const SIZES: [(&str, u64); 10] = [
    ("", 1),
    ("b", 1),
    ("kb", 1000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
];

/// A count of at least one.
pub(super) fn parse_count(text: &str) -> Result<NonZero<usize>, String> {
    text.parse().map_err(|_| "expected a whole number from 1 on".to_owned())
}

/// A number of jobs.
pub(super) fn parse_jobs(text: &str) -> Result<NonZero<u16>, String> {
    text.parse().map_err(|_| format!("expected a whole number from 1 to {}", u16::MAX))
}

/// An age: a whole number and its unit.
pub(super) fn parse_age(text: &str) -> Result<Duration, String> {
    let (number, unit) = split(text);
    let unit = AGES.iter().find(|(name, _)| *name == unit);
    let seconds = number.and_then(|number| number.checked_mul(unit?.1));
    seconds
        .map(Duration::from_secs)
        .ok_or_else(|| "expected a whole number with s, m, h, d or w, such as 7d".to_owned())
}

/// A size: a whole number of bytes, or with a unit in either system, in capitals or not.
pub(super) fn parse_bytes(text: &str) -> Result<u64, String> {
    let (number, unit) = split(text);
    let unit = SIZES.iter().find(|(name, _)| unit.eq_ignore_ascii_case(name));
    number.and_then(|number| number.checked_mul(unit?.1)).ok_or_else(|| {
        "expected a whole number of bytes, or with a unit such as 10MB or 1GiB".to_owned()
    })
}

/// The number before and the unit after; a space between them is fine.
fn split(text: &str) -> (Option<u64>, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    (number.parse().ok(), unit.strip_prefix(' ').unwrap_or(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_a_unit() {
        let seconds = |text: &str| parse_age(text).unwrap().as_secs();
        assert_eq!(
            ["0s", "30m", "12h", "7d", "2 w"].map(seconds),
            [0, 1800, 43_200, 604_800, 1_209_600]
        );
        for text in [
            "",
            "7",
            "d",
            "-1d",
            "1.5d",
            "7D",
            "7days",
            "7d ",
            "99999999999999999999d",
            "9999999999999999999w",
            "7\u{661}d",
        ] {
            let error = parse_age(text).unwrap_err();
            assert!(error.ends_with("with s, m, h, d or w, such as 7d"), "{text:?}: {error}");
        }
    }

    #[test]
    fn sizes_are_bytes_unless_a_unit_says_otherwise() {
        let bytes = |text: &str| parse_bytes(text).unwrap();
        let texts = ["0", "17", "10MB", "10mb", "1GiB", "2 kB", "3B"];
        assert_eq!(texts.map(bytes), [0, 17, 10_000_000, 10_000_000, 1 << 30, 2000, 3]);
        for text in ["", "MB", "-1", "1.5MB", "10M", "1e9", "18446744073709551616", "99999999TiB"] {
            let error = parse_bytes(text).unwrap_err();
            assert!(error.ends_with("a unit such as 10MB or 1GiB"), "{text:?}: {error}");
        }
    }
}
