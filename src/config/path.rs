//! Values by their path, such as `network.layers.3.rate`: keys of tables and, in lists, the number
//! of an element, from 0, or its `name`.

use super::{Diagnostic, Entry, Node, Origin, TomlTable, Value, nearest};

/// The most elements that a message lists.
const MOST_SHOWN: usize = 24;
/// The most elements that are tried as suggestions, because each point of a grid may need them.
const MOST_COMPARED: usize = 200;

/// A path that names an element that a list does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoElement {
    list: String,
    wanted: String,
    there: Vec<String>,
    meant: Option<String>,
}

impl NoElement {
    fn of(items: &[Node], wanted: &str) -> NoElement {
        let names = items.iter().take(MOST_COMPARED).filter_map(|item| text_of(item, "name"));
        NoElement {
            list: String::new(),
            wanted: wanted.to_owned(),
            there: items
                .iter()
                .enumerate()
                .take(MOST_SHOWN + 1)
                .map(|(i, item)| described(i, item))
                .collect(),
            meant: nearest(wanted, names).map(str::to_owned),
        }
    }

    /// The same, asked of the list or table `key`.
    pub fn within(mut self, key: &str) -> NoElement {
        let dot = if self.list.is_empty() { "" } else { "." };
        self.list = format!("{key}{dot}{}", self.list);
        self
    }

    /// The problem with the key, and which elements the list has.
    pub fn diagnostic(&self, key_origin: Origin) -> Diagnostic {
        let title = format!("`{}` has no element `{}`", self.list, self.wanted);
        let shown = self.there[..self.there.len().min(MOST_SHOWN)].join(", ");
        let more = if self.there.len() > MOST_SHOWN { ", ..." } else { "" };
        let label = match self.there.is_empty() {
            true => "the list is empty".to_owned(),
            false => format!("there are {shown}{more}"),
        };
        let help = self.meant.as_ref().map(|name| format!("did you mean `{}.{name}`?", self.list));
        Diagnostic { help, ..Diagnostic::new(key_origin, title, label) }
    }
}

/// An element's number with its name or, where it has none, its kind.
fn described(index: usize, item: &Node) -> String {
    match (text_of(item, "name"), text_of(item, "kind")) {
        (Some(name), _) => format!("{index} `{name}`"),
        (None, Some(kind)) => format!("{index} {kind}"),
        (None, None) => index.to_string(),
    }
}

fn text_of<'a>(item: &'a Node, key: &str) -> Option<&'a str> {
    let Value::Table(table) = &item.value else { return None };
    match &table.get(key)?.node.value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// The index of the element with this number or name.
fn index_of(items: &[Node], word: &str) -> Result<usize, NoElement> {
    let index = match word.bytes().all(|byte| byte.is_ascii_digit()) {
        true => word.parse().ok().filter(|index| *index < items.len()),
        false => items.iter().position(|item| text_of(item, "name") == Some(word)),
    };
    index.ok_or_else(|| NoElement::of(items, word))
}

impl TomlTable {
    /// The value at a path.
    pub fn at(&self, path: &[String]) -> Option<&Node> {
        self.find(path).ok().flatten()
    }

    /// The value at a path, or nothing if a table lacks a key.
    ///
    /// # Errors
    /// Where a list lacks the element.
    pub fn find(&self, path: &[String]) -> Result<Option<&Node>, NoElement> {
        let Some((first, rest)) = path.split_first() else { return Ok(None) };
        let Some(entry) = self.get(first) else { return Ok(None) };
        entry.node.find(rest).map_err(|no| no.within(first))
    }

    /// Where the value at a path is named, or its innermost existing part.
    pub fn nearest(&self, path: &[&str]) -> Option<Origin> {
        let (first, rest) = path.split_first()?;
        let entry = self.get(first)?;
        Some(entry.node.nearest(rest).unwrap_or(entry.key_origin))
    }

    /// The path with element numbers in place of names, as far as it can be followed.
    pub fn numbered(&self, path: &[String]) -> Vec<String> {
        let mut numbered = path.to_vec();
        for place in 1..path.len() {
            if let Some(Node { value: Value::Array(items), .. }) = self.at(&path[..place])
                && let Ok(index) = index_of(items, &path[place])
            {
                numbered[place] = index.to_string();
            }
        }
        numbered
    }

    /// Sets the value at a path as if the file said so: an existing value is replaced, missing
    /// tables are created.
    ///
    /// # Errors
    /// Where a list lacks the element.
    pub fn set(
        &mut self,
        path: &[String],
        key_origin: Origin,
        node: Node,
    ) -> Result<(), NoElement> {
        let Some((first, rest)) = path.split_first() else { return Ok(()) };
        let index = match self.entries.iter().position(|entry| entry.key == *first) {
            Some(index) => index,
            None => {
                let table = Node { origin: key_origin, value: Value::Table(TomlTable::new()) };
                self.entries.push(Entry { key: first.clone(), key_origin, node: table });
                self.entries.len() - 1
            }
        };
        let entry = &mut self.entries[index];
        if rest.is_empty() || !matches!(entry.node.value, Value::Table(_) | Value::Array(_)) {
            entry.key_origin = key_origin;
        }
        entry.node.set(rest, key_origin, node).map_err(|no| no.within(first))
    }
}

impl Node {
    fn find(&self, path: &[String]) -> Result<Option<&Node>, NoElement> {
        match (&self.value, path.split_first()) {
            (_, None) => Ok(Some(self)),
            (Value::Table(table), _) => table.find(path),
            (Value::Array(items), Some((first, rest))) => {
                items[index_of(items, first)?].find(rest).map_err(|no| no.within(first))
            }
            _ => Ok(None),
        }
    }

