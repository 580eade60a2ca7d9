//! The types of values: numbers, flags, texts and lists of them.

use super::presets::{Required, WhenAbsent};
use super::{ValueKind, Written};
use crate::config::{Range, TableReader};

/// Values of type `T` in a file.
pub trait Scalar<T>: Sized {
    /// The value of the key; none if it is absent or wrong (which is reported).
    fn take(&self, table: &mut TableReader<'_>, key: &'static str) -> Option<T>;
    /// The value as in the file.
    fn put(&self, value: &T) -> Written;
    /// The facts of the values.
    fn kind(&self) -> ValueKind;
    /// A placeholder for a missing required value.
    fn stand_in(&self) -> T;
    /// What to write if one is missing.
    fn help(&self, key: &str, example: &str) -> String {
        format!("for example `{key} = {example}`")
    }
}

/// A number.
pub trait Real: Copy {
    /// From the file's number.
    fn from_number(number: f64) -> Self;
    /// The file's number.
    fn number(self) -> f64;
}

impl Real for f64 {
    fn from_number(number: f64) -> f64 {
        number
    }

    fn number(self) -> f64 {
        self
    }
}

/// A number of the range.
pub fn number(range: Range) -> Number {
    Number(range)
}

/// See [`number`].
pub struct Number(Range);

impl<T: Real> Scalar<T> for Number {
    fn take(&self, table: &mut TableReader<'_>, key: &'static str) -> Option<T> {
        table.optional_float(key, self.0).map(T::from_number)
    }

    fn put(&self, value: &T) -> Written {
        Written::Number(value.number())
    }

    fn kind(&self) -> ValueKind {
        ValueKind::Number(self.0)
    }

    fn stand_in(&self) -> T {
        T::from_number(0.5)
    }
}

/// A whole number of at least `least`.
pub fn whole(least: i64) -> Whole {
    Whole { least, most: None }
}

/// See [`whole`].
#[derive(Clone, Copy)]
pub struct Whole {
    least: i64,
    most: Option<i64>,
}

impl Whole {
    /// At most this.
    pub fn to(self, most: i64) -> Whole {
        Whole { most: Some(most), ..self }
    }
}

impl<T: TryFrom<i64> + TryInto<u64> + Copy + Default> Scalar<T> for Whole {
    fn take(&self, table: &mut TableReader<'_>, key: &'static str) -> Option<T> {
        table.optional_integer_within(key, self.least, self.most.unwrap_or(i64::MAX))
    }

    fn put(&self, value: &T) -> Written {
        Written::Whole((*value).try_into().unwrap_or(u64::MAX))
    }

    fn kind(&self) -> ValueKind {
        ValueKind::Whole(self.least, self.most)
    }

    fn stand_in(&self) -> T {
        T::try_from(self.least).unwrap_or_default()
    }
}

/// A list of whole numbers from `least` to `most`.
pub fn wholes(least: i64, most: i64) -> Wholes {
    Wholes { least, most }
}

/// See [`wholes`].
pub struct Wholes {
    least: i64,
    most: i64,
}

impl<T: TryFrom<i64> + TryInto<u64> + Copy> Scalar<Vec<T>> for Wholes {
    fn take(&self, table: &mut TableReader<'_>, key: &'static str) -> Option<Vec<T>> {
        table.optional_integers(key, self.least, self.most)
    }

    fn put(&self, value: &Vec<T>) -> Written {
        let item = |number: &T| Written::Whole((*number).try_into().unwrap_or(u64::MAX));
        Written::List(value.iter().map(item).collect())
    }

    fn kind(&self) -> ValueKind {
        ValueKind::Wholes(self.least, (self.most < i64::MAX).then_some(self.most))
    }

    fn stand_in(&self) -> Vec<T> {
        Vec::new()
    }
}

/// Different seeds, or their number, counted from 0: at most `most`.
pub fn seeds(most: i64) -> Seeds {
    Seeds(most)
}

/// See [`seeds`].
pub struct Seeds(i64);

impl Scalar<Vec<u64>> for Seeds {
    fn take(&self, table: &mut TableReader<'_>, key: &'static str) -> Option<Vec<u64>> {
        table.optional_seeds(key, self.0)
    }

    fn put(&self, value: &Vec<u64>) -> Written {
        Written::List(value.iter().copied().map(Written::Whole).collect())
    }

    fn kind(&self) -> ValueKind {
        ValueKind::Seeds(self.0)
    }

    fn stand_in(&self) -> Vec<u64> {
        Vec::new()
    }
}

/// `true` or `false`.
pub fn flag() -> Flag {
    Flag
}

/// See [`flag`].
pub struct Flag;

impl Scalar<bool> for Flag {
    fn take(&self, table: &mut TableReader<'_>, key: &'static str) -> Option<bool> {
        table.optional_boolean(key)
    }

    fn put(&self, value: &bool) -> Written {
        Written::Flag(*value)
    }

    fn kind(&self) -> ValueKind {
        ValueKind::Flag
    }

    fn stand_in(&self) -> bool {
        false
    }
}

/// A string.
pub fn text() -> Text {
    Text { is_path: false, filled: None }
}

/// A path, relative to the file that contains it.
pub fn path() -> Text {
    Text { is_path: true, filled: None }
}

/// See [`text`] and [`path`].
pub struct Text {
    is_path: bool,
    /// An example, if it must not be empty.
    filled: Option<&'static str>,
}

impl Text {
    /// It is required and must not be empty, for example as `example`.
    pub fn filled(self, example: &'static str) -> Required<Text> {
        Text { filled: Some(example), ..self }.required(example)
    }
}

impl Scalar<String> for Text {
    fn take(&self, table: &mut TableReader<'_>, key: &'static str) -> Option<String> {
        match self.filled {
            _ if self.is_path => table.optional_path(key),
            Some(example) => table.optional_filled(key, example),
            None => table.optional_string(key),
        }
    }

    fn put(&self, value: &String) -> Written {
        Written::Text(value.clone())
    }

    fn kind(&self) -> ValueKind {
        ValueKind::Text
    }

    fn stand_in(&self) -> String {
        String::new()
    }
}

/// A list of different strings.
pub fn texts() -> Texts {
    Texts
}

/// See [`texts`].
pub struct Texts;

impl Scalar<Vec<String>> for Texts {
    fn take(&self, table: &mut TableReader<'_>, key: &'static str) -> Option<Vec<String>> {
        table.optional_strings(key)
    }

    fn put(&self, value: &Vec<String>) -> Written {
        Written::List(value.iter().cloned().map(Written::Text).collect())
    }

    fn kind(&self) -> ValueKind {
        ValueKind::Texts
    }

    fn stand_in(&self) -> Vec<String> {
        Vec::new()
    }
}
