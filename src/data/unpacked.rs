//! Reads an unpacked dataset of any format.

use std::path::Path;

use super::archive::{Archive, ArchiveFormat};
use super::{Cifar100Labels, Dataset, cifar, idx};
use crate::error::Result;

/// Reads and validates the files in `folder`.
pub(super) fn read(archive: &Archive, folder: &Path, labels: Cifar100Labels) -> Result<Dataset> {
    match archive.format {
        ArchiveFormat::Cifar10 | ArchiveFormat::Cifar100 => cifar::read(archive, folder, labels),
        ArchiveFormat::Idx { .. } => idx::read(archive, folder),
    }
}
