//! `--set KEY=VALUE`: replaces a key as if the file said so.

use crate::config::{Entry, Node, Problems, TomlTable, Value};

use super::axis::{Axis, Grid, report_unequal};
use super::file::experiment_keys;
use super::keys::Keys;
use super::merge::in_other_units;
use super::search::{Search, new_values};

/// A parsed `--set`.
#[derive(Debug)]
pub(super) struct Override {
    pub(super) path: Vec<String>,
    pub(super) entry: Entry,
}

/// Whether an override is about the experiment's own keys.
pub(super) fn is_of_experiment(given: &Override) -> bool {
    experiment_keys().any(|key| key == given.path[0])
}

/// Applies the overrides of trial keys in the given order: to the grid or the search if the key is
/// an axis there, else to the base. Returns those that must be applied again over an axis of whole
/// tables.
pub(super) fn apply(
    overrides: Vec<Override>,
    base: &mut TomlTable,
    grids: &mut [Grid],
    search: &mut Option<Search>,
    keys: &Keys,
    problems: &Problems,
) -> Vec<Override> {
    remove_other_units(&overrides, base);
    let mut late = Vec::new();
    for Override { path, entry } in overrides {
        if !keys.has(&path) {
            keys.report_unknown(&path, entry.key_origin, "no such key", problems);
            continue;
        }
        // An element's number and name are the same key.
        let number = base.numbered(&path);
        let is_same = |base: &TomlTable, axis: &[String]| base.numbered(axis) == number;
        let is_drawn = search.iter().flat_map(Search::paths).any(|axis| is_same(base, axis));
        if is_drawn && let Some(search) = search {
            let relisted = relisted(&path, &entry, keys);
            if let Some(values) = new_values(&path, &entry, relisted, keys, problems) {
                search.replace(&values, |axis| is_same(base, axis));
                continue;
            }
            search.remove(|axis| is_same(base, axis));
        }
        let is_axis = axes(grids, search).any(|axis| is_same(base, axis));
        match relisted(&path, &entry, keys).filter(|_| is_axis) {
            Some(new) => relist(grids, &new, |axis| is_same(base, &axis.path), problems),
            None => {
                let others = |axis: &Axis| !is_same(base, &axis.path);
                grids.iter_mut().for_each(|grid| grid.retain(others));
                let set = base.set(&path, entry.key_origin, entry.node.clone());
                // A name may mean different elements in the tables of an axis.
                let is_late = axes(grids, search).any(|axis| {
                    number.starts_with(&base.numbered(axis)) || keys.may_hold(axis, &path)
                });
                if is_late {
                    late.push(Override { path, entry });
                } else if let Err(no) = set {
                    problems.push(no.diagnostic(entry.key_origin));
                }
            }
        }
    }
    late
}

/// Takes out of `base` what the overrides say in other units.
fn remove_other_units(overrides: &[Override], base: &mut TomlTable) {
    for Override { path, .. } in overrides {
        let [table, key] = path.as_slice() else { continue };
        let Some(other) = in_other_units(key) else { continue };
        let is_set = overrides.iter().any(|given| given.path == [table.as_str(), other]);
        let entry = base.entries.iter_mut().find(|entry| entry.key == *table && !is_set);
        if let Some(Entry { node: Node { value: Value::Table(table), .. }, .. }) = entry {
            table.remove(other);
        }
    }
}

/// The keys that vary.
fn axes<'a>(grids: &'a [Grid], search: &'a Option<Search>) -> impl Iterator<Item = &'a [String]> {
    let of_grids = grids.iter().flat_map(Grid::keys).map(|(path, _)| path);
    of_grids.chain(search.iter().flat_map(Search::paths))
}

/// The axis that a list means, unless the list is one value of its key.
fn relisted(path: &[String], entry: &Entry, keys: &Keys) -> Option<Axis> {
    let Value::Array(values) = &entry.node.value else {
        return None;
    };
    let lists = values.iter().all(|value| matches!(value.value, Value::Array(_)));
    let is_axis = !values.is_empty() && (lists || !keys.is_list(path));
    is_axis.then(|| Axis::new(path.to_vec(), entry.key_origin, values.clone()))
}

/// Gives the axis its new values, keeping its position.
fn relist(grids: &mut [Grid], new: &Axis, is_same: impl Fn(&Axis) -> bool, problems: &Problems) {
    new.report_duplicates(problems);
    for axis in grids.iter_mut().flat_map(Grid::axes_mut).filter(|axis| is_same(axis)) {
        *axis = new.clone();
    }
    for zip in grids.iter().flat_map(|grid| &grid.zips) {
        report_unequal(&zip.axes, problems);
    }
}
