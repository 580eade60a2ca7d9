//! "Did you mean": what an unknown key, kind, choice or name may stand for. The one place that composes such
//! help, from the words of others ([`meanings`]), from similar words, and from the keys of other tables.

use super::foreign::{Meaning, bare, general, meanings, squashed};
use super::tables::ANY_ELEMENT;

/// Longer words are rarely mistyped, and the time grows with the square of the length.
const LONGEST: usize = 256;
/// The most tables that are listed as the places of a key.
const MOST_PLACES: usize = 3;

/// The most likely intended candidate, if one is similar.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let (lower, plain) = (word.to_lowercase(), squashed(word));
    let distance = |candidate: &str| match !plain.is_empty() && squashed(candidate) == plain {
        true => 0,
        false => strsim::damerau_levenshtein(&lower, candidate),
    };
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| (distance(candidate), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The choice that a word stands for where `key` has these choices, with what else to know.
pub(super) fn choice_meant<'a>(
    key: &str,
    word: &str,
    choices: &[&'a str],
) -> Option<(&'a str, String)> {
    if let Some(same) = choices.iter().find(|choice| **choice == word) {
        return Some((same, String::new()));
    }
    let place = general(key);
    let ours = |meaning: Meaning| {
        let (key, value) = meaning.value()?;
        let choice = choices.iter().find(|choice| key == place && **choice == value)?;
        Some((*choice, meaning.rest()))
    };
    let similar = || nearest(bare(word), choices.iter().copied()).map(|near| (near, String::new()));
    meanings(word).find_map(ours).or_else(similar)
}

/// What to do about a value of `key` that is none of its choices; `all` lists these.
pub fn choice_help(key: &str, word: &str, choices: &[&str], all: &str) -> String {
    match choice_meant(key, word, choices) {
        Some((choice, rest)) => format!("did you mean \"{choice}\"?{rest}"),
        None => {
            let remark = meanings(word).find(|meaning| meaning.ours.is_empty());
            let beside = || Some(format!("write `{}` instead", value_beside(key, word)?));
            let said = remark.map(|remark| remark.remark.to_owned()).or_else(beside);
            said.map_or(all.to_owned(), |said| format!("{said}; {all}"))
        }
    }
}

/// What says the same by another key of the table that `key` is in: `minimise = "val_loss"`.
fn value_beside(key: &str, word: &str) -> Option<String> {
    let table = |key: &str| key.rsplit_once('.').map(|(table, _)| table.to_owned());
    let here = table(&general(key))?;
    let written = |meaning: Meaning| {
        let (other, value) = meaning.value()?;
        let (is_here, last) = (table(other)? == here, other.rsplit('.').next()?);
        is_here.then(|| format!("{last} = \"{value}\""))
    };
    meanings(word).find_map(written)
}

/// Where an unknown key stands.
pub struct UnknownKey<'a> {
    /// The table, with `[]` for elements of lists; empty: the file's outermost.
    pub table: &'a str,
    /// The key itself.
    pub key: &'a str,
    /// The keys that the table has.
    pub siblings: &'a [&'a str],
    /// Every key and table of a file by its whole name, with `[]` for elements of lists.
    pub all: &'a [String],
}

