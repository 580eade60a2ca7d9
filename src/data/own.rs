//! What the user's own data, pictures and tables, have in common: read once per process when an
//! experiment names them, known by their content, divided by a seed, what cannot be read listed.

use std::hash::{Hash, Hasher};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Dataset, DatasetFacts};
use crate::config::{Range, TableReader};
use crate::rng::{Purpose, stream};

/// Share of the examples that are held out for testing where nothing else says which.
pub(super) const TEST_FRACTION: Fraction = Fraction(0.2);
/// What is listed of what was left out: a table with another delimiter is left out line by line.
const MOST_LISTED: usize = 1000;
/// A label is 16 bits wide.
pub(super) const MOST_CLASSES: usize = 1 << 16;

/// The data behind a `[dataset]` table.
#[derive(Debug, PartialEq)]
pub struct OwnData {
    /// The examples.
    pub dataset: Arc<Dataset>,
    /// What is no example, and why.
    pub left_out: LeftOutList,
}

/// What is no example: how much, and the first of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOutList {
    first: Vec<LeftOut>,
    count: usize,
}

/// A file or line that is no example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// A path, or a path and a line.
    pub what: String,
    /// Why, after "it".
    pub reason: String,
}

/// Data that was read; none where it could not be. What is equal has equal content.
#[derive(Clone, Default)]
pub struct OwnHandle(Option<Arc<OwnData>>);

/// A share, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Fraction(f64);

/// Why data cannot be used: the key to change, what is wrong with it, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) key: &'static str,
    pub(super) title: String,
    pub(super) label: String,
    pub(super) help: Option<String>,
}

/// A source of the user's own data: a `[dataset]` table of one kind.
pub(super) trait OwnSource: Clone + PartialEq + Send + 'static {
    /// Where it lies; empty if the table does not say.
    fn path(&self) -> &str;
    /// The content that it must have, if any.
    fn sha256_mut(&mut self) -> &mut Option<String>;
    /// What was read.
    fn handle_mut(&mut self) -> &mut OwnHandle;
    /// The data of this process.
    fn cache() -> &'static Mutex<Vec<(Self, Self)>>;
}

/// Reads what `config` names, unless the table has errors already, and reports at the table's keys why
/// it cannot. `load` returns the config with its data, and with what only the data could tell.
pub(super) fn read_own<S: OwnSource>(
    table: &TableReader<'_>,
    config: S,
    load: fn(S) -> Result<S, Refusal>,
) -> S {
    if config.path().is_empty() {
        return config;
    }
    if table.has_errors() {
        if !Path::new(config.path()).exists() {
            let label = format!("{} is not there", config.path());
            table.error("path", "there is no such data".to_owned(), label, None);
        }
        return config;
    }
    let mut asked = config.clone();
    let expected = asked.sha256_mut().take();
    let mut read = match cached(asked, load) {
        Ok(read) => read,
        Err(Refusal { key, title, label, help }) => {
            table.error(key, title, label, help);
            return config;
        }
    };
    let found = read.handle_mut().sha256().unwrap_or_default();
    if let Some(expected) = expected.filter(|expected| *expected != found) {
        let help =
            "the data was changed; without this key it is trained on as it is, which is a new run";
        let label = format!("the content there has {found}, not {expected}");
        table.error("sha256", "the data has other content".into(), label, Some(help.into()));
    }
    *read.sha256_mut() = Some(found);
    read
}

/// What was read for the same table before in this process, or is now.
fn cached<S: OwnSource>(asked: S, load: fn(S) -> Result<S, Refusal>) -> Result<S, Refusal> {
    let cache = || S::cache().lock().unwrap_or_else(PoisonError::into_inner);
    let known = cache().iter().find(|(key, _)| *key == asked).map(|(_, read)| read.clone());
    if let Some(known) = known {
        return Ok(known);
    }
    let read = load(asked.clone())?;
    cache().push((asked, read.clone()));
    Ok(read)
}

impl OwnHandle {
    /// Holds what was read.
    pub(super) fn new(data: OwnData) -> OwnHandle {
        OwnHandle(Some(Arc::new(data)))
    }

    /// What was read.
    pub fn get(&self) -> Option<&OwnData> {
        self.0.as_deref()
    }

    /// SHA-256 of the content.
    fn sha256(&self) -> Option<String> {
        self.get().map(|data| data.dataset.sha256.clone())
    }

    /// Sizes; those of nothing where the data could not be read.
    pub(super) fn facts(&self) -> DatasetFacts {
        match self.get() {
            None => DatasetFacts { train_examples: 1, test_examples: 1, classes: 1, shape: [1; 3] },
            Some(OwnData { dataset, .. }) => DatasetFacts {
                train_examples: dataset.train.len(),
                test_examples: dataset.test.len(),
                classes: dataset.class_names.len(),
                shape: dataset.shape,
            },
        }
    }
}

impl std::fmt::Debug for OwnHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("OwnHandle").field(&self.sha256()).finish()
    }
}

impl PartialEq for OwnHandle {
    fn eq(&self, other: &OwnHandle) -> bool {
        self.sha256() == other.sha256()
    }
}

impl Eq for OwnHandle {}

impl Hash for OwnHandle {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.sha256().hash(state);
    }
}

impl LeftOutList {
    /// Adds one.
    pub(super) fn push(&mut self, what: impl std::fmt::Display, reason: impl Into<String>) {
        self.count += 1;
        if self.first.len() < MOST_LISTED {
            self.first.push(LeftOut { what: what.to_string(), reason: reason.into() });
        }
    }

