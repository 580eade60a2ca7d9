//! TOML text -> tree. Every syntax error becomes a diagnostic; parsing does not stop at the first.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use super::{Diagnostic, Entry, Node, Origin, Problems, Source, TomlTable, Value};

/// The most parts of a dotted key: far more than the deepest network needs, and far fewer than
/// would overflow the stack.
const MOST_PARTS: usize = 64;
/// In a longer text only the first syntax error is reported: one on every line would take the
/// memory of about a thousand such texts.
const LONGEST_RECOVERED: usize = 1 << 16;

/// The position in a source at which spans start.
#[derive(Clone, Copy)]
struct Base<'a> {
    problems: &'a Problems,
    source: usize,
    offset: usize,
}

/// Parses a whole file, the source with this index.
pub fn parse_document(text: &str, source: usize, problems: &Problems) -> TomlTable {
    let base = Base { problems, source, offset: 0 };
    if text.len() > LONGEST_RECOVERED {
        return match DeTable::parse(text) {
            Ok(root) => base.table(root.get_ref()),
            Err(error) => {
                base.report(text, &[error]);
                TomlTable::new()
            }
        };
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    base.report(text, &errors);
    base.table(root.get_ref())
}

/// Parses the `KEY=VALUE` of a `--set`: the path of the key and its entry, or nothing if it is
/// invalid. A bare word is a string, so that users need not quote twice.
pub fn parse_override(
    source: &Source,
    index: usize,
    problems: &Problems,
) -> Option<(Vec<String>, Entry)> {
    let text = source.text.as_str();
    let whole = Origin { source: index, start: 0, end: text.len() };
    let Some(equals) = text.find('=') else {
        let label = "expected KEY=VALUE, such as network.dropout=0.3";
        problems.push(Diagnostic::new(whole, "`--set` without a value", label));
        return None;
    };
    let before = problems.len();
    let (path, key_origin) = parse_key(&text[..equals], index, problems)?;
    let node = parse_value(&text[equals + 1..], equals + 1, index, problems);
    let key = path.last()?.clone();
    (problems.len() == before).then_some((path, Entry { key, key_origin, node }))
}

/// A valid `KEY=VALUE` of a `--set` as a line of a file.
pub fn line_of_override(text: &str) -> String {
    let (key, value) = text.split_once('=').unwrap_or((text, ""));
    let (key, value) = (key.trim(), value.trim());
    match is_bare_word(value) {
        true => format!("{key} = \"{value}\""),
        false => format!("{key} = {value}"),
    }
}

fn parse_key(text: &str, source: usize, problems: &Problems) -> Option<(Vec<String>, Origin)> {
    // With a number as the value, every table is a step of the path.
    let table = parse_document(&format!("{text}=0"), source, problems);
    let mut path = Vec::new();
    let mut table = &table;
    loop {
        let [entry] = table.entries.as_slice() else {
            let whole = Origin { source, start: 0, end: text.len() };
            let label = "expected a key, such as network.dropout";
            problems.push(Diagnostic::new(whole, "`--set` without a key", label));
            return None;
        };
        path.extend(entry.key.split('.').map(str::to_owned));
        let Value::Table(inner) = &entry.node.value else { break };
        table = inner;
    }
    let end = text.trim_end().len();
    let start = (text.len() - text.trim_start().len()).min(end);
    let origin = Origin { source, start, end };
    has_few_parts(&path, origin, problems).then_some((path, origin))
}

/// Whether a key does not have too many parts; reports it otherwise.
pub fn has_few_parts(path: &[String], origin: Origin, problems: &Problems) -> bool {
    let has_few = path.len() <= MOST_PARTS;
    if !has_few {
        let label = format!("has {} parts; at most {MOST_PARTS} are possible", path.len());
        problems.push(Diagnostic::new(origin, "a key with too many parts", label));
    }
    has_few
}

fn parse_value(text: &str, offset: usize, source: usize, problems: &Problems) -> Node {
    let start = offset + (text.len() - text.trim_start().len());
    let word = text.trim();
    let base = Base { problems, source, offset: start };
    if is_bare_word(word) {
        let value = Value::String(word.to_owned());
        return Node { origin: base.origin(0..word.len()), value };
    }
    let (value, errors) = DeValue::parse_recoverable(word);
    base.report(word, &errors);
    base.node(&value)
}

/// Whether a text can only mean a string: `adam`, but not `true` or `nan`.
fn is_bare_word(text: &str) -> bool {
    let ordinary = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(ordinary)
        && !["true", "false", "nan", "inf"].contains(&text)
}

impl Base<'_> {
    fn origin(&self, span: Range<usize>) -> Origin {
        let start = self.offset + span.start;
        Origin { source: self.source, start, end: self.offset + span.end.max(span.start) }
    }

    fn report(&self, text: &str, errors: &[Error]) {
        for error in errors {
            let span = error.span().unwrap_or(text.len()..text.len());
            let title = format!("invalid TOML: {}", headline(error.message()));
            let mut diagnostic = Diagnostic::new(self.origin(span), title, rest(error.message()));
            if error.message() == "duplicate key" {
                let help = "under [grid], a table and one of its keys can both vary if the longer \
                    key is quoted";
                diagnostic.help = Some(help.to_owned());
            }
            self.problems.push_syntax_error(diagnostic);
        }
    }

    fn node(&self, value: &Spanned<DeValue<'_>>) -> Node {
        let origin = self.origin(value.span());
        Node { origin, value: self.value(origin, value.get_ref()) }
    }

    fn value(&self, origin: Origin, value: &DeValue<'_>) -> Value {
        match value {
            DeValue::String(text) => Value::String(text.clone().into_owned()),
            DeValue::Integer(digits) => {
                match i64::from_str_radix(digits.as_str(), digits.radix()) {
                    Ok(number) => Value::Integer(number),
                    Err(_) => self.too_large(origin),
                }
            }
            DeValue::Float(digits) => match digits.as_str().parse::<f64>() {
                Ok(number) => Value::Float(number),
                // If it is not a number at all, the parser has already reported it.
                Err(_) => Value::Invalid,
            },
            DeValue::Boolean(flag) => Value::Boolean(*flag),
            DeValue::Datetime(_) => Value::Datetime,
            DeValue::Array(items) => {
                Value::Array(items.iter().map(|item| self.node(item)).collect())
            }
            DeValue::Table(table) => Value::Table(self.table(table)),
        }
    }

    fn too_large(&self, origin: Origin) -> Value {
        let label = "does not fit into 64 bits";
        self.problems.push(Diagnostic::new(origin, "number out of range", label));
        Value::Invalid
    }

    fn table(&self, table: &DeTable<'_>) -> TomlTable {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| Entry {
                key: key.get_ref().clone().into_owned(),
                key_origin: self.origin(key.span()),
                node: self.node(value),
            })
            .collect();
        entries.sort_by_key(|entry| entry.key_origin);
        TomlTable { entries }
    }
}

/// toml's messages read "what is wrong, expected this": the first part is the headline.
fn headline(message: &str) -> &str {
    message.split_once(", expected").map_or(message, |(first, _)| first)
}

fn rest(message: &str) -> String {
    match message.split_once(", expected") {
        Some((_, " nothing")) | None => "here".to_owned(),
        Some((_, expected)) => format!("expected{expected}"),
    }
}
