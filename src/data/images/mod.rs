//! Pictures of the user's own: a folder per class, each picture brought to one size.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

mod decode;
mod fit;
mod folders;
mod load;
mod resize;

pub use decode::{MOST_DECODED_BYTES, Picture, decode};
pub use fit::PictureFormat;
pub use folders::is_picture_name;
pub(super) use load::load;
pub use load::read_picture;

use super::own::{OwnHandle, read_own};
use super::test_share::{Fraction, TEST_FRACTION};
use crate::config::{Range, TableReader};
use crate::runs::folder::is_folder;

/// Longest side of the pictures that a network sees: a megapixel in colour is 3 million inputs.
const MOST_SIZE: i64 = 1024;
/// What CIFAR's pictures have.
const DEFAULT_SIZE: usize = 32;

/// Pictures in folders, a folder per class.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct ImagesConfig {
    /// The folder, relative to the experiment file. It holds a folder per class with its PNG, JPEG or
    /// WebP files, or `train` and `test` that do.
    pub path: String,
    /// SHA-256 of the content, filled in; data of other content is refused where it is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Height and width of the pictures that the network sees.
    #[schemars(default = "default_size", range(min = 1, max = MOST_SIZE))]
    pub image_size: usize,
    /// Colours that the network sees.
    #[schemars(default)]
    pub color: Color,
    /// What becomes of pictures that are no squares.
    #[schemars(default)]
    pub aspect: Aspect,
    /// How pictures are resized; all but `nearest` average over what a new pixel covers, as Pillow does.
    #[schemars(default)]
    pub resize_filter: ResizeFilter,
    /// Share of each class that is held out as test examples; 0.2 unless there is a folder `test`.
    #[schemars(with = "Option<f64>", range(min = 0), extend("exclusiveMaximum" = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_fraction: Option<Fraction>,
    /// Seed of the draw of the test examples; neither the trial's seed nor `split_seed`.
    #[schemars(default)]
    pub test_seed: u64,
    /// What lies there.
    #[serde(skip)]
    #[schemars(skip)]
    pub data: OwnHandle,
}

/// Colours that the network sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Color {
    /// Red, green and blue.
    #[default]
    Rgb,
    /// One channel: 0.299 red + 0.587 green + 0.114 blue.
    Gray,
}

/// What becomes of pictures that are no squares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// All of it is stretched to a square.
    #[default]
    Stretch,
    /// The square in its middle is taken.
    Crop,
}

/// How pictures are resized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResizeFilter {
    /// The pixel in the middle, nothing averaged.
    Nearest,
    /// The mean.
    Box,
    /// A triangle: torchvision's default.
    #[default]
    Bilinear,
    /// Cubic, a = -0.5.
    Bicubic,
    /// A sinc of three lobes.
    Lanczos,
}

impl Color {
    /// The words of the file.
    pub const WORDS: [(&str, Color); 2] = [("rgb", Color::Rgb), ("gray", Color::Gray)];
}

impl Aspect {
    /// The words of the file.
    pub const WORDS: [(&str, Aspect); 2] = [("stretch", Aspect::Stretch), ("crop", Aspect::Crop)];
}

impl ResizeFilter {
    /// The words of the file.
    pub const WORDS: [(&str, ResizeFilter); 5] = [
        ("nearest", ResizeFilter::Nearest),
        ("box", ResizeFilter::Box),
        ("bilinear", ResizeFilter::Bilinear),
        ("bicubic", ResizeFilter::Bicubic),
        ("lanczos", ResizeFilter::Lanczos),
    ];
}

impl ImagesConfig {
    /// Reads the table's keys, and then the pictures.
    pub(super) fn read(table: &mut TableReader<'_>) -> ImagesConfig {
        let config = ImagesConfig {
            path: table.required_path("path", "\"photos\"").unwrap_or_default(),
            sha256: table.optional_string("sha256"),
            image_size: table.integer_within("image_size", DEFAULT_SIZE, 1, MOST_SIZE),
            color: table.choice("color", Color::default(), &Color::WORDS),
            aspect: table.choice("aspect", Aspect::default(), &Aspect::WORDS),
            resize_filter: table.choice(
                "resize_filter",
                ResizeFilter::default(),
                &ResizeFilter::WORDS,
            ),
            test_fraction: Fraction::read(table, "test_fraction", Range::FRACTION),
            test_seed: table.integer("test_seed", 0, 0),
            data: OwnHandle::default(),
        };
        read_own(table, config, load)
    }

    /// How pictures become examples.
    pub fn format(&self) -> PictureFormat {
        let ImagesConfig { image_size, color, aspect, resize_filter, .. } = *self;
        PictureFormat { height: image_size, width: image_size, color, aspect, resize_filter }
    }

    /// Whether `train` and `test` divide the pictures.
    fn is_divided(&self) -> bool {
        // One that cannot be looked at is there: reading it says what is wrong.
        let is_there = |name| is_folder(&Path::new(&self.path).join(name)).unwrap_or(true);
        ["train", "test"].into_iter().all(is_there)
    }

    /// With the share of test examples filled in where it decides anything.
    fn settled(self) -> ImagesConfig {
        let is_divided = self.is_divided();
        let test_fraction = self.test_fraction.or((!is_divided).then_some(TEST_FRACTION));
        ImagesConfig { test_fraction, ..self }
    }
}

fn default_size() -> usize {
    DEFAULT_SIZE
}
