//! Decides who may write into which run folder: one process each, also on a network file system.
//!
//! The n-th attempt at a run is claimed by creating `claim-n.json`, which the file system lets
//! succeed once. Attempts only count up, and a claim is valid only if the run's record has not
//! reached its number: so a process that saw a dead claim and acts late cannot displace a living
//! one.
//!
//! An owner gives signs of life by updating its claim's modification time. An owner whose process
//! is proven to be gone is dead at once; any other is dead when that time has not changed for the
//! timeout in the claim. The clocks of two hosts are never compared for this.

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use crate::error::{Error, Result};
use crate::runs::folder::claim::Claim;
use crate::runs::folder::claim_file::{ClaimFile, claim_path, claims_in, names_in};
use crate::runs::folder::disk::Disk;
use crate::runs::folder::holder::{Holder, TEMPORARY, is_temporary, lock, token};
use crate::runs::folder::lost_reply;
use crate::runs::folder::process::{Life, Owner};
use crate::runs::folder::there::is_folder;
use crate::threads;

/// Heartbeats per timeout after which an owner counts as dead.
const BEATS_PER_TIMEOUT: u32 = 6;

/// The claims of this process. Dropping it ends the heartbeats.
#[derive(Debug)]
pub struct Claims {
    holder: Arc<Holder>,
    looks: Mutex<HashMap<PathBuf, ClaimLook>>,
    heart: Option<(mpsc::Sender<()>, JoinHandle<()>)>,
}

/// The result of asking for a claim.
#[derive(Debug)]
pub enum ClaimResult {
    /// This process may write.
    Granted(Claim),
    /// Another living process writes.
    HeldBy(Owner),
    /// Another process has the claim and gave no sign of life since the first check: ask again
    /// later.
    Silent(Owner),
}

/// What a claim and its heartbeat say about its owner.
enum LifeSign {
    Alive(Owner),
    Silent(Owner),
    Dead,
}

/// A claim as it was at the first check.
#[derive(Debug, Clone, Copy)]
struct ClaimLook {
    beat: SystemTime,
    at: Instant,
}

impl Claims {
    /// No claims yet. Others treat this process as dead after `timeout` without a sign of life.
    ///
    /// # Errors
    /// If the thread of the heartbeats cannot be started.
    pub fn new(disk: Arc<dyn Disk>, timeout: Duration) -> Result<Claims> {
        let holder = Arc::new(Holder::new(disk, timeout));
        let (stop, stopped) = mpsc::channel();
        let beating = Arc::clone(&holder);
        let beat = move || {
            let interval = timeout / BEATS_PER_TIMEOUT;
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(interval) {
                beating.beat();
            }
        };
        let heart = thread::Builder::new().name("heartbeat".to_owned()).spawn(beat);
        let heart = heart.map_err(|error| threads::cannot_start(&error))?;
        Ok(Claims { holder, looks: Mutex::default(), heart: Some((stop, heart)) })
    }

