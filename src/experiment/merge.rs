//! One table laid over another, as `extends` and `[[variant]]` do it: tables are merged key by key, a table
//! whose `kind` changes is replaced, and so is every other value, lists as a whole. A length in steps replaces
//! one in epochs.

use crate::config::{Entry, Node, Problems, TomlTable, Value};

/// Keys that say the same in other units. One of them takes the place of the other.
const OTHER_UNITS: [[&str; 2]; 2] = [["epochs", "steps"], ["warmup_epochs", "warmup_steps"]];

/// The key that says the same as `key` in other units.
pub(super) fn in_other_units(key: &str) -> Option<&'static str> {
    OTHER_UNITS.iter().find_map(|[first, second]| match key {
        _ if key == *first => Some(*second),
        _ if key == *second => Some(*first),
        _ => None,
    })
}

/// Lays the tables of a file on those of another. A table over a list changes the elements that it names by
/// number or name, and it is reported where the list lacks one; but `[grid]` replaces the list `[[grid]]`.
pub(super) fn merge(base: &mut TomlTable, over: TomlTable, problems: &Problems) {
    for entry in &over.entries {
        let is_list = |there: &Entry| matches!(there.node.value, Value::Array(_));
        base.entries.retain(|there| there.key != entry.key || !is_list(there));
    }
    merge_table(base, over, problems);
}

fn merge_table(base: &mut TomlTable, over: TomlTable, problems: &Problems) {
    for entry in &over.entries {
        if let Some(other) = in_other_units(&entry.key).filter(|other| over.get(other).is_none()) {
            base.remove(other);
        }
    }
    for entry in over.entries {
        match base.entries.iter_mut().find(|there| there.key == entry.key) {
            Some(there) => merge_entry(there, entry, problems),
            None => base.entries.push(entry),
        }
    }
}

fn merge_entry(there: &mut Entry, over: Entry, problems: &Problems) {
    if !merges(&there.node, &over.node) {
        *there = over;
        return;
    }
    let Value::Table(changes) = over.node.value else { return };
    match &mut there.node.value {
        Value::Table(table) => merge_table(table, changes, problems),
        Value::Array(_) => {
            for change in changes.entries {
                merge_element(there, change, problems);
            }
        }
        _ => {}
    }
}

/// Changes one element of the list `there`.
fn merge_element(there: &mut Entry, change: Entry, problems: &Problems) {
    let origin = change.key_origin;
    match there.node.element_mut(&change.key) {
        Err(no) => problems.push(no.within(&there.key).diagnostic(origin)),
        Ok(element) => {
            let key = there.key.clone();
            let mut entry = Entry { key, key_origin: element.origin, node: element.clone() };
            merge_entry(&mut entry, change, problems);
            *element = entry.node;
        }
    }
}

/// Whether what is there stays, but for what the other table says.
fn merges(there: &Node, over: &Node) -> bool {
    match (&there.value, &over.value) {
        (Value::Table(there), Value::Table(over)) => !changes_kind(there, over),
        (Value::Array(_), Value::Table(_)) => true,
        _ => false,
    }
}

fn changes_kind(there: &TomlTable, over: &TomlTable) -> bool {
    let kind = |table: &TomlTable| table.get("kind").map(|entry| entry.node.meaning());
    let (there, over) = (kind(there), kind(over));
    there.is_some() && over.is_some() && there != over
}
