//! Moves a dataset's folder into place in one step: it is filled next to its destination, validated
//! there, and renamed, while a lock keeps other processes from doing the same.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::archive::Archive;
use super::data_dir::DataOptions;
use super::event::DataEvent;
use super::folder::UNPACKING;
use super::unpacked::read;
use super::{Cifar100Labels, Dataset};
use crate::error::{Error, Result};
use crate::runs::folder::{entry_at, without_links};

/// A folder next to a dataset's destination; removed when dropped.
pub(super) struct Staging {
    root: PathBuf,
    folder: PathBuf,
}

/// Held while a dataset is being fetched; the system releases it even after a kill.
pub(super) struct FetchLock {
    _file: File,
}

impl FetchLock {
    /// Waits until no other process fetches `archive` into the data folder.
    pub(super) fn take(archive: &Archive, options: &DataOptions) -> Result<FetchLock> {
        let path = options.data_dir.join(format!(".{}.lock", archive.name));
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .custom_flags(without_links())
            .open(&path)
            .map_err(Error::io("create", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                options.listener.hear(DataEvent::Waiting { dataset: &archive.name });
                file.lock().map_err(Error::io("lock", &path))?;
            }
            Err(TryLockError::Error(problem)) => return Err(Error::io("lock", &path)(problem)),
        }
        Ok(FetchLock { _file: file })
    }
}

impl Staging {
    /// An empty folder; leftovers of a killed process are removed (the lock proves that nobody uses
    /// them).
    pub(super) fn new(archive: &Archive, data_dir: &Path, _lock: &FetchLock) -> Result<Staging> {
        let root = data_dir.join(format!(".{}.{UNPACKING}", archive.folder));
        if let Err(problem) = fs::remove_dir_all(&root)
            && problem.kind() != ErrorKind::NotFound
        {
            return Err(Error::io("remove", &root)(problem));
        }
        let folder = root.join(&archive.folder);
        // Fails on anything that somebody else created there meanwhile, even a link.
        fs::create_dir(&root).map_err(Error::io("create", &root))?;
        fs::create_dir(&folder).map_err(Error::io("create", &folder))?;
        Ok(Staging { root, folder })
    }

    /// Where archives are unpacked: it contains the dataset's folder.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Where the dataset's files must be put.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Validates the files and renames their folder to `destination`. What was there before is kept
    /// next to it; its new path is returned.
    pub(super) fn install(
        self,
        archive: &Archive,
        destination: &Path,
    ) -> Result<(Dataset, Option<PathBuf>)> {
        let dataset = read(archive, &self.folder, Cifar100Labels::Fine)?;
        let moved = move_aside(destination)?;
        fs::rename(&self.folder, destination).map_err(Error::io("create", destination))?;
        Ok((dataset, moved))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root); // the next fetch removes leftovers
    }
}

/// Frees the name `destination`: an empty folder is removed, anything else is renamed, because it
/// is the user's.
fn move_aside(destination: &Path) -> Result<Option<PathBuf>> {
    if entry_at(destination)?.is_none() || fs::remove_dir(destination).is_ok() {
        return Ok(None);
    }
    for number in 1.. {
        let mut name = destination.as_os_str().to_owned();
        name.push(format!(".old-{number}"));
        let aside = PathBuf::from(name);
        if entry_at(&aside)?.is_none() {
            fs::rename(destination, &aside).map_err(Error::io("rename", destination))?;
            return Ok(Some(aside));
        }
    }
    Ok(None)
}
