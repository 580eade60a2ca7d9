//! Values of settings as text: as in a table, and as in an experiment file.

use serde_json::Value;

/// A value as a table shows it: text without quotes, lists as in TOML, tables as `name(key=value)`.
pub(crate) fn value_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", join(items.iter().map(item_text))),
        Value::Object(table) => join(table.iter().map(|(key, item)| match item {
            Value::Object(inner) => {
                let inner = inner.iter().map(|(k, v)| format!("{k}={}", value_text(v)));
                format!("{key}({})", join(inner))
            }
            _ => format!("{key}={}", value_text(item)),
        })),
        Value::Number(number) => number_text(number),
        other => other.to_string(),
    }
}

/// The same for people: of a long list of names or numbers, such as the columns of pixels, its ends.
pub(crate) fn shown_text(value: &Value) -> String {
    value_text(&without_middle(value))
}

/// As in an experiment file, of a long list its ends: for people, not for a file.
pub(crate) fn shown_toml(value: &Value) -> String {
    toml_text(&without_middle(value))
}

/// A longer list of names or numbers is shown by its ends.
const MOST_ITEMS: usize = 20;

fn without_middle(value: &Value) -> Value {
    match value {
        Value::Array(items) if items.len() > MOST_ITEMS && items.iter().all(is_plain) => {
            let (first, last) = (&items[..2], &items[items.len() - 1]);
            let middle = format!("... {} more ...", items.len() - 3);
            let shown = first.iter().cloned().chain([Value::from(middle), last.clone()]);
            Value::Array(shown.collect())
        }
        other => other.clone(),
    }
}

fn is_plain(item: &Value) -> bool {
    matches!(item, Value::String(_) | Value::Number(_))
}

/// A table of a list begins with its kind: `dropout(rate=0.5)`.
fn item_text(item: &Value) -> String {
    let Value::Object(table) = item else { return value_text(item) };
    let others = table.iter().filter(|(key, _)| *key != "kind");
    let others = join(others.map(|(key, value)| format!("{key}={}", value_text(value))));
    let kind = table.get("kind").map_or(String::new(), value_text);
    if others.is_empty() { kind } else { format!("{kind}({others})") }
}

/// A value as in an experiment file.
pub(crate) fn toml_text(value: &Value) -> String {
    match value {
        Value::String(text) => Value::from(text.as_str()).to_string(), // quoted as in JSON
        Value::Array(items) => format!("[{}]", join(items.iter().map(toml_text))),
        Value::Object(table) => {
            let entries = table.iter().map(|(key, inner)| format!("{key} = {}", toml_text(inner)));
            format!("{{ {} }}", join(entries))
        }
        other => other.to_string(),
    }
}

/// A count with a comma after every three digits: `45,000`.
pub(crate) fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<&str> = groups.map(|group| std::str::from_utf8(group).unwrap_or("")).collect();
    groups.join(",")
}

/// `0.0` is shown as `0` and `20.0` as `20`, as people write them.
fn number_text(number: &serde_json::Number) -> String {
    let text = number.to_string();
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_of_names_are_shown_by_their_ends() {
        let names: Vec<String> = (0..784).map(|i| format!("pixel{i}")).collect();
        let shown = shown_text(&Value::from(names.clone()));
        assert_eq!(shown, "[pixel0, pixel1, ... 781 more ..., pixel783]");
        assert!(value_text(&Value::from(names.clone())).contains("pixel400"));
        assert_eq!(shown_text(&Value::from(&names[..3])), "[pixel0, pixel1, pixel2]");
    }
}
