//! Tables within tables.

use super::facts::of_table;
use super::{ConfigTable, Entries, Preset, Spec, ValueKind, Written};
use crate::config::TableReader;

/// A table that counts as empty if it is missing.
pub fn table() -> TableSpec {
    TableSpec
}

/// See [`table`].
pub struct TableSpec;

impl TableSpec {
    /// It may be absent.
    pub fn optional(self) -> OptionalTable {
        OptionalTable
    }

    /// It is required.
    pub fn required(self) -> RequiredTable {
        RequiredTable
    }

    /// A trial omits it while all of it has its defaults.
    pub fn left_out(self) -> LeftOutTable {
        LeftOutTable
    }
}

/// A table that may be absent.
pub struct OptionalTable;
/// A required table.
pub struct RequiredTable;
/// A table introduced after a release.
pub struct LeftOutTable;

impl<Config, T: ConfigTable> Spec<Config, T> for TableSpec {
    fn read(&self, table: &mut TableReader<'_>, key: &'static str, _: &Config) -> T {
        table.table(key, T::read)
    }

    fn unset(&self) -> T {
        T::unset()
    }

    fn write(&self, key: &'static str, value: &T, to: &mut Entries) {
        to.add(key, Written::Table(value.entries()));
    }

    fn facts(&self) -> (ValueKind, Preset) {
        (ValueKind::Table(of_table::<T>), Preset::Absent)
    }
}

impl<Config, T: ConfigTable> Spec<Config, Option<T>> for OptionalTable {
    fn read(&self, table: &mut TableReader<'_>, key: &'static str, _: &Config) -> Option<T> {
        table.optional_table(key, T::read)
    }

    fn unset(&self) -> Option<T> {
        None
    }

    fn write(&self, key: &'static str, value: &Option<T>, to: &mut Entries) {
        if let Some(value) = value {
            to.add(key, Written::Table(value.entries()));
        }
    }

    fn facts(&self) -> (ValueKind, Preset) {
        (ValueKind::Table(of_table::<T>), Preset::Absent)
    }
}

impl<Config, T: ConfigTable> Spec<Config, T> for RequiredTable {
    fn read(&self, table: &mut TableReader<'_>, key: &'static str, _: &Config) -> T {
        table.required_table(key, T::read)
    }

    fn unset(&self) -> T {
        T::unset()
    }

    fn write(&self, key: &'static str, value: &T, to: &mut Entries) {
        to.add(key, Written::Table(value.entries()));
    }

    fn facts(&self) -> (ValueKind, Preset) {
        (ValueKind::Table(of_table::<T>), Preset::Required("{ ... }"))
    }
}

impl<Config, T: ConfigTable> Spec<Config, T> for LeftOutTable {
    fn read(&self, table: &mut TableReader<'_>, key: &'static str, _: &Config) -> T {
        table.optional_table(key, T::read).unwrap_or_else(T::unset)
    }

    fn unset(&self) -> T {
        T::unset()
    }

    fn write(&self, key: &'static str, value: &T, to: &mut Entries) {
        if *value != T::unset() {
            to.add(key, Written::Table(value.entries()));
        }
    }

    fn facts(&self) -> (ValueKind, Preset) {
        (ValueKind::Table(of_table::<T>), Preset::Absent)
    }

    fn is_left_out(&self) -> bool {
        true
    }
}

/// A list of at least one table.
pub fn tables() -> TablesSpec {
    TablesSpec { of_trial: false }
}

/// See [`tables`].
pub struct TablesSpec {
    of_trial: bool,
}

impl TablesSpec {
    /// A grid may provide it.
    pub fn of_trial(self) -> TablesSpec {
        TablesSpec { of_trial: true }
    }
}

impl<Config, T: ConfigTable> Spec<Config, Vec<T>> for TablesSpec {
    fn read(&self, table: &mut TableReader<'_>, key: &'static str, _: &Config) -> Vec<T> {
        table.tables(key, T::read)
    }

    fn unset(&self) -> Vec<T> {
        Vec::new()
    }

    fn write(&self, key: &'static str, value: &Vec<T>, to: &mut Entries) {
        let items = value.iter().map(|item| Written::Table(item.entries()));
        to.add(key, Written::List(items.collect()));
    }

    fn facts(&self) -> (ValueKind, Preset) {
        let preset = match self.of_trial {
            true => Preset::RequiredOfTrial("[{ ... }]"),
            false => Preset::Required("[{ ... }]"),
        };
        (ValueKind::Tables(of_table::<T>), preset)
    }
}
