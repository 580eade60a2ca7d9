//! Lists of tables, such as `[[network.layers]]`, whose elements grids and overrides reach by their
//! number or their `name`.

use std::collections::HashMap;

use super::{Diagnostic, Entry, Node, Origin, TableReader, Value, WantedType};

/// What stands for the keys of all elements: `network.layers[].rate`.
pub const ANY_ELEMENT: &str = "[]";

/// The most tables in a list: far more than any network has layers, and few enough to search for
/// each point of a grid.
pub const MOST_ELEMENTS: usize = 10_000;

/// The key that names an element.
const NAME: &str = "name";

impl TableReader<'_> {
    /// A list of at least one table, without a default: each is read with the function, and the
    /// keys that it did not ask for are reported. `layers = [{ ... }]` and `[[layers]]` are the
    /// same. An element is identified by its number, from 0: `network.layers.3.rate`.
    pub fn tables<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&mut TableReader<'_>) -> T,
    ) -> Vec<T> {
        self.require(key, &format!("for example `{key} = [{{ ... }}, {{ ... }}]`"));
        if let Some(Node { value: Value::Array(items), origin }) =
            self.there(key).map(|entry| &entry.node)
            && items.is_empty()
        {
            let title = format!("`{}` is empty", self.name(key));
            self.problems.push(Diagnostic::new(*origin, title, "needs at least one table"));
        }
        self.optional_tables(key, read)
    }

    /// The same, but it may be absent or empty.
    pub fn optional_tables<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&mut TableReader<'_>) -> T,
    ) -> Vec<T> {
        let path = self.name(key);
        let entry = self.entry(key);
        match entry.map(|entry| &entry.node) {
            None => Vec::new(),
            Some(Node { value: Value::Array(items), origin }) => {
                if !self.has_few_elements(items, *origin, &path) {
                    return Vec::new();
                }
                self.elements(items, &path, read)
            }
            Some(other) => {
                self.wrong_type(other.origin, &path, WantedType::Tables, &other.value);
                Vec::new()
            }
        }
    }

    fn has_few_elements(&self, items: &[Node], origin: Origin, path: &str) -> bool {
        let has_few = items.len() <= MOST_ELEMENTS;
        if !has_few {
            self.problems.push(too_many_elements(origin, &format!("`{path}`"), items.len()));
        }
        has_few
    }

    fn elements<T>(
        &self,
        items: &[Node],
        path: &str,
        read: impl Fn(&mut TableReader<'_>) -> T,
    ) -> Vec<T> {
        let mut names = HashMap::new();
        let mut elements = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let path = format!("{path}.{index}");
            let Value::Table(table) = &item.value else {
                if item.value != Value::Invalid {
                    self.wrong_type(item.origin, &path, WantedType::Table, &item.value);
                }
                continue;
            };
            let mut reader = TableReader::new(table, item.origin, path, self.problems);
            elements.push(read(&mut reader));
            if reader.asked.contains(&NAME) {
                reader.check_name(&mut names);
            }
            reader.finish();
        }
        elements
    }

    /// A name that could be confused with a number, a path of keys or another element is invalid.
    fn check_name(&self, names: &mut HashMap<String, Origin>) {
        let Some(Entry { node: Node { value: Value::String(name), origin }, .. }) =
            self.table.get(NAME)
        else {
            return;
        };
        let key = self.name(NAME);
        if !is_name(name) {
            let label = "must begin with a letter a to z and contain only a to z, digits and `_`";
            let title = format!("`{key}` is not a name");
            self.problems.push(Diagnostic::new(*origin, title, label));
        } else if let Some(first) = names.insert(name.clone(), *origin) {
            let again = Diagnostic::new(*origin, format!("`{key}` appears twice"), "again");
            self.problems.push(again.related(first, "first here"));
        }
    }
}

/// The problem that a list of tables is longer than [`MOST_ELEMENTS`].
pub fn too_many_elements(origin: Origin, list: &str, count: usize) -> Diagnostic {
    let label = format!("has {count}; at most {MOST_ELEMENTS} are possible");
    Diagnostic::new(origin, format!("{list} has too many tables"), label)
}

