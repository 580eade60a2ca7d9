//! Arrays of the user's own: images or numbers and their labels in a `.npz` file of NumPy.

mod archive;
mod features;
mod labels;
mod load;
mod pixels;
mod reader;

use super::archive::Archive;
use super::datasets::{DatasetKind, Own};
use super::image_shape::{MOST_SIDE, image_shape};
use super::own::{DataRefusal, OwnHandle, read_own};
use super::test_share::Fraction;
use super::{DataOptions, Dataset, DatasetFacts, Scaling};
use crate::config::keys::{WhenAbsent, config, number, path, text, whole, wholes, word, words};
use crate::config::{Range, TableReader};
use crate::error::Result;
#[cfg(feature = "fuzzing")]
pub use load::read_hostile;

config! {
    /// Arrays of images, `[examples, height, width]` and with channels, or of numbers, `[examples, features]`,
    /// and their labels, in a file that `numpy.savez` or `numpy.savez_compressed` wrote.
    #[derive(Eq, Hash)]
    pub struct NpzConfig {
        /// The file, relative to the experiment file.
        pub path: String = path().required("\"digits.npz\""),
        /// SHA-256 of the content, filled in by the program; if given, other content is refused.
        pub sha256: Option<String> = text().optional(),
        /// Name of the array of the training examples.
        pub x_train: String = text().or("x_train".to_owned()),
        /// Name of the array of their labels, whole numbers or strings.
        pub y_train: String = text().or("y_train".to_owned()),
        /// Name of the array of the validation examples; absent: `x_val` if the file has it, otherwise validation
        /// examples are drawn.
        pub x_val: Option<String> = text().optional(),
        /// Name of the array of their labels; absent: `y_val` if the file has it.
        pub y_val: Option<String> = text().optional(),
        /// Name of the array of the test examples; absent: `x_test` if the file has it, otherwise a share of the
        /// training examples is held out.
        pub x_test: Option<String> = text().optional(),
        /// Name of the array of their labels; absent: `y_test` if the file has it.
        pub y_test: Option<String> = text().optional(),
        /// Height and width of the images whose pixels, row by row, are the columns of `[examples, features]`:
        /// `[28, 28]`; or channels, height and width: `[3, 32, 32]`. Absent: the columns are numbers.
        pub image_shape: Option<Vec<usize>> = wholes(1, MOST_SIDE).optional(),
        /// Which axis of `[examples, .., .., ..]` has the channels; absent: the one of length 1 or 3.
        pub channels: Option<Channels> = word().optional(),
        /// Share of each class that is held out as test examples; 0.2 unless there is an `x_test`.
        pub test_fraction: Option<Fraction> = number(Range::FRACTION).optional(),
        /// Seed for drawing the test examples; neither the trial's seed nor `split_seed`.
        pub test_seed: u64 = whole(0).or(0),
    }
    beside {
        /// What stands there.
        pub data: OwnHandle,
    }
    then NpzConfig::with_data
}

words! {
    /// Which axis of an array of images has the channels.
    pub enum Channels {
        /// `[examples, channels, height, width]`, as in PyTorch.
        First = "first",
        /// `[examples, height, width, channels]`, as in Keras.
        Last = "last",
    }
}

impl DatasetKind for NpzConfig {
    fn facts(&self) -> DatasetFacts {
        self.data.facts()
    }

    fn load(&self, _options: &DataOptions) -> Result<Dataset> {
        self.data.load()
    }

    fn archive(&self) -> Option<Archive> {
        None
    }

    fn own(&self) -> Option<Own<'_>> {
        Some(Own { path: &self.path, data: self.data.get(), label: None, features: &[] })
    }

    fn default_scaling(&self) -> Scaling {
        let are_numbers = self.data.get().is_some_and(|own| own.dataset.numbers.is_some());
        if are_numbers { Scaling::Standardize } else { Scaling::Unit }
    }

    fn has_equal_classes(&self, _train_examples: Option<usize>) -> bool {
        false
    }

    fn enough_for_all_classes(&self, _validation: usize) -> Option<usize> {
        None
    }
}

impl NpzConfig {
    /// Reads the file.
    fn with_data(self, table: &mut TableReader<'_>) -> NpzConfig {
        // A number that is out of range is not in the list.
        let shape = self.image_shape.as_deref().filter(|_| !table.has_errors()).map(image_shape);
        if let Some(Err(DataRefusal { key, title, label, help })) = shape {
            table.error(key, title, label, help);
        }
        read_own(table, self, load::load)
    }
}
