//! A claim: the right to write into a run folder, and the only way to do so.
//!
//! Every write goes to a temporary file with an unpredictable name, is synced, and is renamed after
//! another check of the claim. A process that takes over a claim replaces it, then removes all
//! temporary files, then reads: a writer that was stopped between its check and its rename finds
//! nothing to rename.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::runs::folder::claim_file::{ClaimFile, claim_path, claims_in};
use crate::runs::folder::holder::{Holder, TEMPORARY, token};
use crate::runs::folder::lost_reply;
use crate::runs::folder::patience::Patience;
use crate::runs::folder::there::is_there;

/// The right to write into a run folder; released when dropped.
#[derive(Debug)]
pub struct Claim {
    folder: PathBuf,
    attempt: u64,
    file: ClaimFile,
    holder: Arc<Holder>,
}

impl Claim {
    /// A claim whose file was just created.
    pub(super) fn new(folder: &Path, attempt: u64, file: ClaimFile, holder: &Arc<Holder>) -> Claim {
        let claim = Claim { folder: folder.to_owned(), attempt, file, holder: Arc::clone(holder) };
        holder.start_beating(claim.path());
        claim
    }

    /// The claimed folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many times the run was started or resumed, including this time.
    pub fn attempt(&self) -> u64 {
        self.attempt
    }

    /// Replaces a file atomically: a crash leaves the old one or the new one.
    ///
    /// # Errors
    /// If a step fails or another process has taken the run over; the file is then as it was.
    pub fn replace(&self, name: &str, contents: &[u8]) -> Result<()> {
        let draw = || self.temporary(name);
        let (temporary, written) = lost_reply::write_new(self.holder.disk(), draw, contents);
        self.put(written.map_err(Error::io("write", &temporary)), &temporary, name)
    }

    /// Links file `name` as `copy` too, replacing what has that name; does nothing if there is no
    /// file `name`.
    ///
    /// # Errors
    /// If a step fails or another process has taken the run over; both files are then as they were.
    pub fn keep(&self, name: &str, copy: &str) -> Result<()> {
        let (file, temporary) = (self.folder.join(name), self.temporary(copy));
        if !is_there(&file)? {
            return self.check();
        }
        let linked = lost_reply::link(self.holder.disk(), &file, &temporary);
        self.put(linked.map_err(Error::io("keep", &file)), &temporary, copy)?;
        // Renaming a file to another name of the same file does nothing.
        self.holder.remove_if_there(&temporary)
    }

    /// Renames a temporary file to `name`, if it was written and the claim still holds.
    fn put(&self, made: Result<()>, temporary: &Path, name: &str) -> Result<()> {
        let disk = self.holder.disk();
        let path = self.folder.join(name);
        let renamed = made.and_then(|()| {
            self.check()?;
            lost_reply::rename(disk, temporary, &path).map_err(Error::io("replace", &path))
        });
        if renamed.is_err() {
            // The first error is the one to report; the next claim removes the leftover.
            let _ = disk.remove(temporary);
            return renamed;
        }
        disk.sync_folder(&self.folder).map_err(Error::io("sync", &self.folder))
    }

    /// Adds to the end of a file.
    ///
    /// # Errors
    /// If it cannot be written, or another process has taken the run over.
    pub fn append(&self, name: &str, contents: &[u8]) -> Result<()> {
        self.check()?;
        let path = self.folder.join(name);
        self.holder.disk().append(&path, contents).map_err(Error::io("write", path))
    }

    /// Removes a file if it exists.
    ///
    /// # Errors
    /// If it cannot be removed, or another process has taken the run over.
    pub fn remove(&self, name: &str) -> Result<()> {
        self.check()?;
        self.holder.remove_if_there(&self.folder.join(name))
    }

    /// Moves the claimed folder to `target` and releases the claim.
    ///
    /// # Errors
    /// If it cannot be renamed.
    pub fn move_folder(mut self, target: &Path) -> Result<()> {
        self.check()?;
        let (disk, old) = (self.holder.disk(), &self.folder);
        lost_reply::rename(disk, old, target).map_err(Error::io("move aside", old))?;
        self.holder.stop_beating(&self.path());
        self.folder = target.to_owned();
        Ok(())
    }

    /// Whether this is still the newest claim.
    ///
    /// # Errors
    /// `TakenOver` if another process has taken the run over, `Io` if the folder is gone.
    pub fn check(&self) -> Result<()> {
        if Patience::BRIEF.read(|| self.is_newest())? {
            return Ok(());
        }
        Err(Error::TakenOver { folder: self.folder.clone() })
    }

    fn is_newest(&self) -> Result<bool> {
        let newest = claims_in(&self.folder)?.into_iter().max();
        // In a folder that was deleted and recreated, another process may have the same number.
        Ok(newest == Some(self.attempt)
            && ClaimFile::read(&self.path())?.is_some_and(|(file, _)| file.is(&self.file)))
    }

    fn path(&self) -> PathBuf {
        claim_path(&self.folder, self.attempt)
    }

    /// Named after this claim, so that two writers never share one, and different each time.
    fn temporary(&self, name: &str) -> PathBuf {
        let (attempt, pid, token) = (self.attempt, self.file.owner.pid, token());
        self.folder.join(format!(".{name}.{attempt}-{pid}-{token}{TEMPORARY}"))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.holder.stop_beating(&self.path());
        if self.check().is_ok() {
            // If this fails, others find the claim dead as soon as this process ends.
            let _ = self.holder.disk().remove(&self.path());
        }
    }
}
