//! Datasets: what the `[dataset]` table says, and pixels and labels in memory.

use sha2::{Digest, Sha256};

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, kind, number, whole, words};
use crate::runs::folder::hex;
use folds::MOST_FOLDS;
use read::scaling;

mod archive;
mod augment;
mod catalog;
mod check;
mod cifar;
mod class_counts;
pub mod csv;
mod data_dir;
mod datasets;
mod division;
mod download;
mod draw;
mod event;
mod fetch;
mod folder;
mod folds;
mod held_out;
mod idx;
mod image_shape;
pub mod images;
mod import;
mod label_noise;
mod left_out;
mod load;
mod many_classes;
mod network;
pub mod npz;
mod numbers;
mod own;
mod pickle;
mod pickle_lookup;
mod python;
mod read;
mod splits;
mod staging;
mod subset;
mod synthetic;
mod test_share;
mod unpack;
mod unpacked;

pub use archive::{Archive, ArchiveFile, ArchiveFormat, Download, FileSize};
pub use augment::{
    AugmentationConfig, Augmenter, BatchAt, Border, ColorJitterConfig, CutmixConfig, CutoutConfig,
    HorizontalFlip, ImageMisfit, MixupConfig, RandomCropConfig, RandomErasingConfig,
    RandomRotationConfig, RandomScalingConfig,
};
pub use catalog::{archives, idx_files};
pub use check::{Checked, FilesStatus, bytes_on_disk, check, check_own, status};
pub use class_counts::may_lack_classes;
pub use csv::CsvConfig;
pub use data_dir::{DataOptions, default_data_dir};
pub use datasets::{
    Cifar10Config, Cifar100Config, Cifar100Labels, DatasetKind, DatasetSource, FashionMnistConfig,
    MnistConfig, Own,
};
pub use event::{DataEvent, DataListener, Unheard};
pub use fetch::{Fetched, fetch, fetch_from, fetch_with};
pub use folds::held_out_of;
pub use images::ImagesConfig;
pub use left_out::{LeftOutExample, LeftOutList};
pub use load::{load, load_archive, load_shared};
pub use many_classes::{ManyClasses, many_classes};
pub(crate) use network::{Address, client};
pub use network::{DownloadLimits, PROGRESS_BYTES, has_secrets};
pub use npz::NpzConfig;
pub use numbers::{Loss, Numbers, WideColumn};
pub use own::{OwnData, OwnHandle};
pub use read::{has_equal_classes, trained_examples};
pub use test_share::Fraction;

pub use splits::{Split, Splits};
pub use subset::{SmallShare, share_of};
pub use synthetic::SyntheticConfig;

config! {
    /// The `[dataset]` table: which data, how much of it, and how pixels are scaled.
    pub struct DatasetConfig {
        /// Which dataset; its own keys are next to `kind`.
        pub source: DatasetSource = kind(),
        /// Use the first N training examples of the file, in its order; absent: all.
        pub train_examples: Option<usize> = whole(1).optional(),
        /// Use this share of the training examples that are left after validation examples are held out, drawn
        /// by class: a smaller share lies within a larger one.
        pub train_fraction: f64 = number(Range::SHARE).or(1.0).left_out(),
        /// Give this share of the training examples a class drawn anew, each class as likely as any other; validation
        /// and test examples keep theirs. A smaller share lies within a larger one.
        pub label_noise: f64 = number(Range::PROBABILITY).or(0.0).left_out(),
        /// Seed for drawing the examples of `train_fraction` and the labels of `label_noise`; not the trial's seed.
        pub subset_seed: u64 = whole(0).or(0).left_out(),
        /// Use the first N test examples of the file, in its order; absent: all.
        pub test_examples: Option<usize> = whole(1).optional(),
        /// Examples held out of the training examples, in proportion to the classes; 0: none.
        pub validation_examples: usize = whole(0).or(0),
        /// Seed for drawing the validation examples or the parts of `folds`; not the trial's seed.
        pub split_seed: u64 = whole(0).or(0),
        /// Divide the training examples into so many parts, each with the classes in proportion, drawn with
        /// `split_seed`: one part validates, the others train. Not beside `validation_examples`.
        pub folds: Option<usize> = whole(2).to(MOST_FOLDS).optional(),
        /// The part that validates, counted from 0; absent: each in turn, as replicates like the seeds.
        pub fold: Option<usize> = whole(0).to(MOST_FOLDS - 1).optional(),
        /// How pixels become numbers; without it, numbers of a table that are not pixels are standardised.
        pub scaling: Scaling = scaling(),
    }
    then DatasetConfig::checked
}

