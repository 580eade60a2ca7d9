//! Compares the declared ranges and defaults with the behaviour of the tables' readers.

use super::KeyRow;
use crate::config::keys::{ConfigTable, Entries, KeyFacts, Preset, TableFacts, ValueKind, Written};
use crate::config::{ANY_ELEMENT, Bound, Problems, TableReader, parse_document};
use crate::data::{AugmentationConfig, DatasetConfig};
use crate::experiment::HalvingConfig;
use crate::experiment::key_table::rows;
use crate::nn::NetworkConfig;
use crate::optim::{OptimizerConfig, ScheduleConfig};
use crate::train::{EvaluationConfig, TrainingConfig};

/// The titles of the problems in an experiment's table, and what it is read as.
fn read(table: &str, text: &str) -> (Vec<String>, Entries) {
    fn entries<T: ConfigTable>(reader: &mut TableReader<'_>) -> Entries {
        T::read(reader).entries()
    }
    let problems = Problems::new();
    let tree = parse_document(text, 0, &problems);
    let mut root = TableReader::root(&tree, 0, &problems);
    let entries = match table {
        "dataset" => root.table(DATASET, |_, _| String::new(), entries::<DatasetConfig>),
        "augmentation" => {
            root.table("augmentation", |_, _| String::new(), entries::<AugmentationConfig>)
        }
        "network" => root.table("network", |_, _| String::new(), entries::<NetworkConfig>),
        "optimizer" => root.table("optimizer", |_, _| String::new(), entries::<OptimizerConfig>),
        "schedule" => root.table("schedule", |_, _| String::new(), entries::<ScheduleConfig>),
        "training" => root.table("training", |_, _| String::new(), entries::<TrainingConfig>),
        "evaluation" => root.table("evaluation", |_, _| String::new(), entries::<EvaluationConfig>),
        "halving" => root.table("halving", |_, _| String::new(), entries::<HalvingConfig>),
        other => panic!("no table {other}"),
    };
    let titles = problems.into_sorted().into_iter().map(|problem| problem.title);
    (titles.collect(), entries)
}

const DATASET: &str = "dataset";

/// Rows of the tables that are read by themselves.
fn rows_of_tables() -> Vec<KeyRow> {
    let is_of_table = |row: &KeyRow| row.key.contains('.') && !row.key.starts_with("search.");
    rows().into_iter().filter(is_of_table).collect()
}

/// The shortest table with the key of a row, in its first kind, and the key's path; with or without
/// a value.
fn shortest(row: &KeyRow, value: Option<&str>) -> (String, String) {
    let mut lines = Vec::new();
    let (key, kind) = match row.key.split_once(ANY_ELEMENT) {
        None => (row.key.clone(), row.kinds.first().copied()),
        Some((list, rest)) => {
            lines.push("network.kind = \"layers\"".to_owned());
            let kind = row.kinds.first().unwrap_or(&"relu");
            let facts = facts_of_kind("network.layers[]", kind);
            let mut keys = vec![format!("kind = \"{kind}\"")];
            keys.extend(
                examples(&facts)
                    .filter(|(name, _)| format!(".{name}") != rest)
                    .map(|(name, example)| format!("{name} = {example}")),
            );
            keys.extend(value.map(|value| format!("{} = {value}", &rest[1..])));
            lines.push(format!("{list} = [{{ {} }}]", keys.join(", ")));
            return (lines.join("\n"), format!("{list}.0{rest}"));
        }
    };
    let (table, _) = key.split_once('.').expect("a key of a table");
    let kind = kind.or_else(|| first_kind(table));
    let mut needed = Vec::new();
    if let Some(kind) = kind {
        lines.push(format!("{table}.kind = \"{kind}\""));
        needed.extend(examples(&facts_of_kind(table, kind)));
    }
    if let Some((outer, _)) = key.rsplit_once('.').filter(|(outer, _)| *outer != table) {
        let of_outer = rows().into_iter().filter(|row| row.key.starts_with(&format!("{outer}.")));
        let required = of_outer.filter_map(|row| Some((row.key.clone(), example(&row.facts)?)));
        let required = required.filter(|(name, _)| *name != key);
        let required = required.map(|(name, example)| format!("{name} = {example}"));
        let required: Vec<String> = required.collect();
        if required.is_empty() && value.is_none() {
            lines.push(format!("{outer} = {{}}")); // it may be absent otherwise
        }
        lines.extend(required);
    }
    let needed = needed.into_iter().map(|(name, example)| (format!("{table}.{name}"), example));
    lines.extend(
        needed
            .filter(|(name, _)| *name != key)
            .map(|(name, example)| format!("{name} = {example}")),
    );
    lines.extend(value.map(|value| format!("{key} = {value}")));
    (lines.join("\n"), key)
}

