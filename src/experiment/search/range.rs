//! A range of numbers: `{ min = 1e-4, max = 0.1, scale = "log" }`. Its reader, and the number at a share
//! of it.

use super::tpe::TpeAxis;
use crate::config::keys::{ConfigTable, WhenAbsent, config, flag, number, word, words};
use crate::config::{Origin, Problems, Range as Limits, TableReader, TomlTable, Value};

/// The keys that make a table a range.
pub(super) const KEYS: [&str; 4] = ["min", "max", "scale", "integer"];
/// Beyond this, an `f64` cannot distinguish adjacent whole numbers.
const LARGEST_WHOLE: f64 = ((1_u64 << 53) - 1) as f64;

/// More whole numbers than this are a continuum for a model.
const MOST_CELLS: f64 = 100.0;

/// No share is nearer to the limit of a number's shares than this, because of rounding.
const LEAST_CELL: f64 = 1e-9;

/// Numbers from `min` to `max`, both finite, `min` below `max`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DrawRange {
    pub(super) origin: Origin,
    min: f64,
    max: f64,
    scale: Scale,
    is_integer: bool, // then both ends are whole
}

config! {
    /// Numbers from `min` to `max`, rounded to four significant digits.
    pub(super) struct DrawnRange {
        /// The smallest.
        min: f64 = number(Limits::FINITE).required("0.0"),
        /// The largest, above `min`.
        max: f64 = number(Limits::FINITE).required("0.5"),
        /// What is uniform.
        scale: Scale = word().or(Scale::Linear),
        /// Whole numbers only, adjacent ones equally likely.
        integer: bool = flag().or(false),
    }
}

words! {
    /// What is uniform.
    enum Scale {
        /// The number itself
        Linear = "linear",
        /// Its logarithm: as many draws between 0.001 and 0.01 as between 0.01 and 0.1
        Log = "log",
    }
}

impl DrawRange {
    /// Reads a table at `origin` as the range of `key`.
    pub(super) fn read(
        table: &TomlTable,
        origin: Origin,
        key: &str,
        problems: &Problems,
    ) -> Option<DrawRange> {
        let before = problems.len();
        let mut reader = TableReader::new(table, origin, format!("search.space.{key}"), problems);
        let DrawnRange { min, max, scale, integer: is_integer } = DrawnRange::read(&mut reader);
        let range = DrawRange { origin, min, max, scale, is_integer };
        if problems.len() == before && reader.has("min") && reader.has("max") {
            range.check(&reader, key);
        }
        reader.finish();
        (problems.len() == before).then_some(range)
    }

    /// Reports invalid ends.
    fn check(&self, reader: &TableReader<'_>, key: &str) {
        let report = |end: &str, label: String, help: Option<&str>| {
            let title = format!("`search.space.{key}.{end}` is out of range");
            reader.error(end, title, label, help.map(str::to_owned));
        };
        if self.is_integer {
            let is_whole = |number: f64| number.fract() == 0.0 && number.abs() <= LARGEST_WHOLE;
            for (end, _) in [("min", self.min), ("max", self.max)].iter().filter(|e| !is_whole(e.1))
            {
                let label =
                    format!("with `integer = true` it must be whole, at most {LARGEST_WHOLE}");
                report(end, label, None);
            }
        }
        if self.scale == Scale::Log && self.min <= 0.0 {
            let help = "without `scale = \"log\"`, a range may start at 0 or below";
            report("min", "must be above 0 on a log scale".to_owned(), Some(help));
        } else if self.min >= self.max {
            let help = "set a single value in its own table, outside [search]";
            report("max", format!("must be above `min`, {}", self.min), Some(help));
        }
    }

    /// The number at a share in [0, 1). Four significant digits are enough for any setting and easy
    /// to read and type. Whole numbers that are adjacent on the scale are equally likely, including
    /// the last.
    pub(super) fn at(&self, share: f64) -> Value {
        if self.is_integer {
            let number = self.between(self.max + 1.0, share).floor();
            return Value::Integer(number.clamp(self.min, self.max) as i64);
        }
        Value::Float(four_digits(self.between(self.max, share)).clamp(self.min, self.max))
    }

    /// Whether its numbers are rounded.
    pub(super) fn rounds(&self) -> bool {
        !self.is_integer
    }

