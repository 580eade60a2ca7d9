//! Replaces a file outside run folders, such as a report, which needs no claim.

use std::io::Write;
use std::path::Path;

use crate::error::{Error, Result};
use crate::runs::folder::disk::{Disk, RealDisk};
use crate::runs::folder::new_file::{NewFile, remove_left_beside, takes_content};

/// Replaces `path` by `contents` atomically. A device or pipe is written to.
///
/// # Errors
/// If a step fails; the file is then as it was.
pub fn replace_file(path: &Path, contents: &[u8]) -> Result<()> {
    make_file(path, contents, |new| new.put().map(|()| true)).map(|_| ())
}

/// Replaces `path` as [`replace_file`] does, if the caller still wants that when the new content is complete, just
/// before it gets its name; returns whether it did.
///
/// # Errors
/// If a step fails; the file is then as it was.
pub fn replace_file_if(
    path: &Path,
    contents: &[u8],
    is_wanted: impl FnOnce() -> Result<bool>,
) -> Result<bool> {
    make_file(path, contents, |new| match is_wanted()? {
        true => new.put().map(|()| true),
        false => Ok(false),
    })
}

/// Creates a file with `contents` unless something is at `path`; returns whether it did.
///
/// # Errors
/// If a step fails; nothing is made then.
pub fn create_file(path: &Path, contents: &[u8]) -> Result<bool> {
    make_file(path, contents, |new| new.put_if_free())
}

fn make_file(
    path: &Path,
    contents: &[u8],
    put: impl FnOnce(NewFile<'_>) -> Result<bool>,
) -> Result<bool> {
    remove_left_beside(path);
    let new = NewFile::begin(path)?;
    new.file().write_all(contents).map_err(Error::io("write", path))?;
    new.sync()?;
    let is_put = put(new)?;
    if !takes_content(path)? {
        sync_folder_of(path)?;
    }
    Ok(is_put)
}

/// Waits until the name of a file is on the disk.
///
/// # Errors
/// What the operating system said.
pub fn sync_folder_of(path: &Path) -> Result<()> {
    let folder = folder_of(path);
    RealDisk.sync_folder(folder).map_err(Error::io("sync", folder))
}

/// The folder that a file lies in; `.` for a bare name.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
