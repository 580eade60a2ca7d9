//! The table of keys in `docs/experiment-file.md`, made from the schema; tests hold it, and with it
//! the schema, against what the reader does.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::keys::EXPERIMENT_KEYS;
use super::keys::Keys;
use super::schema;
use crate::config::ANY_ELEMENT;

mod example;

use example::{Place, read};

const DOCUMENT: &str = "docs/experiment-file.md";
const BEGIN: &str = "<!-- The table is made by `UPDATE_SCHEMA=1 cargo test current`. -->\n\n";
const END: &str = "\n<!-- End of the table. -->";

/// Tables in the order of the document; keys of the experiment itself come before and after.
const ORDER: [&str; 13] = [
    "name",
    "description",
    "dataset",
    "augmentation",
    "network",
    "optimizer",
    "schedule",
    "training",
    "evaluation",
    "grid",
    "search",
    "exclude",
    "halving",
];

/// One key. A key whose kinds differ in it has several rows.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    key: String,
    kinds: Vec<String>, // empty: the key does not depend on `kind`
    schema: Value,      // without `$ref` at its top
    default: Option<Value>,
    presence: String, // the default in words
}

/// Follows `$ref`s in a schema.
struct Walk {
    root: Value,
}

impl Walk {
    fn rows() -> Vec<Row> {
        let walk = Walk { root: schema().to_value() };
        let mut names: Vec<&String> = object(&walk.root["properties"]).keys().collect();
        names.sort_by_key(|name| ORDER.iter().position(|known| known == name));
        let mut rows = Vec::new();
        for name in names {
            walk.add(name, &walk.root["properties"][name], &Value::Null, &mut rows);
        }
        rows
    }

    /// The schema with what it refers to; its own words win.
    fn resolved(&self, schema: &Value) -> Value {
        let Some(reference) = schema["$ref"].as_str() else {
            return schema.clone();
        };
        let pointer = reference.strip_prefix('#').expect("a reference into $defs");
        let mut merged = self.resolved(self.root.pointer(pointer).expect("defined"));
        for (keyword, value) in object(schema).iter().filter(|(keyword, _)| *keyword != "$ref") {
            merged[keyword] = match (keyword.as_str(), &merged[keyword]) {
                ("properties", Value::Object(more)) => {
                    more.iter().chain(object(value)).map(|(k, v)| (k.clone(), v.clone())).collect()
                }
                ("required", Value::Array(more)) => {
                    more.iter().chain(items(value)).cloned().collect()
                }
                _ => value.clone(),
            };
        }
        merged
    }

    /// Adds the rows of a key, or of the keys of a table.
    fn add(&self, key: &str, schema: &Value, table: &Value, rows: &mut Vec<Row>) {
        let schema = self.resolved(schema);
        if schema["properties"].is_null() && schema["oneOf"][0]["properties"]["kind"].is_null() {
            rows.push(self.row(key, schema.clone(), table));
            // A choice that is a table has keys of its own.
            for choice in items(&schema["oneOf"]).filter(|choice| choice["const"].is_null()) {
                self.add_keys(key, choice, rows);
            }
            self.add_elements(key, &schema["items"], rows);
            return;
        }
        if !schema["oneOf"].is_null() {
            self.add_kinds(key, &schema, rows);
        }
        self.add_keys(key, &schema, rows);
    }

