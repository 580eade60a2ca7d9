//! Operations whose reply may be lost: over NFS a completed operation may be requested again and
//! then fail because it was already done. The state on disk shows which is the case; open(2)
//! describes this for `link`.

use std::io::{ErrorKind, Result};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::runs::folder::disk::Disk;
use crate::runs::folder::there::says_absent;

/// A limit for retries with fresh names; reaching it is practically impossible.
const DRAWS: usize = 3;

/// The identity of a file or folder, independent of its name.
type Identity = (u64, u64);

/// Gives `file` the second name `name`.
pub(super) fn link(disk: &dyn Disk, file: &Path, name: &Path) -> Result<()> {
    disk.link(file, name).or_else(|error| {
        let linked = identity(file)?;
        if linked.is_some() && linked == identity(name)? { Ok(()) } else { Err(error) }
    })
}

/// Renames `from` to `to`. If a successor has removed the temporary file, this is an error.
pub(super) fn rename(disk: &dyn Disk, from: &Path, to: &Path) -> Result<()> {
    let moved = identity(from)?;
    disk.rename(from, to).or_else(|error| {
        let is_done = moved.is_some() && identity(from)?.is_none() && identity(to)? == moved;
        if is_done { Ok(()) } else { Err(error) }
    })
}

/// Removes a file; a missing file is fine.
pub(super) fn remove(disk: &dyn Disk, path: &Path) -> Result<()> {
    match disk.remove(path) {
        Err(error) if !says_absent(&error) && identity(path)?.is_some() => Err(error),
        _ => Ok(()),
    }
}

/// Creates a folder with its parents.
pub(super) fn create_folder(disk: &dyn Disk, path: &Path) -> Result<()> {
    disk.create_folder(path).or_else(|error| if path.is_dir() { Ok(()) } else { Err(error) })
}

/// Fills a new file whose name `draw` draws: if an unpredictable name is taken, this process took
/// it with its first request.
pub(super) fn write_new(
    disk: &dyn Disk,
    draw: impl Fn() -> PathBuf,
    contents: &[u8],
) -> (PathBuf, Result<()>) {
    let mut path = draw();
    for _ in 1..DRAWS {
        match disk.write_synced(&path, contents) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                // If this fails, the next claim removes it.
                let _ = disk.remove(&path);
                path = draw();
            }
            written => return (path, written),
        }
    }
    let written = disk.write_synced(&path, contents);
    (path, written)
}

fn identity(path: &Path) -> Result<Option<Identity>> {
    match path.symlink_metadata() {
        Ok(data) => Ok(Some((data.dev(), data.ino()))),
        Err(error) if says_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}