    /// The element of a list with this number or name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn element_mut(&mut self, word: &str) -> Result<&mut Node, NoElement> {
        match &mut self.value {
            Value::Array(items) => {
                let index = index_of(items, word)?;
                Ok(&mut items[index])
            }
            _ => Err(NoElement::of(&[], word)),
        }
    }

    fn nearest(&self, path: &[&str]) -> Option<Origin> {
        match &self.value {
            Value::Table(table) => table.nearest(path),
            Value::Array(items) => {
                let (first, rest) = path.split_first()?;
                let item = &items[index_of(items, first).ok()?];
                Some(item.nearest(rest).unwrap_or(item.origin))
            }
            _ => None,
        }
    }

    fn set(&mut self, path: &[String], key_origin: Origin, node: Node) -> Result<(), NoElement> {
        let Some((first, rest)) = path.split_first() else {
            *self = node;
            return Ok(());
        };
        if let Value::Array(items) = &mut self.value {
            let index = index_of(items, first)?;
            return items[index].set(rest, key_origin, node).map_err(|no| no.within(first));
        }
        if !matches!(self.value, Value::Table(_)) {
            *self = Node { origin: key_origin, value: Value::Table(TomlTable::new()) };
        }
        match &mut self.value {
            Value::Table(table) => table.set(path, key_origin, node),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Problems, parse_document};

    fn node(value: Value) -> Node {
        Node { origin: Origin::start_of(0), value }
    }

    fn path(text: &str) -> Vec<String> {
        text.split('.').map(str::to_owned).collect()
    }

    fn set(table: &mut TomlTable, key: &str, number: i64) -> Result<(), NoElement> {
        table.set(&path(key), Origin::start_of(0), node(Value::Integer(number)))
    }

    fn number(table: &TomlTable, key: &str) -> Option<i64> {
        match table.at(&path(key))?.value {
            Value::Integer(number) => Some(number),
            _ => None,
        }
    }

    fn layers() -> TomlTable {
        let text = r#"layers = [
            { kind = "conv2d", name = "conv1", filters = 30 },
            { kind = "relu" },
            { name = "block", layers = [{ rate = 1 }, { rate = 2, name = "drop" }] },
        ]"#;
        parse_document(text, 0, &Problems::new())
    }

    #[test]
    fn set_makes_the_tables_on_its_way_and_replaces_what_is_there() {
        let mut table = TomlTable::new();
        for (key, value) in [("a.b", 1), ("a.c", 2), ("a.b.d", 3)] {
            set(&mut table, key, value).unwrap();
        }
        assert_eq!(number(&table, "a.c"), Some(2));
        assert_eq!(number(&table, "a.b.d"), Some(3));
        assert_eq!(number(&table, "a.x"), None);
    }

    #[test]
    fn elements_are_reached_by_number_and_by_name() {
        let mut table = layers();
        set(&mut table, "layers.conv1.filters", 5).unwrap();
        set(&mut table, "layers.2.layers.drop.rate", 6).unwrap();
        set(&mut table, "layers.block.layers.0.rate", 7).unwrap();
        set(&mut table, "layers.1", 8).unwrap();
        assert_eq!(number(&table, "layers.0.filters"), Some(5));
        assert_eq!(number(&table, "layers.block.layers.1.rate"), Some(6));
        assert_eq!(number(&table, "layers.2.layers.0.rate"), Some(7));
        assert_eq!(number(&table, "layers.1"), Some(8));
        assert_eq!(table.numbered(&path("layers.block.layers.drop.rate")).join("."), {
            "layers.2.layers.1.rate"
        });
        assert_eq!(table.numbered(&path("layers.x.rate")), path("layers.x.rate"));
    }

    #[test]
    fn an_element_that_is_not_there_is_no_new_one() {
        let mut table = layers();
        let before = table.clone();
        let message = |no: NoElement| {
            let diagnostic = no.diagnostic(Origin::start_of(0));
            (diagnostic.title, diagnostic.label, diagnostic.help.unwrap_or_default())
        };
        let (title, label, help) = message(set(&mut table, "layers.3.rate", 1).unwrap_err());
        assert_eq!(title, "`layers` has no element `3`");
        assert_eq!((&*label, &*help), ("there are 0 `conv1`, 1 relu, 2 `block`", ""));
        let (title, label, help) =
            message(table.find(&path("layers.block.layers.dorp.rate")).unwrap_err());
        assert_eq!(title, "`layers.block.layers` has no element `dorp`");
        assert_eq!(label, "there are 0, 1 `drop`");
        assert_eq!(help, "did you mean `layers.block.layers.drop`?");
        for element in ["-1", "+1", "99999999999999999999", ""] {
            let no = set(&mut table, &format!("layers.{element}"), 1).unwrap_err();
            assert_eq!(message(no).0, format!("`layers` has no element `{element}`"));
        }
        assert_eq!(table, before);
    }

    #[test]
    fn what_is_missing_is_blamed_on_the_innermost_that_is_there() {
        let table = layers();
        let place = |key: &str| table.nearest(&key.split('.').collect::<Vec<_>>());
        let item = |key: &str| table.at(&path(key)).map(|node| node.origin);
        assert_eq!(place("layers.1.rate"), item("layers.1"));
        assert_eq!(place("layers.block.layers.1.x"), item("layers.2.layers.1"));
        assert_eq!(place("layers.9.rate"), table.get("layers").map(|entry| entry.key_origin));
        assert_eq!(place("x"), None);
    }
}
