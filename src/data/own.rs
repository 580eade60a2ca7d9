//! What the user's own pictures and tables have in common: they are read once per process when an
//! experiment names them, and identified by their content.

use std::hash::{Hash, Hasher};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::{Dataset, DatasetFacts, LeftOutList};
use crate::config::TableReader;
use crate::error::{Error, Result};
use crate::runs::folder::{hex, is_there};

/// A label is 16 bits wide.
pub(super) const MOST_CLASSES: usize = 1 << 16;

/// With so many classes or more, most of them with one example, something else was probably taken for the class.
const MANY_SINGLE: usize = 10;

/// The data behind a `[dataset]` table.
#[derive(Debug, PartialEq)]
pub struct OwnData {
    /// The examples.
    pub dataset: Arc<Dataset>,
    /// What is left out, and why.
    pub left_out: LeftOutList,
    /// Further notes, a line each.
    pub notes: Vec<String>,
}

/// Data that was read; none if it could not be. Equal handles have equal content.
#[derive(Clone, Default)]
pub struct OwnHandle(Option<Arc<OwnData>>);

/// Why data cannot be used: the key to change, what is wrong with it, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DataRefusal {
    pub(super) key: &'static str,
    pub(super) title: String,
    pub(super) label: String,
    pub(super) help: Option<String>,
}

/// A source of the user's own data: a `[dataset]` table of one kind.
pub(super) trait OwnSource: Clone + PartialEq + Send + 'static {
    /// Where it lies; empty if the table does not say.
    fn path(&self) -> &str;
    /// The required content hash, if any.
    fn sha256_mut(&mut self) -> &mut Option<String>;
    /// What was read.
    fn handle_mut(&mut self) -> &mut OwnHandle;
    /// The same config, read as an earlier version did; none if all versions read it the same way.
    fn as_read_before(&self) -> Option<Self> {
        None
    }
    /// What was read in this process.
    fn cache() -> &'static Cache<Self>;
}

/// Requests and their results, because a grid requests the same data at each of its points.
pub(super) type Cache<S> = Mutex<Vec<(S, Result<S, DataRefusal>)>>;

/// Reads what `config` names, unless the table already has errors, and reports failures at the
/// table's keys. `load` returns the config with its data and with values that depend on the data.
pub(super) fn read_own<S: OwnSource>(
    table: &TableReader<'_>,
    config: S,
    load: fn(S) -> Result<S, DataRefusal>,
) -> S {
    if config.path().is_empty() {
        return config;
    }
    if table.has_errors() {
        if matches!(is_there(Path::new(config.path())), Ok(false)) {
            let label = format!("{} does not exist", config.path());
            table.error("path", "there is no such data".to_owned(), label, None);
        }
        return config;
    }
    let mut asked = config.clone();
    let expected = asked.sha256_mut().take();
    let mut read = match read_as_expected(asked, expected.as_deref(), load) {
        Ok(read) => read,
        Err(DataRefusal { key, title, label, help }) => {
            table.error(key, title, label, help);
            return config;
        }
    };
    let found = read.handle_mut().sha256().unwrap_or_default();
    if let Some(expected) = expected.filter(|expected| *expected != found) {
        let help = "the data has changed; remove this key to train on it as it is now, which makes \
                    a new run";
        let label = format!("its content has {found}, not {expected}");
        table.error("sha256", "the data has changed".into(), label, Some(help.into()));
    }
    *read.sha256_mut() = Some(found);
    read
}

/// Reads the data; if its content is not the `expected` one, reads it as an earlier version did, if
/// that gives the expected content.
fn read_as_expected<S: OwnSource>(
    asked: S,
    expected: Option<&str>,
    load: fn(S) -> Result<S, DataRefusal>,
) -> Result<S, DataRefusal> {
    let before = asked.as_read_before();
    let is_expected = |read: &Result<S, DataRefusal>| {
        let found = read.clone().ok().and_then(|mut read| read.handle_mut().sha256());
        found.as_deref() == expected
    };
    let read = cached(asked, load);
    match before {
        Some(before) if expected.is_some() && !is_expected(&read) => {
            let earlier = cached(before, load);
            if is_expected(&earlier) { earlier } else { read }
        }
        _ => read,
    }
}

/// Returns the data cached in this process for the same table, or reads it.
fn cached<S: OwnSource>(asked: S, load: fn(S) -> Result<S, DataRefusal>) -> Result<S, DataRefusal> {
    let cache = || S::cache().lock().unwrap_or_else(PoisonError::into_inner);
    let known = cache().iter().find(|(key, _)| *key == asked).map(|(_, read)| read.clone());
    if let Some(known) = known {
        return known;
    }
    let read = load(asked.clone());
    cache().push((asked, read.clone()));
    read
}

