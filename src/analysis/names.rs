//! What runs can be queried by name: settings, figures, and what identifies a run.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::analysis::settings::{element, elements};
use crate::config::{ANY_ELEMENT, Meaning, meanings, nearest, quoted_list};
use crate::escape::escape_controls;
use crate::experiment;
use crate::runs::figures::Figure;
use crate::runs::record::RunRecord;
use crate::runs::trial_tables::TrialTables;

/// Candidates that an ambiguous name lists.
const MOST_CANDIDATES: usize = 8;

/// Something that a run has, or may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name {
    /// A setting by its dotted key.
    Setting(String),
    /// A figure.
    Figure(Figure),
    /// The run id.
    Id,
    /// The state, in a word.
    State,
    /// The trial's seed.
    Seed,
    /// Names of the experiments that asked for the run.
    Experiment,
    /// Its tags.
    Tag,
}

/// Names other than settings and figures.
const WORDS: [(&str, Name); 5] = [
    ("id", Name::Id),
    ("state", Name::State),
    ("seed", Name::Seed),
    ("experiment", Name::Experiment),
    ("tag", Name::Tag),
];

/// Types of a name's values over all runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ValueTypes(u8);

impl ValueTypes {
    pub(super) const NUMBER: ValueTypes = ValueTypes(1);
    pub(super) const TEXT: ValueTypes = ValueTypes(2);
    pub(super) const FLAG: ValueTypes = ValueTypes(4);
    pub(super) const LIST: ValueTypes = ValueTypes(8);
    const TABLE: ValueTypes = ValueTypes(16);
    /// No run has the name, so its type is unknown.
    pub(super) const ANY: ValueTypes = ValueTypes(31);

    /// The type of one value.
    pub(super) fn of(value: &Value) -> ValueTypes {
        match value {
            Value::Number(_) => ValueTypes::NUMBER,
            Value::String(_) => ValueTypes::TEXT,
            Value::Bool(_) => ValueTypes::FLAG,
            Value::Array(_) => ValueTypes::LIST,
            Value::Object(_) => ValueTypes::TABLE,
            Value::Null => ValueTypes::ANY,
        }
    }

    /// Whether the two have a type in common.
    pub(super) fn meets(self, other: ValueTypes) -> bool {
        self.0 & other.0 != 0
    }

    /// In words: `a number`, `text or a table`.
    pub(super) fn words(self) -> String {
        let words = ["a number", "text", "true or false", "a list", "a table"];
        let bits = words.iter().enumerate().filter(|(bit, _)| self.0 & (1 << bit) != 0);
        bits.map(|(_, word)| *word).collect::<Vec<_>>().join(" or ")
    }
}

/// The names that are valid for some runs.
#[derive(Debug)]
pub(super) struct Names {
    settings: BTreeMap<String, ValueTypes>, // dotted keys that one of the runs has, elements by number
    named: BTreeMap<String, ValueTypes>,    // the same with names of elements, where they have any
    others: Vec<String>,                    // keys that a trial may have but none of these has
    of_elements: Vec<String>, // such keys of any element of a list: `network.layers[].rate`
}

/// Why a name cannot be resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unclear {
    /// Nothing has a similar name.
    Unlike,
    /// Something has a similar name.
    Near,
    /// Several keys end with it.
    Ambiguous,
}

/// Why a name cannot be resolved, for an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UnknownName {
    pub(super) how: Unclear,
    /// What is wrong: `unknown name` or `ambiguous name`.
    pub(super) title: String,
    /// What to do about it.
    pub(super) help: String,
}

impl Names {
    /// The names in these runs, and all that a trial may have.
    pub(super) fn of(records: &[RunRecord]) -> Names {
        let (mut settings, mut named) = (BTreeMap::new(), BTreeMap::new());
        let nothing = TrialTables::default();
        let mut previous = &nothing;
        for record in records {
            // Most tables equal those of the previous run.
            for (name, table) in record.trial.iter() {
                if previous.get(name) != Some(table) {
                    collect(table, &mut name.to_owned(), &mut settings);
                    collect_named(table, &mut name.to_owned(), false, &mut named);
                }
            }
            previous = &record.trial;
        }
        let known = experiment::key_names().into_iter();
        let (of_elements, mut others): (Vec<String>, Vec<String>) =
            known.partition(|name| name.contains(ANY_ELEMENT));
        others.retain(|name| !settings.contains_key(name));
        Names { settings, named, others, of_elements }
    }