    fn add_keys(&self, table: &str, schema: &Value, rows: &mut Vec<Row>) {
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            self.add(&format!("{table}.{key}"), property, schema, rows);
        }
    }

    /// Adds the keys of the tables of a list, except within one of the same tables.
    fn add_elements(&self, list: &str, schema: &Value, rows: &mut Vec<Row>) {
        let schema = self.resolved(schema);
        let is_table = !schema["properties"].is_null() || !schema["oneOf"].is_null();
        let name = list.rsplit('.').next().unwrap_or_default();
        if is_table && !list.ends_with(&format!("{name}{ANY_ELEMENT}.{name}")) {
            self.add(&format!("{list}{ANY_ELEMENT}"), &schema, &Value::Null, rows);
        }
    }

    fn add_kinds(&self, table: &str, schema: &Value, rows: &mut Vec<Row>) {
        let kinds: Vec<Value> = items(&schema["oneOf"]).map(|kind| self.resolved(kind)).collect();
        let choices: Vec<Value> = kinds.iter().map(kind_choice).collect();
        let kind_key = format!("{table}.kind");
        rows.push(self.row(
            &kind_key,
            json!({ "oneOf": choices }),
            &json!({ "required": ["kind"] }),
        ));
        let mut merged: Vec<Row> = Vec::new();
        let mut of_elements: Vec<Row> = Vec::new(); // their kinds are those of the elements
        for (kind, choice) in kinds.iter().zip(&choices) {
            let mut found = Vec::new();
            self.add_keys(table, kind, &mut found);
            let name = choice["const"].as_str().expect("a kind has a name");
            let (elements, own): (Vec<Row>, Vec<Row>) =
                found.into_iter().partition(|row| row.key[table.len()..].contains(ANY_ELEMENT));
            of_elements.extend(elements);
            for row in own.into_iter().filter(|row| row.key != kind_key) {
                merge(&mut merged, row, name);
            }
        }
        // What every kind has in the same way does not depend on the kind.
        merged
            .iter_mut()
            .filter(|row| row.kinds.len() == kinds.len())
            .for_each(|row| row.kinds.clear());
        merged.append(&mut of_elements);
        merged.sort_by(|a, b| a.key.cmp(&b.key)); // stable: kinds keep their order
        rows.append(&mut merged);
    }

    fn row(&self, key: &str, schema: Value, table: &Value) -> Row {
        let default = schema.get("default").cloned();
        let presence = match &default {
            Some(value) => format!("`{value}`"),
            None => self.presence(key, table),
        };
        Row { key: key.to_owned(), kinds: Vec::new(), schema, default, presence }
    }

    /// What the schema demands of a key without a default where no grid can give it.
    fn presence(&self, key: &str, table: &Value) -> String {
        let (parent, name) = key.rsplit_once('.').unwrap_or(("", key));
        let demands = &self.root["then"]["properties"][parent];
        let lists = |list: &Value| items(list).any(|item| item == name);
        let alternatives: Vec<&Value> =
            items(&demands["anyOf"]).flat_map(|one| items(&one["required"])).collect();
        let of_kinds = || items(&demands["allOf"]).any(|kind| lists(&kind["then"]["required"]));
        if lists(&table["required"]) || lists(&demands["required"]) || of_kinds() {
            return "required".to_owned();
        }
        match alternatives.iter().find(|other| **other != name) {
            Some(other) if alternatives.iter().any(|own| *own == name) => {
                format!("required, or `{}`", other.as_str().unwrap_or_default())
            }
            _ => "none".to_owned(),
        }
    }
}

/// Adds a row of a kind, to a row that says the same of another kind if there is one.
fn merge(rows: &mut Vec<Row>, row: Row, kind: &str) {
    let is_same = |other: &Row| Row { kinds: Vec::new(), ..other.clone() } == row;
    match rows.iter_mut().find(|other| is_same(other)) {
        Some(there) => there.kinds.push(kind.to_owned()),
        None => rows.push(Row { kinds: vec![kind.to_owned()], ..row }),
    }
}

