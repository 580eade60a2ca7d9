//! `[[variant]]`: named changes of the file, each tried by itself. The file without them is the baseline.

use std::collections::HashMap;

use super::axis::tables;
use super::keys::Keys;
use super::merge::merge;
use super::text::name_of;
use crate::config::{Diagnostic, Entry, Node, Origin, Problems, TomlTable, Value, has_few_parts};
use crate::runs::role::ConfigRole;

/// As many variants as one file may have.
const MOST_VARIANTS: usize = 1000;

/// One change of the file.
#[derive(Debug, Clone)]
pub(super) struct Variant {
    /// Its keys `name` and `expected`.
    pub(super) role: ConfigRole,
    /// Where it stands.
    pub(super) origin: Origin,
    /// The file with the change.
    pub(super) tree: TomlTable,
    /// The keys that it changes, and where they are written.
    pub(super) changes: Vec<(Vec<String>, Origin)>,
}

/// Reads the value of the key `variant`; `base` is the file without it.
pub(super) fn read_variants(
    entry: Option<&Entry>,
    base: &TomlTable,
    keys: &Keys,
    problems: &Problems,
) -> Vec<Variant> {
    let Some(entry) = entry else { return Vec::new() };
    let found = tables(entry, problems);
    if found.len() > MOST_VARIANTS {
        let label = format!("has {}; at most {MOST_VARIANTS} are possible", found.len());
        problems.push(Diagnostic::new(entry.key_origin, "there are too many variants", label));
        return Vec::new();
    }
    let mut names: HashMap<String, Origin> = HashMap::new();
    let mut variants = Vec::new();
    for (origin, table) in found {
        let mut changes = table.clone();
        let name_entry = changes.remove("name");
        let name_origin = name_entry.as_ref().map_or(origin, |named| named.node.origin);
        let name = name_entry.and_then(|named| name_of(named, problems));
        if let Some(name) = &name
            && let Some(first) = names.insert(name.clone(), name_origin)
        {
            let title = format!("two variants have the name `{name}`");
            let again = Diagnostic::new(name_origin, title, "again");
            problems.push(again.related(first, "first here"));
        }
        let expected = changes.remove("expected").and_then(|entry| range_of(entry, problems));
        let changes = nested(changes, keys, problems);
        if changes.entries.is_empty() {
            let help = "for example network.dropout = 0.2";
            let variant = Diagnostic::new(origin, "a variant without a change", "changes no key");
            problems.push(variant.help(help));
            continue;
        }
        let mut tree = base.clone();
        let leaves = changed_keys(&changes);
        merge(&mut tree, changes, problems);
        let role = ConfigRole { variant: name, expected, ..ConfigRole::default() };
        variants.push(Variant { role, origin, tree, changes: leaves });
    }
    variants
}

/// A list of two numbers, the lower first.
fn range_of(entry: Entry, problems: &Problems) -> Option<[f64; 2]> {
    let origin = entry.node.origin;
    let Value::Array(items) = entry.node.value else {
        return not_a_range(origin, problems);
    };
    let numbers: Option<Vec<f64>> = items.iter().map(number).collect();
    match numbers.as_deref() {
        Some(&[low, high]) if low <= high => Some([low, high]),
        _ => not_a_range(origin, problems),
    }
}

fn number(item: &Node) -> Option<f64> {
    match item.value {
        Value::Integer(number) => Some(number as f64),
        Value::Float(number) => Some(number).filter(|number| number.is_finite()),
        _ => None,
    }
}

fn not_a_range(origin: Origin, problems: &Problems) -> Option<[f64; 2]> {
    let title = "`expected` is no range";
    let label = "wanted: the least and the most points of test accuracy that it will add";
    problems.push(Diagnostic::new(origin, title, label).help("for example expected = [1.0, 4.0]"));
    None
}

/// The table with `"a.b" = 1` written as `a = { b = 1 }`; what is not a key of trials is reported.
fn nested(table: TomlTable, keys: &Keys, problems: &Problems) -> TomlTable {
    let mut nested = TomlTable::new();
    for entry in table.entries {
        let path: Vec<String> = entry.key.split('.').map(|part| part.trim().to_owned()).collect();
        let Entry { key_origin, mut node, .. } = entry;
        if !keys.has(&path) {
            keys.report_unknown(&path, key_origin, "no such key", problems);
        } else if has_few_parts(&path, key_origin, problems) {
            for key in path[1..].iter().rev() {
                let entries = vec![Entry { key: key.clone(), key_origin, node }];
                node = Node { origin: key_origin, value: Value::Table(TomlTable { entries }) };
            }
            let entries = vec![Entry { key: path[0].clone(), key_origin, node }];
            merge(&mut nested, TomlTable { entries }, problems);
        }
    }
    nested
}

/// The paths of the values of a table.
fn changed_keys(table: &TomlTable) -> Vec<(Vec<String>, Origin)> {
    let mut found = Vec::new();
    let mut tables = vec![(Vec::new(), table)];
    while let Some((outer, current)) = tables.pop() {
        for entry in &current.entries {
            let path: Vec<String> = outer.iter().cloned().chain([entry.key.clone()]).collect();
            match &entry.node.value {
                Value::Table(inner) => tables.push((path, inner)),
                _ => found.push((path, entry.key_origin)),
            }
        }
    }
    found
}

impl Variant {
    /// Whether it gives a key, or keys of that table, values of its own.
    pub(super) fn changes(&self, path: &[String]) -> bool {
        let number = self.tree.numbered(path);
        self.changes.iter().any(|(changed, _)| self.tree.numbered(changed).starts_with(&number))
    }

    /// That all its trials are there without it.
    pub(super) fn changes_nothing(&self) -> Diagnostic {
        let title = match &self.role.variant {
            Some(name) => format!("variant `{name}` adds no trial"),
            None => "this variant adds no trial".to_owned(),
        };
        let label = "its values are those of the file or of a variant before it";
        Diagnostic::new(self.origin, title, label)
    }

    /// Reports keys that vary in a grid or search too: there each point would undo the change.
    pub(super) fn report_varied<'a>(
        &self,
        axes: impl Iterator<Item = (&'a [String], Origin)>,
        problems: &Problems,
    ) {
        for (axis, axis_origin) in axes {
            let number = self.tree.numbered(axis);
            for (changed, origin) in &self.changes {
                if self.tree.numbered(changed).starts_with(&number) {
                    let title = format!("`{}` varies by itself", axis.join("."));
                    let label = "so a variant cannot change it";
                    let diagnostic = Diagnostic::new(*origin, title, label);
                    problems.push(diagnostic.related(axis_origin, "it varies here"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
