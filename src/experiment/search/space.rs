//! `[search.space]`: the drawn keys and their ranges or lists.

use serde_json::json;

use super::range::{DrawRange, DrawnRange, KEYS};
use super::tpe::TpeAxis;
use crate::config::keys::{ConfigTable, Entries, Preset, Spec, ValueKind};
use crate::config::{Diagnostic, Entry, Node, Origin, Problems, TableReader, TomlTable, Value};
use crate::experiment::axis::{Axis, are_few_axes, as_seed, leaves_where, names_a_key, read_axis};
use crate::experiment::keys::Keys;

/// One drawn key.
#[derive(Debug, Clone)]
pub(super) struct SpaceAxis {
    pub(super) path: Vec<String>,
    pub(super) key_origin: Origin,
    /// Its position in the file, from 0.
    pub(super) dimension: u32,
    pub(super) values: Values,
}

/// What a key is drawn from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Values {
    Range(DrawRange),
    /// At least one, each as likely as the others.
    Choices(Vec<Node>),
}

impl SpaceAxis {
    /// The value at a share in [0, 1); its errors underline the range or the choice.
    pub(super) fn at(&self, share: f64) -> Node {
        match &self.values {
            Values::Range(range) => {
                as_seed(&self.path, Node { origin: range.origin, value: range.at(share) })
            }
            Values::Choices(nodes) => {
                let index = (share * nodes.len() as f64) as usize;
                nodes[index.min(nodes.len() - 1)].clone()
            }
        }
    }
}

impl SpaceAxis {
    /// The axis as a model sees it. Numbers in rising order are a scale, as a range is.
    pub(super) fn as_tpe(&self) -> TpeAxis {
        match &self.values {
            Values::Range(range) => range.as_tpe(),
            Values::Choices(nodes) => {
                let number = |node: &Node| match node.value {
                    Value::Integer(number) => Some(number as f64),
                    Value::Float(number) => Some(number),
                    _ => None,
                };
                let numbers: Option<Vec<f64>> = nodes.iter().map(number).collect();
                let count = nodes.len();
                match numbers {
                    Some(numbers) if count > 2 && numbers.is_sorted_by(|a, b| a < b) => {
                        let edge = |place| place as f64 / count as f64;
                        TpeAxis::Ordered((0..=count).map(edge).collect())
                    }
                    _ => TpeAxis::Unordered(count as u32),
                }
            }
        }
    }

    /// Shares at both ends of a range, or of each choice.
    pub(super) fn extremes(&self) -> Vec<f64> {
        match &self.values {
            Values::Range(_) => vec![0.0, 1.0 - f64::EPSILON],
            Values::Choices(nodes) => {
                (0..nodes.len()).map(|n| (n as f64 + 0.5) / nodes.len() as f64).collect()
            }
        }
    }
}

/// The drawn keys as in the file; the caller, which knows all keys, interprets them.
pub(super) fn drawn_keys() -> DrawnKeys {
    DrawnKeys
}

/// See [`drawn_keys`].
pub(super) struct DrawnKeys;

impl<Config> Spec<Config, Option<Entry>> for DrawnKeys {
    fn read(&self, table: &mut TableReader<'_>, key: &'static str, _: &Config) -> Option<Entry> {
        table.require(key, "the keys that are drawn: `[search.space]`");
        table.entry(key).cloned()
    }

    fn unset(&self) -> Option<Entry> {
        None
    }

    /// A search is never written.
    fn write(&self, _: &'static str, _: &Option<Entry>, _: &mut Entries) {}

    fn facts(&self) -> (ValueKind, Preset) {
        let schema = || json!({ "allOf": [{ "$ref": "#/definitions/space.draws" }] });
        (ValueKind::Other(schema, &[DrawnRange::facts]), Preset::Required("{ ... }"))
    }
}

/// Reads the table of the key `space`.
pub(super) fn read_space(entry: &Entry, keys: &Keys, problems: &Problems) -> Vec<SpaceAxis> {
    let Value::Table(table) = &entry.node.value else {
        let title = "`search.space` has the wrong type";
        let label = format!("expected a table, found {}", entry.node.value.type_name());
        let diagnostic = Diagnostic::new(entry.node.origin, title, label);
        problems.push(diagnostic.help(example("optimizer.learning_rate")));
        return Vec::new();
    };
    let mut leaves = leaves_where(table, problems, &|path, inner| is_range(path, inner, keys));
    if !are_few_axes(leaves.len(), "search.space", entry.key_origin, problems) {
        return Vec::new();
    }
    if leaves.is_empty() {
        let diagnostic =
            Diagnostic::new(entry.key_origin, "`search.space` has no keys", "draws nothing");
        problems.push(diagnostic.help(example("optimizer.learning_rate")));
    }
    leaves.sort_by_key(|(_, leaf)| leaf.key_origin);
    let axis = |(dimension, (path, leaf)): (u32, (Vec<String>, &Entry))| {
        let values = read_values(&path, leaf, keys, problems)?;
        Some(SpaceAxis { path, key_origin: leaf.key_origin, dimension, values })
    };
    (0..).zip(leaves).filter_map(axis).collect()
}

/// What `--set` makes a drawn key be drawn from: a list or another range; nothing if it gives the
/// key one value.
pub(crate) fn new_values(
    path: &[String],
    entry: &Entry,
    relisted: Option<Axis>,
    keys: &Keys,
    problems: &Problems,
) -> Option<Values> {
    match (&entry.node.value, relisted) {
        (_, Some(axis)) => {
            axis.report_duplicates(problems);
            Some(Values::Choices(axis.values))
        }
        (Value::Table(table), None) if has_range_keys(table) => {
            read_values(path, entry, keys, problems)
        }
        _ => None,
    }
}

fn read_values(path: &[String], entry: &Entry, keys: &Keys, problems: &Problems) -> Option<Values> {
    let key = path.join(".");
    if !names_a_key(path, entry, keys, problems) {
        return None;
    }
    match &entry.node.value {
        Value::Array(_) => {
            let axis = read_axis(path.to_vec(), entry, keys, problems)?;
            Some(Values::Choices(axis.values))
        }
        Value::Table(table) => {
            DrawRange::read(table, entry.node.origin, &key, problems).map(Values::Range)
        }
        Value::Invalid => None,
        other => {
            let title = format!("`search.space.{key}` has the wrong type");
            let label = format!("expected a range or a list, found {}", other.type_name());
            problems.push(Diagnostic::new(entry.node.origin, title, label).help(example(&key)));
            None
        }
    }
}

fn example(key: &str) -> String {
    format!(
        "a range: `\"{key}\" = {{ min = 0.001, max = 0.1, scale = \"log\" }}`; or a list of values"
    )
}

/// Whether a table is a range rather than a table of further keys: judged by its own keys, or
/// because its path has no keys below it.
fn is_range(path: &[String], table: &TomlTable, keys: &Keys) -> bool {
    has_range_keys(table) || keys.has(path) && !keys.has_keys(path)
}

fn has_range_keys(table: &TomlTable) -> bool {
    table.entries.iter().any(|entry| KEYS.contains(&entry.key.as_str()))
}
