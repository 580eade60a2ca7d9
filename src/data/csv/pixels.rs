//! Tables whose features are the pixels of images, as Kaggle's file of digits.

use crate::data::csv::CsvConfig;
use crate::data::csv::lines::Lines;
use crate::data::image_shape::image_shape;
use crate::data::own::DataRefusal;
use crate::data::{Dataset, Examples};

impl CsvConfig {
    /// Channels, height and width of its images, if it has images.
    pub(super) fn image(&self) -> Option<Result<[usize; 3], DataRefusal>> {
        self.image_shape.as_deref().map(image_shape)
    }
}

/// Refuses a table of other numbers than pixels. `first` is the first line of such numbers, and what
/// it has.
pub(super) fn no_pixels(first: &str) -> DataRefusal {
    let help = "rescale the numbers in the file to whole numbers from 0 to 255, or remove \
                `image_shape` to learn from numbers";
    DataRefusal::new("image_shape", "the features are not pixels", first).help(help)
}

/// The images of both parts.
pub(in crate::data) fn dataset(
    shape: [usize; 3],
    names: Vec<String>,
    labels: [Vec<u16>; 2],
    parts: [Lines; 2],
) -> Dataset {
    let [of_train, of_test] = labels;
    let [train, test] = parts;
    let examples = |lines: Lines, labels| Examples { pixels: lines.into_pixels(), labels };
    let (train, test) = (examples(train, of_train), examples(test, of_test));
    Dataset::new(shape, names, train, test)
}
