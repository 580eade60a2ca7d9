//! The interface of every kind of dataset.

use crate::data::archive::Archive;
use crate::data::own::OwnData;
use crate::data::{DataOptions, Dataset, DatasetFacts, Scaling};
use crate::error::Result;

/// A kind of dataset: the keys of its table, and what they mean.
pub trait DatasetKind {
    /// Sizes and shape: published ones, or those of the user's own data, which was read with the table.
    fn facts(&self) -> DatasetFacts;

    /// Its examples in memory, fetched first if they are published and not in the data folder.
    ///
    /// # Errors
    /// [`Error::Data`](crate::error::Error::Data) if the data is damaged, or missing and cannot be
    /// downloaded.
    fn load(&self, options: &DataOptions) -> Result<Dataset>;

    /// Its published archive.
    fn archive(&self) -> Option<Archive>;

    /// Facts about the user's own data.
    fn own(&self) -> Option<Own<'_>>;

    /// The default scaling of its features.
    fn default_scaling(&self) -> Scaling;

    /// Whether it has the same number of training examples of each class, among all or the first
    /// ones, as far as that is known without the data.
    fn has_equal_classes(&self, train_examples: Option<usize>) -> bool;

    /// This many of its first examples contain every class after `validation` of them are held out;
    /// `None` if only the data can say.
    fn enough_for_all_classes(&self, validation: usize) -> Option<usize>;
}

/// Data of the user's own.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    /// Its path, as in the file.
    pub path: &'a str,
    /// Its data, once read.
    pub data: Option<&'a OwnData>,
    /// The column of the class, in a table.
    pub label: Option<&'a str>,
    /// The columns to learn from, in a table.
    pub features: &'a [String],
}

/// The first examples of published files contain all classes if there are this many times as many,
/// because the files are shuffled.
const SHUFFLED: usize = 100;

/// [`DatasetKind::enough_for_all_classes`] for examples in random order.
pub(in crate::data) fn enough_of_shuffled(classes: usize) -> Option<usize> {
    Some(SHUFFLED * classes)
}