words! {
    /// How `u8` pixels become `f32` inputs.
    pub enum Scaling {
        /// x / 255; numbers of a CSV file as they are.
        Unit = "unit",
        /// (x / 255 - mean) / std, with mean and std per channel of the training split; each column
        /// of a CSV file is a channel.
        Standardize = "standardize",
    }
}

/// What is known of a dataset before it is trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatasetFacts {
    /// Training examples in the file.
    pub train_examples: usize,
    /// Test examples in the file.
    pub test_examples: usize,
    /// Number of classes.
    pub classes: usize,
    /// Channels, height, width.
    pub shape: [usize; 3],
}

/// A dataset in memory: one copy per process, shared by all trials.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// Channels, height, width; a column of a table is a channel of one pixel.
    pub shape: [usize; 3],
    /// Name of each class; a label is an index into it.
    pub class_names: Vec<String>,
    /// Training examples, in the order of the file.
    pub train: Examples,
    /// Test examples, in the order of the file.
    pub test: Examples,
    /// The first of the training examples, this many, are for validation; 0: which ones are is drawn.
    pub validation: usize,
    /// SHA-256 of the content, see [`Dataset::new`].
    pub sha256: String,
    /// If features are not pixels: those of the training and of the test examples. There are then
    /// no pixels.
    pub numbers: Option<Numbers>,
}

/// Pixels and labels of one split.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Examples {
    /// `[examples, channels * height * width]`, channel-first within an example.
    pub pixels: Vec<u8>,
    /// `[examples]`
    pub labels: Vec<u16>,
}

impl DatasetSource {
    /// Its `kind`, which is also its folder's name.
    pub fn name(&self) -> &'static str {
        self.kind()
    }

    /// Its path, if it is the user's own.
    pub fn path(&self) -> Option<&str> {
        self.as_kind().own().map(|own| own.path)
    }

    /// The data behind it, if it is the user's own and was read.
    pub fn own(&self) -> Option<&OwnData> {
        self.as_kind().own().and_then(|own| own.data)
    }

    /// Sizes and shape: published ones, or those of the user's own data, which was read with the table.
    pub fn facts(&self) -> DatasetFacts {
        self.as_kind().facts()
    }

    /// Memory that it takes once it is loaded.
    pub fn memory_bytes(&self) -> u64 {
        if let Some(own) = self.own() {
            return own.dataset.memory_bytes();
        }
        let DatasetFacts { train_examples, test_examples, shape, .. } = self.facts();
        let of_example = shape.iter().product::<usize>() + size_of::<u16>();
        ((train_examples + test_examples) * of_example) as u64
    }
}

impl Dataset {
    /// Joins the parts and hashes the content: SHA-256 over, for the training and then the test
    /// examples, all labels as little-endian `u16` and all pixels.
    pub fn new(
        shape: [usize; 3],
        class_names: Vec<String>,
        train: Examples,
        test: Examples,
    ) -> Dataset {
        let mut hash = Sha256::new();
        for examples in [&train, &test] {
            for label in &examples.labels {
                hash.update(label.to_le_bytes());
            }
            hash.update(&examples.pixels);
        }
        let sha256 = hex(&hash.finalize());
        Dataset { shape, class_names, train, test, validation: 0, sha256, numbers: None }
    }

    /// Examples of `features` numbers. The hash covers labels and little-endian numbers, in the
    /// order of [`Dataset::new`], and the numbers held in 64 bits.
    pub fn of_numbers(
        features: usize,
        class_names: Vec<String>,
        [train, test]: [Examples; 2],
        numbers: Numbers,
    ) -> Dataset {
        let mut hash = Sha256::new();
        for (examples, values) in [&train, &test].into_iter().zip(&numbers.narrow) {
            examples.labels.iter().for_each(|label| hash.update(label.to_le_bytes()));
            values.iter().for_each(|number| hash.update(number.to_le_bytes()));
        }
        numbers.hash_wide(&mut hash);
        let (shape, sha256) = ([features, 1, 1], hex(&hash.finalize()));
        Dataset { shape, class_names, train, test, validation: 0, sha256, numbers: Some(numbers) }
    }

    /// Memory that pixels, numbers and labels take.
    fn memory_bytes(&self) -> u64 {
        let of =
            |examples: &Examples| examples.pixels.len() + size_of::<u16>() * examples.labels.len();
        let numbers = self.numbers.as_ref().map_or(0, Numbers::memory_bytes);
        (of(&self.train) + of(&self.test) + numbers) as u64
    }

    /// Pixels of one example.
    pub fn features(&self) -> usize {
        self.shape.iter().product()
    }
}

impl Examples {
    /// Number of examples.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }
}
