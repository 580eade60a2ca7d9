//! A lock on a run folder for what anybody may write into it beside the process that holds its claim: notes. Claims
//! last as long as a training, and say whose it is; this lasts as long as one change of a file.

use std::fs::File;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::error::{Error, Result};

/// How long another process may keep it: it writes one small file meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);
/// The pause until it is tried again.
const PAUSE: Duration = Duration::from_millis(5);

/// Held while a file of a folder is read, changed and replaced. The system takes it back from a process that dies.
#[derive(Debug)]
pub struct FolderLock {
    _folder: File,
    is_held: bool,
}

impl FolderLock {
    /// Waits until no other process, and no other thread of this one, holds it. Some network file systems have no
    /// locks of folders: there it is held by nobody, and whoever changes a file must look at it again before it is
    /// replaced.
    ///
    /// # Errors
    /// If the folder cannot be opened, or another process does not let go of it.
    pub fn of(folder: &Path) -> Result<FolderLock> {
        FolderLock::with_patience(folder, PATIENCE)
    }

    fn with_patience(folder: &Path, patience: Duration) -> Result<FolderLock> {
        let file = File::open(folder).map_err(Error::io("read", folder))?;
        let started = Instant::now();
        loop {
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(FolderLock { _folder: file, is_held: true }),
                Err(Errno::WOULDBLOCK | Errno::INTR) if started.elapsed() < patience => {
                    thread::sleep(PAUSE);
                }
                Err(error @ (Errno::WOULDBLOCK | Errno::INTR)) => {
                    let error = std::io::Error::from(error);
                    return Err(Error::io("lock", folder)(error));
                }
                Err(_) => return Ok(FolderLock { _folder: file, is_held: false }),
            }
        }
    }

    /// Whether others wait meanwhile.
    pub fn is_held(&self) -> bool {
        self.is_held
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_it_at_a_time_and_who_waits_too_long_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let lock = FolderLock::of(folder.path()).unwrap();
        assert!(lock.is_held());
        let waited = FolderLock::with_patience(folder.path(), Duration::from_millis(20));
        let problem = waited.unwrap_err().chain();
        assert!(problem.contains("cannot lock"), "{problem}");
        drop(lock);
        assert!(FolderLock::of(folder.path()).unwrap().is_held());
        assert!(FolderLock::of(&folder.path().join("none")).is_err());
    }
}
