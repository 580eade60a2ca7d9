//! Replaces a file that lies in no run folder, such as a report, and so has no claim to write under.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::disk::{Disk, RealDisk};
use super::holder::TEMPORARY;
use crate::error::{Error, Result};

/// Puts `contents` in the place of `path`. A crash leaves the old file or the new one, never a part of
/// either; the temporary file beside it carries the process's number.
///
/// # Errors
/// If a step fails; the file is then as it was.
pub fn replace_file(path: &Path, contents: &[u8]) -> Result<()> {
    let temporary = temporary_beside(path);
    let written = RealDisk.write_synced(&temporary, contents).map_err(Error::io("write", path));
    let replaced = written
        .and_then(|()| RealDisk.rename(&temporary, path).map_err(Error::io("replace", path)));
    if replaced.is_err() {
        // The first error is the one to report.
        let _ = RealDisk.remove(&temporary);
        return replaced;
    }
    let folder = folder_of(path);
    RealDisk.sync_folder(folder).map_err(Error::io("sync", folder))
}

/// The folder that a file lies in; `.` for a bare name.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Where a file outside of run folders is written before it is whole: beside its place, named after
/// this process.
pub fn temporary_beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}{TEMPORARY}", std::process::id()));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_replaced_stays_and_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("report.html");
        std::fs::create_dir_all(taken.join("inside")).unwrap();
        assert!(replace_file(&taken, b"new").is_err());
        assert!(replace_file(&folder.path().join("none/report.html"), b"new").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let file = folder.path().join("a.html");
        replace_file(&file, b"old").unwrap();
        replace_file(&file, b"new").unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"new");
    }
}
