//! A dataset's folder on disk: which of its files exist, and the errors about them.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::archive::{Archive, ArchiveFile, ArchiveFormat};
use super::data_dir::data_dir_flag;
use crate::error::{Error, Result};
use crate::runs::folder::{is_there, open_regular};

/// Suffix of the name of an incomplete dataset's folder.
pub(super) const UNPACKING: &str = "unpacking";

/// The error for a wrong file.
pub(super) fn damaged(archive: &Archive, path: &Path, problem: &str) -> Error {
    // The file is in the dataset's folder, which is in the data folder or, at first, next to it.
    let place = path.parent().and_then(Path::parent).unwrap_or(Path::new(""));
    let is_staged = place.extension().is_some_and(|ending| ending == UNPACKING);
    let data_dir = place.parent().filter(|_| is_staged).unwrap_or(place);
    Error::Data(format!(
        "{} {problem}\nreplace it: runner data fetch {}{}",
        path.display(),
        archive.name,
        data_dir_flag(data_dir),
    ))
}

/// The path of `file` in `folder`, under any of its names; `None` if it is missing.
pub(super) fn find(archive: &Archive, folder: &Path, file: &ArchiveFile) -> Option<PathBuf> {
    // An inaccessible one counts as present: reading it reports the error.
    let is_there = |path: &PathBuf| is_there(path).unwrap_or(true);
    spellings(archive, file).into_iter().map(|name| folder.join(name)).find(is_there)
}

/// The accepted names of `file`, the preferred one first.
pub(super) fn spellings(archive: &Archive, file: &ArchiveFile) -> Vec<String> {
    match archive.format {
        ArchiveFormat::Idx { .. } => idx_spellings(&file.name),
        ArchiveFormat::Cifar10 | ArchiveFormat::Cifar100 => vec![file.name.clone()],
    }
}

/// The names of the files that are not in `folder`.
pub(super) fn missing<'a>(archive: &'a Archive, folder: &Path) -> Vec<&'a str> {
    archive
        .files
        .iter()
        .filter(|file| find(archive, folder, file).is_none())
        .map(|file| file.name.as_str())
        .collect()
}

/// Opens a file after checking its published size.
pub(super) fn open_sized(archive: &Archive, folder: &Path, file: &ArchiveFile) -> Result<File> {
    let path = folder.join(&file.name);
    let opened = match open_regular(&path) {
        Ok(opened) => opened,
        Err(problem) if problem.kind() == ErrorKind::NotFound => {
            return Err(damaged(archive, &path, "is missing"));
        }
        Err(problem) if problem.kind() == ErrorKind::InvalidInput => {
            return Err(damaged(archive, &path, "is not a file"));
        }
        Err(problem) => return Err(Error::io("read", &path)(problem)),
    };
    let metadata = opened.metadata().map_err(Error::io("read", &path))?;
    match wrong_size(file, &metadata) {
        Some(problem) => Err(damaged(archive, &path, &problem)),
        None => Ok(opened),
    }
}

/// What is wrong with the size of a file, if anything.
pub(super) fn wrong_size(file: &ArchiveFile, metadata: &fs::Metadata) -> Option<String> {
    if !metadata.is_file() {
        return Some("is not a file".into());
    }
    let bytes = metadata.len();
    (!file.size.allows(bytes)).then(|| {
        let limit = file.size.limit();
        format!("is damaged: it has {bytes} bytes, must have {limit}")
    })
}

/// The names under which users have the file; unpacked first, because it is read faster.
fn idx_spellings(name: &str) -> Vec<String> {
    let dotted = name.replace("-idx", ".idx");
    vec![name.to_owned(), dotted.clone(), format!("{name}.gz"), format!("{dotted}.gz")]
}
