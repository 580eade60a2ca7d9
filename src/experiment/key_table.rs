//! The table of keys in `docs/experiment-file.md`, made from the declared keys; tests compare it
//! with the reader's behaviour.

use std::path::Path;

use super::file::file_facts;
use crate::config::keys::{KeyFacts, KindFacts, Preset, TableFacts, ValueKind};
use crate::config::{ANY_ELEMENT, Bound, Range};

mod checks;

const DOCUMENT: &str = "docs/experiment-file.md";
const BEGIN: &str = "<!-- The table is made by `UPDATE_SCHEMA=1 cargo test current`. -->\n\n";
const END: &str = "\n<!-- End of the table. -->";

/// One key. A key that differs between kinds has several rows.
#[derive(Debug, Clone)]
struct KeyRow {
    key: String,
    kinds: Vec<&'static str>, // empty: the key does not depend on `kind`
    facts: KeyFacts,
}

/// All keys, in the order of the documentation.
fn rows() -> Vec<KeyRow> {
    let mut rows = Vec::new();
    for key in file_facts().keys {
        add(key.name.to_owned(), key, &mut rows);
    }
    rows
}

/// Adds the row of a key, or those of the keys of a table.
fn add(key: String, facts: KeyFacts, rows: &mut Vec<KeyRow>) {
    if let ValueKind::Table(table) = facts.kind {
        return add_table(&key, &table(), rows);
    }
    rows.push(KeyRow { key: key.clone(), kinds: Vec::new(), facts: facts.clone() });
    match facts.kind {
        ValueKind::WordsOrTable(_, table) => add_table(&key, &table(), rows),
        ValueKind::Tables(element) => {
            // Except within an element of the same list.
            let name = facts.name;
            if !key.ends_with(&format!("{name}{ANY_ELEMENT}.{name}")) {
                let mut of_elements = Vec::new();
                add_table(&format!("{key}{ANY_ELEMENT}"), &element(), &mut of_elements);
                of_elements.sort_by(|a, b| a.key.cmp(&b.key));
                rows.append(&mut of_elements);
            }
        }
        _ => {}
    }
}

/// Adds the keys of a table: its kind, those of some kinds, those of all.
fn add_table(path: &str, table: &TableFacts, rows: &mut Vec<KeyRow>) {
    let name = |key: &str| format!("{path}.{key}");
    if !table.kinds.is_empty() {
        rows.push(KeyRow { key: name("kind"), kinds: Vec::new(), facts: of_kinds(&table.kinds) });
    }
    let mut of_kinds: Vec<KeyRow> = Vec::new();
    let mut elements = Vec::new();
    for kind in &table.kinds {
        let mut found = Vec::new();
        let keys = (kind.facts)().keys.into_iter();
        keys.for_each(|key| add(name(key.name), key, &mut found));
        // The kinds of a list's elements are their own.
        let (of_elements, own): (Vec<KeyRow>, Vec<KeyRow>) =
            found.into_iter().partition(|row| row.key[path.len()..].contains(ANY_ELEMENT));
        elements.extend(of_elements);
        own.into_iter().for_each(|row| merge(&mut of_kinds, row, kind.name));
    }
    // A key that is the same in every kind does not depend on the kind.
    for row in of_kinds.iter_mut().filter(|row| row.kinds.len() == table.kinds.len()) {
        row.kinds.clear();
    }
    of_kinds.append(&mut elements);
    of_kinds.sort_by(|a, b| a.key.cmp(&b.key)); // stable: kinds keep their order
    rows.append(&mut of_kinds);
    let mut of_all = Vec::new();
    table.keys.iter().for_each(|key| add(name(key.name), key.clone(), &mut of_all));
    of_all.sort_by(|a, b| a.key.cmp(&b.key));
    rows.append(&mut of_all);
}

/// Adds a kind's row, merged with an equal row of another kind if there is one.
fn merge(rows: &mut Vec<KeyRow>, row: KeyRow, kind: &'static str) {
    let is_same = |other: &&mut KeyRow| other.key == row.key && other.says() == row.says();
    match rows.iter_mut().find(is_same) {
        Some(there) => there.kinds.push(kind),
        None => rows.push(KeyRow { kinds: vec![kind], ..row }),
    }
}

/// The key `kind`, as a choice.
fn of_kinds(kinds: &[KindFacts]) -> KeyFacts {
    let words = kinds.iter().map(|kind| (kind.name, kind.words.clone())).collect();
    KeyFacts {
        name: "kind",
        words: String::new(),
        kind: ValueKind::Words(words),
        preset: Preset::Required(""),
        is_left_out: false,
    }
}

impl KeyRow {
    /// All of it except the key and the kinds.
    fn says(&self) -> [String; 4] {
        let KeyFacts { kind, preset, .. } = &self.facts;
        [type_words(self.facts.name, kind), range_words(kind), presence(preset), self.meaning()]
    }

