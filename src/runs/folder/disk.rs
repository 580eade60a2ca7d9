//! Disk operations, each of which can fail: the only place that changes run folders.
//!
//! It is a trait so that tests can make every operation fail in turn and cut power between any two.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{Result, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::SystemTime;

use rustix::fs::OFlags;

use crate::runs::folder::read::{regular, without_waiting};

/// Changes files and folders. A name that an operation makes, replaces or removes survives a power cut
/// only after [`Disk::sync_folder`]; the content of a file only after it was written by
/// [`Disk::write_synced`].
///
/// # Errors
/// Each operation returns what the operating system said.
pub trait Disk: fmt::Debug + Send + Sync {
    /// Creates a folder with its parents; an existing folder is not an error.
    fn create_folder(&self, path: &Path) -> Result<()>;
    /// Creates a file, fills it, and waits until the content is on the disk. A name that is taken,
    /// even by a link, is an error.
    fn write_synced(&self, path: &Path, contents: &[u8]) -> Result<()>;
    /// Appends to a regular file, creating it if needed, without following links; does not sync.
    fn append(&self, path: &Path, contents: &[u8]) -> Result<()>;
    /// Gives a file a second name, if that name is free.
    fn link(&self, file: &Path, name: &Path) -> Result<()>;
    /// Renames a file or folder; an existing file with that name is replaced.
    fn rename(&self, from: &Path, to: &Path) -> Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> Result<()>;
    /// Waits until the names in a folder are on the disk.
    fn sync_folder(&self, path: &Path) -> Result<()>;
    /// Sets a file's modification time to now; never creates it.
    fn touch(&self, path: &Path) -> Result<()>;
}

/// The file system of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn create_folder(&self, path: &Path) -> Result<()> {
        fs::create_dir_all(path)
    }

    fn write_synced(&self, path: &Path, contents: &[u8]) -> Result<()> {
        let mut file = File::create_new(path)?;
        file.write_all(contents)?;
        file.sync_all()
    }

    fn append(&self, path: &Path, contents: &[u8]) -> Result<()> {
        let mut options = OpenOptions::new();
        options.create(true).append(true).custom_flags(without_waiting() | without_links());
        regular(options.open(path)?)?.0.write_all(contents)
    }

    fn link(&self, file: &Path, name: &Path) -> Result<()> {
        fs::hard_link(file, name)
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> Result<()> {
        fs::remove_file(path)
    }

    fn sync_folder(&self, path: &Path) -> Result<()> {
        File::open(path)?.sync_all()
    }

    fn touch(&self, path: &Path) -> Result<()> {
        let mut options = OpenOptions::new();
        let file = options.write(true).custom_flags(without_links()).open(path)?;
        file.set_modified(SystemTime::now())
    }
}

/// For `custom_flags`: opening a link fails, because it may have been planted.
pub fn without_links() -> i32 {
    OFlags::NOFOLLOW.bits().cast_signed()
}
