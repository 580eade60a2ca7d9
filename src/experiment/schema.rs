//! The JSON Schema of experiment files, made from the declared keys. It uses draft 7, without
//! keywords next to references, because TOML editors support no more.

mod demand;
mod drawn;
mod varied;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use varied::Way;

use super::Trial;
use super::file::file_facts;
use crate::config::keys::{ConfigTable, KeyFacts, KindFacts, Preset, TableFacts, ValueKind};
use crate::config::{Bound, Range};

/// The JSON Schema of experiment files.
pub fn schema() -> Value {
    let mut definitions = Definitions::default();
    let file = file_facts();
    let mut schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": file.name,
    });
    let Value::Object(root) = &mut schema else { return schema };
    root.extend(definitions.table("", &file, &[], None));
    root.insert(
        "anyOf".to_owned(),
        json!([
            { "required": ["grid"] },
            { "required": ["search"] },
            { "required": ["extends"] },
            whole_trial(&file),
        ]),
    );
    root.remove("required");
    let demands = definitions.take_demands(&file.keys);
    for (way, name) in Way::ALL {
        definitions.define_varied(way, name, &Trial::facts().keys);
    }
    root.insert("if".to_owned(), json!({ "required": ["extends"], "additionalProperties": true }));
    root.insert("else".to_owned(), json!({ "properties": demands, "additionalProperties": true }));
    let all: Map<String, Value> = definitions.schemas.into_iter().collect();
    root.insert("definitions".to_owned(), all.into());
    schema
}

/// The schema as the text of `experiment.schema.json`.
pub fn schema_text() -> String {
    let mut text = serde_json::to_string_pretty(&schema()).expect("a schema is plain JSON");
    text.push('\n');
    text
}

/// What a file must contain that has no grid and no search and extends no other.
fn whole_trial(file: &TableFacts) -> Value {
    let is_required = |key: &&KeyFacts| matches!(key.preset, Preset::Required(_));
    let required: Vec<&str> = file.keys.iter().filter(is_required).map(|key| key.name).collect();
    let mut properties = Map::new();
    for key in &file.keys {
        let ValueKind::Table(facts) = &key.kind else { continue };
        if let Some(demand) = demand_of(&facts()) {
            properties.insert(key.name.to_owned(), demand);
        }
    }
    json!({ "required": required, "properties": properties })
}

/// What a trial's table must contain unless a grid provides it: one key of several, or the keys of
/// its kind.
fn demand_of(table: &TableFacts) -> Option<Value> {
    let either: Vec<Value> = (table.keys.iter())
        .filter(|key| matches!(key.preset, Preset::OneOf(_)))
        .map(|key| json!({ "required": [key.name] }))
        .collect();
    if !either.is_empty() {
        return Some(json!({ "anyOf": either }));
    }
    let of_kind = |kind: &KindFacts| {
        let is_wanted = |key: &KeyFacts| matches!(key.preset, Preset::RequiredOfTrial(_));
        let all = (kind.facts)().keys.into_iter();
        let keys: Vec<&str> = all.filter(is_wanted).map(|key| key.name).collect();
        (kind.name, keys)
    };
    let kinds: Vec<(&str, Vec<&str>)> = table.kinds.iter().map(of_kind).collect();
    if kinds.iter().all(|(_, keys)| keys.is_empty()) {
        return None;
    }
    let (demanding, free): (Vec<_>, Vec<_>) =
        kinds.into_iter().partition(|(_, keys)| !keys.is_empty());
    let names: Vec<&str> = free.into_iter().map(|(name, _)| name).collect();
    let of_free = json!({ "properties": { "kind": { "enum": names } } });
    let of_each = demanding.into_iter().map(
        |(name, keys)| json!({ "properties": { "kind": { "const": name } }, "required": keys }),
    );
    Some(json!({ "anyOf": of_each.chain([of_free]).collect::<Vec<_>>() }))
}

/// The tables that others refer to.
#[derive(Default)]
struct Definitions {
    schemas: BTreeMap<String, Value>,
    /// The numbers of the schemas of values that stand at many places, by their texts.
    of_values: BTreeMap<String, usize>,
}

impl Definitions {
    /// The keywords of a table. `shared` are keys that it has besides its own, `kind` is its kind.
    fn table(
        &mut self,
        path: &str,
        table: &TableFacts,
        shared: &[KeyFacts],
        kind: Option<&KindFacts>,
    ) -> Map<String, Value> {
        let (mut properties, mut required, mut excluded) = (Map::new(), Vec::new(), Vec::new());
        if let Some(kind) = kind {
            properties.insert("kind".to_owned(), json!({ "const": kind.name }));
            required.push("kind");
        }
        for key in table.keys.iter().chain(shared) {
            properties.insert(key.name.to_owned(), self.key(path, key));
            match key.preset {
                Preset::Required(_) => required.push(key.name),
                Preset::OneOf(other) if key.name < other => excluded.push([key.name, other]),
                _ => {}
            }
        }
        let mut keywords = Map::new();
        let words = kind.map_or(&table.words, |kind| &kind.words);
        keywords.insert("description".to_owned(), words.as_str().into());
        keywords.insert("type".to_owned(), "object".into());
        keywords.insert("properties".to_owned(), properties.into());
        keywords.insert("additionalProperties".to_owned(), false.into());
        if !required.is_empty() {
            keywords.insert("required".to_owned(), required.into());
        }
        if let [both, ..] = excluded[..] {
            keywords.insert("not".to_owned(), json!({ "required": both }));
        }
        keywords
    }