fn first_kind(table: &str) -> Option<&'static str> {
    let kinds = rows().into_iter().find(|row| row.key == format!("{table}.kind"))?.facts.kind;
    let ValueKind::Words(words) = kinds else { panic!("kinds are words") };
    (table != "halving").then(|| words[0].0)
}

fn facts_of_kind(table: &str, kind: &str) -> TableFacts {
    let kinds = match table {
        "dataset" => DatasetConfig::facts(),
        "network" => NetworkConfig::facts(),
        "network.layers[]" => crate::nn::layers::NamedLayer::facts(),
        "optimizer" => OptimizerConfig::facts(),
        "schedule" => ScheduleConfig::facts(),
        other => panic!("{other} has no kinds"),
    };
    let found = kinds.kinds.iter().find(|one| one.name == kind);
    (found.unwrap_or_else(|| panic!("{table} has no kind {kind}")).facts)()
}

fn examples(table: &TableFacts) -> impl Iterator<Item = (&'static str, String)> {
    table.keys.iter().filter_map(|key| Some((key.name, example(key)?)))
}

fn example(key: &KeyFacts) -> Option<String> {
    match (&key.kind, &key.preset) {
        (ValueKind::Tables(_), _) => Some("[{ kind = \"relu\" }]".to_owned()),
        (_, Preset::Required(example) | Preset::RequiredOfTrial(example)) => {
            Some((*example).to_owned())
        }
        _ => None,
    }
}

#[test]
fn ranges_are_those_that_the_reader_accepts() {
    let mut checked = 0;
    for row in rows_of_tables() {
        let ends: Vec<(f64, f64, bool)> = match row.facts.kind {
            ValueKind::Number(range) | ValueKind::NumberOrWords(range, _) => {
                [(range.least, -1.0), (range.most, 1.0)]
                    .into_iter()
                    .filter_map(|(end, outward)| match end? {
                        Bound::With(bound) => Some((bound, outward, true)),
                        Bound::Without(bound) => Some((bound, outward, false)),
                    })
                    .collect()
            }
            ValueKind::Whole(least, most) => {
                let ends = [(Some(least), -1.0), (most, 1.0)].into_iter();
                ends.filter_map(|(end, outward)| Some((end? as f64, outward, true))).collect()
            }
            _ => Vec::new(),
        };
        let is_whole = matches!(row.facts.kind, ValueKind::Whole(..));
        for (bound, outward, belongs) in ends {
            let is_rejected = |number: f64| {
                let text = if is_whole { format!("{number}") } else { format!("{number:?}") };
                let (file, key) = shortest(&row, Some(&text));
                let table = row.key.split('.').next().expect("a table");
                let title = format!("`{key}` is out of range");
                read(table, &file).0.contains(&title)
            };
            assert!(is_rejected(bound + outward), "{} beyond {bound}", row.key);
            assert_eq!(is_rejected(bound), !belongs, "{} at {bound}", row.key);
            checked += 1;
        }
    }
    assert!(checked > 60, "{checked} ends");
}

#[test]
fn defaults_are_those_that_the_reader_fills_in() {
    let mut checked = 0;
    for row in rows_of_tables() {
        let Preset::Fixed(default) = &row.facts.preset else { continue };
        let (file, key) = shortest(&row, None);
        let table = row.key.split('.').next().expect("a table");
        let entries = Written::Table(read(table, &file).1);
        let tree = serde_json::Value::from(&entries);
        let pointer = key.split_once('.').map(|(_, rest)| rest.replace('.', "/"));
        match tree.pointer(&format!("/{}", pointer.expect("a key of a table"))) {
            Some(filled_in) => {
                assert_eq!(*filled_in, serde_json::Value::from(default), "{}", row.key)
            }
            // Those of list elements and of single kinds are nowhere filled in again.
            None => {
                let is_left_out = row.facts.is_left_out || is_left_out(&row);
                assert!(is_left_out, "{} is not written", row.key);
            }
        }
        checked += 1;
    }
    assert!(checked > 50, "{checked} defaults");
}

#[test]
fn what_may_be_absent_is_switched_off_with_false() {
    let mut checked = 0;
    for row in rows_of_tables().iter().filter(|row| row.facts.can_be_switched_off()) {
        let table = row.key.split('.').next().expect("a table");
        let (without, _) = shortest(row, None);
        let (with, _) = shortest(row, Some("false"));
        assert_eq!(read(table, &with), read(table, &without), "{with}");
        checked += 1;
    }
    assert!(checked > 20, "{checked} keys");
}

fn is_left_out(row: &KeyRow) -> bool {
    let left_out = crate::experiment::defaults_left_out();
    left_out.iter().any(|one| one.key == row.key)
}