impl OwnHandle {
    /// A copy of the examples.
    ///
    /// # Errors
    /// Where nothing was read.
    pub(super) fn load(&self) -> Result<Dataset> {
        let unread = || Error::Unexpected("data of the user's own was not read".to_owned());
        self.get().map(|own| own.dataset.as_ref().clone()).ok_or_else(unread)
    }

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

    /// Sizes; zero if the data could not be read.
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

impl DataRefusal {
    pub(super) fn new(
        key: &'static str,
        title: impl Into<String>,
        label: impl Into<String>,
    ) -> DataRefusal {
        DataRefusal { key, title: title.into(), label: label.into(), help: None }
    }

    pub(super) fn help(self, help: impl Into<String>) -> DataRefusal {
        DataRefusal { help: Some(help.into()), ..self }
    }
}

/// `dataset` with the SHA-256 of data with user-defined class names: over the names, each ending with a NUL, the dataset's
/// own hash, and how many of its examples are for validation, if it says which ones are.
pub(super) fn named(dataset: Dataset) -> Dataset {
    Dataset { sha256: named_sha256(&dataset), ..dataset }
}

fn named_sha256(dataset: &Dataset) -> String {
    let mut hash = Sha256::new();
    for name in &dataset.class_names {
        hash.update(name.as_bytes());
        hash.update([0]);
    }
    hash.update(&dataset.sha256);
    if dataset.validation > 0 {
        hash.update(b"validation");
        hash.update((dataset.validation as u64).to_le_bytes());
    }
    hex(&hash.finalize())
}

/// Why the classes of a dataset cannot be learnt, if they cannot: too few or too many of them, one
/// without training examples, or nothing to test on.
pub(super) fn check_classes(
    dataset: &Dataset,
    key: &'static str,
    test_key: &'static str,
) -> Result<(), DataRefusal> {
    let names = &dataset.class_names;
    if names.len() < 2 {
        let label = match names.first() {
            None => "there is no class".to_owned(),
            Some(only) => format!("there is only one class, {only:?}"),
        };
        return Err(DataRefusal::new(key, "a classifier needs two classes or more", label));
    }
    if names.len() > MOST_CLASSES {
        let label = format!("{} classes; at most {MOST_CLASSES} are possible", names.len());
        return Err(DataRefusal::new(key, "too many classes", label));
    }
    let mut counts = vec![0usize; names.len()];
    let trained = dataset.train.labels.iter().skip(dataset.validation);
    trained.for_each(|&label| counts[usize::from(label)] += 1);
    if let Some(class) = counts.iter().position(|&count| count == 0) {
        let title = "a class has no training examples".to_owned();
        return Err(DataRefusal::new(
            key,
            title,
            format!("there is nothing to learn {:?} from", names[class]),
        ));
    }
    if dataset.test.labels.is_empty() {
        if let Some(asked) = ids_for_classes(&counts, key) {
            return Err(asked);
        }
        let help = "hold out a larger share with `test_fraction`, or name other examples with `test_path`; a class with one \
                    example gives none";
        let title = "nothing to test on";
        return Err(DataRefusal::new(test_key, title, "there are no test examples").help(help));
    }
    Ok(())
}

/// Asks whether the right thing was taken for the class, if most classes have a single training example.
fn ids_for_classes(counts: &[usize], key: &'static str) -> Option<DataRefusal> {
    let (classes, examples) = (counts.len(), counts.iter().sum::<usize>());
    let single = counts.iter().filter(|count| **count == 1).count();
    if classes < MANY_SINGLE || 2 * single <= classes {
        return None;
    }
    let of_folders = key == "path"; // of pictures
    let (what, help) = match of_folders {
        true => ("is each folder a class?", "a class is a folder with several pictures"),
        false => (
            "is this the class?",
            "take a label with few values, each with many examples: an id is no class, and a number to predict must be \
             divided into classes first, such as low and high",
        ),
    };
    let title = format!("there are {classes} classes for {examples} examples: {what}");
    let which = if single == classes { "each class has" } else { "most classes have" };
    let label = format!("{which} one example, which leaves nothing to test on");
    Some(DataRefusal::new(key, title, label).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_one_example_each_are_asked_about_where_there_are_many() {
        let asked = |counts: &[usize]| ids_for_classes(counts, "label").map(|asked| asked.title);
        let title = "there are 40 classes for 40 examples: is this the class?";
        assert_eq!(asked(&[1; 40]).as_deref(), Some(title));
        assert!(asked(&[1, 1, 1, 1, 1, 1, 2, 2, 2, 2]).is_some());
        assert_eq!(asked(&[1, 1, 1, 1, 1, 2, 2, 2, 2, 2]), None, "half of them");
        assert_eq!(asked(&[1; 9]), None, "few lines, to try it");
        let folders = ids_for_classes(&[1; 40], "path").unwrap();
        assert!(folders.title.ends_with("is each folder a class?"), "{folders:?}");
    }
}