/// Whether this is a valid element name: not a number, and a single bare part of a key.
pub fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::keys::{
        ConfigTable, WhenAbsent, config, kind, kinds, number, tables, text, whole,
    };
    use crate::config::{Problems, Range, Source, parse_document, render};

    config! {
        /// One layer.
        struct NamedLayer {
            /// Its name.
            name: Option<String> = text().optional(),
            /// What it is.
            layer: Layer = kind(),
        }
    }

    kinds! {
        /// The kinds of layers.
        enum Layer {
            /// Drops.
            "dropout" => Dropout(config: Dropout),
            /// Multiplies.
            "linear" => Linear(config: Linear),
            /// Adds.
            "residual" => Residual(config: Residual),
        }
    }

    config! {
        /// Drops.
        struct Dropout {
            /// How many.
            rate: f64 = number(Range::FRACTION).required("0.5"),
        }
    }

    config! {
        /// Multiplies.
        struct Linear {
            /// How many.
            units: u64 = whole(1).or(10),
        }
    }

    config! {
        /// Adds.
        struct Residual {
            /// What.
            layers: Vec<NamedLayer> = tables(),
        }
    }

    fn layer(name: Option<&str>, layer: Layer) -> NamedLayer {
        NamedLayer { name: name.map(str::to_owned), layer }
    }

    /// The layers of a text, and all problems with it.
    fn read(text: &str) -> (Vec<NamedLayer>, String) {
        let problems = Problems::new();
        let table = parse_document(text, 0, &problems);
        let mut root = TableReader::root(&table, 0, &problems);
        let layers = root.table(
            "network",
            |_, _| String::new(),
            |network| network.tables("layers", NamedLayer::read),
        );
        root.finish();
        let source = Source { name: "test.toml".to_owned(), text: text.to_owned() };
        (layers, render(&[source], &problems.into_sorted(), false))
    }

    #[test]
    fn inline_tables_and_headers_are_the_same_list() {
        let inline = r#"
            [network]
            layers = [
                { kind = "linear", units = 7, name = "first" },
                { kind = "residual", layers = [{ kind = "dropout", rate = 0.5 }] },
            ]"#;
        let headers = r#"
            [[network.layers]]
            kind = "linear"
            units = 7
            name = "first"
            [[network.layers]]
            kind = "residual"
            [[network.layers.layers]]
            kind = "dropout"
            rate = 0.5"#;
        let dropout = layer(None, Layer::Dropout(Dropout { rate: 0.5 }));
        let expected = [
            layer(Some("first"), Layer::Linear(Linear { units: 7 })),
            layer(None, Layer::Residual(Residual { layers: vec![dropout] })),
        ];
        for text in [inline, headers] {
            let (layers, errors) = read(text);
            assert_eq!((&layers[..], &*errors), (&expected[..], ""));
        }
    }

    #[test]
    fn errors_name_the_element_and_point_into_it() {
        insta::assert_snapshot!(
            read(
                r#"[network]
layers = [
    { kind = "linear", units = 0, name = "a" },
    { kind = "linear", rate = 1, name = "a" },
    { kind = "droput", rate = 0.1 },
    { kind = "residual", name = "3", layers = [
        { kind = "dropout" },
        { kind = "linear", unit = 5 },
    ] },
    { name = "b.c" },
    5,
    { kind = "residual", layers = [] },
    { kind = "residual" },
    { kind = "residual", layers = { kind = "linear" } },
]
"#
            )
            .1
        );
    }

    #[test]
    fn errors_under_headers_point_at_their_lines() {
        let text = r#"
[[network.layers]]
kind = "dropout"

[[network.layers]]
kind = "dropout"
rate = 1.5

[[network.layers]]
kind = "dropout"
rate = 0.5
colour = "red"

[[network.layers]]
name = "nameless"
"#;
        insta::assert_snapshot!(read(text).1);
    }

    #[test]
    fn an_absent_list_is_missing() {
        let (layers, errors) = read("[network]\n");
        assert!(layers.is_empty() && errors.contains("`network.layers` is missing"), "{errors}");
    }
}
