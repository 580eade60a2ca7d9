//! The part of JSON Schema (draft 7) that our schema uses. A validator from crates.io would bring
//! more crates than the rest of the tests together.

use serde_json::{Map, Value};

/// Keywords that decide nothing.
const ANNOTATIONS: [&str; 5] = ["$schema", "title", "description", "default", "definitions"];

/// Whether a value fits a schema that refers only to its own `definitions`.
///
/// # Panics
/// When the schema has a keyword that is not implemented here.
pub(crate) fn is_valid(schema: &Value, value: &Value) -> bool {
    Validator { root: schema }.fits(schema, value)
}

struct Validator<'a> {
    root: &'a Value,
}

impl Validator<'_> {
    fn fits(&self, schema: &Value, value: &Value) -> bool {
        let keywords = schema.as_object().expect("a schema is an object");
        assert!(!keywords.contains_key("$ref") || keywords.len() == 1, "{schema}");
        keywords.iter().all(|(keyword, rule)| self.keyword(keywords, keyword, rule, value))
    }

    fn keyword(
        &self,
        schema: &Map<String, Value>,
        keyword: &str,
        rule: &Value,
        value: &Value,
    ) -> bool {
        let fits = |schema: &Value| self.fits(schema, value);
        match keyword {
            "$ref" => {
                let pointer = rule.as_str().and_then(|text| text.strip_prefix('#'));
                fits(self.root.pointer(pointer.expect("a reference within")).expect("defined"))
            }
            "type" => type_names(value).iter().any(|name| rule == name),
            "const" => rule == value,
            "enum" => items(rule).any(|choice| choice == value),
            "minimum" => value.as_f64().is_none_or(|x| x >= number(rule)),
            "maximum" => value.as_f64().is_none_or(|x| x <= number(rule)),
            "exclusiveMinimum" => value.as_f64().is_none_or(|x| x > number(rule)),
            "exclusiveMaximum" => value.as_f64().is_none_or(|x| x < number(rule)),
            "minItems" => value.as_array().is_none_or(|list| list.len() as f64 >= number(rule)),
            "uniqueItems" => value.as_array().is_none_or(|list| all_differ(list)),
            "items" => items(value).all(|item| self.fits(rule, item)),
            "required" => !value.is_object() || items(rule).all(|key| has(value, key)),
            "properties" => {
                let rules = rule.as_object().expect("properties have names").iter();
                rules
                    .filter_map(|(key, rule)| Some((value.get(key)?, rule)))
                    .all(|(value, rule)| self.fits(rule, value))
            }
            "patternProperties" => {
                let rules = rule.as_object().expect("patterns").iter();
                rules.into_iter().all(|(pattern, rule)| {
                    keys(value)
                        .filter(|key| matches_pattern(pattern, key))
                        .all(|key| self.fits(rule, &value[key]))
                })
            }
            "additionalProperties" => {
                let is_known = |key: &&String| {
                    let of = |keyword| schema.get(keyword).and_then(Value::as_object);
                    of("properties").is_some_and(|p| p.contains_key(key.as_str()))
                        || of("patternProperties")
                            .is_some_and(|p| p.keys().any(|pattern| matches_pattern(pattern, key)))
                };
                let mut others = keys(value).filter(|key| !is_known(key));
                others.all(|key| match rule {
                    Value::Bool(may_be_there) => *may_be_there,
                    schema => self.fits(schema, &value[key]),
                })
            }
            "oneOf" => items(rule).filter(|rule| fits(rule)).count() == 1,
            "allOf" => items(rule).all(fits),
            "anyOf" => items(rule).any(fits),
            "not" => !fits(rule),
            "if" => schema.get(if fits(rule) { "then" } else { "else" }).is_none_or(fits),
            "then" | "else" => true, // read with `if`
            "pattern" => true,       // no test needs one
            other => {
                assert!(ANNOTATIONS.contains(&other), "{other} is not implemented");
                true
            }
        }
    }
}

/// The two patterns that our schema has.
fn matches_pattern(pattern: &str, key: &str) -> bool {
    match pattern {
        r"\." => key.contains('.'),
        r"^(network\.layers|optimizer\.groups)\." => {
            ["network.layers.", "optimizer.groups."].iter().any(|start| key.starts_with(start))
        }
        other => panic!("{other} is not implemented"),
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