    fn markdown(&self) -> String {
        let kinds: Vec<String> = self.kinds.iter().map(|kind| format!("`{kind}`")).collect();
        let [type_words, range, presence, meaning] = self.says();
        let cells =
            [format!("`{}`", self.key), kinds.join(", "), type_words, range, presence, meaning];
        format!("| {} |\n", cells.join(" | "))
    }

    /// The description, and that of each choice.
    fn meaning(&self) -> String {
        let mut sentences = Vec::new();
        if !self.facts.words.is_empty() {
            sentences.push(sentence(&self.facts.words));
        }
        let choice = |name: String, words: &str| format!("`{name}`: {}", sentence(words));
        if let ValueKind::Words(words)
        | ValueKind::WordsOrTable(words, _)
        | ValueKind::NumberOrWords(_, words)
        | ValueKind::NumbersOrWords(_, words) = &self.facts.kind
        {
            let of_word = |(name, words): &(&str, String)| choice(format!("\"{name}\""), words);
            sentences.extend(words.iter().map(of_word));
        }
        if let ValueKind::WordsOrTable(_, table) = self.facts.kind {
            let table = table();
            let keys: Vec<&str> = table.keys.iter().map(|key| key.name).collect();
            sentences.push(choice(format!("{{ {} = {{ ... }} }}", keys.join(", ")), &table.words));
        }
        sentences.join("<br>")
    }
}

fn presence(preset: &Preset) -> String {
    match preset {
        Preset::Fixed(value) => format!("`{}`", serde_json::Value::from(value)),
        Preset::SameAs(_) | Preset::Absent => "none".to_owned(),
        Preset::Required(_) | Preset::RequiredOfTrial(_) => "required".to_owned(),
        Preset::OneOf(other) => format!("required, or `{other}`"),
    }
}

fn type_words(name: &str, kind: &ValueKind) -> String {
    let words = match kind {
        ValueKind::Number(_) => "number",
        ValueKind::NumberOrWords(..) => "number; or choice",
        ValueKind::NumbersOrWords(..) => "list of numbers; or choice",
        ValueKind::Whole(..) => "whole number",
        ValueKind::Flag => "`true` or `false`",
        ValueKind::Text => "string",
        ValueKind::Texts => "list of strings",
        ValueKind::Words(_) | ValueKind::WordsOrTable(..) => "choice",
        ValueKind::Wholes(..) => "list of whole numbers",
        ValueKind::Seeds(_) => "list of whole numbers; or whole number",
        ValueKind::Tables(_) => "list of tables",
        ValueKind::Table(_) | ValueKind::Kinds(_) => "table",
        ValueKind::Other(..) => match name {
            "name" => "string",
            "space" => "table",
            _ => "table; or list of tables",
        },
    };
    words.to_owned()
}

fn range_words(kind: &ValueKind) -> String {
    match kind {
        ValueKind::Number(range) | ValueKind::NumberOrWords(range, _) => number_words(*range),
        ValueKind::Whole(least, most) => whole_words(*least, *most),
        ValueKind::NumbersOrWords(range, _) => format!("each {}", number_words(*range)),
        ValueKind::Wholes(least, most) => format!("each {}", whole_words(*least, *most)),
        ValueKind::Seeds(most) => {
            format!("at least 1, each 0 or more, no two the same; or 1 to {most}")
        }
        _ => String::new(),
    }
}

fn whole_words(least: i64, most: Option<i64>) -> String {
    match most {
        Some(most) => format!("{least} to {most}"),
        None => format!("{least} or more"),
    }
}

fn number_words(range: Range) -> String {
    use Bound::{With, Without};
    match (range.least, range.most) {
        (Some(With(least)), None) => format!("{least} or more"),
        (Some(With(least)), Some(With(most))) => format!("{least} to {most}"),
        (Some(With(least)), Some(Without(above))) => format!("at least {least}, below {above}"),
        (Some(Without(below)), Some(With(most))) => format!("above {below}, at most {most}"),
        (Some(Without(below)), None) => format!("above {below}"),
        (None, None) => String::new(),
        other => panic!("a range of another shape: {other:?}"),
    }
}

fn sentence(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.ends_with('.') { text } else { format!("{text}.") }
}

fn table() -> String {
    let mut text = "| Key | Kinds | Type | Range | Default | Meaning |\n".to_owned();
    text.push_str("|---|---|---|---|---|---|\n");
    text.extend(rows().iter().map(KeyRow::markdown));
    text
}

#[test]
fn key_table_in_the_docs_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT);
    let document = std::fs::read_to_string(&path).expect("the document is in the repository");
    let (before, rest) = document.split_once(BEGIN).expect("the table's begin is marked");
    let (committed, after) = rest.split_once(END).expect("the table's end is marked");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        let text = format!("{before}{BEGIN}{}{END}{after}", table());
        std::fs::write(&path, text).expect("the repository is writable");
    } else {
        let hint = "run `UPDATE_SCHEMA=1 cargo test current` and look at the difference";
        assert!(committed == table(), "{DOCUMENT} is out of date: {hint}");
    }
}
