//! What tables must contain, apart from what they may contain: a file that extends another states only the keys
//! that differ, and no `kind` where it stays. Schemas of conditions say that there may be other keys, because Tombi
//! warns of those otherwise.

use serde_json::{Map, Value, json};

use super::Definitions;
use crate::config::keys::{KeyFacts, TableFacts, ValueKind};

impl Definitions {
    /// Takes out of the definitions of these tables, and of the tables in them, what they must contain. Returns it by
    /// the names of their keys. Lists are left as they are: they are replaced as a whole.
    pub(super) fn take_demands(&mut self, keys: &[KeyFacts]) -> Map<String, Value> {
        let mut demands = Map::new();
        for key in keys {
            let ValueKind::Table(facts) = &key.kind else { continue };
            if let Some(demand) = self.take_demand(&facts()) {
                demands.insert(key.name.to_owned(), demand);
            }
        }
        demands
    }

    fn take_demand(&mut self, table: &TableFacts) -> Option<Value> {
        let mut demand = Map::new();
        let Some(Value::Object(definition)) = self.schemas.get_mut(table.name) else { return None };
        if let Some(required) = definition.remove("required") {
            demand.insert("required".to_owned(), required);
        }
        if let Some(Value::Array(mut kinds)) = definition.remove("oneOf") {
            demand.insert("required".to_owned(), json!(["kind"]));
            let of_kinds: Vec<Value> = kinds.iter_mut().filter_map(take_demand_of_kind).collect();
            if !of_kinds.is_empty() {
                demand.insert("allOf".to_owned(), of_kinds.into());
            }
            definition.insert("anyOf".to_owned(), kinds.into()); // without `kind`, several may fit
        }
        let inner = self.take_demands(&table.keys);
        if !inner.is_empty() {
            demand.insert("properties".to_owned(), inner.into());
        }
        if demand.is_empty() {
            return None;
        }
        demand.insert("additionalProperties".to_owned(), true.into());
        Some(demand.into())
    }
}

/// The keys that a table of one kind must have besides `kind`.
fn take_demand_of_kind(schema: &mut Value) -> Option<Value> {
    let Some(Value::Array(mut required)) = schema.as_object_mut()?.remove("required") else {
        return None;
    };
    required.retain(|key| key != "kind");
    let kind = json!({ "kind": schema["properties"]["kind"].clone() });
    let is_it = json!({ "required": ["kind"], "properties": kind, "additionalProperties": true });
    let then = json!({ "required": required, "additionalProperties": true });
    (!required.is_empty()).then(|| json!({ "if": is_it, "then": then }))
}
