//! The published archives of all kinds of datasets, and the parts of their descriptions.

use super::DatasetSource;
use super::archive::{Archive, ArchiveFile, Download, FileSize};
use crate::config::keys::Kinds;

/// Every dataset that can be fetched, in the order of `runner data list`.
pub fn archives() -> Vec<Archive> {
    let kinds = DatasetSource::KINDS.iter();
    kinds.filter_map(|kind| (kind.unset)().as_kind().archive()).collect()
}

impl Archive {
    /// The published archive called `name`, if there is one.
    pub fn named(name: &str) -> Option<Archive> {
        archives().into_iter().find(|archive| archive.name == name)
    }

    /// The archive that holds `source`; `None` if it is generated.
    pub fn of(source: &DatasetSource) -> Option<Archive> {
        source.as_kind().archive()
    }
}

/// Longest list of class names: the longest published one has 725 bytes.
const NAMES_LIMIT: u64 = 64 * 1024;

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

pub(super) fn exactly(name: &str, bytes: u64) -> ArchiveFile {
    ArchiveFile { name: name.into(), size: FileSize::Exactly(bytes) }
}

pub(super) fn names(name: &str) -> ArchiveFile {
    ArchiveFile { name: name.into(), size: FileSize::AtMost(NAMES_LIMIT) }
}

pub(super) fn download(base: &str, file_name: &str, sha256: &str, bytes: u64) -> Download {
    Download { url: format!("{base}{file_name}"), sha256: sha256.into(), bytes }
}
