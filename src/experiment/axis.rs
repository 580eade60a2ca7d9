//! The axes of `[grid]`: which keys vary, over which values.

use std::collections::HashMap;

use crate::config::{Diagnostic, Entry, Node, Origin, Problems, Table, Value};

use super::keys::Keys;

/// One varied key with its values, in the order of the file.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    pub(super) path: Vec<String>,
    pub(super) key_origin: Origin,
    pub(super) values: Vec<Node>,
}

/// One `[grid]` or `[[grid]]` table: the product of its axes, the first of them slowest.
#[derive(Debug, Clone, Default)]
pub(super) struct Grid {
    pub(super) origin: Option<Origin>,
    pub(super) axes: Vec<Axis>,
}

impl Grid {
    /// How many points it has, at most `u64::MAX`.
    pub(super) fn points(&self) -> u64 {
        self.axes
            .iter()
            .fold(1, |product: u64, axis| product.saturating_mul(axis.values.len() as u64))
    }
}

/// Reads the value of the key `grid`; without it there is one grid of one point. `base` is what the
/// axes vary.
pub(super) fn read_grids(
    entry: Option<&Entry>,
    base: &Table,
    keys: &Keys,
    problems: &Problems,
) -> Vec<Grid> {
    let Some(entry) = entry else {
        return vec![Grid::default()];
    };
    let mut grids = Vec::new();
    for (origin, table) in tables(entry, problems) {
        let mut axes = Vec::new();
        for (path, entry) in leaves(table) {
            axes.extend(read_axis(path, entry, keys, problems));
        }
        axes.sort_by_key(|axis| axis.key_origin);
        report_repeated(&axes, base, problems);
        grids.push(Grid { origin: Some(origin), axes });
    }
    grids
}

/// The tables of a key that holds a table or a list of tables.
pub(super) fn tables<'a>(entry: &'a Entry, problems: &Problems) -> Vec<(Origin, &'a Table)> {
    let wrong = |node: &Node| {
        let title = format!("`{}` has the wrong type", entry.key);
        let label = format!("expected a table, found {}", node.value.type_name());
        problems.push(Diagnostic::new(node.origin, title, label));
    };
    match &entry.node.value {
        Value::Table(table) => vec![(entry.key_origin, table)],
        Value::Array(items) if !items.is_empty() => (items.iter())
            .filter_map(|item| match &item.value {
                Value::Table(table) => Some((item.origin, table)),
                _ => {
                    wrong(item);
                    None
                }
            })
            .collect(),
        _ => {
            wrong(&entry.node);
            Vec::new()
        }
    }
}

/// The values of a table of tables with their paths; a quoted `"a.b"` is the path `a.b`.
pub(super) fn leaves(table: &Table) -> Vec<(Vec<String>, &Entry)> {
    let mut found = Vec::new();
    for entry in &table.entries {
        let path: Vec<String> = entry.key.split('.').map(|part| part.trim().to_owned()).collect();
        match &entry.node.value {
            Value::Table(inner) => {
                let deeper = leaves(inner).into_iter();
                found.extend(deeper.map(|(rest, leaf)| ([path.clone(), rest].concat(), leaf)));
            }
            _ => found.push((path, entry)),
        }
    }
    found
}

fn read_axis(path: Vec<String>, entry: &Entry, keys: &Keys, problems: &Problems) -> Option<Axis> {
    let name = path.join(".");
    let report = |origin, title: String, label: &str| {
        problems.push(Diagnostic::new(origin, title, label));
        None
    };
    if name == "name" || name == "description" {
        let label = "belongs to the experiment, not to a trial";
        return report(entry.key_origin, format!("`{name}` cannot vary"), label);
    }
    if !keys.has(&path) {
        problems.push(keys.unknown(&path, entry.key_origin, "this axis names no key"));
        return None;
    }
    let Value::Array(values) = &entry.node.value else {
        let found = entry.node.value.type_name();
        let label = format!("expected a list of values to try, found {found}");
        return report(entry.node.origin, format!("axis `{name}` has the wrong type"), &label);
    };
    if values.is_empty() {
        let label = "no values to try";
        return report(entry.node.origin, format!("axis `{name}` is empty"), label);
    }
    let axis = Axis::new(path, entry.key_origin, values.clone());
    axis.report_duplicates(problems);
    Some(axis)
}

impl Axis {
    /// An axis of the given values. A plain number on the axis `training.seeds` is that very seed.
    pub(super) fn new(path: Vec<String>, key_origin: Origin, mut values: Vec<Node>) -> Axis {
        if path == ["training", "seeds"] {
            for node in &mut values {
                if let Value::Integer(_) = node.value {
                    node.value = Value::Array(vec![node.clone()]);
                }
            }
        }
        Axis { path, key_origin, values }
    }

    /// Reports values that stand twice on the axis.
    pub(super) fn report_duplicates(&self, problems: &Problems) {
        let mut seen = HashMap::new();
        for value in &self.values {
            if let Some(earlier) = seen.insert(value.meaning(), value.origin) {
                let title = format!("axis `{}` has a value twice", self.path.join("."));
                let again = Diagnostic::new(value.origin, title, "again");
                problems.push(again.related(earlier, "first here"));
            }
        }
    }
}

/// An element is the same by its number and by its name.
fn report_repeated(axes: &[Axis], base: &Table, problems: &Problems) {
    let mut seen = HashMap::new();
    for axis in axes {
        if let Some(first) = seen.insert(base.numbered(&axis.path), axis.key_origin) {
            let title = format!("two axes on the same key `{}`", axis.path.join("."));
            let second = Diagnostic::new(axis.key_origin, title, "again");
            problems.push(second.related(first, "first here"));
        }
    }
}
