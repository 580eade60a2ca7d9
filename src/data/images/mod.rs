//! Pictures of the user's own: a folder per class, all pictures resized to one size.

use std::path::Path;

mod decode;
mod divided;
mod fit;
mod folders;
mod load;
mod orientation;
mod picture;
mod resize;

pub use decode::{MOST_DECODED_BYTES, decode};
pub use fit::PictureFormat;
pub use folders::is_picture_name;
pub(super) use load::load;
pub use load::read_picture;
pub use picture::DecodedPicture;

use super::archive::Archive;
use super::datasets::{DatasetKind, Own};
use super::own::{OwnHandle, read_own};
use super::test_share::{Fraction, TEST_FRACTION};
use super::{DataOptions, Dataset, DatasetFacts, Scaling};
use crate::config::keys::{WhenAbsent, config, number, path, text, whole, word, words};
use crate::config::{Range, TableReader};
use crate::error::Result;
use crate::runs::folder::is_folder;

/// Longest side of the pictures that a network sees: a megapixel in colour is 3 million inputs.
const MOST_SIZE: i64 = 1024;
/// The folder of the validation examples, beside `train` and `test`.
const VALIDATION: &str = "val";
/// The size of CIFAR's pictures.
const DEFAULT_SIZE: usize = 32;

config! {
    /// Pictures in folders, a folder per class.
    #[derive(Eq, Hash)]
    pub struct ImagesConfig {
        /// The folder, relative to the experiment file. It holds one folder per class with PNG,
        /// JPEG or WebP files, or folders `train` and `test`, and `val` if there are validation examples, that do.
        pub path: String = path().required("\"photos\""),
        /// SHA-256 of the content, filled in by the program; if given, other content is refused.
        pub sha256: Option<String> = text().optional(),
        /// Height and width of the pictures that the network sees.
        pub image_size: usize = whole(1).to(MOST_SIZE).or(DEFAULT_SIZE),
        /// Colour channels that the network sees.
        pub color: Color = word().or(Color::Rgb),
        /// How pictures that are not square are made square.
        pub aspect: Aspect = word().or(Aspect::Stretch),
        /// How pictures are resized; all but `nearest` average over the area of the new pixel, as Pillow does.
        pub resize_filter: ResizeFilter = word().or(ResizeFilter::Bilinear),
        /// Share of each class that is held out as test examples; 0.2 unless there is a folder `test`.
        pub test_fraction: Option<Fraction> = number(Range::FRACTION).optional(),
        /// Seed for drawing the test examples; neither the trial's seed nor `split_seed`.
        pub test_seed: u64 = whole(0).or(0),
    }
    beside {
        /// What lies there.
        pub data: OwnHandle,
        /// Whether a folder `val` is read.
        pub reading: Reading,
    }
    then ImagesConfig::with_data
}

/// Which folders are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Reading {
    /// Those of the documentation.
    #[default]
    Current,
    /// Those of version 0.1.0, which did not know `val` beside `train` and `test`.
    WithoutValidation,
}

words! {
    /// Colour channels that the network sees.
    pub enum Color {
        /// Red, green and blue.
        Rgb = "rgb",
        /// One channel: 0.299 red + 0.587 green + 0.114 blue.
        Gray = "gray",
    }
}

words! {
    /// How pictures that are not square are made square.
    pub enum Aspect {
        /// The whole picture is stretched to a square.
        Stretch = "stretch",
        /// The square in its middle is cut out.
        Crop = "crop",
    }
}

words! {
    /// How pictures are resized.
    pub enum ResizeFilter {
        /// The pixel in the middle, without averaging.
        Nearest = "nearest",
        /// The mean.
        Box = "box",
        /// A triangle: torchvision's default.
        Bilinear = "bilinear",
        /// Cubic, a = -0.5.
        Bicubic = "bicubic",
        /// A sinc of three lobes.
        Lanczos = "lanczos",
    }
}

impl DatasetKind for ImagesConfig {
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
        Scaling::Unit
    }

    fn has_equal_classes(&self, _train_examples: Option<usize>) -> bool {
        false
    }

    fn enough_for_all_classes(&self, _validation: usize) -> Option<usize> {
        None
    }
}

impl ImagesConfig {
    /// Reads the pictures.
    fn with_data(self, table: &mut TableReader<'_>) -> ImagesConfig {
        read_own(table, self, load)
    }

    /// How pictures become examples.
    pub fn format(&self) -> PictureFormat {
        let ImagesConfig { image_size, color, aspect, resize_filter, .. } = *self;
        PictureFormat { height: image_size, width: image_size, color, aspect, resize_filter }
    }

    /// Whether the pictures are in `train` and `test` folders.
    fn is_divided(&self) -> bool {
        // An inaccessible one counts as present: reading it reports the error.
        let is_there = |name| is_folder(&Path::new(&self.path).join(name)).unwrap_or(true);
        ["train", "test"].into_iter().all(is_there)
    }

    /// Whether validation examples have a folder beside them.
    fn has_validation(&self) -> bool {
        let folder = Path::new(&self.path).join(VALIDATION);
        self.reading == Reading::Current && self.is_divided() && is_folder(&folder).unwrap_or(true)
    }

    /// With the share of test examples filled in if it has an effect.
    fn settled(self) -> ImagesConfig {
        let is_divided = self.is_divided();
        let test_fraction = self.test_fraction.or((!is_divided).then_some(TEST_FRACTION));
        ImagesConfig { test_fraction, ..self }
    }
}