    /// What `name` means: a whole key, a figure or word, or the end of one key only, such as
    /// `dropout` for `network.dropout`.
    ///
    /// # Errors
    /// When there is no such name, or several keys end so.
    pub(super) fn resolve(&self, name: &str) -> Result<Name, UnknownName> {
        if name.contains('.') && self.is_key(name) {
            return Ok(Name::Setting(name.to_owned()));
        }
        if let Some(figure) = Figure::named(name) {
            return Ok(Name::Figure(figure));
        }
        if let Some((_, word)) = WORDS.iter().find(|(word, _)| *word == name) {
            return Ok(word.clone());
        }
        let of_runs = ending_in(self.settings.keys(), name);
        let of_others = || ending_in(self.others.iter(), name);
        let mut candidates = [of_runs, ending_in(self.named.keys(), name)].into_iter();
        let candidates = candidates.find(|keys| !keys.is_empty()).unwrap_or_else(of_others);
        match candidates.as_slice() {
            [] => Err(self.unknown(name)),
            [key] => Ok(Name::Setting((*key).to_owned())),
            several => Err(ambiguous(name, several)),
        }
    }

    fn is_key(&self, name: &str) -> bool {
        let is_of_element = |key: &str| self.of_elements.iter().any(|known| known == key);
        let path = || name.split('.').map(str::to_owned).collect::<Vec<_>>();
        self.settings.contains_key(name)
            || self.named.contains_key(name)
            || self.others.iter().any(|key| key == name)
            || is_of_element(&experiment::any_element(&path(), is_of_element))
    }

    /// Types of its values in these runs.
    pub(super) fn kinds(&self, name: &Name) -> ValueTypes {
        match name {
            Name::Setting(key) => {
                let kinds = self.settings.get(key).or_else(|| self.named.get(key));
                kinds.copied().unwrap_or(ValueTypes::ANY)
            }
            Name::Figure(_) | Name::Seed => ValueTypes::NUMBER,
            Name::Id | Name::State | Name::Experiment | Name::Tag => ValueTypes::TEXT,
        }
    }

    /// The key of a table's kind, such as `optimizer.kind`.
    pub(super) fn kind_of(&self, name: &Name) -> Option<String> {
        let Name::Setting(key) = name else { return None };
        let kind = format!("{key}.kind");
        let is_table = self.kinds(name).meets(ValueTypes::TABLE);
        (is_table && self.settings.contains_key(&kind)).then_some(kind)
    }

    /// What other programs call so.
    fn foreign(&self, name: &str) -> Option<String> {
        let (table, _) = name.rsplit_once('.').unwrap_or(("", name));
        let is_name = |meaning: &Meaning| {
            let ours = meaning.ours;
            let is_figure =
                Figure::named(ours).is_some() || WORDS.iter().any(|(word, _)| *word == ours);
            let is_setting = ours.contains('.') && self.is_key(ours);
            if table.is_empty() { is_figure || is_setting } else { is_setting }
        };
        let found: Vec<Meaning> = meanings(name).filter(is_name).collect();
        let in_table =
            |meaning: &&Meaning| meaning.ours.rsplit_once('.').is_some_and(|(t, _)| t == table);
        let meaning = found.iter().find(in_table).or(found.first())?;
        Some(format!("did you mean `{}`?{}", meaning.ours, meaning.rest()))
    }

    /// Keys of other tables with the last part of this one.
    fn in_other_table(&self, name: &str) -> Option<String> {
        let (_, last) = name.rsplit_once('.')?;
        let found = ending_in(self.settings.keys().chain(&self.others), last);
        let shown = &found[..found.len().min(MOST_CANDIDATES)];
        let names: Vec<String> = shown.iter().map(|key| format!("`{key}`")).collect();
        (!found.is_empty()).then(|| format!("did you mean {}?", names.join(" or ")))
    }

