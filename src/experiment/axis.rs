//! The axes of `[grid]`: which keys vary, over which values.

use std::collections::HashMap;

use crate::config::{Diagnostic, Entry, Node, Origin, Problems, TomlTable, Value, has_few_parts};

use super::keys::Keys;

/// The most keys that may vary in one table: 17 keys with two values each already make more points
/// than an experiment may have trials.
pub(super) const MOST_AXES: usize = 1000;

/// One varied key with its values, in the order of the file.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    pub(super) path: Vec<String>,
    pub(super) key_origin: Origin,
    pub(super) values: Vec<Node>,
}

/// Axes that go together: a step along them is a step along each. Without `[[grid.zip]]` it is one.
#[derive(Debug, Clone)]
pub(super) struct Zip {
    /// At least one, all of the same length.
    pub(super) axes: Vec<Axis>,
}

/// One `[grid]` or `[[grid]]` table: the product of its zips, the first of them slowest.
#[derive(Debug, Clone, Default)]
pub(super) struct Grid {
    pub(super) origin: Option<Origin>,
    pub(super) zips: Vec<Zip>,
}

impl Zip {
    fn len(&self) -> u64 {
        self.axes.first().map_or(1, |axis| axis.values.len() as u64)
    }
}

impl Grid {
    /// The keys of its axes, and where they are written.
    pub(super) fn keys(&self) -> impl Iterator<Item = (&[String], Origin)> {
        let axes = self.zips.iter().flat_map(|zip| &zip.axes);
        axes.map(|axis| (axis.path.as_slice(), axis.key_origin))
    }

    /// Its axes.
    pub(super) fn axes_mut(&mut self) -> impl Iterator<Item = &mut Axis> {
        self.zips.iter_mut().flat_map(|zip| &mut zip.axes)
    }

    /// Drops the axes that are not to stay.
    pub(super) fn retain(&mut self, stays: impl Fn(&Axis) -> bool) {
        self.zips.iter_mut().for_each(|zip| zip.axes.retain(&stays));
        self.zips.retain(|zip| !zip.axes.is_empty());
    }

    /// The number of its points, at most `u64::MAX`.
    pub(super) fn points(&self) -> u64 {
        self.zips.iter().fold(1, |product: u64, zip| product.saturating_mul(zip.len()))
    }

    /// The value that each axis has at a point.
    pub(super) fn values(&self, point: u64) -> impl Iterator<Item = (&[String], Origin, &Node)> {
        let mut rest = point;
        self.zips.iter().rev().flat_map(move |zip| {
            let index = (rest % zip.len()) as usize;
            rest /= zip.len();
            // Lists of different lengths are reported, and the rest is looked at all the same.
            zip.axes.iter().filter_map(move |axis| {
                Some((axis.path.as_slice(), axis.key_origin, axis.values.get(index)?))
            })
        })
    }
}

/// Reads the value of the key `grid`; without it there is one grid with one point. The axes vary
/// `base`.
pub(super) fn read_grids(
    entry: Option<&Entry>,
    base: &TomlTable,
    keys: &Keys,
    problems: &Problems,
) -> Vec<Grid> {
    let Some(entry) = entry else {
        return vec![Grid::default()];
    };
    let mut grids = Vec::new();
    for (origin, table) in tables(entry, problems) {
        let mut of_grid = table.clone();
        let zips = of_grid.remove("zip");
        let Some(axes) = read_axes(&of_grid, "grid", origin, keys, problems) else { continue };
        let mut all: Vec<Zip> = axes.into_iter().map(|axis| Zip { axes: vec![axis] }).collect();
        for (zip_origin, zip_table) in zips.iter().flat_map(|zips| tables(zips, problems)) {
            let zip_axes =
                read_axes(zip_table, "grid.zip", zip_origin, keys, problems).unwrap_or_default();
            report_unequal(&zip_axes, problems);
            all.extend((!zip_axes.is_empty()).then_some(Zip { axes: zip_axes }));
        }
        all.sort_by_key(|zip| zip.axes[0].key_origin);
        let grid = Grid { origin: Some(origin), zips: all };
        report_repeated(grid.keys(), base, problems);
        grids.push(grid);
    }
    if grids.is_empty() {
        grids.push(Grid::default()); // what else is wrong with the file is said too
    }
    grids
}

