//! The default of a key that the file does not set.

use super::{Entries, Preset, Scalar, Spec, ValueKind};
use crate::config::TableReader;

/// The default of a key that the file does not set, attached to its values.
pub trait WhenAbsent: Sized {
    /// It is `default`.
    fn or<T>(self, default: T) -> Or<Self, T> {
        Or { scalar: self, default }
    }

    /// It is absent.
    fn optional(self) -> Optional<Self> {
        Optional(self)
    }

    /// It may be absent, unless `other` is absent too.
    fn one_of(self, other: &'static str) -> OneOf<Self> {
        OneOf { scalar: self, other }
    }

    /// It is required, for example as `example`.
    fn required(self, example: &'static str) -> Required<Self> {
        Required { scalar: self, example, of_trial: false }
    }

    /// It is required, here or from a grid.
    fn required_of_trial(self, example: &'static str) -> Required<Self> {
        Required { scalar: self, example, of_trial: true }
    }

    /// It defaults to `other`.
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

/// A required key.
pub struct Required<S> {
    pub(super) scalar: S,
    pub(super) example: &'static str,
    /// Whether a grid may provide it.
    pub(super) of_trial: bool,
}

/// A key that may have no value.
pub struct Optional<S>(pub(super) S);

/// A key that may be absent if the other has a value.
pub struct OneOf<S> {
    pub(super) scalar: S,
    pub(super) other: &'static str,
}

/// A key that defaults to another key's value.
pub struct SameAs<S, Config, T> {
    pub(super) scalar: S,
    pub(super) other: &'static str,
    pub(super) of: fn(&Config) -> T,
}

/// A key introduced after a release.
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
    /// It was introduced after a release: a trial omits it while it has its default.
    pub fn left_out(self) -> LaterKey<Or<S, T>> {
        LaterKey(self)
    }
}
