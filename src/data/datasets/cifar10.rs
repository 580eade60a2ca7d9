//! CIFAR-10 (Krizhevsky, 2009, <https://www.cs.toronto.edu/~kriz/cifar.html>).

use crate::config::keys::config;
use crate::data::archive::{Archive, ArchiveFile, ArchiveFormat};
use crate::data::catalog::{download, exactly, names};
use crate::data::datasets::published::PublishedKind;
use crate::data::{Cifar100Labels, DatasetFacts};

config! {
    /// Keys of `cifar10`.
    #[derive(Eq, Hash)]
    pub struct Cifar10Config {}
}

impl PublishedKind for Cifar10Config {
    fn facts(&self) -> DatasetFacts {
        DatasetFacts {
            train_examples: 50_000,
            test_examples: 10_000,
            classes: 10,
            shape: [3, 32, 32],
        }
    }

    /// TensorFlow Datasets records the same sizes and hashes of the archives:
    /// <https://github.com/tensorflow/datasets/tree/master/tensorflow_datasets/url_checksums>.
    fn published(&self) -> Archive {
        let mut files: Vec<ArchiveFile> = (1..=5)
            .map(|batch| exactly(&format!("data_batch_{batch}.bin"), 10_000 * 3073))
            .collect();
        files.push(exactly("test_batch.bin", 10_000 * 3073));
        files.push(names("batches.meta.txt"));
        Archive {
            name: "cifar10".into(),
            title: "CIFAR-10: 50,000 + 10,000 colour images of 32x32 in 10 classes".into(),
            folder: "cifar-10-batches-bin".into(),
            format: ArchiveFormat::Cifar10,
            files,
            downloads: vec![download(
                "https://www.cs.toronto.edu/~kriz/",
                "cifar-10-binary.tar.gz",
                "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
                170_052_171,
            )],
        }
    }

    fn labels(&self) -> Cifar100Labels {
        Cifar100Labels::Fine
    }

    fn is_balanced(&self) -> bool {
        true
    }
}
