//! The keys of a whole experiment file: those of a trial's tables, and those that make several
//! trials.

use serde_json::{Value, json};

use super::search::SearchTable;
use super::{HalvingConfig, Trial};
use crate::config::keys::{ConfigTable, KeyFacts, Preset, TableFacts, ValueKind};

/// Keys of the experiment before a trial's tables.
const BEFORE: [(&str, &str, ValueKind); 3] = [
    (
        "extends",
        "Another experiment file, of which this one states only what differs.",
        ValueKind::Text,
    ),
    (
        "name",
        "Shown in tables and plots; absent: the file name without its extension.",
        ValueKind::Other(name_schema, &[]),
    ),
    ("description", "The question that the experiment answers.", ValueKind::Text),
];

/// Keys of the experiment after them.
const BEHIND: [(&str, &str, ValueKind); 6] = [
    (
        "variant",
        "Changes of the file, each tried by itself beside the file as it is: the baseline.",
        ValueKind::Other(variant_schema, &[]),
    ),
    (
        "baseline_seeds",
        "More seeds for the baseline than for the others: every change is compared with it.",
        ValueKind::Seeds(10_000),
    ),
    (
        "grid",
        "What varies: a table of axes is a product, several tables are joined.",
        ValueKind::Other(grid_schema, &[]),
    ),
    (
        "search",
        "Points drawn from ranges; each is combined with every point of the grid and every seed.",
        ValueKind::Table(SearchTable::facts),
    ),
    (
        "exclude",
        "Tables of keys and values; a point of the grid that matches all keys of one table is dropped.",
        ValueKind::Other(exclude_schema, &[]),
    ),
    (
        "halving",
        "Trains all configs a little and continues only the better ones.",
        ValueKind::Table(HalvingConfig::facts),
    ),
];

/// The keys of an experiment file, in the order of the documentation.
pub(super) fn file_facts() -> TableFacts {
    let key = |(name, words, kind): (&'static str, &str, ValueKind)| KeyFacts {
        name,
        words: words.to_owned(),
        kind,
        preset: Preset::Absent,
        is_left_out: false,
    };
    let trial = Trial::facts().keys.into_iter();
    TableFacts {
        name: "Experiment",
        words: "An experiment of `runner`: the trials of a grid, each with every seed.".to_owned(),
        keys: BEFORE.into_iter().map(key).chain(trial).chain(BEHIND.into_iter().map(key)).collect(),
        kinds: Vec::new(),
    }
}

/// Names of keys that belong to the experiment rather than to a trial.
pub(super) fn experiment_keys() -> impl Iterator<Item = &'static str> {
    BEFORE.into_iter().chain(BEHIND).map(|(name, _, _)| name)
}

fn name_schema() -> Value {
    json!({ "type": "string", "pattern": r"^[^\x00-\x1f\x7f]*$" })
}

/// Keys such as `"network.dropout"`, or tables of them, with the list of values to try.
fn grid_schema() -> Value {
    json!({ "anyOf": [
        { "$ref": "#/definitions/grid.axes" },
        { "type": "array", "items": { "$ref": "#/definitions/grid.axes" } },
    ] })
}

/// Changes of a trial's keys, with a name.
fn variant_schema() -> Value {
    let changes = json!({ "$ref": "#/definitions/variant.changes" });
    json!({ "anyOf": [changes, { "type": "array", "items": changes }] })
}

/// What a variant may have besides changes.
pub(super) fn variant_keys() -> [(&'static str, Value); 2] {
    let numbers =
        json!({ "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 });
    [("name", name_schema()), ("expected", numbers)]
}

fn exclude_schema() -> Value {
    let table = json!({ "type": "object", "additionalProperties": true });
    json!({ "anyOf": [table, { "type": "array", "items": table }] })
}
