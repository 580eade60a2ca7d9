//! Labels of a table -> classes, in an order that does not depend on the order of the lines.

use std::collections::{BTreeMap, HashMap};

use crate::data::csv::format::Encoding;
use crate::data::own::MOST_CLASSES;
use crate::few::{Between, first_few};

/// The most similar names that a note lists.
const MOST_ALIKE: usize = 5;

/// Labels by their first appearance.
#[derive(Debug, Default)]
pub(in crate::data) struct Classes {
    pub(in crate::data) names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Classes {
    /// The class of a label; a new one if allowed.
    pub(super) fn place(&mut self, label: &str, adds: bool) -> Option<usize> {
        if let Some(place) = self.places.get(label) {
            return Some(*place);
        }
        let place = self.names.len();
        let has_room = adds && place <= MOST_CLASSES; // one more than allowed, so that it is refused
        has_room.then(|| {
            self.places.insert(label.to_owned(), place);
            self.names.push(label.to_owned());
            place
        })
    }

    /// Whether this label is a class.
    pub(super) fn has(&self, label: &str) -> bool {
        self.places.contains_key(label)
    }

    /// Lists names that look like the same one, if any.
    pub(super) fn note(&self) -> Option<String> {
        note_of_alike(self.names.iter().map(String::as_str))
    }

    /// A name in quotes, if there is one.
    pub(super) fn note_of_quotes(&self) -> Option<String> {
        let name = self.names.iter().find(|name| without_quotes(name) != name.as_str())?;
        let name = name.escape_default();
        Some(format!(
            "the quotes of class \"{name}\" are part of its name: a quote with a blank before it opens no \
             field, so remove the blank if that is not intended"
        ))
    }

    /// Names that are UTF-8 which was read as another encoding, if any.
    pub(super) fn note_of_utf8(&self, encoding: Encoding) -> Option<String> {
        let (name, utf8) =
            self.names.iter().find_map(|name| Some((name, encoding.as_utf8(name)?)))?;
        let words = encoding.words();
        let (name, utf8) = (name.escape_debug(), utf8.escape_debug());
        Some(format!(
            "class \"{name}\" is \"{utf8}\" if the file is UTF-8 instead of {words}: should \
             `encoding` be \"utf-8\"?"
        ))
    }

    /// The classes in order: numeric if all of them are whole numbers, else by their bytes.
    pub(in crate::data) fn in_order(&self) -> Vec<usize> {
        let number = |class: &usize| self.names[*class].parse::<i64>();
        let mut order: Vec<usize> = (0..self.names.len()).collect();
        match order.iter().all(|class| number(class).is_ok()) {
            true => order.sort_by_key(|class| (number(class).unwrap_or(0), &self.names[*class])),
            false => order.sort_by_key(|class| &self.names[*class]),
        }
        order
    }
}

/// Lists names that look like the same one, if any: equal as numbers, or except for case, spaces, quotes around them and
/// invisible characters.
pub(in crate::data) fn note_of_alike<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut alike: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for name in names {
        alike.entry(as_it_looks(name)).or_default().push(name);
    }
    let alike: Vec<String> = alike
        .into_values()
        .filter(|names| names.len() > 1)
        .map(|names| {
            let names = names.iter().map(|name| format!("\"{}\"", name.escape_debug()));
            names.collect::<Vec<String>>().join(" and ")
        })
        .collect();
    let few = first_few(&alike, MOST_ALIKE, Between::Semicolons)?;
    Some(format!("separate classes that look like the same one: {few}"))
}

/// Without the quotes that a blank before them makes part of a field: `1, "cat"`.
fn without_quotes(name: &str) -> &str {
    let inner = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
    inner.map_or(name, str::trim)
}

/// A number as a number, other text in lower case without quotes around it and invisible characters.
fn as_it_looks(name: &str) -> String {
    let name = without_quotes(name);
    match name.parse::<f64>() {
        Ok(number) if number.is_finite() => (number + 0.0).to_string(), // -0.0 becomes 0.0
        _ => {
            let is_seen = |c: &char| {
                !c.is_whitespace()
                    && !c.is_control()
                    && !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
            };
            name.chars().filter(is_seen).flat_map(char::to_lowercase).collect()
        }
    }
}

/// Positions in `order` of classes by first appearance.
pub(in crate::data) fn labels(classes: &[usize], order: &[usize]) -> Vec<u16> {
    let mut places = vec![0; order.len()];
    order.iter().enumerate().for_each(|(place, &class)| places[class] = place as u16);
    classes.iter().map(|&class| places[class]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_like_one_are_named() {
        let note = |names: &[&str]| {
            let mut classes = Classes::default();
            for name in names {
                assert!(classes.place(name, true).is_some());
            }
            classes.note()
        };
        assert_eq!(note(&["cat", "dog", "1", "2"]), None);
        let found = note(&["cat", "Cat", "dog", "\u{feff}dog", "1", "1.0", "01", "bird"]).unwrap();
        assert!(
            found.ends_with(
                ": \"1\" and \"1.0\" and \"01\"; \"cat\" and \"Cat\"; \"dog\" and \"\\u{feff}dog\""
            ),
            "{found}"
        );
        let quoted = note(&["cat", "\"Cat\"", "\"1\"", "1.0"]).unwrap();
        assert!(
            quoted.ends_with(": \"\\\"1\\\"\" and \"1.0\"; \"cat\" and \"\\\"Cat\\\"\""),
            "{quoted}"
        );
    }

    #[test]
    fn quotes_that_are_part_of_a_name_are_said() {
        let mut classes = Classes::default();
        for name in ["cat", "\"", "5\"", "\"big\" cat"] {
            classes.place(name, true);
            assert_eq!(classes.note_of_quotes(), None, "{name}");
        }
        classes.place("\"dog\"", true);
        let note = classes.note_of_quotes().unwrap();
        assert!(note.starts_with("the quotes of class \"\\\"dog\\\"\" are part"), "{note}");
    }
}
