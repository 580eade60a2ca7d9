//! Datasets: what the `[dataset]` table says, and pixels and labels in memory.

use sha2::{Digest, Sha256};

use crate::config::keys::{WhenAbsent, config, kind, kinds, whole, word, words};
use crate::runs::folder::hex;
use read::scaling;

mod archive;
mod augment;
mod catalog;
mod check;
mod cifar;
mod class_counts;
pub mod csv;
mod data_dir;
mod division;
mod download;
mod draw;
mod fetch;
mod folder;
mod idx;
pub mod images;
mod import;
mod left_out;
mod load;
mod many_classes;
mod network;
mod numbers;
mod own;
mod pickle;
mod pickle_lookup;
mod progress;
mod python;
mod read;
mod splits;
mod staging;
mod synthetic;
mod test_share;
mod unpack;
mod unpacked;

pub use archive::{Archive, ArchiveFile, Download, FileSize, Format};
pub use augment::{
    AugmentationConfig, Augmenter, BatchAt, ColorJitterConfig, CutoutConfig, Misfit, MixupConfig,
    RandomCropConfig,
};
pub use catalog::{archives, idx_files};
pub use check::{Checked, Status, bytes_on_disk, check, check_own, status};
pub use class_counts::may_lack_classes;
pub use csv::CsvConfig;
pub use data_dir::{DataOptions, default_data_dir, say_where};
pub use fetch::{Fetched, fetch, fetch_from, fetch_with};
pub use images::ImagesConfig;
pub use left_out::{LeftOut, LeftOutList};
pub use load::{load, load_archive, load_shared};
pub use many_classes::{ManyClasses, many_classes};
pub use network::{Network, PROGRESS_BYTES, has_secrets};
pub use numbers::{Loss, Numbers, WideColumn};
pub use own::{OwnData, OwnHandle};
pub use read::has_equal_classes;
pub use test_share::Fraction;

pub use splits::{Split, Splits};

config! {
    /// The `[dataset]` table: which data, how much of it, and how pixels are scaled.
    pub struct DatasetConfig {
        /// Which dataset; its own keys stand beside `kind`.
        pub source: DatasetSource = kind(),
        /// Use the first N training examples of the file, in its order; absent: all.
        pub train_examples: Option<usize> = whole(1).optional(),
        /// Use the first N test examples of the file, in its order; absent: all.
        pub test_examples: Option<usize> = whole(1).optional(),
        /// Examples held out of the training examples, in proportion to the classes; 0: none.
        pub validation_examples: usize = whole(0).or(0),
        /// Seed of the draw of the validation examples; not the trial's seed.
        pub split_seed: u64 = whole(0).or(0),
        /// How pixels become numbers; the columns of a CSV file are standardised unless it is given.
        pub scaling: Scaling = scaling(),
    }
    then DatasetConfig::checked
}

kinds! {
    /// The datasets that can be named by `kind`, each with its own keys.
    #[derive(Eq, Hash)]
    pub enum DatasetSource {
        /// CIFAR-10: 50,000 + 10,000 RGB images of 32x32 in 10 classes (Krizhevsky, 2009).
        "cifar10" => Cifar10 {},
        /// CIFAR-100: the same format, 100 fine or 20 coarse classes.
        "cifar100" => Cifar100(config: Cifar100Config),
        /// MNIST: 60,000 + 10,000 grey images of 28x28 handwritten digits (LeCun et al., 1998).
        "mnist" => Mnist {},
        /// Fashion-MNIST: MNIST's format with 10 kinds of clothing (Xiao et al., 2017).
        "fashion_mnist" => FashionMnist {},
        /// 32x32 RGB images of 10 classes generated from a seed; needs no file.
        "synthetic" => Synthetic(config: SyntheticConfig),
        /// Pictures of your own: a folder per class with PNG, JPEG or WebP files of any size.
        "images" => Images(config: ImagesConfig),
        /// A table of your own: a CSV file with numeric features and a label in each line.
        "csv" => Csv(config: CsvConfig),
    }
}