    /// Claims `folder`, creating it if need be. `recorded_attempt` reads the attempt that the run's
    /// record names, 0 if there is none. Claims and temporary files of dead processes are removed.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn take(
        &self,
        folder: &Path,
        recorded_attempt: impl Fn() -> Result<u64>,
    ) -> Result<ClaimResult> {
        self.create_folder(folder)?;
        loop {
            let claims = claims_in(folder)?;
            for &attempt in &claims {
                match self.sign(&claim_path(folder, attempt))? {
                    LifeSign::Alive(owner) => return Ok(ClaimResult::HeldBy(owner)),
                    LifeSign::Silent(owner) => return Ok(ClaimResult::Silent(owner)),
                    LifeSign::Dead => {}
                }
            }
            let newest = claims.iter().copied().max().unwrap_or(0);
            let last = newest.max(recorded_attempt()?);
            let attempt = last.checked_add(1).ok_or_else(|| Error::Damaged {
                path: folder.to_owned(),
                problem: format!("attempt {last} has no successor: delete claim-*.json"),
            })?;
            let file = self.holder.new_file();
            if !self.create_exclusively(folder, attempt, &file)? {
                continue; // another process was faster: check again who it is
            }
            let claim = Claim::new(folder, attempt, file, &self.holder);
            self.holder.disk().sync_folder(folder).map_err(Error::io("sync", folder))?;
            if recorded_attempt()? >= attempt {
                continue; // the state seen above is out of date; the claim is released
            }
            self.remove_leftovers(folder, &claims)?;
            return Ok(ClaimResult::Granted(claim));
        }
    }

    /// Removes leftovers in the folder of a run that is done: its process was killed between its
    /// last write and the end of its claim.
    ///
    /// # Errors
    /// If something is there and cannot be removed.
    pub fn clear_leftovers(&self, folder: &Path) -> Result<()> {
        let claims = claims_in(folder)?;
        for &attempt in &claims {
            if !matches!(self.sign(&claim_path(folder, attempt))?, LifeSign::Dead) {
                return Ok(()); // it clears up itself
            }
        }
        self.remove_leftovers(folder, &claims)
    }

    /// Creates a folder whose name survives a power cut, with its parents.
    ///
    /// # Errors
    /// If it cannot be created.
    pub fn create_folder(&self, folder: &Path) -> Result<()> {
        let disk = self.holder.disk();
        let mut missing = Vec::new();
        for path in folder.ancestors().filter(|path| !path.as_os_str().is_empty()) {
            if is_folder(path)? {
                break;
            }
            missing.push(path);
        }
        if missing.is_empty() {
            return Ok(());
        }
        lost_reply::create_folder(disk, folder).map_err(Error::io("create", folder))?;
        for path in missing {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            let parent = parent.unwrap_or(Path::new("."));
            disk.sync_folder(parent).map_err(Error::io("sync", parent))?;
        }
        Ok(())
    }

    /// What the claim at `path` says about its owner, now and since the first check.
    fn sign(&self, path: &Path) -> Result<LifeSign> {
        let Some((file, beat)) = ClaimFile::read(path)? else {
            return Ok(LifeSign::Dead);
        };
        let life = file.owner.life();
        if life == Life::Gone {
            return Ok(LifeSign::Dead);
        }
        if life == Life::There && file.is_recent(beat, Duration::ZERO) {
            return Ok(LifeSign::Alive(file.owner));
        }
        let mut looks = lock(&self.looks);
        let look = *looks.entry(path.to_owned()).or_insert(ClaimLook { beat, at: Instant::now() });
        Ok(if look.beat != beat {
            looks.remove(path); // a later request checks again
            LifeSign::Alive(file.owner)
        } else if look.at.elapsed() >= file.timeout() {
            LifeSign::Dead
        } else {
            LifeSign::Silent(file.owner)
        })
    }

    /// Creates the claim with its content in one operation: a link fails if the name exists.
    fn create_exclusively(&self, folder: &Path, attempt: u64, file: &ClaimFile) -> Result<bool> {
        let (disk, path) = (self.holder.disk(), claim_path(folder, attempt));
        let pid = file.owner.pid;
        let draw = || folder.join(format!(".claim.{pid}-{}{TEMPORARY}", token()));
        let bytes = serde_json::to_vec(file).expect("strings and numbers");
        let (temporary, written) = lost_reply::write_new(disk, draw, &bytes);
        let linked = written.map_err(Error::io("write", &temporary)).and_then(|()| {
            match disk.link(&temporary, &path) {
                Ok(()) => Ok(true),
                Err(error) => created_all_the_same(&path, file, error),
            }
        });
        // If this fails, the next claim removes it.
        let _ = disk.remove(&temporary);
        linked
    }

    /// Removes these claims and all temporary files.
    fn remove_leftovers(&self, folder: &Path, claims: &[u64]) -> Result<()> {
        for &attempt in claims {
            self.holder.remove_if_there(&claim_path(folder, attempt))?;
        }
        for name in names_in(folder)? {
            if is_temporary(&name) {
                self.holder.remove_if_there(&folder.join(name))?;
            }
        }
        Ok(())
    }
}

/// Whether the claim at `path` is `file`, though creating it failed: the reply to the first request
/// was lost, or another process was faster.
fn created_all_the_same(path: &Path, file: &ClaimFile, error: io::Error) -> Result<bool> {
    // Another process that now holds a claim may have removed the temporary file.
    let is_others = matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotFound);
    match ClaimFile::read(path) {
        Ok(Some((found, _))) if found.is(file) => Ok(true),
        Ok(_) if is_others => Ok(false),
        Err(unreadable) if is_others => Err(unreadable),
        _ => Err(Error::io("create", path)(error)),
    }
}

impl Drop for Claims {
    fn drop(&mut self) {
        if let Some((stop, heart)) = self.heart.take() {
            drop(stop);
            let _ = heart.join(); // a heartbeat thread that panicked has ended anyway
        }
    }
}