/// What an unknown key may stand for.
pub enum KeyMeant<'a> {
    /// This key of the same table.
    Sibling(&'a str, String),
    /// A value of a key: `optimizer.kind = "nesterov"`.
    Value(&'static str, String),
    /// The key has another name and belongs to another table.
    Renamed(&'static str, String),
    /// These tables have a key of this name.
    Elsewhere(Vec<&'a str>),
    /// There is no such key, and this is why.
    Remark(&'static str),
}

impl<'a> UnknownKey<'a> {
    /// What the key may stand for, if anything.
    pub fn meant(&self) -> Option<KeyMeant<'a>> {
        let foreign: Vec<Meaning> = meanings(self.key).collect();
        let here = foreign.iter().find_map(|meaning| self.own(*meaning));
        let similar = || {
            let near = nearest(self.key, self.siblings.iter().copied())?;
            Some(KeyMeant::Sibling(near, String::new()))
        };
        let is_known = |name: &str| self.all.iter().any(|known| known == name);
        let renamed = || {
            foreign.iter().find_map(|meaning| match meaning.value() {
                Some((key, _)) => {
                    is_known(key).then(|| KeyMeant::Value(meaning.ours, meaning.rest()))
                }
                None => {
                    is_known(meaning.ours).then(|| KeyMeant::Renamed(meaning.ours, meaning.rest()))
                }
            })
        };
        let remark = || {
            let said = foreign.iter().find(|meaning| meaning.ours.is_empty())?;
            Some(KeyMeant::Remark(said.remark))
        };
        here.or_else(similar).or_else(|| self.elsewhere()).or_else(renamed).or_else(remark)
    }

    /// A meaning in the same table.
    fn own(&self, meaning: Meaning) -> Option<KeyMeant<'a>> {
        let split = |name: &'static str| name.rsplit_once('.').unwrap_or(("", name));
        match meaning.value() {
            Some((key, _)) if split(key) == (self.table, "kind") => {
                Some(KeyMeant::Value(meaning.ours, meaning.rest()))
            }
            Some(_) => None,
            None => {
                let (table, last) = split(meaning.ours);
                let sibling = self.siblings.iter().find(|key| **key == last)?;
                let is_here = table == self.table && !meaning.ours.is_empty();
                is_here.then(|| KeyMeant::Sibling(sibling, meaning.rest()))
            }
        }
    }

    /// Keys of the same name in other tables.
    fn elsewhere(&self) -> Option<KeyMeant<'a>> {
        let has_name = |name: &&String| name.rsplit('.').next() == Some(self.key);
        let names: Vec<&str> = self.all.iter().filter(has_name).map(String::as_str).collect();
        let is_everywhere = self.key == "kind" || names.len() > MOST_PLACES;
        (!names.is_empty() && !is_everywhere).then_some(KeyMeant::Elsewhere(names))
    }

    /// What to do about it, as it is said of a key within a table of the file.
    pub fn help(&self) -> Option<String> {
        Some(match self.meant()? {
            KeyMeant::Sibling(key, rest) => match self.table.is_empty() && self.is_table(key) {
                true => format!("did you mean the table {}?{rest}", header(key)),
                false => format!("did you mean `{key}`?{rest}"),
            },
            KeyMeant::Value(ours, rest) => {
                let (key, value) = ours.split_once(" = ").unwrap_or((ours, ""));
                let (table, last) = key.rsplit_once('.').unwrap_or(("", key));
                let place = if table == self.table { String::new() } else { within(table) };
                format!("write `{last} = {value}`{place}{rest}")
            }
            KeyMeant::Renamed(ours, rest) => match self.is_table(ours) {
                true => format!("did you mean the table {}?{rest}", header(ours)),
                false => {
                    let (table, last) = ours.rsplit_once('.').unwrap_or(("", ours));
                    format!("did you mean `{last}`{}?{rest}", within(table))
                }
            },
            KeyMeant::Elsewhere(names) => match names[..] {
                [name] if !name.contains('.') && self.is_table(name) => {
                    format!("the table is called {}", header(name))
                }
                _ => {
                    let tables = names.iter().map(|name| name.rsplit_once('.').map(|(t, _)| t));
                    let places: Vec<String> = tables.map(place).collect();
                    format!("`{}` belongs {}", self.key, places.join(" or "))
                }
            },
            KeyMeant::Remark(remark) => remark.to_owned(),
        })
    }

    fn is_table(&self, name: &str) -> bool {
        let inner = |known: &String| {
            known.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', '[']))
        };
        self.all.iter().any(inner)
    }
}

/// `[optimizer]`, or `[[network.layers]]` for the elements of a list.
fn header(table: &str) -> String {
    match table.strip_suffix(ANY_ELEMENT) {
        Some(list) => format!("[[{list}]]"),
        None => format!("[{table}]"),
    }
}

/// ` in [optimizer]`
fn within(table: &str) -> String {
    match table {
        "" => " at the top of the file, above its tables".to_owned(),
        table => format!(" in {}", header(table)),
    }
}

/// `to [optimizer]`
fn place(table: Option<&str>) -> String {
    match table {
        None => "at the top of the file, above its tables".to_owned(),
        Some(table) => format!("to {}", header(table)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_near_misses_are_suggested() {
        let keys = ["dropout", "batch_norm", "hidden_sizes"];
        assert_eq!(nearest("droput", keys), Some("dropout"));
        assert_eq!(nearest("hiden_size", keys), Some("hidden_sizes"));
        assert_eq!(nearest("BatchNorm", keys), Some("batch_norm"));
        assert_eq!(nearest("colour", keys), None);
    }

    #[test]
    fn endless_words_are_near_to_nothing() {
        let endless = "x".repeat(1 << 20);
        assert_eq!(nearest(&endless, ["x", &endless]), None);
    }

    #[test]
    fn choices_are_meant_by_words_of_others_and_by_similar_ones() {
        let help = |word| choice_help("network.layers.3.kind", word, &["linear", "relu"], "all");
        assert_eq!(help("Dense"), "did you mean \"linear\"?");
        assert_eq!(help("Relu"), "did you mean \"relu\"?");
        assert_eq!(help("colour"), "all");
        assert!(help("Softmax").starts_with("no layer for it is needed"), "{}", help("Softmax"));
        let help = choice_help("search.maximise", "val_loss", &["val_accuracy"], "all");
        assert_eq!(help, "write `minimise = \"val_loss\"` instead; all");
    }

    #[test]
    fn keys_of_other_tables_are_named_with_their_table() {
        let all = ["network", "network.dropout", "optimizer", "optimizer.kind", "name"];
        let all: Vec<String> = all.iter().chain(&LATER).map(|name| (*name).to_owned()).collect();
        let help = |table, key| {
            let siblings = match table {
                "network" => vec!["dropout"],
                _ => vec![],
            };
            UnknownKey { table, key, siblings: &siblings, all: &all }.help().unwrap_or_default()
        };
        assert_eq!(help("network", "learning_rate"), "`learning_rate` belongs to [optimizer]");
        assert_eq!(help("", "learning_rate"), "`learning_rate` belongs to [optimizer]");
        assert_eq!(help("network", "lr"), "did you mean `learning_rate` in [optimizer]?");
        assert_eq!(
            help("", "train_examples"),
            "`train_examples` belongs to [dataset] or to [evaluation]"
        );
        let name = "`name` belongs at the top of the file, above its tables";
        assert_eq!(help("network", "name"), name);
        let kept = "did you mean `dropout`? (the share that is dropped: 1 - keep_prob)";
        assert_eq!(help("network", "keep_prob"), kept);
        assert_eq!(help("optimizer", "use_nesterov"), "write `kind = \"nesterov\"`");
        assert_eq!(help("", "lr_scheduler"), "did you mean the table [schedule]?");
        assert_eq!(help("training", "schedule"), "the table is called [schedule]");
        assert_eq!(help("training", "loss"), "the loss is always softmax cross-entropy");
        assert_eq!(help("training", "flavour"), "");
    }

    const LATER: [&str; 5] = [
        "optimizer.learning_rate",
        "dataset.train_examples",
        "evaluation.train_examples",
        "schedule",
        "schedule.kind",
    ];
}
