//! Tables within tables.

use super::facts::{TableFacts, of_table};
use super::{ConfigTable, Entries, Preset, Spec, ValueKind, Written};
use crate::config::suggest::choice_meant;
use crate::config::{TableReader, Value};

/// A table that counts as empty if it is missing, with keys such as those of `example`: `padding = 4`.
pub fn table(example: &'static str) -> TableSpec {
    TableSpec { example }
}

/// See [`table`].
pub struct TableSpec {
    example: &'static str,
}

impl TableSpec {
    /// It may be absent.
    pub fn optional(self) -> OptionalTable {
        OptionalTable { example: self.example }
    }

    /// It is required.
    pub fn required(self) -> RequiredTable {
        RequiredTable { example: self.example }
    }

    /// A trial omits it while all of it has its defaults.
    pub fn left_out(self) -> LeftOutTable {
        LeftOutTable { example: self.example }
    }
}

/// A table that may be absent.
pub struct OptionalTable {
    example: &'static str,
}

/// A required table.
pub struct RequiredTable {
    example: &'static str,
}

/// A table introduced after a release.
pub struct LeftOutTable {
    example: &'static str,
}

impl<Config, T: ConfigTable> Spec<Config, T> for TableSpec {
    fn read(&self, table: &mut TableReader<'_>, key: &'static str, _: &Config) -> T {
        table.table(key, |path, found| example_for::<T>(self.example, path, found), T::read)
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
        table.optional_table(
            key,
            |path, found| example_for::<T>(self.example, path, found),
            T::read,
        )
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
        table.required_table(
            key,
            |path, found| example_for::<T>(self.example, path, found),
            T::read,
        )
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
        let example = |path: &str, found: &Value| example_for::<T>(self.example, path, found);
        table.optional_table(key, example, T::read).unwrap_or_else(T::unset)
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

/// The keys of a table for whoever wrote `found` in its place: the kind that a word names with the keys that
/// it needs, or the number as the value of the example's only key.
fn example_for<T: ConfigTable>(example: &str, path: &str, found: &Value) -> String {
    let of_number = |number: String| match example.split_once(" = ") {
        Some((key, value)) if value.parse::<f64>().is_ok() => format!("{key} = {number}"),
        _ => example.to_owned(),
    };
    match found {
        Value::String(word) => {
            of_kind(&T::facts(), path, word).unwrap_or_else(|| example.to_owned())
        }
        Value::Integer(number) => of_number(number.to_string()),
        Value::Float(number) if example.contains('.') => of_number(format!("{number:?}")),
        _ => example.to_owned(),
    }
}

/// `kind = "step", step_epochs = 10`
fn of_kind(facts: &TableFacts, path: &str, word: &str) -> Option<String> {
    let names: Vec<&str> = facts.kinds.iter().map(|kind| kind.name).collect();
    let (name, _) = choice_meant(&format!("{path}.kind"), word, &names)?;
    let kind = facts.kinds.iter().find(|kind| kind.name == name)?;
    let required = (kind.facts)().keys.into_iter().filter_map(|key| match key.preset {
        Preset::Required(example) | Preset::RequiredOfTrial(example) => {
            Some(format!("{} = {example}", key.name))
        }
        _ => None,
    });
    let all: Vec<String> = [format!("kind = \"{name}\"")].into_iter().chain(required).collect();
    Some(all.join(", "))
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

    /// It may be absent, which counts as an empty list; a trial then omits it.
    pub fn left_out(self) -> LeftOutTables {
        LeftOutTables(self)
    }
}

/// A list of tables introduced after a release.
pub struct LeftOutTables(TablesSpec);

impl<Config, T: ConfigTable> Spec<Config, Vec<T>> for LeftOutTables {
    fn read(&self, table: &mut TableReader<'_>, key: &'static str, _: &Config) -> Vec<T> {
        table.optional_tables(key, T::read)
    }

    fn unset(&self) -> Vec<T> {
        Vec::new()
    }

    fn write(&self, key: &'static str, value: &Vec<T>, to: &mut Entries) {
        if !value.is_empty() {
            Spec::<Config, Vec<T>>::write(&self.0, key, value, to);
        }
    }

    fn facts(&self) -> (ValueKind, Preset) {
        (ValueKind::Tables(of_table::<T>), Preset::Absent)
    }

    fn is_left_out(&self) -> bool {
        true
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
