//! Operations whose reply may be lost: over NFS one that was done is asked for once more, and then fails
//! because it was done. What is on the disk says which of both it is; open(2) describes it for `link`.

use std::io::{ErrorKind, Result};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::runs::folder::disk::Disk;
use crate::runs::folder::there::says_absent;

/// More often than a file that was just made anew under another name is there already.
const DRAWS: usize = 3;

/// Which file or folder bears a name, whatever its name is.
type Identity = (u64, u64);

/// Gives `file` the second name `name`.
pub(super) fn link(disk: &dyn Disk, file: &Path, name: &Path) -> Result<()> {
    disk.link(file, name).or_else(|error| {
        let linked = identity(file)?;
        if linked.is_some() && linked == identity(name)? { Ok(()) } else { Err(error) }
    })
}

/// Gives `from` the name `to`. Who finds its temporary file swept away by a successor gets the error.
pub(super) fn rename(disk: &dyn Disk, from: &Path, to: &Path) -> Result<()> {
    let moved = identity(from)?;
    disk.rename(from, to).or_else(|error| {
        let is_done = moved.is_some() && identity(from)?.is_none() && identity(to)? == moved;
        if is_done { Ok(()) } else { Err(error) }
    })
}

/// Removes a file; one that is not there is as good.
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

/// Fills a new file, whose name `draw` draws: a name that nobody can foresee is taken by nobody but
/// this process, whose first request was done.
pub(super) fn write_new(
    disk: &dyn Disk,
    draw: impl Fn() -> PathBuf,
    contents: &[u8],
) -> (PathBuf, Result<()>) {
    let mut path = draw();
    for _ in 1..DRAWS {
        match disk.write_synced(&path, contents) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                // If this fails the next claim sweeps it away.
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