    /// A reference to a table.
    fn reference(&mut self, path: &str, facts: fn() -> TableFacts) -> Value {
        let table = facts();
        if !self.schemas.contains_key(table.name) {
            self.schemas.insert(table.name.to_owned(), Value::Null); // it may contain itself
            let schema = match table.kinds.is_empty() {
                true => self.table(path, &table, &[], None).into(),
                false => {
                    let kinds = table.kinds.iter().map(|kind| {
                        Value::from(self.table(path, &(kind.facts)(), &table.keys, Some(kind)))
                    });
                    json!({ "description": table.words, "oneOf": kinds.collect::<Vec<_>>() })
                }
            };
            self.schemas.insert(table.name.to_owned(), schema);
        }
        json!({ "$ref": format!("#/definitions/{}", table.name) })
    }

    fn key(&mut self, path: &str, key: &KeyFacts) -> Value {
        let dot = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{dot}{}", key.name);
        let mut schema = json!({ "description": key.words });
        let Value::Object(keywords) = &mut schema else { return schema };
        let mut values = self.values(&path, &key.kind);
        if let (ValueKind::Tables(_), Preset::Absent, Value::Object(of_values)) =
            (&key.kind, &key.preset, &mut values)
        {
            of_values.remove("minItems"); // a file may take away what it extends has
        }
        if key.can_be_switched_off() {
            let off = json!({ "const": false, "description": "Without it." });
            values = json!({ "anyOf": [values, off] });
        }
        match values {
            Value::Object(of_values) => keywords.extend(of_values),
            other => drop(keywords.insert("const".to_owned(), other)),
        }
        if let Some(default) = key.preset.fixed() {
            keywords.insert("default".to_owned(), default.into());
        }
        schema
    }

    fn values(&mut self, path: &str, kind: &ValueKind) -> Value {
        match kind {
            ValueKind::Number(range) => number(*range),
            ValueKind::NumberOrWords(range, words) => {
                let words = choices(words);
                json!({ "oneOf": std::iter::once(number(*range)).chain(words).collect::<Vec<_>>() })
            }
            ValueKind::NumbersOrWords(range, words) => {
                let list = json!({ "type": "array", "items": number(*range), "minItems": 1 });
                let words = choices(words);
                json!({ "oneOf": std::iter::once(list).chain(words).collect::<Vec<_>>() })
            }
            ValueKind::Whole(least, most) => whole(*least, *most),
            ValueKind::Flag => json!({ "type": "boolean" }),
            ValueKind::Text => json!({ "type": "string" }),
            ValueKind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
            ValueKind::Words(words) => json!({ "oneOf": choices(words) }),
            ValueKind::Wholes(least, most) => {
                json!({ "type": "array", "items": whole(*least, *most) })
            }
            ValueKind::Seeds(most) => json!({ "anyOf": [
                { "type": "array", "items": whole(0, None), "minItems": 1, "uniqueItems": true },
                whole(1, Some(*most)),
            ] }),
            ValueKind::Table(facts) => json!({ "allOf": [self.reference(path, *facts)] }),
            ValueKind::Tables(facts) => {
                let items = self.reference(path, *facts);
                json!({ "type": "array", "items": items, "minItems": 1 })
            }
            ValueKind::WordsOrTable(words, facts) => {
                let table = self.reference(path, *facts);
                json!({ "oneOf": choices(words).into_iter().chain([table]).collect::<Vec<_>>() })
            }
            ValueKind::Kinds(_) => Value::Null, // the kinds are those of the table
            ValueKind::Other(schema, tables) => {
                for table in *tables {
                    self.reference(path, *table);
                }
                let schema = schema();
                match schema.to_string().contains(&format!("#/definitions/{path}\"")) {
                    false => schema,
                    true => {
                        self.schemas.insert(path.to_owned(), schema);
                        json!({ "allOf": [{ "$ref": format!("#/definitions/{path}") }] })
                    }
                }
            }
        }
    }
}

fn choices(words: &[(&'static str, String)]) -> Vec<Value> {
    words.iter().map(|(name, words)| json!({ "const": name, "description": words })).collect()
}

fn number(range: Range) -> Value {
    let mut schema = json!({ "type": "number" });
    let ends =
        [(range.least, "minimum", "exclusiveMinimum"), (range.most, "maximum", "exclusiveMaximum")];
    for (end, with, without) in ends {
        match end {
            Some(Bound::With(bound)) => schema[with] = short(bound),
            Some(Bound::Without(bound)) => schema[without] = short(bound),
            None => {}
        }
    }
    schema
}

/// 0 and not 0.0.
fn short(bound: f64) -> Value {
    let whole = bound as i64;
    if whole as f64 == bound { whole.into() } else { bound.into() }
}

fn whole(least: i64, most: Option<i64>) -> Value {
    let mut schema = json!({ "type": "integer", "minimum": least });
    if let Some(most) = most {
        schema["maximum"] = most.into();
    }
    schema
}
