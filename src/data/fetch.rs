//! Gets a dataset into the data folder: from its official address, from a mirror, or from an
//! archive or folder that the user already has.

use std::fs;
use std::path::{Path, PathBuf};

use super::archive::{Archive, ArchiveFormat, Download, FileSize};
use super::data_dir::{DataOptions, create_data_dir, data_dir_flag};
use super::download::download;
use super::import::import;
use super::network::{Address, DownloadLimits};
use super::staging::{FetchLock, Staging};
use super::unpack::{unpack, wanted};
use super::unpacked::read;
use super::{Cifar100Labels, Dataset, folder};
use crate::error::{Error, Result};
use crate::runs::folder::is_there;

/// A dataset that is now in the data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Its folder.
    pub folder: PathBuf,
    /// SHA-256 of its content, as [`Dataset::new`] computes it.
    pub sha256: String,
    /// It was already there and intact, so nothing was done.
    pub was_present: bool,
    /// Further notes for the user.
    pub notes: Vec<String>,
}

/// Downloads and unpacks `archive`, unless it is there.
///
/// # Errors
/// [`Error::Data`] if that cannot be done; it says how to do it by hand.
pub fn fetch(archive: &Archive, options: &DataOptions) -> Result<Fetched> {
    fetch_with(archive, options, &DownloadLimits::default())
}

/// [`fetch`] with other patience.
///
/// # Errors
/// As [`fetch`].
pub fn fetch_with(
    archive: &Archive,
    options: &DataOptions,
    network: &DownloadLimits,
) -> Result<Fetched> {
    let origin = archive.downloads.first().map_or("", |download| &download.url);
    install(archive, options, origin, |staging| {
        if options.offline {
            let problem = format!("{} is not downloaded, because --offline is set", archive.name);
            return Err(by_hand(archive, options, &problem));
        }
        let parts = download_all(archive, options, network).map_err(|error| match error {
            Error::Data(problem) => by_hand(archive, options, &problem),
            other => other,
        })?;
        let unpacked = unpack_parts(archive, &parts, staging);
        // After a full disk the download is kept; a wrong archive is not.
        if !matches!(unpacked, Err(Error::Io { .. })) {
            remove_parts(archive, options);
        }
        unpacked.map(|()| Vec::new())
    })
}

/// Takes `archive` from an archive or folder on disk.
///
/// # Errors
/// [`Error::Data`] if `path` does not hold it.
pub fn fetch_from(archive: &Archive, path: &Path, options: &DataOptions) -> Result<Fetched> {
    if !is_there(path)? {
        return Err(Error::Data(format!("there is no {}", path.display())));
    }
    let origin = path.display().to_string();
    let fetched = install(archive, options, &origin, |staging| import(archive, path, staging))?;
    remove_parts(archive, options); // of a download that is no longer needed
    Ok(fetched)
}

/// Fills a folder with `fill`, which returns notes, and moves it into place, under the lock.
fn install(
    archive: &Archive,
    options: &DataOptions,
    origin: &str,
    fill: impl FnOnce(&Staging) -> Result<Vec<String>>,
) -> Result<Fetched> {
    options.tell_where();
    create_data_dir(&options.data_dir)?;
    let folder = options.data_dir.join(&archive.folder);
    let lock = FetchLock::take(archive, options)?;
    // Asked under the lock: another process may just have done it.
    if folder::missing(archive, &folder).is_empty() {
        match read(archive, &folder, Cifar100Labels::Fine) {
            Ok(dataset) => return Ok(fetched(folder, dataset, true, Vec::new())),
            // An unreadable one may be intact.
            Err(error @ Error::Io { .. }) => return Err(error),
            Err(_) => {}
        }
    }
    let staging = Staging::new(archive, &options.data_dir, &lock)?;
    // Errors name the archive, because the folder into which it was unpacked is gone by then.
    let staged = staging.root().display().to_string();
    let named = |error| match error {
        Error::Data(problem) => Error::Data(problem.replace(&staged, origin)),
        other => other,
    };
    let mut notes = fill(&staging).map_err(named)?;
    let (dataset, moved) = staging.install(archive, &folder).map_err(named)?;
    if let Some(moved) = moved {
        notes.push(format!(
            "the incomplete or damaged folder that was there is now {}",
            moved.display()
        ));
    }
    Ok(fetched(folder, dataset, false, notes))
}

fn fetched(folder: PathBuf, dataset: Dataset, was_present: bool, notes: Vec<String>) -> Fetched {
    Fetched { folder, sha256: dataset.sha256, was_present, notes }
}

/// Downloads what is needed; complete files stay, so a later failure does not repeat their
/// download.
fn download_all(
    archive: &Archive,
    options: &DataOptions,
    network: &DownloadLimits,
) -> Result<Vec<(PathBuf, String)>> {
    let mut parts = Vec::new();
    for file in &archive.downloads {
        let address = match &options.mirror {
            Some(base) => Address::below(base, file.file_name()),
            None => Address::new(file.url.clone()),
        };
        let part = part(archive, options, file);
        download(file, &address, &part, network, &*options.listener)?;
        parts.push((part, file.file_name().to_owned()));
    }
    Ok(parts)
}

/// The partial file of a download: hidden, and named after its dataset because MNIST and
/// Fashion-MNIST use the same file names.
fn part(archive: &Archive, options: &DataOptions, download: &Download) -> PathBuf {
    let name = format!(".{}.{}.part", archive.name, download.file_name());
    options.data_dir.join(name)
}

fn remove_parts(archive: &Archive, options: &DataOptions) {
    for download in &archive.downloads {
        let _ = fs::remove_file(part(archive, options, download)); // most are not there
    }
}

fn unpack_parts(archive: &Archive, parts: &[(PathBuf, String)], staging: &Staging) -> Result<()> {
    for (part, file_name) in parts {
        match archive.format {
            ArchiveFormat::Cifar10 | ArchiveFormat::Cifar100 => {
                unpack(part, &wanted(archive), staging.root())?;
            }
            // IDX files are read while gzipped.
            ArchiveFormat::Idx { .. } => {
                let place = staging.folder().join(file_name);
                fs::rename(part, &place).map_err(Error::io("create", &place))?;
            }
        }
    }
    Ok(())
}

/// An error that says what is wrong and where to put which file.
pub(super) fn by_hand(archive: &Archive, options: &DataOptions, problem: &str) -> Error {
    let folder = options.data_dir.join(&archive.folder);
    let mut text = format!("{problem}\nby hand: download");
    for download in &archive.downloads {
        text.push_str(&format!("\n  {}", download.url));
    }
    let from = match archive.format {
        ArchiveFormat::Idx { .. } => "FOLDER-WITH-THESE-FILES",
        _ => "PATH-OF-THIS-FILE",
    };
    let unpacked = match archive.format {
        ArchiveFormat::Idx { .. } => ", unpacked or as .gz",
        _ => "",
    };
    text.push_str(&format!(
        "\nand run: runner data fetch {}{} --from {from}\nor put these files into {}{unpacked}:",
        archive.name,
        data_dir_flag(&options.data_dir),
        folder.display(),
    ));
    for file in &archive.files {
        match file.size {
            FileSize::Exactly(bytes) => {
                text.push_str(&format!("\n  {} ({bytes} bytes)", file.name))
            }
            FileSize::AtMost(_) => text.push_str(&format!("\n  {}", file.name)),
        }
    }
    Error::Data(text)
}
