//! CIFAR-100 (Krizhevsky, 2009, <https://www.cs.toronto.edu/~kriz/cifar.html>).

use crate::config::keys::{WhenAbsent, config, word};
use crate::data::DatasetFacts;
use crate::data::archive::{Archive, ArchiveFormat};
use crate::data::catalog::{download, exactly, names};
use crate::data::datasets::labels::Cifar100Labels;
use crate::data::datasets::published::PublishedKind;

config! {
    /// Keys of `cifar100`.
    #[derive(Eq, Hash)]
    pub struct Cifar100Config {
        /// Which of the two labels of each image to learn.
        pub labels: Cifar100Labels = word().or(Cifar100Labels::Fine),
    }
}

impl PublishedKind for Cifar100Config {
    fn facts(&self) -> DatasetFacts {
        let classes = match self.labels {
            Cifar100Labels::Fine => 100,
            Cifar100Labels::Coarse => 20,
        };
        DatasetFacts { train_examples: 50_000, test_examples: 10_000, classes, shape: [3, 32, 32] }
    }

    fn published(&self) -> Archive {
        Archive {
            name: "cifar100".into(),
            title:
                "CIFAR-100: 50,000 + 10,000 colour images of 32x32, 100 fine or 20 coarse classes"
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

    fn labels(&self) -> Cifar100Labels {
        self.labels
    }

    fn is_balanced(&self) -> bool {
        true
    }
}
