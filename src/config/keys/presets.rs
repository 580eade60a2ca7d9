//! What a key is without a value in the file.

use super::{Entries, Preset, Scalar, Spec, ValueKind};
use crate::config::TableReader;

/// What a key is without a value in the file, said of the values that it may have.
pub trait WhenAbsent: Sized {
    /// It is `default`.
    fn or<T>(self, default: T) -> Or<Self, T> {
        Or { scalar: self, default }
    }

    /// It is absent.
    fn optional(self) -> Optional<Self> {
        Optional(self)
    }

    /// It is absent, but not where `other` is.
    fn one_of(self, other: &'static str) -> OneOf<Self> {
        OneOf { scalar: self, other }
    }

    /// It has to be there, for example as `example`.
    fn required(self, example: &'static str) -> Required<Self> {
        Required { scalar: self, example, of_trial: false }
    }

    /// It has to be there, or come from a grid.
    fn required_of_trial(self, example: &'static str) -> Required<Self> {
        Required { scalar: self, example, of_trial: true }
    }

    /// It is what `other` is.
    fn same_as<Config, T>(
        self,
        other: &'static str,
        of: fn(&Config) -> T,
    ) -> SameAs<Self, Config, T> {
        SameAs { scalar: self, other, of }
    }
}

impl<S> WhenAbsent for S {}

/// The value of a key, or this one.
pub struct Or<S, T> {
    pub(super) scalar: S,
    pub(super) default: T,
}

/// A key that has to have a value.
pub struct Required<S> {
    pub(super) scalar: S,
    pub(super) example: &'static str,
    /// Whether a grid may give it.
    pub(super) of_trial: bool,
}

/// A key that may have no value.
pub struct Optional<S>(pub(super) S);

/// A key that may have no value where the other has one.
pub struct OneOf<S> {
    pub(super) scalar: S,
    pub(super) other: &'static str,
}

/// A key that is what another is unless it has a value.
pub struct SameAs<S, Config, T> {
    pub(super) scalar: S,
    pub(super) other: &'static str,
    pub(super) of: fn(&Config) -> T,
}

/// A key that came after a release.
pub struct LaterKey<S>(pub(super) S);

impl<Config, T: Clone, S: Scalar<T>> Spec<Config, T> for Or<S, T> {
    fn read(&self, table: &mut TableReader<'_>, key: &'static str, _: &Config) -> T {
        self.scalar.take(table, key).unwrap_or_else(|| self.default.clone())
    }

    fn unset(&self) -> T {
        self.default.clone()
    }

    fn write(&self, key: &'static str, value: &T, to: &mut Entries) {
        to.add(key, self.scalar.put(value));
    }

    fn facts(&self) -> (ValueKind, Preset) {
        (self.scalar.kind(), Preset::Fixed(self.scalar.put(&self.default)))
    }
}

impl<Config, T, S: Scalar<T>> Spec<Config, T> for Required<S> {
    fn read(&self, table: &mut TableReader<'_>, key: &'static str, _: &Config) -> T {
        table.require(key, &self.scalar.help(key, self.example));
        self.scalar.take(table, key).unwrap_or_else(|| self.scalar.stand_in())
    }

    fn unset(&self) -> T {
        self.scalar.stand_in()
    }

    fn write(&self, key: &'static str, value: &T, to: &mut Entries) {
        to.add(key, self.scalar.put(value));
    }

    fn facts(&self) -> (ValueKind, Preset) {
        let preset = match self.of_trial {
            true => Preset::RequiredOfTrial(self.example),
            false => Preset::Required(self.example),
        };
        (self.scalar.kind(), preset)
    }
}

impl<Config, T, S: Scalar<T>> Spec<Config, Option<T>> for Optional<S> {
    fn read(&self, table: &mut TableReader<'_>, key: &'static str, _: &Config) -> Option<T> {
        self.0.take(table, key)
    }

    fn unset(&self) -> Option<T> {
        None
    }

    fn write(&self, key: &'static str, value: &Option<T>, to: &mut Entries) {
        if let Some(value) = value {
            to.add(key, self.0.put(value));
        }
    }

    fn facts(&self) -> (ValueKind, Preset) {
        (self.0.kind(), Preset::Absent)
    }
}

impl<Config, T, S: Scalar<T>> Spec<Config, Option<T>> for OneOf<S> {
    fn read(&self, table: &mut TableReader<'_>, key: &'static str, _: &Config) -> Option<T> {
        self.scalar.take(table, key)
    }

    fn unset(&self) -> Option<T> {
        None
    }

    fn write(&self, key: &'static str, value: &Option<T>, to: &mut Entries) {
        if let Some(value) = value {
            to.add(key, self.scalar.put(value));
        }
    }

    fn facts(&self) -> (ValueKind, Preset) {
        (self.scalar.kind(), Preset::OneOf(self.other))
    }
}

impl<Config, T, S: Scalar<T>> Spec<Config, T> for SameAs<S, Config, T> {
    fn read(&self, table: &mut TableReader<'_>, key: &'static str, so_far: &Config) -> T {
        self.scalar.take(table, key).unwrap_or_else(|| (self.of)(so_far))
    }

    fn unset(&self) -> T {
        self.scalar.stand_in()
    }

    fn write(&self, key: &'static str, value: &T, to: &mut Entries) {
        to.add(key, self.scalar.put(value));
    }

    fn facts(&self) -> (ValueKind, Preset) {
        (self.scalar.kind(), Preset::SameAs(self.other))
    }
}

impl<Config, T: PartialEq, S: Spec<Config, T>> Spec<Config, T> for LaterKey<S> {
    fn read(&self, table: &mut TableReader<'_>, key: &'static str, so_far: &Config) -> T {
        self.0.read(table, key, so_far)
    }

    fn unset(&self) -> T {
        self.0.unset()
    }

    fn write(&self, key: &'static str, value: &T, to: &mut Entries) {
        if *value != self.0.unset() {
            self.0.write(key, value, to);
        }
    }

    fn facts(&self) -> (ValueKind, Preset) {
        self.0.facts()
    }

    fn is_left_out(&self) -> bool {
        true
    }
}

impl<S, T> Or<S, T> {
    /// It came after a release: while it has its default, a trial leaves it out.
    pub fn left_out(self) -> LaterKey<Or<S, T>> {
        LaterKey(self)
    }
}