/// The axes of a table in the order of the file, or nothing where there are too many.
fn read_axes(
    table: &TomlTable,
    what: &str,
    origin: Origin,
    keys: &Keys,
    problems: &Problems,
) -> Option<Vec<Axis>> {
    let leaves = leaves(table, problems);
    are_few_axes(leaves.len(), what, origin, problems).then(|| {
        let read = |(path, entry)| read_axis(path, entry, keys, problems);
        let mut axes: Vec<Axis> = leaves.into_iter().filter_map(read).collect();
        axes.sort_by_key(|axis| axis.key_origin);
        axes
    })
}

/// Reports lists that cannot go together.
pub(super) fn report_unequal(axes: &[Axis], problems: &Problems) {
    let Some((first, others)) = axes.split_first() else { return };
    for axis in others.iter().filter(|axis| axis.values.len() != first.values.len()) {
        let title = "lists that go together have different lengths";
        let key = axis.path.join(".");
        let label = format!("`{key}` has {} values", axis.values.len());
        let (other, count) = (first.path.join("."), first.values.len());
        let diagnostic = Diagnostic::new(axis.key_origin, title, label);
        problems.push(diagnostic.related(first.key_origin, format!("`{other}` has {count}")));
    }
}

/// Whether a table has no more axes than one may have; else it is reported.
pub(super) fn are_few_axes(count: usize, what: &str, origin: Origin, problems: &Problems) -> bool {
    let are_few = count <= MOST_AXES;
    if !are_few {
        let label = format!("has {count}; at most {MOST_AXES} are possible");
        problems.push(Diagnostic::new(origin, format!("`{what}` has too many keys"), label));
    }
    are_few
}

/// The tables of a key that holds a table or a list of tables.
pub(super) fn tables<'a>(entry: &'a Entry, problems: &Problems) -> Vec<(Origin, &'a TomlTable)> {
    let wrong = |node: &Node| {
        let title = format!("`{}` has the wrong type", entry.key);
        let label = format!("expected a table, found {}", node.value.type_name());
        let help = match entry.key.as_str() {
            "variant" => "for example [[variant]] and, in the next line, network.dropout = 0.2",
            "exclude" => "for example [[exclude]] and, in the next line, optimizer.kind = \"sgd\"",
            "zip" => {
                "for example [[grid.zip]] and, in the next lines, keys with lists of one length"
            }
            _ => "for example [grid] and, in the next line, network.dropout = [0.0, 0.2]",
        };
        problems.push(Diagnostic::new(node.origin, title, label).help(help));
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
pub(super) fn leaves<'a>(
    table: &'a TomlTable,
    problems: &Problems,
) -> Vec<(Vec<String>, &'a Entry)> {
    leaves_where(table, problems, &|_, _| false)
}

/// Like [`leaves`], for tables that may be values themselves.
pub(super) fn leaves_where<'a>(
    table: &'a TomlTable,
    problems: &Problems,
    is_value: &dyn Fn(&[String], &TomlTable) -> bool,
) -> Vec<(Vec<String>, &'a Entry)> {
    let mut found = Vec::new();
    let mut tables = vec![(Vec::new(), table)];
    while let Some((outer, current)) = tables.pop() {
        for entry in &current.entries {
            let parts = entry.key.split('.').map(|part| part.trim().to_owned());
            let path: Vec<String> = outer.iter().cloned().chain(parts).collect();
            if !has_few_parts(&path, entry.key_origin, problems) {
                continue;
            }
            match &entry.node.value {
                Value::Table(inner) if !is_value(&path, inner) => tables.push((path, inner)),
                _ => found.push((path, entry)),
            }
        }
    }
    found
}

