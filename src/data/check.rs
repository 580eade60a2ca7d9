//! What is in the data folder and whether it is intact.

use std::fs;
use std::path::{Path, PathBuf};

use super::archive::{Archive, ArchiveFormat};
use super::data_dir::data_dir_flag;
use super::draw::class_counts;
use super::folder::{find, missing, wrong_size};
use super::unpacked::read;
use super::{Cifar100Labels, DataOptions, Dataset, OwnData};
use crate::error::{Error, Result};

/// Whether a dataset's files exist, judged by their sizes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilesStatus {
    /// All of them.
    Present,
    /// None of them.
    Missing,
    /// Some are missing or have another size.
    Damaged(String),
}

/// What a full check of an intact dataset found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Which labels, if there are several.
    pub labels: Option<Cifar100Labels>,
    /// SHA-256 of the content, see [`Dataset::new`].
    pub sha256: String,
    /// Names of the classes.
    pub class_names: Vec<String>,
    /// For the training and the test split: examples of each class.
    pub class_counts: [Vec<usize>; 2],
    /// Training and test examples.
    pub examples: [usize; 2],
}

/// Checks the sizes of a dataset's files; [`check`] checks their content.
pub fn status(archive: &Archive, data_dir: &Path) -> FilesStatus {
    let folder = data_dir.join(&archive.folder);
    let lacking = missing(archive, &folder);
    if lacking.len() == archive.files.len() {
        return FilesStatus::Missing;
    }
    if !lacking.is_empty() {
        return FilesStatus::Damaged(format!("lacks {}", lacking.join(", ")));
    }
    for (file, path) in archive.files.iter().zip(paths(archive, &folder)) {
        let packed = path.extension().is_some_and(|extension| extension == "gz");
        let problem = match fs::metadata(&path) {
            Err(problem) => Some(format!("cannot be read: {problem}")),
            Ok(_) if packed => None,
            Ok(metadata) => wrong_size(file, &metadata),
        };
        if let Some(problem) = problem {
            return FilesStatus::Damaged(format!("{} {problem}", file.name));
        }
    }
    FilesStatus::Present
}

/// Bytes that a dataset takes on disk.
pub fn bytes_on_disk(archive: &Archive, data_dir: &Path) -> u64 {
    let folder = data_dir.join(&archive.folder);
    let sizes = paths(archive, &folder).into_iter().map(|path| fs::metadata(path).map(|m| m.len()));
    sizes.filter_map(Result::<u64, std::io::Error>::ok).sum()
}

/// Reads a whole dataset and checks sizes, headers and labels.
///
/// # Errors
/// [`Error::Data`] if it is missing or damaged. Nothing is downloaded.
pub fn check(archive: &Archive, options: &DataOptions) -> Result<Vec<Checked>> {
    let folder = options.data_dir.join(&archive.folder);
    if status(archive, &options.data_dir) == FilesStatus::Missing {
        return Err(Error::Data(format!(
            "{} is not in {}\nget it: runner data fetch {}{}",
            archive.name,
            options.data_dir.display(),
            archive.name,
            data_dir_flag(&options.data_dir),
        )));
    }
    let kinds = match archive.format {
        ArchiveFormat::Cifar100 => vec![Some(Cifar100Labels::Fine), Some(Cifar100Labels::Coarse)],
        _ => vec![None],
    };
    let checked = kinds.into_iter().map(|labels| {
        let dataset = read(archive, &folder, labels.unwrap_or(Cifar100Labels::Fine))?;
        Ok(summary(&dataset, labels))
    });
    checked.collect()
}

/// What was read of the user's own data.
pub fn check_own(own: &OwnData) -> Checked {
    summary(&own.dataset, None)
}

fn summary(dataset: &Dataset, labels: Option<Cifar100Labels>) -> Checked {
    let classes = dataset.class_names.len();
    Checked {
        labels,
        sha256: dataset.sha256.clone(),
        class_names: dataset.class_names.clone(),
        class_counts: [&dataset.train, &dataset.test]
            .map(|examples| class_counts(examples.labels.iter().copied(), classes)),
        examples: [dataset.train.len(), dataset.test.len()],
    }
}

fn paths(archive: &Archive, folder: &Path) -> Vec<PathBuf> {
    archive.files.iter().filter_map(|file| find(archive, folder, file)).collect()
}
