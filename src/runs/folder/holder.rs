//! What all claims of a process share: the disk and the heartbeats.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use crate::error::{Error, Result};
use crate::runs::folder::claim_file::ClaimFile;
use crate::runs::folder::disk::Disk;
use crate::runs::folder::lost_reply;
use crate::runs::folder::process::Owner;

/// End of every temporary file's name.
pub(super) const TEMPORARY: &str = ".tmp";

/// Whether a file of this name is a temporary one.
pub(super) fn is_temporary(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(TEMPORARY)
}

/// Digits that are unpredictable and unique to this process, so that nobody can prepare a file with
/// such a name.
pub(super) fn token() -> String {
    // Its keys come from the operating system's random numbers.
    let mut hash = RandomState::new().build_hasher();
    hash.write_u32(std::process::id());
    format!("{:016x}", hash.finish())
}

/// What the claims of this process share.
#[derive(Debug)]
pub(super) struct Holder {
    disk: Arc<dyn Disk>,
    timeout: Duration,
    beating: Mutex<Vec<PathBuf>>,
}

impl Holder {
    pub(super) fn new(disk: Arc<dyn Disk>, timeout: Duration) -> Holder {
        Holder { disk, timeout, beating: Mutex::default() }
    }

    pub(super) fn disk(&self) -> &dyn Disk {
        &*self.disk
    }

    pub(super) fn start_beating(&self, claim: PathBuf) {
        lock(&self.beating).push(claim);
    }

    pub(super) fn stop_beating(&self, claim: &Path) {
        lock(&self.beating).retain(|path| path != claim);
    }

    pub(super) fn remove_if_there(&self, path: &Path) -> Result<()> {
        lost_reply::remove(self.disk(), path).map_err(Error::io("remove", path))
    }

    /// Gives a sign of life for every claim that is held.
    pub(super) fn beat(&self) {
        for claim in lock(&self.beating).iter() {
            // A claim that is gone was taken over: its writer notices at its next write.
            let _ = self.disk.touch(claim);
        }
    }

    /// Content of the file of a new claim.
    pub(super) fn new_file(&self) -> ClaimFile {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let owner = Owner::this_process();
        ClaimFile { owner, number, timeout_seconds: self.timeout.as_secs_f64(), token: token() }
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
