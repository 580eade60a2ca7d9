//! What every kind of dataset says of itself.

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

    /// What is published of it.
    fn archive(&self) -> Option<Archive>;

    /// What there is to know of the user's own.
    fn own(&self) -> Option<Own<'_>>;

    /// How its features become numbers unless the file says otherwise.
    fn default_scaling(&self) -> Scaling;

    /// Whether it has as many training examples of each class, of all of them or of the first ones, as far as
    /// that is known without the data.
    fn has_equal_classes(&self, train_examples: Option<usize>) -> bool;

    /// That many of its first examples have every class, once `validation` of them are held out; `None`
    /// where only the data can say.
    fn enough_for_all_classes(&self, validation: usize) -> Option<usize>;
}

/// Data of the user's own.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    /// Where it lies, as the file says it.
    pub path: &'a str,
    /// What lies there, once it was read.
    pub data: Option<&'a OwnData>,
    /// The column of the class, in a table.
    pub label: Option<&'a str>,
    /// The columns to learn from, in a table.
    pub features: &'a [String],
}

/// The first examples of published files have all classes if they are this many times as many: the files
/// are shuffled.
const SHUFFLED: usize = 100;

/// [`DatasetKind::enough_for_all_classes`] of examples that stand in random order.
pub(in crate::data) fn enough_of_shuffled(classes: usize) -> Option<usize> {
    Some(SHUFFLED * classes)
}
