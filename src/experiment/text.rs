//! Texts that a file states of itself: its name, its description, the names of its variants.

use crate::config::{Diagnostic, Entry, Problems, TomlTable, Value};

/// Longest name, in bytes: it stands in the record of each trial.
const LONGEST_NAME: usize = 255;

/// Takes the text of a key of the experiment itself.
pub(super) fn text_of(root: &mut TomlTable, key: &str, problems: &Problems) -> Option<String> {
    let entry = root.remove(key)?;
    match key {
        "name" => name_of(entry, problems),
        _ => plain_text(entry, problems),
    }
}

/// A name; control characters would garble tables and logs.
pub(super) fn name_of(entry: Entry, problems: &Problems) -> Option<String> {
    let (key, origin) = (entry.key.clone(), entry.node.origin);
    let text = plain_text(entry, problems)?;
    let wrong = |title: String, label: String| {
        problems.push(Diagnostic::new(origin, title, label));
        None
    };
    if text.chars().any(char::is_control) {
        let label = "line breaks and other control characters are not allowed here".to_owned();
        return wrong(format!("`{key}` has control characters"), label);
    }
    if text.len() > LONGEST_NAME {
        let label = format!("has {} bytes; at most {LONGEST_NAME} are possible", text.len());
        return wrong(format!("`{key}` is too long"), label);
    }
    Some(text)
}

fn plain_text(entry: Entry, problems: &Problems) -> Option<String> {
    match entry.node.value {
        Value::String(text) => Some(text),
        Value::Invalid => None,
        other => {
            let title = format!("`{}` has the wrong type", entry.key);
            let label = format!("expected a string, found {}", other.type_name());
            problems.push(Diagnostic::new(entry.node.origin, title, label));
            None
        }
    }
}
