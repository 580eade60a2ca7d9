//! The keys under which a file says what varies: `[grid]`, `[[variant]]` and `[search.space]` have the keys of a trial,
//! nested or quoted (`"network.dropout"`), each with its values in the way of the table.

use serde_json::{Map, Value, json};

use super::{Definitions, whole};
use crate::config::keys::{KeyFacts, TableFacts, ValueKind};
use crate::experiment::file::variant_keys;

/// How a table says what a key is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// A list of values to try.
    Axis,
    /// A value.
    Change,
    /// A range or a list to draw from.
    Draw,
}

impl Way {
    /// Every way, with the definition that the keys of the file refer to.
    pub(super) const ALL: [(Way, &'static str); 3] =
        [(Way::Axis, "grid.axes"), (Way::Change, "variant.changes"), (Way::Draw, "space.draws")];

    /// What a definition of this way is called.
    fn named(self, name: &str) -> String {
        let prefix = match self {
            Way::Axis => "axes",
            Way::Change => "changes",
            Way::Draw => "draws",
        };
        format!("{prefix}.{name}")
    }

    /// What may stand for a key with these values.
    fn of_values(self, values: Value) -> Value {
        match self {
            Way::Change => values,
            Way::Axis | Way::Draw => json!({ "type": "array", "items": values, "minItems": 1 }),
        }
    }

    /// Seeds: where they are listed as values, a number is that seed and not how many there are.
    fn of_seeds(self, values: Value) -> Value {
        if self == Way::Change {
            return values;
        }
        let seed = whole(0, None);
        let several = json!({ "type": "array", "items": seed, "minItems": 1, "uniqueItems": true });
        let seeds = json!({ "anyOf": [seed, several] });
        json!({ "type": "array", "items": seeds, "minItems": 1, "uniqueItems": true })
    }
}

impl Definitions {
    /// Defines the table of a way over the tables of a trial.
    pub(super) fn define_varied(&mut self, way: Way, name: &str, trial: &[KeyFacts]) {
        let mut properties = Map::new();
        self.add_varied(way, &[], trial, &mut properties);
        let mut quoted = Map::new();
        self.add_quoted(way, "", trial, &mut quoted);
        properties.extend(quoted);
        if way == Way::Axis {
            let axes = reference(name);
            let tables = json!({ "type": "array", "items": axes });
            let words = "Lists of one length that go together.";
            properties
                .insert("zip".to_owned(), json!({ "description": words, "anyOf": [axes, tables] }));
        }
        if way == Way::Change {
            let own = variant_keys().into_iter();
            properties.extend(own.map(|(key, schema)| (key.to_owned(), schema)));
        }
        let schema = json!({
            "type": "object",
            "properties": properties,
            "patternProperties": { ELEMENTS: {} },
            "additionalProperties": false,
        });
        self.schemas.insert(name.to_owned(), schema);
    }

    /// The keys of a table, those of all of its kinds together: which kind it is may vary too.
    fn varied_table(&mut self, way: Way, facts: fn() -> TableFacts) -> Value {
        let table = facts();
        let name = way.named(table.name);
        if !self.schemas.contains_key(&name) {
            self.schemas.insert(name.clone(), Value::Null); // it may contain itself
            let (mut properties, all) = (Map::new(), all_keys(&table));
            if !table.kinds.is_empty() {
                let kinds: Vec<&str> = table.kinds.iter().map(|kind| kind.name).collect();
                let kind = way.of_values(json!({ "type": "string", "enum": kinds }));
                properties.insert("kind".to_owned(), json!({ "anyOf": [kind] }));
            }
            self.add_varied(way, &[table.name], &all, &mut properties);
            let schema = json!({
                "type": "object",
                "properties": properties,
                "patternProperties": { r"\.": {} }, // quoted from here on
                "additionalProperties": false,
            });
            self.schemas.insert(name.clone(), schema);
        }
        reference(&name)
    }

    /// Adds the keys; those of several kinds that share a name may have the values of each.
    fn add_varied(
        &mut self,
        way: Way,
        path: &[&str],
        keys: &[KeyFacts],
        properties: &mut Map<String, Value>,
    ) {
        for key in keys {
            let schemas = self.varied_key(way, path, key);
            let known = properties
                .entry(key.name)
                .or_insert_with(|| json!({ "description": key.words, "anyOf": [] }));
            let Some(Value::Array(known)) = known.get_mut("anyOf") else { continue };
            for schema in schemas {
                if !known.contains(&schema) {
                    known.push(schema);
                }
            }
        }
    }

    fn varied_key(&mut self, way: Way, path: &[&str], key: &KeyFacts) -> Vec<Value> {
        let Value::Object(mut values) = self.key(&path.join("."), key) else { return Vec::new() };
        values.remove("description"); // stands at the key
        values.remove("default");
        let values = self.once(values.into());
        let mut schemas = vec![match key.kind {
            ValueKind::Seeds(_) => way.of_seeds(values.clone()),
            _ => way.of_values(values.clone()),
        }];
        if way == Way::Draw {
            schemas.extend(self.drawn_range(&key.kind));
        }
        match key.kind {
            ValueKind::Table(facts) | ValueKind::WordsOrTable(_, facts) => {
                let inner = self.varied_table(way, facts);
                if way == Way::Change {
                    let is_whole =
                        matches!(key.kind, ValueKind::Table(_)) && !key.can_be_switched_off();
                    schemas.retain(|schema| !(is_whole && *schema == values)); // a part of the table is enough
                }
                schemas.insert(0, inner);
            }
            ValueKind::Tables(facts) => {
                let mut element = self.varied_table(way, facts);
                if way != Way::Change {
                    let whole = way.of_values(self.reference("", facts)); // whole elements to try
                    element = json!({ "anyOf": [element, whole] });
                }
                schemas.push(json!({ "type": "object", "additionalProperties": element }));
            }
            ValueKind::Other(..) => schemas.push(json!({ "type": "object" })), // a table of its own
            _ => {}
        }
        schemas
    }

    /// The schema, or a reference to it where it is long: it stands at many places.
    pub(super) fn once(&mut self, schema: Value) -> Value {
        let text = schema.to_string();
        if text.len() <= SHORT {
            return schema;
        }
        let next = self.of_values.len() + 1;
        let name = format!("values.{}", self.of_values.entry(text).or_insert(next));
        self.schemas.insert(name.clone(), schema);
        reference(&name)
    }

    /// Adds the keys of all tables in quotes, such as `"network.dropout"`. Elements of lists have names of their own:
    /// see [`ELEMENTS`].
    fn add_quoted(
        &mut self,
        way: Way,
        path: &str,
        keys: &[KeyFacts],
        properties: &mut Map<String, Value>,
    ) {
        for key in keys {
            let (ValueKind::Table(facts) | ValueKind::WordsOrTable(_, facts)) = key.kind else {
                continue;
            };
            let table = facts();
            let name = format!("{path}{}", key.name);
            let mut inner = Map::new();
            self.add_varied(way, &[&name], &all_keys(&table), &mut inner);
            if !table.kinds.is_empty() {
                let of_kind = way.of_values(json!({ "type": "string" }));
                inner.insert("kind".to_owned(), json!({ "anyOf": [of_kind] }));
            }
            for (of_inner, mut schema) in inner {
                if let Value::Object(schema) = &mut schema {
                    schema.remove("description");
                }
                properties.insert(format!("{name}.{of_inner}"), schema);
            }
            self.add_quoted(way, &format!("{name}."), &all_keys(&table), properties);
        }
    }
}

/// Quoted keys that reach into a list of tables: the second part names the list, the rest an element.
const ELEMENTS: &str = r"^(network\.layers|optimizer\.groups)\.";

/// A schema of so many characters is not longer than a reference to it.
const SHORT: usize = 60;

/// The keys of a table and of all of its kinds.
fn all_keys(table: &TableFacts) -> Vec<KeyFacts> {
    let of_kinds = table.kinds.iter().flat_map(|kind| (kind.facts)().keys);
    table.keys.iter().cloned().chain(of_kinds).collect()
}

pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{name}") })
}