config! {
    /// Keys of `cifar100`.
    #[derive(Eq, Hash)]
    pub struct Cifar100Config {
        /// Which of the two labels of each image to learn.
        pub labels: Cifar100Labels = word().or(Cifar100Labels::Fine),
    }
}

config! {
    /// Keys of `synthetic`.
    #[derive(Eq, Hash)]
    pub struct SyntheticConfig {
        /// Seed of the images.
        pub seed: u64 = whole(0).or(0),
    }
}

words! {
    /// Which labels of CIFAR-100 to learn.
    pub enum Cifar100Labels {
        /// 100 classes.
        Fine = "fine",
        /// 20 superclasses.
        Coarse = "coarse",
    }
}

words! {
    /// How `u8` pixels become `f32` inputs.
    pub enum Scaling {
        /// x / 255; numbers of a CSV file as they are.
        Unit = "unit",
        /// (x / 255 - mean) / std, mean and std per channel of what is left for training; each column of a
        /// CSV file is a channel.
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
    /// SHA-256 of the content, see [`Dataset::new`].
    pub sha256: String,
    /// Where features are no pixels: those of the training and of the test examples. There are no pixels
    /// then.
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
    /// The name that `kind` gives it and that its folder has.
    pub fn name(&self) -> &'static str {
        self.kind()
    }

    /// Where it lies, if it is the user's own.
    pub fn path(&self) -> Option<&str> {
        match self {
            DatasetSource::Images(images) => Some(&images.path),
            DatasetSource::Csv(csv) => Some(&csv.path),
            _ => None,
        }
    }

    /// The data behind it, if it is the user's own and was read.
    pub fn own(&self) -> Option<&OwnData> {
        match self {
            DatasetSource::Images(images) => images.data.get(),
            DatasetSource::Csv(csv) => csv.data.get(),
            _ => None,
        }
    }

    /// Sizes and shape: published ones, or those of the user's own data, which was read with the table.
    pub fn facts(&self) -> DatasetFacts {
        let (train_examples, test_examples, classes, shape) = match self {
            DatasetSource::Cifar10 {} => (50_000, 10_000, 10, [3, 32, 32]),
            DatasetSource::Cifar100(Cifar100Config { labels: Cifar100Labels::Fine }) => {
                (50_000, 10_000, 100, [3, 32, 32])
            }
            DatasetSource::Cifar100(Cifar100Config { labels: Cifar100Labels::Coarse }) => {
                (50_000, 10_000, 20, [3, 32, 32])
            }
            DatasetSource::Mnist {} | DatasetSource::FashionMnist {} => {
                (60_000, 10_000, 10, [1, 28, 28])
            }
            DatasetSource::Synthetic(_) => {
                (synthetic::TRAIN_EXAMPLES, synthetic::TEST_EXAMPLES, 10, [3, 32, 32])
            }
            DatasetSource::Images(images) => return images.data.facts(),
            DatasetSource::Csv(csv) => return csv.data.facts(),
        };
        DatasetFacts { train_examples, test_examples, classes, shape }
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
        Dataset { shape, class_names, train, test, sha256: hex(&hash.finalize()), numbers: None }
    }

    /// Examples of `features` numbers. The hash is over labels and little-endian numbers, in the order of
    /// [`Dataset::new`], and over those that are held in 64 bits.
    pub fn of_numbers(
        features: usize,
        class_names: Vec<String>,
        [train, test]: [Examples; 2],
        numbers: Numbers,
    ) -> Dataset {
        let mut hash = Sha256::new();
        for (examples, numbers) in [&train, &test].into_iter().zip(&numbers.narrow) {
            examples.labels.iter().for_each(|label| hash.update(label.to_le_bytes()));
            numbers.iter().for_each(|number| hash.update(number.to_le_bytes()));
        }
        numbers.hash_wide(&mut hash);
        let (shape, sha256) = ([features, 1, 1], hex(&hash.finalize()));
        Dataset { shape, class_names, train, test, sha256, numbers: Some(numbers) }
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