/// Whether an axis names a key of trials; reports it otherwise.
pub(super) fn names_a_key(
    path: &[String],
    entry: &Entry,
    keys: &Keys,
    problems: &Problems,
) -> bool {
    let name = path.join(".");
    if name == "name" || name == "description" {
        let label = "belongs to the experiment, not to a trial";
        let title = format!("`{name}` cannot vary");
        problems.push(Diagnostic::new(entry.key_origin, title, label));
        return false;
    }
    if !keys.has(path) {
        keys.report_unknown(path, entry.key_origin, "this axis names no key", problems);
        return false;
    }
    true
}

/// An axis of a list of values.
pub(super) fn read_axis(
    path: Vec<String>,
    entry: &Entry,
    keys: &Keys,
    problems: &Problems,
) -> Option<Axis> {
    let name = path.join(".");
    let report = |origin, title: String, label: &str| {
        problems.push(Diagnostic::new(origin, title, label));
        None
    };
    if !names_a_key(&path, entry, keys, problems) {
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
    /// An axis of the given values.
    pub(super) fn new(path: Vec<String>, key_origin: Origin, values: Vec<Node>) -> Axis {
        let values = values.into_iter().map(|node| as_seed(&path, node)).collect();
        Axis { path, key_origin, values }
    }

    /// How kinds that vary are written together with the keys of each: as whole tables, or as variants.
    pub(super) fn as_whole_tables(&self) -> Option<String> {
        let (last, table) = self.path.split_last()?;
        let kinds = self.values.iter().filter_map(|value| match &value.value {
            Value::String(kind) => Some(format!("{{ kind = {kind:?}, ... }}")),
            _ => None,
        });
        let tables: Vec<String> = kinds.collect();
        let table = table.join(".");
        (last == "kind" && !tables.is_empty()).then(|| {
            format!(
                "every kind gets all keys of [{table}]; let whole tables vary, each with its own keys: \
                 `{table} = [{}]` under [grid], or write a [[variant]] for each kind",
                tables.join(", ")
            )
        })
    }

    /// Reports duplicate values on the axis.
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

/// The value of an axis: a plain number on `training.seeds` is that seed, not a count.
pub(super) fn as_seed(path: &[String], node: Node) -> Node {
    match node.value {
        Value::Integer(_) if path == ["training", "seeds"] => {
            Node { origin: node.origin, value: Value::Array(vec![node]) }
        }
        _ => node,
    }
}

/// Reports keys that vary twice. An element's number and name are the same key.
pub(super) fn report_repeated<'a>(
    axes: impl Iterator<Item = (&'a [String], Origin)>,
    base: &TomlTable,
    problems: &Problems,
) {
    let mut axes: Vec<(&[String], Origin)> = axes.collect();
    axes.sort_by_key(|(_, origin)| *origin);
    let mut seen = HashMap::new();
    for (path, origin) in axes {
        if let Some(first) = seen.insert(base.numbered(path), origin) {
            report_same(path, first, origin, problems);
        }
    }
}

/// Reports keys that are drawn and also vary in a grid.
pub(super) fn report_shared<'a>(
    drawn: impl Iterator<Item = (&'a [String], Origin)>,
    grids: &[Grid],
    base: &TomlTable,
    problems: &Problems,
) {
    let drawn: HashMap<Vec<String>, Origin> =
        drawn.map(|(path, origin)| (base.numbered(path), origin)).collect();
    for (path, origin) in grids.iter().flat_map(Grid::keys).filter(|_| !drawn.is_empty()) {
        if let Some(&other) = drawn.get(&base.numbered(path)) {
            report_same(path, origin.min(other), origin.max(other), problems);
        }
    }
}

fn report_same(path: &[String], first: Origin, second: Origin, problems: &Problems) {
    let title = format!("two axes on the same key `{}`", path.join("."));
    let second = Diagnostic::new(second, title, "again");
    problems.push(second.related(first, "first here"));
}
