//! Which columns 32 bits, or even 64, would distort, measured by how far their values lie apart.

use std::collections::HashMap;

use super::lines::Lines;
use super::number::ParsedNumber;
use crate::data::numbers::{Beyond, Loss, Numbers, WideColumn, moments};

/// The largest allowed rounding error, as a share of a column's deviation.
const MOST_ERROR: f64 = 1e-3;
/// Half of the distance between two 32-bit numbers, as a share of them.
const HALF_ULP_32: f64 = f32::EPSILON as f64 / 2.0;
/// Half of the distance between two 64-bit numbers, as a share of them.
const HALF_ULP_64: f64 = f64::EPSILON / 2.0;

/// How many digits a column has, over all files of a dataset.
#[derive(Debug, Clone)]
pub(super) struct Digits {
    are_few: bool,
    has_words: bool,
    has_other_numbers: bool, // than 0 and 1
    most_cut: f64,           // by which 64 bits may be off
}

/// A column whose values differ by less than 64 bits can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooFine {
    pub(super) column: usize,
}

/// The numbers of both parts: all columns in 32 bits, and those that 32 bits would distort also in
/// 64.
///
/// # Errors
/// Names the first column that even 64 bits would spoil.
pub(super) fn numbers(parts: [Lines; 2], digits: &[Digits]) -> Result<Numbers, TooFine> {
    let (mut wide, mut beyond) = (Vec::new(), Vec::new());
    let mut cut_of_columns = [0, 1].map(|i: usize| parts[i].cut_of_columns(digits.len()));
    for (column, of_column) in digits.iter().enumerate() {
        let values =
            [0, 1].map(|i: usize| -> Vec<f64> { parts[i].column(digits.len(), column).collect() });
        let cut = cut_of_columns.each_mut().map(|part| std::mem::take(&mut part[column]));
        let are_merged = are_merged(&values, &cut);
        if (are_merged || differ(&cut)) && of_column.are_spoilt(&values) {
            return Err(TooFine { column });
        }
        if are_merged {
            beyond.push(Beyond { column, digits: cut });
        }
        if let Some(loss) = loss(&values, of_column.are_few) {
            wide.push(WideColumn { column, values, loss });
        }
    }
    let words = (0..digits.len()).filter(|column| digits[*column].has_words()).collect();
    Ok(Numbers { narrow: parts.map(Lines::narrow), wide, beyond, words })
}

/// Whether two different values are equal in 64 bits.
fn are_merged(values: &[Vec<f64>; 2], cut: &[Vec<(usize, u64)>; 2]) -> bool {
    let all_cut = || (0..2).flat_map(|i| cut[i].iter().map(move |&(at, digits)| (i, at, digits)));
    let mut of_bits: HashMap<u64, (u64, usize)> = HashMap::new();
    for (i, at, digits) in all_cut() {
        let (first, count) = of_bits.entry(values[i][at].to_bits()).or_insert((digits, 0));
        if *first != digits {
            return true;
        }
        *count += 1;
    }
    // A value that 64 bits hold, next to one that they do not.
    for value in values.iter().flatten() {
        if let Some((_, count)) = of_bits.get_mut(&value.to_bits()) {
            match count.checked_sub(1) {
                Some(left) => *count = left,
                None => return true,
            }
        }
    }
    false
}

/// Whether there are two values that 64 bits may not hold.
fn differ(cut: &[Vec<(usize, u64)>; 2]) -> bool {
    let mut digits = cut.iter().flatten().map(|(_, digits)| digits);
    digits.next().is_some_and(|first| digits.any(|other| other != first))
}

/// The columns whose standardised training values mostly differ by less than 32-bit precision,
/// because a few values are far off.
pub(super) fn crowded_columns(train: &Lines, features: usize) -> Vec<usize> {
    (0..features).filter(|&column| is_crowded(train.column(features, column).collect())).collect()
}

/// The middle half of the values must stay distinguishable; standardising has an error proportional
/// to their distance from the mean.
fn is_crowded(mut values: Vec<f64>) -> bool {
    let n = values.len();
    let (mean, std) = moments(values.iter().copied());
    let mut quantile = |at: usize| *values.select_nth_unstable_by(at.min(n - 1), f64::total_cmp).1;
    let (low, middle, high) = (quantile(n / 4), quantile(n / 2), quantile(3 * n / 4));
    high > low
        && std > high - low
        && (middle - mean).abs() * HALF_ULP_32 > MOST_ERROR * (high - low)
}