fn kind_choice(kind: &Value) -> Value {
    let mut choice = kind["properties"]["kind"].clone();
    choice["description"] = kind["description"].clone();
    choice
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("an object")
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

impl Row {
    fn markdown(&self) -> String {
        let kinds: Vec<String> = self.kinds.iter().map(|kind| format!("`{kind}`")).collect();
        let cells = [
            format!("`{}`", self.key),
            kinds.join(", "),
            type_words(&self.schema),
            range_words(&self.schema),
            self.presence.clone(),
            meaning(&self.schema),
        ];
        format!("| {} |\n", cells.join(" | "))
    }
}

fn type_words(schema: &Value) -> String {
    match schema["type"].as_str() {
        _ if !schema["oneOf"].is_null() => "choice".to_owned(),
        _ if !schema["anyOf"].is_null() => either(&schema["anyOf"], type_words),
        Some("integer") => "whole number".to_owned(),
        Some("array") if schema["items"]["type"] == "integer" => "list of whole numbers".to_owned(),
        Some("array") if schema["items"]["type"] == "string" => "list of strings".to_owned(),
        Some("array") => "list of tables".to_owned(),
        Some("object") | None => "table".to_owned(),
        Some("boolean") => "`true` or `false`".to_owned(),
        Some(other) => other.to_owned(),
    }
}

fn range_words(schema: &Value) -> String {
    let bounds = ["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"];
    match bounds.map(|name| schema.get(name)) {
        [Some(least), None, None, None] => format!("{least} or more"),
        [Some(least), None, Some(most), None] => format!("{least} to {most}"),
        [Some(least), None, None, Some(above)] => format!("at least {least}, below {above}"),
        [None, Some(below), None, None] => format!("above {below}"),
        [None, None, None, None] if schema["items"]["type"] == "integer" => list_range(schema),
        [None, None, None, None] => either(&schema["anyOf"], range_words),
        other => panic!("a range of another shape: {other:?}"),
    }
}

fn list_range(schema: &Value) -> String {
    let least = schema["minItems"].as_u64().map(|least| format!("at least {least}"));
    let each = Some(format!("each {}", range_words(&schema["items"])));
    let unique = (schema["uniqueItems"] == true).then(|| "no two the same".to_owned());
    [least, each, unique].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn either(choices: &Value, words: fn(&Value) -> String) -> String {
    let words: Vec<String> = items(choices).map(words).filter(|words| !words.is_empty()).collect();
    words.join("; or ")
}

/// The description, and that of each choice.
fn meaning(schema: &Value) -> String {
    let mut sentences: Vec<String> =
        schema["description"].as_str().map(sentence).into_iter().collect();
    for choice in items(&schema["oneOf"]) {
        let name = match choice["const"].as_str() {
            Some(word) => format!("\"{word}\""),
            None => {
                let keys = object(&choice["properties"]).keys();
                format!("{{ {} = {{ ... }} }}", keys.cloned().collect::<Vec<_>>().join(", "))
            }
        };
        let description = choice["description"].as_str().unwrap_or_default();
        sentences.push(format!("`{name}`: {}", sentence(description)));
    }
    sentences.join("<br>")
}

fn sentence(text: &str) -> String {
    let text = text.replace('\n', " ").replace('|', "\\|");
    if text.ends_with('.') { text } else { format!("{text}.") }
}

fn table() -> String {
    let mut text = "| Key | Kinds | Type | Range | Default | Meaning |\n".to_owned();
    text.push_str("|---|---|---|---|---|---|\n");
    text.extend(Walk::rows().iter().map(Row::markdown));
    text
}

#[test]
fn key_table_in_the_docs_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT);
    let document = std::fs::read_to_string(&path).expect("the document is in the repository");
    let (before, rest) = document.split_once(BEGIN).expect("the table's begin is marked");
    let (committed, after) = rest.split_once(END).expect("the table's end is marked");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        let text = format!("{before}{BEGIN}{}{END}{after}", table());
        std::fs::write(&path, text).expect("the repository is writable");
    } else {
        let hint = "run `UPDATE_SCHEMA=1 cargo test current` and look at the difference";
        assert!(committed == table(), "{DOCUMENT} is out of date: {hint}");
    }
}

/// Neither has a key that the other has not.
#[test]
fn schema_and_reader_have_the_same_keys() {
    let in_schema: BTreeSet<String> = Walk::rows().into_iter().map(|row| row.key).collect();
    let read = Keys::of_trials();
    let is_of_experiment =
        |key: &str| EXPERIMENT_KEYS.contains(&key.split('.').next().unwrap_or_default());
    let is_table = |name: &str| in_schema.iter().any(|key| key.starts_with(&format!("{name}.")));
    for name in read.names().filter(|name| !is_table(name)) {
        assert!(in_schema.contains(name), "the schema lacks {name}");
    }
    for key in in_schema.iter().filter(|key| !is_of_experiment(key)) {
        assert!(read.names().any(|name| name == key), "the reader lacks {key}");
    }
}

#[test]
fn defaults_are_those_that_the_reader_fills_in() {
    for row in Walk::rows().iter().filter(|row| row.default.is_some()) {
        let kinds = row.kinds.iter().map(Some).chain(row.kinds.is_empty().then_some(None));
        for kind in kinds {
            let place = Place::of(&row.key, kind);
            let trial = read(&place, None).unwrap_or_else(|error| panic!("{}: {error}", row.key));
            match trial.to_json().pointer(&place.pointer()) {
                Some(filled_in) => assert_eq!(Some(filled_in), row.default.as_ref(), "{}", row.key),
                // Left out while it has its default: writing that out changes nothing.
                None => assert_eq!(read(&place, row.default.as_ref()), Ok(trial)),
            }
        }
    }
}

#[test]
fn ranges_are_those_that_the_reader_accepts() {
    for row in Walk::rows() {
        let bounds =
            [("minimum", -1), ("exclusiveMinimum", 0), ("maximum", 1), ("exclusiveMaximum", 0)];
        for (name, outward) in bounds {
            let Some(bound) = row.schema[name].as_i64() else { continue };
            let place = Place::of(&row.key, row.kinds.first());
            let is_rejected = |number: i64| {
                let error = read(&place, Some(&number.into())).err();
                let title = format!("`{}` is out of range", place.key);
                error.is_some_and(|text| text.contains(&title))
            };
            assert!(is_rejected(bound + outward), "{} of {}", name, row.key);
            assert!(outward == 0 || !is_rejected(bound), "{} of {}", name, row.key);
        }
    }
}
