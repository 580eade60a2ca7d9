//! CIFAR-10 (Krizhevsky, 2009, <https://www.cs.toronto.edu/~kriz/cifar.html>).

use crate::config::keys::config;
use crate::data::archive::{Archive, ArchiveFile, ArchiveFormat};
use crate::data::catalog::{download, exactly, names};
use crate::data::datasets::kind::{DatasetKind, Own, enough_of_shuffled};
use crate::data::load::load_archive;
use crate::data::{Cifar100Labels, DataOptions, Dataset, DatasetFacts, Scaling};
use crate::error::Result;

config! {
    /// Keys of `cifar10`.
    #[derive(Eq, Hash)]
    pub struct Cifar10Config {}
}

impl DatasetKind for Cifar10Config {
    fn facts(&self) -> DatasetFacts {
        DatasetFacts {
            train_examples: 50_000,
            test_examples: 10_000,
            classes: 10,
            shape: [3, 32, 32],
        }
    }

    fn load(&self, options: &DataOptions) -> Result<Dataset> {
        load_archive(&published(), Cifar100Labels::Fine, options)
    }

    fn archive(&self) -> Option<Archive> {
        Some(published())
    }

    fn own(&self) -> Option<Own<'_>> {
        None
    }

    fn default_scaling(&self) -> Scaling {
        Scaling::Unit
    }

    fn has_equal_classes(&self, train_examples: Option<usize>) -> bool {
        train_examples.is_none()
    }

    fn enough_for_all_classes(&self, _validation: usize) -> Option<usize> {
        enough_of_shuffled(self.facts().classes)
    }
}

/// TensorFlow Datasets records the same sizes and hashes of the archives:
/// <https://github.com/tensorflow/datasets/tree/master/tensorflow_datasets/url_checksums>.
fn published() -> Archive {
    let mut files: Vec<ArchiveFile> =
        (1..=5).map(|batch| exactly(&format!("data_batch_{batch}.bin"), 10_000 * 3073)).collect();
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