    fn unknown(&self, name: &str) -> UnknownName {
        let last = |key: &'_ str| key.rsplit('.').next().map_or(0, |last| key.len() - last.len());
        let keys = || self.settings.keys().chain(self.named.keys()).chain(&self.others);
        let keys = || keys().map(String::as_str);
        let own = Figure::asked().flat_map(|figure| [figure.name(), figure.kind().short]);
        let own: Vec<&str> = own.chain(WORDS.iter().map(|(word, _)| *word)).collect();
        let words = own.iter().copied();
        let similar = || match name.contains('.') {
            true => nearest(name, keys()),
            false => {
                // `accuracy` is not a misspelling of one of three `..._accuracy`.
                let is_end =
                    |word: &&str| word.strip_suffix(name).is_some_and(|b| b.ends_with('_'));
                let words = words.chain(keys().map(|key| &key[last(key)..]));
                nearest(name, words.filter(|word| !is_end(word)))
            }
        };
        let near = (self.foreign(name))
            .or_else(|| similar().map(|near| format!("did you mean `{near}`?")))
            .or_else(|| self.in_other_table(name));
        let how = if near.is_some() { Unclear::Near } else { Unclear::Unlike };
        let help = near.unwrap_or_else(|| {
            format!(
                "a name is a setting such as `network.dropout` or `dropout`, or one of {}",
                quoted_list(&proper_names())
            )
        });
        UnknownName { how, title: format!("unknown name `{}`", escape_controls(name)), help }
    }
}

/// Names that are not settings, one for each item.
fn proper_names() -> Vec<&'static str> {
    let figures = Figure::asked().map(Figure::name);
    figures.chain(WORDS.iter().map(|(word, _)| *word)).collect()
}

/// Keys that end in `name`, a whole part or several.
fn ending_in<'a>(keys: impl Iterator<Item = &'a String>, name: &str) -> Vec<&'a str> {
    let ends = |key: &&str| {
        key.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    keys.map(String::as_str).filter(ends).collect()
}

fn ambiguous(name: &str, keys: &[&str]) -> UnknownName {
    let shown = quoted_list(&keys[..keys.len().min(MOST_CANDIDATES)]);
    let more = if keys.len() > MOST_CANDIDATES { ", ..." } else { "" };
    UnknownName {
        how: Unclear::Ambiguous,
        title: format!("ambiguous name `{}`", escape_controls(name)),
        help: format!("write the whole key: {shown}{more}"),
    }
}

/// Adds a value's dotted `key` and, for a table or a list of tables, the keys in it.
fn collect(value: &Value, key: &mut String, settings: &mut BTreeMap<String, ValueTypes>) {
    add(value, key, settings);
    if let Some(elements) = elements(value) {
        for (index, (_, element)) in elements.into_iter().enumerate() {
            within(key, &index.to_string(), |key| collect(element, key, settings));
        }
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        within(key, name, |key| collect(inner, key, settings));
    }
}

/// Like [`collect`], but only keys that contain at least one element name.
fn collect_named(
    value: &Value,
    key: &mut String,
    has_name: bool,
    settings: &mut BTreeMap<String, ValueTypes>,
) {
    if has_name {
        add(value, key, settings);
    }
    for (index, (name, element)) in elements(value).into_iter().flatten().enumerate() {
        let has_name = has_name || name != index.to_string();
        within(key, &name, |key| collect_named(element, key, has_name, settings));
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        within(key, name, |key| collect_named(inner, key, has_name, settings));
    }
}

fn add(value: &Value, key: &str, settings: &mut BTreeMap<String, ValueTypes>) {
    match settings.get_mut(key) {
        Some(kinds) => kinds.0 |= ValueTypes::of(value).0,
        None => drop(settings.insert(key.to_owned(), ValueTypes::of(value))),
    }
}

/// Calls `visit` with the key of the element called `name` in `key`.
fn within(key: &mut String, name: &str, visit: impl FnOnce(&mut String)) {
    let length = key.len();
    key.push('.');
    key.push_str(name);
    visit(key);
    key.truncate(length);
}

/// A trial's setting at a dotted key, if it has one; list elements by number or name.
pub(super) fn setting<'a>(trial: &'a TrialTables, key: &str) -> Option<&'a Value> {
    let mut names = key.split('.');
    let table = trial.get(names.next()?)?;
    names.try_fold(table, element)
}

/// The seed of a run.
pub(super) fn seed_of(record: &RunRecord) -> Option<u64> {
    record.trial.seed()
}

#[cfg(test)]
mod tests;