    /// The range as a model sees it: few numbers, whole or rounded, are values of their own, with the shares at
    /// which [`DrawRange::at`] gives them.
    pub(super) fn as_tpe(&self) -> TpeAxis {
        if !self.is_integer {
            return self.rounded_cells().map_or(TpeAxis::Continuous, TpeAxis::Ordered);
        }
        let count = self.max - self.min + 1.0;
        if count > MOST_CELLS {
            return TpeAxis::Continuous;
        }
        let scaled = |number: f64| match self.scale {
            Scale::Linear => number,
            Scale::Log => libm::log(number),
        };
        let (first, length) = (scaled(self.min), scaled(self.max + 1.0) - scaled(self.min));
        let edge = |place: u32| (scaled(self.min + f64::from(place)) - first) / length;
        TpeAxis::Ordered((0..=count as u32).map(edge).collect())
    }

    /// The limits of the shares of each rounded number; none if there are many. Without them, a model would take two
    /// shares of one number for two points, and choose that number again and again.
    fn rounded_cells(&self) -> Option<Vec<f64>> {
        let (is_negative, low, high) = match (self.min > 0.0, self.max < 0.0) {
            (true, _) => (false, self.min, self.max),
            (_, true) => (true, -self.max, -self.min),
            _ => return None, // there are many numbers beside zero
        };
        let (mut number, last) = (four_digits(low), four_digits(high));
        let mut limits = Vec::new();
        while number < last {
            let next = next_of_four_digits(number)?;
            limits.push(0.5 * (number + next));
            if limits.len() as f64 >= MOST_CELLS {
                return None;
            }
            number = next;
        }
        if is_negative {
            limits.reverse();
        }
        let scaled = |number: f64| match self.scale {
            Scale::Linear => number,
            Scale::Log => libm::log(number),
        };
        let (first, length) = (scaled(self.min), scaled(self.max) - scaled(self.min));
        let mut edges = vec![0.0];
        for limit in limits {
            let share = (scaled(if is_negative { -limit } else { limit }) - first) / length;
            // The numbers at the ends may have no room.
            if share > edges[edges.len() - 1] + LEAST_CELL && share < 1.0 - LEAST_CELL {
                edges.push(share);
            }
        }
        edges.push(1.0);
        Some(edges)
    }

    /// Uses the functions of `libm`, which are the same everywhere.
    fn between(&self, end: f64, share: f64) -> f64 {
        let mixed = |low: f64, high: f64| low * (1.0 - share) + high * share;
        match self.scale {
            Scale::Linear => mixed(self.min, end),
            Scale::Log => libm::exp(mixed(libm::log(self.min), libm::log(end))),
        }
    }
}

/// The nearest number of four significant decimal digits: printing rounds exactly.
fn four_digits(number: f64) -> f64 {
    format!("{number:.3e}").parse().unwrap_or(number)
}

