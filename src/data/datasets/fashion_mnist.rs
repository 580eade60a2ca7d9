//! Fashion-MNIST (Xiao et al., 2017, <https://arxiv.org/abs/1708.07747>).

use crate::config::keys::config;
use crate::data::archive::{Archive, ArchiveFormat};
use crate::data::catalog::{download, idx_files};
use crate::data::datasets::published::PublishedKind;
use crate::data::{Cifar100Labels, DatasetFacts};

config! {
    /// Keys of `fashion_mnist`.
    #[derive(Eq, Hash)]
    pub struct FashionMnistConfig {}
}

impl PublishedKind for FashionMnistConfig {
    fn facts(&self) -> DatasetFacts {
        DatasetFacts {
            train_examples: 60_000,
            test_examples: 10_000,
            classes: 10,
            shape: [1, 28, 28],
        }
    }

    fn published(&self) -> Archive {
        // Its authors publish it over plain http; the hashes still guarantee the content.
        let base = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/";
        let class_names = [
            "t-shirt/top",
            "trouser",
            "pullover",
            "dress",
            "coat",
            "sandal",
            "shirt",
            "sneaker",
            "bag",
            "ankle boot",
        ];
        Archive {
            name: "fashion_mnist".into(),
            title: "Fashion-MNIST: 60,000 + 10,000 grey images of 28x28 of 10 kinds of clothing"
                .into(),
            folder: "fashion_mnist".into(),
            format: ArchiveFormat::Idx { class_names: class_names.map(String::from).to_vec() },
            files: idx_files(60_000, 10_000),
            downloads: vec![
                download(
                    base,
                    "train-images-idx3-ubyte.gz",
                    "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                    26_421_880,
                ),
                download(
                    base,
                    "train-labels-idx1-ubyte.gz",
                    "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                    29_515,
                ),
                download(
                    base,
                    "t10k-images-idx3-ubyte.gz",
                    "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                    4_422_102,
                ),
                download(
                    base,
                    "t10k-labels-idx1-ubyte.gz",
                    "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                    5_148,
                ),
            ],
        }
    }

    fn labels(&self) -> Cifar100Labels {
        Cifar100Labels::Fine
    }

    fn is_balanced(&self) -> bool {
        true
    }
}
