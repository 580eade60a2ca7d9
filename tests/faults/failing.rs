//! A disk of which one operation fails, or all that take space from one on.

use std::io::{Error, Result};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use runner::runs::folder::{Disk, RealDisk};

/// ENOSPC, "No space left on device".
const NO_SPACE: i32 = 28;
/// EIO, "Input/output error".
const BROKEN: i32 = 5;
/// ENOENT, "No such file or directory".
const NOT_THERE: i32 = 2;
/// EEXIST, "File exists".
const THERE: i32 = 17;

/// What goes wrong from the operation of a number on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fault {
    /// It fails, and no other.
    Once,
    /// It fails after half of what it was to write, and no other.
    Half,
    /// It and all later ones that need space fail.
    Full,
    /// It is done, and fails all the same, and no other.
    Done,
    /// It is done, but over NFS its reply is lost: asked for once more it fails because it was done. So does
    /// every later one.
    LostReplies,
}

/// A disk whose operation number `at` (from 0) fails.
#[derive(Debug)]
pub(crate) struct FailingDisk {
    at: usize,
    fault: Fault,
    count: AtomicUsize,
    kept_claim: AtomicBool,
    lost_creation: AtomicBool,
}

impl FailingDisk {
    pub(crate) fn new(at: usize, fault: Fault) -> FailingDisk {
        let (count, kept_claim, lost_creation) = Default::default();
        FailingDisk { at, fault, count, kept_claim, lost_creation }
    }

    /// Operations so far.
    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }

    /// Whether a claim could not be given back: it ends with the process.
    pub(crate) fn kept_claim(&self) -> bool {
        self.kept_claim.load(Ordering::SeqCst)
    }

    fn check(&self, needs_space: bool) -> Result<()> {
        let number = self.count.fetch_add(1, Ordering::SeqCst);
        let error = match self.fault {
            Fault::Full if number >= self.at && needs_space => NO_SPACE,
            Fault::Once | Fault::Half if number == self.at => BROKEN,
            _ => return Ok(()), // or it is done first
        };
        Err(Error::from_raw_os_error(error))
    }

    /// What is said of an operation that was done: `again` is what the same operation would meet then.
    fn reply(&self, number: usize, again: Option<i32>) -> Result<()> {
        let error = match self.fault {
            Fault::Done if number == self.at => Some(BROKEN),
            Fault::LostReplies if number >= self.at => again,
            _ => None,
        };
        error.map_or(Ok(()), |error| Err(Error::from_raw_os_error(error)))
    }

    /// The number of the operation that was begun last.
    fn number(&self) -> usize {
        self.count() - 1
    }

    /// As [`FailingDisk::check`], for an operation that writes `contents` with `write`.
    fn check_writing(&self, contents: &[u8], write: impl Fn(&[u8]) -> Result<()>) -> Result<()> {
        self.check(true).inspect_err(|_| {
            if self.fault != Fault::Once {
                write(&contents[..contents.len() / 2]).expect("the real disk works");
            }
        })?;
        write(contents)
    }
}

impl Disk for FailingDisk {
    fn create_folder(&self, path: &Path) -> Result<()> {
        self.check(true)?;
        RealDisk.create_folder(path)?;
        self.reply(self.number(), None)
    }

    fn write_synced(&self, path: &Path, contents: &[u8]) -> Result<()> {
        self.check_writing(contents, |contents| RealDisk.write_synced(path, contents))?;
        // A new file that is said to be there is made anew under another name: that one's reply comes.
        let is_lost = !self.lost_creation.fetch_xor(true, Ordering::SeqCst);
        self.reply(self.number(), is_lost.then_some(THERE))
    }

    fn append(&self, path: &Path, contents: &[u8]) -> Result<()> {
        self.check_writing(contents, |contents| RealDisk.append(path, contents))?;
        self.reply(self.number(), None)
    }

    fn link(&self, file: &Path, name: &Path) -> Result<()> {
        self.check(true)?;
        RealDisk.link(file, name)?;
        self.reply(self.number(), Some(THERE))
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        self.check(false)?;
        RealDisk.rename(from, to)?;
        self.reply(self.number(), Some(NOT_THERE))
    }

    fn remove(&self, path: &Path) -> Result<()> {
        self.check(false).inspect_err(|_| {
            let name = path.file_name().expect("a name").to_string_lossy();
            self.kept_claim.fetch_or(name.starts_with("claim-"), Ordering::SeqCst);
        })?;
        RealDisk.remove(path)?;
        self.reply(self.number(), Some(NOT_THERE))
    }

    fn sync_folder(&self, path: &Path) -> Result<()> {
        self.check(false)?;
        RealDisk.sync_folder(path)?;
        self.reply(self.number(), None)
    }

    fn touch(&self, path: &Path) -> Result<()> {
        RealDisk.touch(path) // when it comes depends on the clock
    }
}
