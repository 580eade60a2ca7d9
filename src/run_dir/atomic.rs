//! Replacing a file so that a crash leaves the old one or the new one, never a part of either.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// End of every temporary file's name.
pub(super) const TEMPORARY: &str = ".tmp";

/// Replaces `path` with `contents`, if `still_mine` agrees once the bytes are on disk. `token` names
/// the writer in the temporary file's name, so that two writers never share one.
///
/// # Errors
/// If a step fails; `path` is then as it was, and the temporary file is removed.
pub fn write_atomic(
    path: &Path,
    contents: &[u8],
    token: &str,
    still_mine: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let temporary = temporary_path(path, token);
    let written = write_synced(&temporary, contents).and_then(|()| {
        still_mine()?;
        fs::rename(&temporary, path).map_err(Error::io("replace", path))
    });
    if let Err(error) = written {
        // The first error is the one to report; a leftover is removed with the next claim.
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    sync_folder(path)
}

fn write_synced(path: &Path, contents: &[u8]) -> Result<()> {
    let mut file = File::create(path).map_err(Error::io("create", path))?;
    file.write_all(contents).map_err(Error::io("write", path))?;
    // The bytes are on disk before the name points at them.
    file.sync_all().map_err(Error::io("write", path))
}

/// Makes the new name of `path` itself survive a power cut.
pub(super) fn sync_folder(path: &Path) -> Result<()> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    let handle = File::open(folder).map_err(Error::io("open", folder))?;
    handle.sync_all().map_err(Error::io("sync", folder))
}

fn temporary_path(path: &Path, token: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{token}{TEMPORARY}"));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn replaces_whole_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.csv");
        write_atomic(&path, b"old and long", "t", || Ok(())).unwrap();
        write_atomic(&path, b"new", "t", || Ok(())).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["metrics.csv"]);
    }

    #[test]
    fn a_writer_that_lost_its_claim_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.json");
        write_atomic(&path, b"successor", "2", || Ok(())).unwrap();
        let refuse = || Err(Error::Refused("taken over".to_owned()));
        assert!(write_atomic(&path, b"stale", "1", refuse).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"successor");
        assert_eq!(names(folder.path()), ["run.json"]);
    }

    #[test]
    fn error_names_the_path() {
        let error = write_atomic(Path::new("no/such/folder/x"), b"", "t", || Ok(())).unwrap_err();
        assert!(error.to_string().contains("no/such/folder"), "{error}");
    }
}
