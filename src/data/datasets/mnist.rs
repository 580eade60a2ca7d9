//! MNIST (LeCun et al., 1998).

use crate::config::keys::config;
use crate::data::archive::{Archive, ArchiveFormat};
use crate::data::catalog::{download, idx_files};
use crate::data::datasets::published::PublishedKind;
use crate::data::{Cifar100Labels, DatasetFacts};

config! {
    /// Keys of `mnist`.
    #[derive(Eq, Hash)]
    pub struct MnistConfig {}
}

impl PublishedKind for MnistConfig {
    fn facts(&self) -> DatasetFacts {
        DatasetFacts {
            train_examples: 60_000,
            test_examples: 10_000,
            classes: 10,
            shape: [1, 28, 28],
        }
    }

    fn published(&self) -> Archive {
        // The first home of these files, yann.lecun.com, no longer serves them; this is PyTorch's copy.
        let base = "https://ossci-datasets.s3.amazonaws.com/mnist/";
        Archive {
            name: "mnist".into(),
            title: "MNIST: 60,000 + 10,000 grey images of 28x28 handwritten digits".into(),
            folder: "mnist".into(),
            format: ArchiveFormat::Idx {
                class_names: (0..10).map(|digit| digit.to_string()).collect(),
            },
            files: idx_files(60_000, 10_000),
            downloads: vec![
                download(
                    base,
                    "train-images-idx3-ubyte.gz",
                    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                    9_912_422,
                ),
                download(
                    base,
                    "train-labels-idx1-ubyte.gz",
                    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                    28_881,
                ),
                download(
                    base,
                    "t10k-images-idx3-ubyte.gz",
                    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                    1_648_877,
                ),
                download(
                    base,
                    "t10k-labels-idx1-ubyte.gz",
                    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
                    4_542,
                ),
            ],
        }
    }

    fn labels(&self) -> Cifar100Labels {
        Cifar100Labels::Fine
    }

    fn is_balanced(&self) -> bool {
        false
    }
}
