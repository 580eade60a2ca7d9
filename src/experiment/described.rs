//! The kinds and keys of an experiment file with what they mean, as a list.

use super::file::file_facts;
use crate::config::ANY_ELEMENT;
use crate::config::keys::{TableFacts, ValueKind};

/// A key or a value of an experiment file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// As a file has it, with `[]` for elements of lists: `schedule.kind = "cosine"`.
    pub written: String,
    /// The last part of the key, or the value.
    pub word: String,
    /// What it means.
    pub words: String,
}

/// Every kind, choice and key of an experiment file.
pub fn described() -> Vec<Described> {
    let mut found = Vec::new();
    add_table("", &file_facts(), &mut found);
    let mut all: Vec<Described> = Vec::new();
    for one in found {
        if !one.words.is_empty() && !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

fn add_table(path: &str, table: &TableFacts, found: &mut Vec<Described>) {
    let name = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    let mut add = |written: String, word: &str, words: &str| {
        found.push(Described { written, word: word.to_owned(), words: words.to_owned() });
    };
    for kind in &table.kinds {
        add(format!("{} = \"{}\"", name("kind"), kind.name), kind.name, &kind.words);
    }
    for key in &table.keys {
        add(name(key.name), key.name, &key.words);
        if let ValueKind::Words(choices)
        | ValueKind::WordsOrTable(choices, _)
        | ValueKind::NumberOrWords(_, choices)
        | ValueKind::NumbersOrWords(_, choices) = &key.kind
        {
            for (choice, words) in choices {
                add(format!("{} = \"{choice}\"", name(key.name)), choice, words);
            }
        }
    }
    for kind in &table.kinds {
        add_table(path, &(kind.facts)(), found);
    }
    for key in &table.keys {
        match &key.kind {
            ValueKind::Table(facts) | ValueKind::WordsOrTable(_, facts) => {
                add_table(&name(key.name), &facts(), found);
            }
            // A list within an element of the same list has the same keys.
            ValueKind::Tables(facts) if !path.ends_with(ANY_ELEMENT) => {
                add_table(&format!("{}{ANY_ELEMENT}", name(key.name)), &facts(), found);
            }
            _ => {}
        }
    }
}