/// The numbers of both parts as version 0.1.0 had them.
pub(super) fn narrow_numbers(parts: [Lines; 2]) -> Numbers {
    parts.map(Lines::narrow).into()
}

/// What rounding to 32 bits costs a column with these training and test values.
fn loss(values: &[Vec<f64>; 2], are_few_digits: bool) -> Option<Loss> {
    let [train, test] = values;
    let all = || train.iter().chain(test).copied();
    if is_beyond_range(values) || is_spoilt(train.iter().copied()) || is_spoilt(all()) {
        return Some(Loss::Shape);
    }
    if are_few_digits || all().all(|x| f64::from(x as f32) == x) {
        return None;
    }
    let mut sorted: Vec<f64> = all().collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let merges = |pair: &[f64]| pair[0] != pair[1] && pair[0] as f32 == pair[1] as f32;
    sorted.windows(2).any(merges).then_some(Loss::Distinctions)
}

/// Whether the error of rounding is more than a small share of the deviation of values that vary.
fn is_spoilt(values: impl Iterator<Item = f64> + Clone) -> bool {
    let error = |x: f64| (f64::from(x as f32) - x).abs();
    let error = values.clone().map(error).fold(0.0, f64::max);
    error > 0.0 && varies(values.clone()) && error > MOST_ERROR * moments(values).1
}

fn varies(mut values: impl Iterator<Item = f64>) -> bool {
    values.next().is_some_and(|first| values.any(|x| x != first))
}

/// Whether the deviation of training values that vary, or the difference of any value from their
/// mean, is not a normal 32-bit number.
fn is_beyond_range([train, test]: &[Vec<f64>; 2]) -> bool {
    if !varies(train.iter().copied()) {
        return false;
    }
    let (mean, std) = moments(train.iter().copied());
    let is_within = |x: &f64| ((x - mean) as f32).is_finite();
    !(std as f32).is_normal() || !train.iter().chain(test).all(is_within)
}

impl Default for Digits {
    fn default() -> Digits {
        Digits { are_few: true, has_words: false, has_other_numbers: false, most_cut: 0.0 }
    }
}

impl Digits {
    /// Records a value of the column.
    pub(super) fn push(&mut self, number: &ParsedNumber) {
        self.are_few &= number.is_short;
        self.has_words |= number.is_word;
        self.has_other_numbers |= number.wide != 0.0 && number.wide != 1.0;
        if number.cut.is_some() {
            self.most_cut = self.most_cut.max(number.wide.abs() * HALF_ULP_64);
        }
    }

    /// Whether the column has `true` or `false`.
    pub(super) fn has_words(&self) -> bool {
        self.has_words
    }

    /// Whether the column has `true` or `false`, and numbers that are neither 1 nor 0.
    pub(super) fn are_mixed(&self) -> bool {
        self.has_words && self.has_other_numbers
    }

