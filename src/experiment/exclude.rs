//! `[[exclude]]`: drops the grid points that match all keys of a table. There may be many points
//! and many tables, so tables are looked up by a point's values instead of being compared with each
//! point.

use std::cell::{Cell, LazyCell, RefCell};
use std::collections::{BTreeSet, HashMap};

use serde_json::Value as Json;

use crate::config::{Diagnostic, Entry, NoElement, Node, Origin, Problems, TomlTable, Value};

use super::axis::{leaves, tables};
use super::keys::Keys;
use super::left_out::{default_of_kind, is_off_where_absent};

/// The most different sets of keys in the tables, because each is looked up for each point.
const MOST_KEY_SETS: usize = 100;

/// All `[[exclude]]` tables.
#[derive(Default)]
pub(super) struct Exclusions {
    list: Vec<Exclusion>,
    keys: Vec<NamedKey>,
    groups: Vec<TableGroup>,
}

/// One table.
struct Exclusion {
    origin: Origin,
    conditions: Vec<(usize, Origin)>, // each key, and where it is written
    group: usize,
    values: Vec<String>,
    seeds: Option<BTreeSet<u64>>, // the seeds it applies to, if not all
}

/// A key that some table names.
struct NamedKey {
    path: Vec<String>,
    element: RefCell<ListElement>,
}

/// The tables that name the same keys, by their values.
struct TableGroup {
    keys: Vec<usize>,
    tables: HashMap<Vec<String>, SeedUse>,
}

/// The seeds for which points with the same values are dropped, and whether any was.
#[derive(Default)]
struct SeedUse {
    all: Option<Cell<bool>>,
    some: HashMap<u64, Cell<bool>>,
}

/// Whether any point has the list element in a path.
#[derive(Default)]
enum ListElement {
    #[default]
    NotAskedFor,
    Found,
    Missing(NoElement),
}

/// The tables that a point matches, except for its seed.
pub(super) struct Matching<'a>(Vec<&'a SeedUse>);

/// Reads the value of the key `exclude`.
pub(super) fn read_exclusions(
    entry: Option<&Entry>,
    keys: &Keys,
    problems: &Problems,
) -> Exclusions {
    let mut exclusions = Exclusions::default();
    let mut indices = Indices::default();
    for (origin, table) in entry.map(|entry| tables(entry, problems)).unwrap_or_default() {
        let leaves = leaves(table, problems);
        if leaves.is_empty() {
            let label = "would drop every point";
            problems.push(Diagnostic::new(origin, "`exclude` without keys", label));
            continue;
        }
        for (path, leaf) in &leaves {
            if !keys.has(path) {
                keys.report_unknown(path, leaf.key_origin, "no such key", problems);
            }
        }
        exclusions.add(origin, leaves, &mut indices);
        if exclusions.groups.len() > MOST_KEY_SETS {
            let title = "`exclude` has too many different tables";
            let label = format!("at most {MOST_KEY_SETS} different sets of keys are possible");
            problems.push(Diagnostic::new(origin, title, label));
            return Exclusions::default();
        }
    }
    exclusions
}

/// Indices of keys and sets of keys in [`Exclusions`].
#[derive(Default)]
struct Indices {
    keys: HashMap<Vec<String>, usize>,
    groups: HashMap<Vec<usize>, usize>,
}

impl Exclusions {
    fn add(&mut self, origin: Origin, leaves: Vec<(Vec<String>, &Entry)>, indices: &mut Indices) {
        let mut seeds: Option<BTreeSet<u64>> = None;
        let mut wanted = Vec::new();
        for (path, entry) in leaves {
            if path == ["training", "seeds"] {
                let named = seeds_of(&entry.node);
                seeds = Some(match seeds {
                    Some(seeds) => &seeds & &named,
                    None => named,
                });
                continue;
            }
            let next_key = self.keys.len();
            let key = *indices.keys.entry(path.clone()).or_insert(next_key);
            if key == next_key {
                self.keys.push(NamedKey { path, element: RefCell::default() });
            }
            wanted.push((key, entry.key_origin, entry.node.meaning()));
        }
        wanted.sort();
        let keys: Vec<usize> = wanted.iter().map(|(key, ..)| *key).collect();
        let values: Vec<String> = wanted.iter().map(|(.., value)| value.clone()).collect();
        let conditions = wanted.into_iter().map(|(key, at, _)| (key, at)).collect();
        let next_group = self.groups.len();
        let group = *indices.groups.entry(keys.clone()).or_insert(next_group);
        if group == next_group {
            self.groups.push(TableGroup { keys, tables: HashMap::new() });
        }
        let there = self.groups[group].tables.entry(values.clone()).or_default();
        match &seeds {
            None => drop(there.all.get_or_insert_default()),
            Some(seeds) => there.some.extend(seeds.iter().map(|seed| (*seed, Cell::new(false)))),
        }
        self.list.push(Exclusion { origin, conditions, group, values, seeds });
    }