/// The next larger number of four digits after one above 0.
fn next_of_four_digits(number: f64) -> Option<f64> {
    let text = format!("{number:.3e}");
    let (digits, exponent) = text.split_once('e')?;
    let digits: u32 = digits.replace('.', "").parse().ok()?;
    let exponent: i32 = exponent.parse().ok()?;
    format!("{}e{}", digits + 1, exponent - 3).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(min: f64, max: f64, scale: Scale, is_integer: bool) -> DrawRange {
        DrawRange { origin: Origin::start_of(0), min, max, scale, is_integer }
    }

    /// The numbers at equal distances of their shares.
    fn drawn(range: &DrawRange, count: u32) -> Vec<f64> {
        let number = |value| match value {
            Value::Float(number) => number,
            Value::Integer(number) => number as f64,
            other => panic!("{other:?}"),
        };
        (0..count).map(|n| number(range.at((f64::from(n) + 0.5) / f64::from(count)))).collect()
    }

    #[test]
    fn numbers_have_four_digits_and_lie_in_the_range() {
        let linear = drawn(&range(0.0, 0.5, Scale::Linear, false), 3);
        assert_eq!(linear, [0.08333, 0.25, 0.4167]);
        let log = drawn(&range(1e-4, 1e-1, Scale::Log, false), 3);
        assert_eq!(log, [0.0003162, 0.003162, 0.03162]);
        let narrow = range(0.123456, 0.123459, Scale::Linear, false);
        assert!(drawn(&narrow, 9).iter().all(|x| (0.123456..=0.123459).contains(x)));
        let negative = drawn(&range(-3.0, -1.0, Scale::Linear, false), 2);
        assert_eq!(negative, [-2.5, -1.5]);
    }

    #[test]
    fn every_whole_number_is_as_likely_as_the_others_and_both_ends_are_drawn() {
        let dice = drawn(&range(1.0, 6.0, Scale::Linear, true), 60);
        for side in 1..=6 {
            assert_eq!(dice.iter().filter(|n| **n == f64::from(side)).count(), 10, "{side}");
        }
        let negative = drawn(&range(-2.0, 1.0, Scale::Linear, true), 4);
        assert_eq!(negative, [-2.0, -1.0, 0.0, 1.0]);
    }

    #[test]
    fn each_doubling_of_a_whole_number_on_a_log_scale_is_as_likely() {
        let sizes = drawn(&range(16.0, 255.0, Scale::Log, true), 400);
        for low in [16.0, 32.0, 64.0, 128.0] {
            let count = sizes.iter().filter(|n| (low..2.0 * low).contains(*n)).count();
            assert!(count.abs_diff(100) <= 1, "{low}: {count}");
        }
        assert_eq!(range(16.0, 255.0, Scale::Log, true).at(0.0), Value::Integer(16));
        assert_eq!(sizes.last(), Some(&255.0));
    }

    #[test]
    fn the_middle_of_a_whole_numbers_shares_gives_that_number() {
        for (min, max, scale) in
            [(1.0, 6.0, Scale::Linear), (-2.0, 60.0, Scale::Linear), (16.0, 99.0, Scale::Log)]
        {
            let range = range(min, max, scale, true);
            let TpeAxis::Ordered(edges) = range.as_tpe() else { panic!("few numbers") };
            assert_eq!((edges[0], edges[edges.len() - 1]), (0.0, 1.0));
            for (number, ends) in (min as i64..).zip(edges.windows(2)) {
                assert_eq!(range.at(0.5 * (ends[0] + ends[1])), Value::Integer(number));
            }
        }
        assert_eq!(range(0.0, 1e6, Scale::Linear, true).as_tpe(), TpeAxis::Continuous);
    }

    #[test]
    fn few_rounded_numbers_are_values_of_their_own() {
        for (min, max, scale, count) in [
            (0.999, 0.99999, Scale::Linear, 11),
            (0.999, 0.99999, Scale::Log, 11),
            (9.99, 10.05, Scale::Linear, 16), // from steps of 0.001 to steps of 0.01
            (-0.99999, -0.999, Scale::Linear, 11),
            (0.123456, 0.123459, Scale::Linear, 1),
        ] {
            let range = range(min, max, scale, false);
            let TpeAxis::Ordered(edges) = range.as_tpe() else { panic!("few numbers: {min}") };
            let at = |share| match range.at(share) {
                Value::Float(number) => number,
                other => panic!("{other:?}"),
            };
            let numbers: Vec<f64> =
                edges.windows(2).map(|ends| at(0.5 * (ends[0] + ends[1]))).collect();
            assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
            for ends in edges.windows(2) {
                assert_eq!(at(ends[0] + 1e-8), at(ends[1] - 1e-8), "{min} {ends:?}");
            }
            let mut drawn = drawn(&range, 4000);
            drawn.dedup();
            assert_eq!(drawn, numbers);
            assert_eq!(numbers.len(), count, "{numbers:?}");
        }
        for (min, max) in [(1e-4, 0.1), (0.0, 0.5), (-1.0, 1.0), (0.9, 1.0)] {
            assert_eq!(range(min, max, Scale::Linear, false).as_tpe(), TpeAxis::Continuous);
        }
    }

    #[test]
    fn extreme_ranges_give_finite_numbers() {
        let most = f64::from(f32::MAX);
        for range in [
            range(-most, most, Scale::Linear, false),
            range(f64::MIN_POSITIVE, most, Scale::Log, false),
            range(-LARGEST_WHOLE, LARGEST_WHOLE, Scale::Linear, true),
            range(1.0, LARGEST_WHOLE, Scale::Log, true),
        ] {
            let shares = [0.0, 0.5, 1.0 - f64::EPSILON / 2.0];
            for value in shares.map(|share| range.at(share)) {
                match value {
                    Value::Float(x) => assert!((range.min..=range.max).contains(&x), "{x}"),
                    Value::Integer(n) => assert!(n.unsigned_abs() < 1 << 53, "{n}"),
                    other => panic!("{other:?}"),
                }
            }
        }
    }
}
