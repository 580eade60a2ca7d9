//! What is published where: one table entry a dataset, with the files its folder must hold.

use super::DatasetSource;
use super::archive::{Archive, ArchiveFile, Download, FileSize, Format};

/// Every dataset that can be fetched, in the order of `runner data list`.
pub fn archives() -> Vec<Archive> {
    vec![cifar10(), cifar100(), mnist(), fashion_mnist()]
}

impl Archive {
    /// The published archive called `name`, if there is one.
    pub fn named(name: &str) -> Option<Archive> {
        archives().into_iter().find(|archive| archive.name == name)
    }

    /// The archive that holds `source`; `None` for what is generated.
    pub fn of(source: &DatasetSource) -> Option<Archive> {
        Archive::named(source.name())
    }
}

/// Longest list of class names: the longest published one has 725 bytes.
const NAMES_LIMIT: u64 = 64 * 1024;

/// Sizes and hashes of the archives as TensorFlow Datasets records them, too:
/// <https://github.com/tensorflow/datasets/tree/master/tensorflow_datasets/url_checksums>.
fn cifar10() -> Archive {
    let mut files: Vec<ArchiveFile> =
        (1..=5).map(|batch| exactly(&format!("data_batch_{batch}.bin"), 10_000 * 3073)).collect();
    files.push(exactly("test_batch.bin", 10_000 * 3073));
    files.push(names("batches.meta.txt"));
    Archive {
        name: "cifar10".into(),
        title: "CIFAR-10: 50,000 + 10,000 colour images of 32x32 in 10 classes".into(),
        folder: "cifar-10-batches-bin".into(),
        format: Format::Cifar10,
        files,
        downloads: vec![download(
            "https://www.cs.toronto.edu/~kriz/",
            "cifar-10-binary.tar.gz",
            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            170_052_171,
        )],
    }
}

fn cifar100() -> Archive {
    Archive {
        name: "cifar100".into(),
        title: "CIFAR-100: 50,000 + 10,000 colour images of 32x32, 100 fine or 20 coarse classes"
            .into(),
        folder: "cifar-100-binary".into(),
        format: Format::Cifar100,
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

fn mnist() -> Archive {
    // The first home of these files, yann.lecun.com, no longer serves them; this is PyTorch's copy.
    let base = "https://ossci-datasets.s3.amazonaws.com/mnist/";
    Archive {
        name: "mnist".into(),
        title: "MNIST: 60,000 + 10,000 grey images of 28x28 handwritten digits".into(),
        folder: "mnist".into(),
        format: Format::Idx { class_names: (0..10).map(|digit| digit.to_string()).collect() },
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

fn fashion_mnist() -> Archive {
    // Plain http is what its authors publish; the hashes bind the content all the same.
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
        title: "Fashion-MNIST: 60,000 + 10,000 grey images of 28x28 of 10 kinds of clothing".into(),
        folder: "fashion_mnist".into(),
        format: Format::Idx { class_names: class_names.map(String::from).to_vec() },
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

/// The four files of an MNIST-like dataset, in the order train images, train labels, test images,
/// test labels.
pub fn idx_files(train_examples: u64, test_examples: u64) -> Vec<ArchiveFile> {
    vec![
        exactly("train-images-idx3-ubyte", 16 + train_examples * 784),
        exactly("train-labels-idx1-ubyte", 8 + train_examples),
        exactly("t10k-images-idx3-ubyte", 16 + test_examples * 784),
        exactly("t10k-labels-idx1-ubyte", 8 + test_examples),
    ]
}

fn exactly(name: &str, bytes: u64) -> ArchiveFile {
    ArchiveFile { name: name.into(), size: FileSize::Exactly(bytes) }
}

fn names(name: &str) -> ArchiveFile {
    ArchiveFile { name: name.into(), size: FileSize::AtMost(NAMES_LIMIT) }
}

fn download(base: &str, file_name: &str, sha256: &str, bytes: u64) -> Download {
    Download { url: format!("{base}{file_name}"), sha256: sha256.into(), bytes }
}