    /// The tables that a point matches. Keys that its tree lacks are compared with the default in
    /// its trial.
    pub(super) fn matching(
        &self,
        tree: &TomlTable,
        defaults: &LazyCell<Json, impl FnOnce() -> Json>,
    ) -> Matching<'_> {
        let values: Vec<Option<String>> =
            self.keys.iter().map(|key| key.value(tree, defaults)).collect();
        let of_group = |group: &TableGroup| -> Option<Vec<String>> {
            group.keys.iter().map(|key| values[*key].clone()).collect()
        };
        let matching = self.groups.iter();
        Matching(matching.filter_map(|group| group.tables.get(&of_group(group)?)).collect())
    }

    /// Reports the tables that drop nothing, because a value is probably misspelt.
    pub(super) fn report_unmatched(&self, problems: &Problems) {
        for exclusion in &self.list {
            let missing: Vec<Diagnostic> = (exclusion.conditions.iter())
                .filter_map(|(key, origin)| self.keys[*key].missing_element(*origin))
                .collect();
            if missing.is_empty() && !self.has_matched(exclusion) {
                let label = "matches no point of the grid";
                let title = "`exclude` drops nothing";
                problems.push(Diagnostic::new(exclusion.origin, title, label));
            }
            problems.extend(missing);
        }
    }

    fn has_matched(&self, exclusion: &Exclusion) -> bool {
        let matched = self.groups[exclusion.group].tables.get(&exclusion.values);
        matched.is_some_and(|there| match &exclusion.seeds {
            None => there.all.as_ref().is_some_and(Cell::get),
            Some(seeds) => seeds.iter().any(|seed| there.some.get(seed).is_some_and(Cell::get)),
        })
    }
}

impl Matching<'_> {
    /// Whether the point with this seed is dropped.
    pub(super) fn drops(&self, seed: u64) -> bool {
        let mut drops = false;
        for seeds in &self.0 {
            // All must be checked, to know which of them drop anything.
            for matched in seeds.all.iter().chain(seeds.some.get(&seed)) {
                matched.set(true);
                drops = true;
            }
        }
        drops
    }
}

impl NamedKey {
    /// The meaning of a point's value; none if it has none, or one that a file cannot express.
    fn value(
        &self,
        tree: &TomlTable,
        defaults: &LazyCell<Json, impl FnOnce() -> Json>,
    ) -> Option<String> {
        let found = tree.find(&self.path);
        self.note(found.as_ref().err());
        match found {
            Ok(Some(node)) => Some(node.meaning()),
            Ok(None) => {
                let numbered = tree.numbered(&self.path);
                let set = defaults.pointer(&format!("/{}", numbered.join("/")));
                let kind_of = |path: &str| {
                    let kind = defaults.pointer(&format!("/{}/kind", path.replace('.', "/")))?;
                    kind.as_str().map(str::to_owned)
                };
                let left_out = || default_of_kind(&numbered.join("."), kind_of);
                match set.or_else(left_out) {
                    None if is_off_where_absent(&self.path) => meaning_of_json(&Json::Bool(false)),
                    default => default.and_then(meaning_of_json),
                }
            }
            Err(_) => None,
        }
    }

    fn note(&self, missing: Option<&NoElement>) {
        let mut element = self.element.borrow_mut();
        match (&*element, missing) {
            (_, None) => *element = ListElement::Found,
            (ListElement::NotAskedFor, Some(missing)) => {
                *element = ListElement::Missing(missing.clone())
            }
            _ => {}
        }
    }

    /// The problem that no point has the element, if so.
    fn missing_element(&self, key_origin: Origin) -> Option<Diagnostic> {
        match &*self.element.borrow() {
            ListElement::Missing(no) => Some(no.diagnostic(key_origin)),
            ListElement::NotAskedFor | ListElement::Found => None,
        }
    }
}

fn seeds_of(wanted: &Node) -> BTreeSet<u64> {
    match &wanted.value {
        Value::Integer(number) => u64::try_from(*number).into_iter().collect(),
        Value::Array(items) => items.iter().flat_map(seeds_of).collect(),
        _ => BTreeSet::new(),
    }
}

/// Like [`Node::meaning`] of a value written this way.
fn meaning_of_json(json: &Json) -> Option<String> {
    let value = match json {
        Json::String(text) => Value::String(text.clone()),
        Json::Bool(flag) => Value::Boolean(*flag),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Integer(number),
            None => Value::Float(number.as_f64()?),
        },
        Json::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(meaning_of_json).collect();
            return Some(format!("[{}]", items?.join(",")));
        }
        Json::Null | Json::Object(_) => return None,
    };
    Some(Node { origin: Origin::start_of(0), value }.meaning())
}
