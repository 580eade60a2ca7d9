//! Reads one table key by key, records every problem and continues.

use super::diagnostic::MOST_KEPT;
use super::foreign::{general, meanings};
use super::wanted::table_help;
use super::{
    Diagnostic, Entry, KeyMeant, Origin, Problems, TomlTable, UnknownKey, Value, WantedType,
    nearest,
};

static EMPTY: TomlTable = TomlTable::new();

/// Reads one table. Each method takes a key and returns its value or, after recording what is
/// wrong with it, a fallback; [`TableReader::finish`] reports the keys that nobody asked for.
pub struct TableReader<'a> {
    pub(super) table: &'a TomlTable,
    /// Where the table is named; an absent table is reported at the table that should contain it.
    pub(super) origin: Origin,
    pub(super) path: String,
    pub(super) problems: &'a Problems,
    pub(super) asked: Vec<&'static str>,
    /// Keys of other kinds of this table, with the kind.
    pub(super) elsewhere: Vec<(&'static str, &'static str)>,
    /// Missing keys without a default.
    missing: Vec<(&'static str, Diagnostic)>,
    /// Keys that are `false`, which says that they are absent.
    pub(super) switched_off: Vec<&'static str>,
}

impl<'a> TableReader<'a> {
    /// Reads the outermost table of a source.
    pub fn root(table: &'a TomlTable, source: usize, problems: &'a Problems) -> TableReader<'a> {
        TableReader::new(table, Origin::start_of(source), String::new(), problems)
    }

    /// Reads a table that messages call `path`, wherever it is.
    pub fn new(table: &'a TomlTable, origin: Origin, path: String, problems: &'a Problems) -> Self {
        TableReader {
            table,
            origin,
            path,
            problems,
            asked: Vec::new(),
            elsewhere: Vec::new(),
            missing: Vec::new(),
            switched_off: Vec::new(),
        }
    }

    /// The full name of a key, such as `network.dropout`.
    pub fn name(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Marks a key as known. Some are read twice, as where a path is and as what it is, and are listed once.
    fn ask(&mut self, key: &'static str) {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
    }

    /// The entry of a key; marks the key as known.
    pub fn entry(&mut self, key: &'static str) -> Option<&'a Entry> {
        self.ask(key);
        let entry = self.there(key)?;
        (entry.node.value != Value::Invalid).then_some(entry)
    }

    /// The entry of a key, unless it is switched off.
    pub(super) fn there(&self, key: &str) -> Option<&'a Entry> {
        self.table.get(key).filter(|_| !self.switched_off.contains(&key))
    }

    /// Whether the table has this key, and it is not switched off.
    pub fn has(&self, key: &str) -> bool {
        self.there(key).is_some()
    }

    /// Whether anything read so far is wrong, in this table or others.
    pub fn has_errors(&self) -> bool {
        !self.problems.is_empty()
    }

    /// Records a problem with the value of a key, or with the table if the key is absent.
    pub fn error(&self, key: &str, title: String, label: String, help: Option<String>) {
        let origin = self.table.get(key).map_or(self.origin, |entry| entry.node.origin);
        self.problems.push(Diagnostic { help, ..Diagnostic::new(origin, title, label) });
    }

    /// Records that a key without a default is missing, if it is.
    pub fn require(&mut self, key: &'static str, help: &str) {
        if self.table.get(key).is_none() {
            let title = format!("`{}` is missing", self.name(key));
            let label = format!("needs the key `{key}`");
            self.missing.push((key, Diagnostic::new(self.origin, title, label).help(help)));
        }
    }

    pub(super) fn wrong_type(&self, origin: Origin, name: &str, wanted: WantedType, found: &Value) {
        self.wrong_type_with(origin, name, wanted, found, wanted.help(found));
    }

    pub(super) fn wrong_type_with(
        &self,
        origin: Origin,
        name: &str,
        wanted: WantedType,
        found: &Value,
        help: Option<String>,
    ) {
        let title = format!("`{name}` has the wrong type");
        let label = format!("expected {}, found {}", wanted.words(), found.type_name());
        let wanted = Some(wanted);
        self.problems.push(Diagnostic { wanted, help, ..Diagnostic::new(origin, title, label) });
    }

    /// Reads a table with its function and reports the keys that it did not ask for. An absent
    /// table is read as empty. Where something else is there, `example`, which gets the table's whole name, shows
    /// what the table may have.
    pub fn table<T>(
        &mut self,
        key: &'static str,
        example: impl Fn(&str, &Value) -> String,
        read: impl FnOnce(&mut TableReader<'_>) -> T,
    ) -> T {
        let path = self.name(key);
        let entry = self.entry(key);
        let mut inner = match entry.map(|entry| (entry, &entry.node.value)) {
            Some((entry, Value::Table(table))) => {
                TableReader::new(table, entry.key_origin, path, self.problems)
            }
            Some((entry, other)) => {
                let help = table_help(key, &example(&path, other));
                self.wrong_type_with(
                    entry.node.origin,
                    &path,
                    WantedType::Table,
                    other,
                    Some(help),
                );
                return self.fallback(path, read);
            }
            None => TableReader::new(&EMPTY, self.origin, path, self.problems),
        };
        let value = read(&mut inner);
        inner.finish();
        value
    }

    /// Like [`TableReader::table`], but returns nothing if it is absent.
    pub fn optional_table<T>(
        &mut self,
        key: &'static str,
        example: impl Fn(&str, &Value) -> String,
        read: impl FnOnce(&mut TableReader<'_>) -> T,
    ) -> Option<T> {
        if self.has(key) {
            return Some(self.table(key, example, read));
        }
        self.ask(key);
        None
    }

    /// Like [`TableReader::table`], but its absence is an error, reported once for all its keys.
    pub fn required_table<T>(
        &mut self,
        key: &'static str,
        example: impl Fn(&str, &Value) -> String,
        read: impl FnOnce(&mut TableReader<'_>) -> T,
    ) -> T {
        if self.has(key) {
            return self.table(key, example, read);
        }
        self.ask(key);
        let title = format!("the table `[{}]` is missing", self.name(key));
        self.error(key, title, String::new(), None);
        self.fallback(self.name(key), read)
    }

    fn fallback<T>(&self, path: String, read: impl FnOnce(&mut TableReader<'_>) -> T) -> T {
        let silent = Problems::new();
        read(&mut TableReader::new(&EMPTY, self.origin, path, &silent))
    }

    /// Reports the keys that nobody asked for, and those that are missing, unless one of the former
    /// looks like a misspelling of it.
    pub fn finish(self) {
        let is_unknown = |key: &str| !self.asked.contains(&key);
        let entries = self.table.entries.iter();
        let unknown: Vec<&Entry> = entries.filter(|entry| is_unknown(&entry.key)).collect();
        for entry in &unknown {
            self.unknown(entry);
        }
        let misspelt = &unknown[..unknown.len().min(MOST_KEPT)];
        for (key, diagnostic) in &self.missing {
            let is_meant = |entry: &&&Entry| {
                let ours = general(&self.name(key));
                nearest(&entry.key, [*key]).is_some()
                    || meanings(&entry.key).any(|meaning| meaning.ours == ours)
            };
            if !misspelt.iter().any(|entry| is_meant(&entry)) {
                self.problems.push(diagnostic.clone());
            }
        }
    }

    fn unknown(&self, entry: &Entry) {
        let title = format!("unknown key `{}`", self.name(&entry.key));
        let kinds = self.kinds_with(&entry.key);
        let mut diagnostic = Diagnostic::new(entry.key_origin, title, "no such key");
        if self.problems.is_full() {
            return self.problems.push(diagnostic); // it would only be counted
        }
        if kinds.is_empty() {
            diagnostic.help = Some(self.suggestion(&entry.key));
        } else {
            diagnostic.label = format!("a key of kind {}", quoted_list(&kinds));
            diagnostic.help = Some(format!("this kind has {}", quoted_list(&self.asked)));
            let kind = self.table.get("kind").map(|kind| kind.node.origin);
            diagnostic.related =
                kind.map(|origin| (origin, "this kind has no such key".to_owned()));
        }
        self.problems.push(diagnostic);
    }

    /// The other kinds that have a key.
    fn kinds_with(&self, wanted: &str) -> Vec<&'static str> {
        let others = self.elsewhere.iter().filter(|(key, _)| *key == wanted);
        others.map(|(_, kind)| *kind).collect()
    }

    /// What the key may stand for, or the keys that there are.
    fn suggestion(&self, key: &str) -> String {
        let table = general(&self.path);
        let of_kinds = self.elsewhere.iter().map(|(key, _)| *key);
        let siblings: Vec<&str> = self.asked.iter().copied().chain(of_kinds).collect();
        let all = self.problems.known_keys();
        let unknown = UnknownKey { table: &table, key, siblings: &siblings, all };
        let help = match unknown.meant() {
            Some(KeyMeant::Sibling(meant, rest)) if !self.asked.contains(&meant) => {
                let kinds = quoted_list(&self.kinds_with(meant));
                Some(format!("did you mean `{meant}`, a key of kind {kinds}?{rest}"))
            }
            _ => unknown.help(),
        };
        help.unwrap_or_else(|| format!("the keys here are {}", quoted_list(&self.asked)))
    }
}

/// Words in backticks, with commas.
pub fn quoted_list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
