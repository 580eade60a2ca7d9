//! The part of JSON Schema 2020-12 that our schema uses. A validator from crates.io would bring
//! more crates than the rest of the tests together.

use std::collections::HashSet;

use serde_json::{Map, Value};

/// Keywords that decide nothing.
const ANNOTATIONS: [&str; 5] = ["$schema", "title", "description", "default", "$defs"];

/// Whether a value fits a schema that refers only to its own `$defs`.
///
/// # Panics
/// When the schema has a keyword that is not implemented here.
pub(crate) fn is_valid(schema: &Value, value: &Value) -> bool {
    Validator { root: schema }.evaluate(schema, value).is_some()
}

struct Validator<'a> {
    root: &'a Value,
}

/// The keys of an object that a schema has looked at; nothing where it does not fit.
type Evaluated = Option<HashSet<String>>;

impl Validator<'_> {
    fn evaluate(&self, schema: &Value, value: &Value) -> Evaluated {
        let schema = match schema {
            Value::Bool(fits) => return fits.then(HashSet::new),
            other => other.as_object().expect("a schema is an object or a boolean"),
        };
        let mut seen = HashSet::new();
        for (keyword, rule) in schema {
            seen.extend(self.keyword(schema, keyword, rule, value)?);
        }
        let closed = schema.get("unevaluatedProperties") == Some(&Value::Bool(false));
        let all_seen = keys(value).all(|key| seen.contains(key));
        (!closed || all_seen).then_some(seen)
    }

    fn keyword(
        &self,
        schema: &Map<String, Value>,
        keyword: &str,
        rule: &Value,
        value: &Value,
    ) -> Evaluated {
        let fits = |schema: &Value| self.evaluate(schema, value);
        let when = |holds: bool| holds.then(HashSet::new);
        match keyword {
            "$ref" => {
                let pointer = rule.as_str().and_then(|text| text.strip_prefix('#'));
                fits(self.root.pointer(pointer.expect("a reference into $defs")).expect("defined"))
            }
            "type" => when(type_names(value).iter().any(|name| rule == name)),
            "const" => when(rule == value),
            "minimum" => when(value.as_f64().is_none_or(|x| x >= number(rule))),
            "maximum" => when(value.as_f64().is_none_or(|x| x <= number(rule))),
            "exclusiveMinimum" => when(value.as_f64().is_none_or(|x| x > number(rule))),
            "exclusiveMaximum" => when(value.as_f64().is_none_or(|x| x < number(rule))),
            "minItems" => {
                when(value.as_array().is_none_or(|list| list.len() as f64 >= number(rule)))
            }
            "uniqueItems" => when(value.as_array().is_none_or(|list| all_differ(list))),
            "items" => when(items(value).all(|item| self.evaluate(rule, item).is_some())),
            "required" => when(!value.is_object() || items(rule).all(|key| has(value, key))),
            "properties" => self.properties(rule, value),
            "additionalProperties" => {
                let others = keys(value)
                    .filter(|key| schema.get("properties").is_none_or(|p| p.get(key).is_none()));
                others.map(|key| self.evaluate(rule, &value[key]).map(|_| key.to_owned())).collect()
            }
            "oneOf" => {
                let mut fitting = items(rule).filter_map(fits);
                fitting.next().filter(|_| fitting.next().is_none())
            }
            "allOf" => items(rule).try_fold(HashSet::new(), |a, rule| Some(&a | &fits(rule)?)),
            "anyOf" => items(rule).filter_map(fits).reduce(|a, b| &a | &b),
            "not" => when(fits(rule).is_none()),
            "if" => match fits(rule) {
                Some(_) => schema.get("then").map_or(when(true), fits),
                None => when(true),
            },
            // Handled with "if" and in `evaluate`; no test needs a pattern.
            "then" | "unevaluatedProperties" | "pattern" => when(true),
            other => {
                when(ANNOTATIONS.contains(&other)).or_else(|| panic!("{other} is not implemented"))
            }
        }
    }

    fn properties(&self, rules: &Value, value: &Value) -> Evaluated {
        let present = keys(value).filter_map(|key| rules.get(key).map(|rule| (key, rule)));
        present
            .map(|(key, rule)| self.evaluate(rule, &value[key]).map(|_| key.to_owned()))
            .collect()
    }
}

fn type_names(value: &Value) -> Vec<&'static str> {
    match value {
        Value::Null => vec!["null"],
        Value::Bool(_) => vec!["boolean"],
        Value::Number(number) if number.is_f64() => vec!["number"],
        Value::Number(_) => vec!["number", "integer"],
        Value::String(_) => vec!["string"],
        Value::Array(_) => vec!["array"],
        Value::Object(_) => vec!["object"],
    }
}

fn number(rule: &Value) -> f64 {
    rule.as_f64().expect("a number")
}

fn keys(value: &Value) -> impl Iterator<Item = &String> {
    value.as_object().into_iter().flat_map(Map::keys)
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn has(value: &Value, key: &Value) -> bool {
    value.get(key.as_str().expect("a key")).is_some()
}

fn all_differ(list: &[Value]) -> bool {
    list.iter().enumerate().all(|(index, item)| !list[..index].contains(item))
}
