//! Lists of tables, such as the layers of a network: the names of their elements in keys.

use std::cmp::Ordering;
use std::collections::HashSet;

use serde_json::Value;

use crate::config::is_name;

/// The key that holds an element's name.
pub(super) const NAME: &str = "name";

/// The tables of a list, each with its `name` or, without a unique name, its number. None for a
/// value that is not a list of tables.
pub(crate) fn elements(value: &Value) -> Option<Vec<(String, &Value)>> {
    let Value::Array(items) = value else { return None };
    if items.is_empty() || !items.iter().all(Value::is_object) {
        return None;
    }
    let given_name = |item| name_of(item).map(str::to_owned);
    let names = items.iter().map(given_name).enumerate();
    let names: Vec<String> =
        names.map(|(index, name)| name.unwrap_or_else(|| index.to_string())).collect();
    let mut seen = HashSet::new();
    let names = match names.iter().all(|name| seen.insert(name)) {
        true => names,
        false => (0..items.len()).map(|index| index.to_string()).collect(),
    };
    Some(names.into_iter().zip(items).collect())
}

fn name_of(item: &Value) -> Option<&str> {
    item.get(NAME)?.as_str().filter(|name| is_name(name))
}

/// The value in a table under this key, or the element of a list with this number or name.
pub(crate) fn element<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    let Value::Array(items) = value else { return value.get(key) };
    match key.bytes().all(|byte| byte.is_ascii_digit()) {
        true => items.get(key.parse::<usize>().ok()?),
        false => items.iter().find(|item| name_of(item) == Some(key)),
    }
}

/// A value without element names, which do not affect results.
pub(crate) fn nameless(value: &Value) -> Value {
    let table = |table: &Value, is_element: bool| {
        let keys = table.as_object().into_iter().flatten();
        let keys = keys.filter(|(key, _)| !is_element || *key != NAME);
        Value::Object(keys.map(|(key, inner)| (key.clone(), nameless(inner))).collect())
    };
    match elements(value) {
        Some(list) => list.into_iter().map(|(_, element)| table(element, true)).collect(),
        None if value.is_object() => table(value, false),
        None => value.clone(),
    }
}

/// Alphabetical order of keys by their parts, except that the numbers of elements count: 2 is before 10.
pub(crate) fn order_of_keys(a: &str, b: &str) -> Ordering {
    let number = |part: &str| part.parse::<u64>().ok();
    let order_of_parts = |(part, other): (&str, &str)| match (number(part), number(other)) {
        (Some(x), Some(y)) => x.cmp(&y),
        (x, y) => y.is_some().cmp(&x.is_some()).then_with(|| part.cmp(other)),
    };
    let parts = || a.split('.').zip(b.split('.')).map(order_of_parts);
    let lengths = || a.split('.').count().cmp(&b.split('.').count());
    let mut orders = parts().chain(std::iter::once_with(lengths));
    orders.find(|order| order.is_ne()).unwrap_or_else(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(list: Value) -> Option<Vec<String>> {
        elements(&list).map(|elements| elements.into_iter().map(|(name, _)| name).collect())
    }

    #[test]
    fn elements_are_called_by_name_unless_that_is_none() {
        let called = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
        assert_eq!(names(json!([{"name": "a"}, {}, {"name": "b"}])), called(&["a", "1", "b"]));
        assert_eq!(names(json!([{"name": "a"}, {"name": "a"}])), called(&["0", "1"]));
        let hostile = json!([{"name": "1"}, {"name": "a.b"}, {"name": "\u{1b}"}, {"name": 5}]);
        assert_eq!(names(hostile), called(&["0", "1", "2", "3"]));
        for other in [json!([]), json!([1]), json!([{}, 1]), json!({}), json!("x")] {
            assert_eq!(names(other), None);
        }
    }

    #[test]
    fn numbers_of_elements_are_in_their_order() {
        let ordered = ["a", "b.2.x", "b.10", "b.10.x", "b.name", "b.name.9", "b_c"];
        for (i, a) in ordered.iter().enumerate() {
            for (j, b) in ordered.iter().enumerate() {
                assert_eq!(order_of_keys(a, b), i.cmp(&j), "{a} {b}");
            }
        }
    }
}
