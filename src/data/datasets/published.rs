//! What the published datasets have in common: archives of shuffled pictures, fetched when needed.

use crate::data::archive::Archive;
use crate::data::datasets::kind::{DatasetKind, Own, enough_of_shuffled};
use crate::data::datasets::labels::Cifar100Labels;
use crate::data::load::load_archive;
use crate::data::{DataOptions, Dataset, DatasetFacts, Scaling};
use crate::error::Result;

/// A kind of dataset that is published as an archive of pictures in random order. Every such kind
/// is also a [`DatasetKind`].
pub trait PublishedKind {
    /// Sizes and shape.
    fn facts(&self) -> DatasetFacts;

    /// The archive.
    fn published(&self) -> Archive;

    /// Which labels of CIFAR-100 to learn; the other archives have one label for each picture.
    fn labels(&self) -> Cifar100Labels;

    /// Whether its training examples are divided equally among the classes.
    fn is_balanced(&self) -> bool;
}

impl<K: PublishedKind> DatasetKind for K {
    fn facts(&self) -> DatasetFacts {
        PublishedKind::facts(self)
    }

    fn load(&self, options: &DataOptions) -> Result<Dataset> {
        load_archive(&self.published(), self.labels(), options)
    }

    fn archive(&self) -> Option<Archive> {
        Some(self.published())
    }

    fn own(&self) -> Option<Own<'_>> {
        None
    }

    fn default_scaling(&self) -> Scaling {
        Scaling::Unit
    }

    fn has_equal_classes(&self, train_examples: Option<usize>) -> bool {
        self.is_balanced() && train_examples.is_none()
    }

    fn enough_for_all_classes(&self, _validation: usize) -> Option<usize> {
        enough_of_shuffled(PublishedKind::facts(self).classes)
    }
}
