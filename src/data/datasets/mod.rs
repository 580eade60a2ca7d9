//! The kinds of datasets: a file each, and the list of them.

mod cifar10;
mod cifar100;
mod fashion_mnist;
mod kind;
mod labels;
mod mnist;
mod published;

use crate::config::keys::kinds;
use crate::data::{CsvConfig, ImagesConfig, NpzConfig, SyntheticConfig};
pub use cifar10::Cifar10Config;
pub use cifar100::Cifar100Config;
pub use fashion_mnist::FashionMnistConfig;
pub(super) use kind::enough_of_shuffled;
pub use kind::{DatasetKind, Own};
pub use labels::Cifar100Labels;
pub use mnist::MnistConfig;

kinds! {
    /// The datasets that `kind` can name, each with its own keys.
    #[derive(Eq, Hash)]
    pub enum DatasetSource: DatasetKind {
        /// CIFAR-10: 50,000 + 10,000 RGB images of 32x32 in 10 classes (Krizhevsky, 2009).
        "cifar10" => Cifar10(config: Cifar10Config),
        /// CIFAR-100: the same format, 100 fine or 20 coarse classes.
        "cifar100" => Cifar100(config: Cifar100Config),
        /// MNIST: 60,000 + 10,000 grey images of 28x28 handwritten digits (LeCun et al., 1998).
        "mnist" => Mnist(config: MnistConfig),
        /// Fashion-MNIST: MNIST's format with 10 kinds of clothing (Xiao et al., 2017).
        "fashion_mnist" => FashionMnist(config: FashionMnistConfig),
        /// 32x32 RGB images of 10 classes generated from a seed; needs no file.
        "synthetic" => Synthetic(config: SyntheticConfig),
        /// Pictures of your own: a folder per class with PNG, JPEG or WebP files of any size.
        "images" => Images(config: ImagesConfig),
        /// A table of your own: a CSV file with numeric features and a label in each line.
        "csv" => Csv(config: CsvConfig),
        /// Arrays of your own: images or numbers and their labels in a `.npz` file of NumPy.
        "npz" => Npz(config: NpzConfig),
    }
}
