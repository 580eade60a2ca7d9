//! From a `[dataset]` table's source to pixels in memory: reads what is in the data folder and
//! fetches what is not.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::archive::{Archive, Format};
use super::fetch::{by_hand, fetch};
use super::{Cifar100Labels, Dataset, DatasetSource, cifar, folder, idx, synthetic};
use crate::error::{Error, Result};
use crate::messages::say;

/// Where datasets lie and how missing ones may be got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataOptions {
    /// The folder that holds a folder for each dataset.
    pub data_dir: PathBuf,
    /// Never download.
    pub offline: bool,
    /// Base address to download from instead of the official one; the file's name is appended.
    pub mirror: Option<String>,
    /// Draw a progress bar while downloading, if stderr is a terminal.
    pub progress: bool,
}

/// Loads `source`, downloading it first if it is not in the data folder.
///
/// # Errors
/// [`Error::Data`] if the data is damaged, or missing and cannot be downloaded.
pub fn load(source: &DatasetSource, options: &DataOptions) -> Result<Dataset> {
    let labels = match source {
        DatasetSource::Synthetic { seed } => return Ok(synthetic::generate(*seed)),
        DatasetSource::Cifar100 { labels } => *labels,
        _ => Cifar100Labels::Fine,
    };
    match Archive::of(source) {
        Some(archive) => load_archive(&archive, labels, options),
        None => Err(Error::Unexpected(format!("no archive holds {}", source.name()))),
    }
}

/// Loads what `archive` describes, downloading it first if files are missing; `labels` matters to
/// CIFAR-100 alone.
///
/// # Errors
/// [`Error::Data`] if the data is damaged, or missing and cannot be downloaded.
pub fn load_archive(
    archive: &Archive,
    labels: Cifar100Labels,
    options: &DataOptions,
) -> Result<Dataset> {
    let folder = options.data_dir.join(&archive.folder);
    let missing = folder::missing(archive, &folder);
    if !missing.is_empty() && options.offline {
        let problem = match missing.len() == archive.files.len() {
            true => format!("{} is not in {}", archive.name, options.data_dir.display()),
            false => format!("{} lacks {}", folder.display(), missing.join(", ")),
        };
        let problem = format!("{problem}, and nothing is downloaded: --offline is set");
        return Err(by_hand(archive, options, &problem));
    }
    if !missing.is_empty() {
        let fetched = fetch(archive, options)?;
        fetched.notes.iter().for_each(|note| say(note));
    }
    read(archive, &folder, labels)
}

/// Reads and validates the files in `folder`.
pub(super) fn read(archive: &Archive, folder: &Path, labels: Cifar100Labels) -> Result<Dataset> {
    match archive.format {
        Format::Cifar10 | Format::Cifar100 => cifar::read(archive, folder, labels),
        Format::Idx { .. } => idx::read(archive, folder),
    }
}

/// Where datasets live unless the user says otherwise: `$XDG_CACHE_HOME/runner/datasets`, else
/// `~/.cache/runner/datasets`, else `datasets` here.
pub fn default_data_dir() -> PathBuf {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    // The XDG specification says that a relative path is invalid and to be ignored.
    let cache = set("XDG_CACHE_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| set("HOME").map(|home| home.join(".cache")));
    match cache {
        Some(cache) => cache.join("runner/datasets"),
        None => PathBuf::from("datasets"),
    }
}

/// Marks a folder as one that backups may skip (<https://bford.info/cachedir/>).
const CACHEDIR_TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
    # Datasets that `runner data fetch` can download again.\n";

/// Creates the data folder, if it is not there, with a `CACHEDIR.TAG`.
pub(super) fn create_data_dir(data_dir: &Path) -> Result<()> {
    if data_dir.is_dir() {
        return Ok(()); // a folder that the user made is not ours to tag
    }
    fs::create_dir_all(data_dir).map_err(Error::io("create", data_dir))?;
    let tag = data_dir.join("CACHEDIR.TAG");
    fs::write(&tag, CACHEDIR_TAG).map_err(Error::io("create", &tag))
}