    /// Whether the values differ, but by less than 64-bit precision.
    fn are_spoilt(&self, [train, test]: &[Vec<f64>; 2]) -> bool {
        let all = || train.iter().chain(test).copied();
        !varies(all()) || self.most_cut > MOST_ERROR * moments(all()).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::csv::format::Decimal;

    /// The numbers of a table of one column, the first `train` fields for training.
    fn column(fields: &[&str], train: usize) -> Result<Numbers, TooFine> {
        let mut digits = vec![Digits::default()];
        let mut lines = Lines::default();
        for field in fields {
            let number = ParsedNumber::read(field, Decimal::Point).unwrap();
            digits[0].push(&number);
            lines.push(0, &[number]);
        }
        let is_test: Vec<bool> = (0..fields.len()).map(|i| i >= train).collect();
        numbers(lines.divided(&is_test), &digits)
    }

    fn lost(fields: &[&str], train: usize) -> Option<Loss> {
        column(fields, train).unwrap().wide.first().map(|wide| wide.loss)
    }

    #[test]
    fn columns_that_32_bits_hold_stay_as_they_are() {
        for fields in [
            &["5.1", "3.5", "0.1", "-1e-3"][..],
            &["0", "16777216", "3.4e38", "1e-38"],
            &["0.1"; 4], // not exact, but the same
            &["1700000000.7"; 4],
            &["1.00000001", "2.00000001", "3.00000001", "1.00000001"],
            &["0", "0", "0", "0"],
        ] {
            assert_eq!(lost(fields, 3), None, "{fields:?}");
        }
    }

    #[test]
    fn columns_that_32_bits_spoil_are_held_in_64() {
        for (fields, loss) in [
            (
                &["1700000000000", "1700000050000", "1700000000000", "1700000050000"][..],
                Loss::Shape,
            ),
            (&["5400000", "5400000.2", "5400000", "5400000.2"], Loss::Shape),
            // distinct in 32 bits, but far off: the error is 28 of 50
            (&["1700000000", "1700000100", "1700000000", "1700000100"], Loss::Shape),
            (&["0.1", "0.1000000001", "5", "6"], Loss::Distinctions),
            (&["1e-40", "2e-40", "1e-40", "2e-40"], Loss::Shape),
            (&["1e-310", "2e-310", "1e-310", "2e-310"], Loss::Shape),
            (&["-3.4e38", "-3.4e38", "3.4e38", "-3.4e38"], Loss::Shape),
        ] {
            assert_eq!(lost(fields, 3), Some(loss), "{fields:?}");
        }
    }

    #[test]
    fn columns_that_64_bits_spoil_are_named() {
        let nanoseconds = [
            "1700000000000000001",
            "1700000000000000002",
            "1700000000000000003",
            "1700000000000000004",
        ];
        assert_eq!(column(&nanoseconds, 3).unwrap_err(), TooFine { column: 0 });
        assert!(column(&["1700000000000000001"; 4], 3).is_ok(), "a constant is one");
        let spread = [
            "1700000000000000001",
            "1700009000000000002",
            "1700000000000000003",
            "1700003000000000004",
        ];
        assert!(column(&spread, 3).is_ok());
        let held_and_not = [
            "1152921504606846976",
            "1152921504606846977",
            "1152921504606846976",
            "1152921504606846977",
        ];
        assert_eq!(column(&held_and_not, 3).unwrap_err(), TooFine { column: 0 });
        let long = ["0.12345678901234567", "0.92345678901234561", "0.5", "0.3"];
        assert!(column(&long, 3).unwrap().wide.is_empty());
    }

    #[test]
    fn values_that_64_bits_merge_are_kept_apart_by_their_digits() {
        // The zeros make the deviation large: nothing relevant is lost, and yet two files can differ.
        let fields = ["0", "1700000000000000001", "1700000000000000002", "0"];
        let of = column(&fields, 3).unwrap();
        assert_eq!(of.beyond.iter().map(|beyond| beyond.column).collect::<Vec<_>>(), [0]);
        let other = ["0", "1700000000000000001", "1700000000000000003", "0"];
        assert_ne!(column(&other, 3).unwrap().beyond, of.beyond);
        let held = ["0", "1700000000000000000", "1700000000000000001", "0"];
        assert_eq!(column(&held, 3).unwrap().beyond.len(), 1);
        let apart = ["0.12345678901234567", "0.5", "0.12345678901234567", "0.25"];
        assert_eq!(column(&apart, 3).unwrap().beyond, []);
    }

    #[test]
    fn a_few_values_far_off_crowd_the_others() {
        let is_crowded = |values: &[f64]| is_crowded(values.to_vec());
        let far = |i: usize| if i == 7 { 1e30 } else { i as f64 / 100.0 };
        assert!(is_crowded(&(0..100).map(far).collect::<Vec<_>>()));
        let zeros = |i: usize| if i.is_multiple_of(17) { 0.0 } else { 1.7e9 + (i % 2) as f64 };
        assert!(is_crowded(&(0..200).map(zeros).collect::<Vec<_>>()));
        assert!(!is_crowded(&(0..100).map(f64::from).collect::<Vec<_>>()));
        assert!(!is_crowded(&[1.7e9, 1.7e9 + 1.0, 1.7e9 + 2.0, 1.7e9 + 3.0]));
        let outlier = |i: usize| if i == 7 { 1000.0 } else { i as f64 / 100.0 };
        assert!(!is_crowded(&(0..100).map(outlier).collect::<Vec<_>>()));
        assert!(!is_crowded(&[5.0]));
    }

    #[test]
    fn thirty_two_bits_of_both_parts_are_rounded_once() {
        let numbers =
            column(&["1", "16777217.0000000001", "3", "16777217.0000000001", "5"], 2).unwrap();
        assert_eq!(numbers.narrow, [vec![1.0, 16_777_218.0], vec![3.0, 16_777_218.0, 5.0]]);
    }
}