    /// Adds all of another list.
    pub(super) fn append(&mut self, other: LeftOutList) {
        let room = MOST_LISTED - self.first.len();
        self.first.extend(other.first.into_iter().take(room));
        self.count += other.count;
    }

    /// How much was left out.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The first of it.
    pub fn first(&self) -> Option<&LeftOut> {
        self.first.first()
    }

    /// The first up to `most`, a line each, and how many there are beside them.
    pub fn lines(&self, most: usize) -> Vec<String> {
        let shown = self.first.iter().take(most);
        let mut lines: Vec<String> =
            shown.map(|LeftOut { what, reason }| format!("{what} {reason}")).collect();
        if self.count > lines.len() {
            lines.push(format!("and {} more", self.count - lines.len()));
        }
        lines
    }
}

impl Refusal {
    pub(super) fn new(
        key: &'static str,
        title: impl Into<String>,
        label: impl Into<String>,
    ) -> Refusal {
        Refusal { key, title: title.into(), label: label.into(), help: None }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Refusal {
        Refusal { help: Some(help.into()), ..self }
    }
}

impl Fraction {
    /// Reads a key that may be absent.
    pub(super) fn read(
        table: &mut TableReader<'_>,
        key: &'static str,
        range: Range,
    ) -> Option<Fraction> {
        let fraction = table.float(key, TEST_FRACTION.0, range);
        table.has(key).then_some(Fraction(fraction))
    }

    /// That share of `count`, rounded; at least one and not all of them where there are two or more.
    fn of(self, count: usize) -> usize {
        let share = (self.0 * count as f64).round() as usize;
        if count < 2 || self.0 == 0.0 { 0 } else { share.clamp(1, count - 1) }
    }
}

impl Eq for Fraction {}

impl Hash for Fraction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

/// Which examples are for testing: the same share of each class, drawn by `seed`.
pub(super) fn draw_test(labels: &[u16], classes: usize, share: Fraction, seed: u64) -> Vec<bool> {
    let mut members = vec![Vec::new(); classes];
    for (i, &label) in labels.iter().enumerate() {
        members[usize::from(label)].push(i);
    }
    let mut is_test = vec![false; labels.len()];
    for (class, mut members) in members.into_iter().enumerate() {
        stream(seed, Purpose::TestSplit, class as u64, 0).shuffle(&mut members);
        let count = share.of(members.len());
        members[..count].iter().for_each(|&i| is_test[i] = true);
    }
    is_test
}

/// The content's SHA-256 of data whose classes have names of the user's own: of the names, which end
/// with a NUL each, and of the dataset's own.
pub(super) fn named_sha256(dataset: &Dataset) -> String {
    let mut hash = Sha256::new();
    for name in &dataset.class_names {
        hash.update(name.as_bytes());
        hash.update([0]);
    }
    hash.update(&dataset.sha256);
    super::hex(hash)
}

/// What keeps classes of a dataset from being learnt, if anything: too few or too many of them, one
/// without training examples, or nothing to test on.
pub(super) fn check_classes(
    dataset: &Dataset,
    key: &'static str,
    test_key: &'static str,
) -> Result<(), Refusal> {
    let names = &dataset.class_names;
    if names.len() < 2 {
        let label = match names.first() {
            None => "there is no class".to_owned(),
            Some(only) => format!("there is one class, {only:?}"),
        };
        return Err(Refusal::new(key, "a classifier needs two classes or more", label));
    }
    if names.len() > MOST_CLASSES {
        let label = format!("{} classes; at most {MOST_CLASSES} are possible", names.len());
        return Err(Refusal::new(key, "too many classes", label));
    }
    let mut counts = vec![0usize; names.len()];
    dataset.train.labels.iter().for_each(|&label| counts[usize::from(label)] += 1);
    if let Some(class) = counts.iter().position(|&count| count == 0) {
        let title = "a class has no training examples".to_owned();
        return Err(Refusal::new(key, title, format!("nothing to learn {:?} from", names[class])));
    }
    if dataset.test.labels.is_empty() {
        let help = "where a share of each class is held out, a class of one example gives none";
        let title = "nothing to test on";
        return Err(Refusal::new(test_key, title, "there is no test example").help(help));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_gives_its_share_and_keeps_something() {
        let labels: Vec<u16> = [0; 10].into_iter().chain([1; 3]).chain([2; 1]).collect();
        let counts = |share: f64| {
            let is_test = draw_test(&labels, 3, Fraction(share), 7);
            let of =
                |class: u16| labels.iter().zip(&is_test).filter(move |(l, t)| **l == class && **t);
            [0, 1, 2].map(|class| of(class).count())
        };
        assert_eq!(counts(0.2), [2, 1, 0]);
        assert_eq!(counts(0.01), [1, 1, 0]);
        assert_eq!(counts(0.999), [9, 2, 0]);
        assert_eq!(counts(0.0), [0; 3]);
    }

    #[test]
    fn the_draw_is_a_function_of_its_seed() {
        let labels = vec![0; 50];
        let drawn = |seed| draw_test(&labels, 1, Fraction(0.5), seed);
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        let positions: Vec<usize> =
            drawn(0).iter().enumerate().filter(|(_, t)| **t).map(|(i, _)| i).take(8).collect();
        insta::assert_debug_snapshot!(positions);
    }
}
