//! What is at a path. A failed check is an error here, whereas `Path::exists` says that there is
//! nothing: on a network file system that would train a trial twice.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::error::{Error, Result};
use crate::runs::folder::file;

/// Whether something is at `path`; for a link, whether its target exists.
///
/// # Errors
/// If that cannot be found out.
pub fn is_there(path: &Path) -> Result<bool> {
    Ok(look(path, fs::metadata(path))?.is_some())
}

/// Whether there is a folder at `path`, or a link to one.
///
/// # Errors
/// If that cannot be found out.
pub fn is_folder(path: &Path) -> Result<bool> {
    Ok(look(path, fs::metadata(path))?.is_some_and(|data| data.is_dir()))
}

/// Whether there is a regular file at `path`, or a link to one.
///
/// # Errors
/// If that cannot be found out.
pub fn is_file(path: &Path) -> Result<bool> {
    Ok(look(path, fs::metadata(path))?.is_some_and(|data| data.is_file()))
}

/// What is at `path` itself, without following a link; none if the name is free.
///
/// # Errors
/// If that cannot be found out.
pub fn entry_at(path: &Path) -> Result<Option<Metadata>> {
    look(path, fs::symlink_metadata(path))
}

/// Whether an error says that there is nothing at a path.
pub(super) fn says_absent(error: &io::Error) -> bool {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename => true,
        // Not from a system call: a path cannot contain NUL.
        ErrorKind::InvalidInput => error.raw_os_error().is_none(),
        _ => false,
    }
}

fn look(path: &Path, found: io::Result<Metadata>) -> Result<Option<Metadata>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if says_absent(&error) => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// Even with --force, a result is never replaced.
///
/// # Errors
/// If `folder` is a run folder, or that cannot be found out.
pub fn refuse_run_folder(folder: &Path) -> Result<()> {
    if is_there(&folder.join(file::RECORD))? {
        let folder = folder.display();
        return Err(Error::Usage(format!(
            "{folder} is a run folder, and only its run may write into it: name another folder"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_told_from_what_cannot_be_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("file"), "").unwrap();
        std::os::unix::fs::symlink(path("gone"), path("dangling")).unwrap();
        std::os::unix::fs::symlink(path("loop"), path("loop")).unwrap();
        let asked = |name: &str| {
            let path = path(name);
            (is_there(&path).unwrap(), is_folder(&path).unwrap(), is_file(&path).unwrap())
        };
        assert_eq!(asked(""), (true, true, false));
        assert_eq!(asked("file"), (true, false, true));
        for absent in ["gone", "file/below", "dangling", "nul\0", &"long".repeat(100)] {
            assert_eq!(asked(absent), (false, false, false), "{absent}");
        }
        assert!(entry_at(&path("dangling")).unwrap().is_some());
        assert!(entry_at(&path("gone")).unwrap().is_none());
        // Stands for EIO, ESTALE and EACCES, which a test cannot cause for every user.
        for look in [is_there, is_folder, is_file] {
            assert!(matches!(look(&path("loop")), Err(Error::Io { action: "read", .. })));
        }
    }
}
