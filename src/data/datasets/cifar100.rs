//! CIFAR-100 (Krizhevsky, 2009, <https://www.cs.toronto.edu/~kriz/cifar.html>).

use crate::config::keys::{WhenAbsent, config, word, words};
use crate::data::archive::{Archive, ArchiveFormat};
use crate::data::catalog::{download, exactly, names};
use crate::data::datasets::kind::{DatasetKind, Own, enough_of_shuffled};
use crate::data::load::load_archive;
use crate::data::{DataOptions, Dataset, DatasetFacts, Scaling};
use crate::error::Result;

config! {
    /// Keys of `cifar100`.
    #[derive(Eq, Hash)]
    pub struct Cifar100Config {
        /// Which of the two labels of each image to learn.
        pub labels: Cifar100Labels = word().or(Cifar100Labels::Fine),
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

impl DatasetKind for Cifar100Config {
    fn facts(&self) -> DatasetFacts {
        let classes = match self.labels {
            Cifar100Labels::Fine => 100,
            Cifar100Labels::Coarse => 20,
        };
        DatasetFacts { train_examples: 50_000, test_examples: 10_000, classes, shape: [3, 32, 32] }
    }

    fn load(&self, options: &DataOptions) -> Result<Dataset> {
        load_archive(&published(), self.labels, options)
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

fn published() -> Archive {
    Archive {
        name: "cifar100".into(),
        title: "CIFAR-100: 50,000 + 10,000 colour images of 32x32, 100 fine or 20 coarse classes"
            .into(),
        folder: "cifar-100-binary".into(),
        format: ArchiveFormat::Cifar100,
        files: vec![
            exactly("train.bin", 50_000 * 3074),
            exactly("test.bin", 10_000 * 3074),
            names("fine_label_names.txt"),
            names("coarse_label_names.txt"),
        ],
        downloads: vec![download(
            "https://www.cs.toronto.edu/~kriz/",
            "cifar-100-binary.tar.gz",
            "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
            168_513_733,
        )],
    }
}
