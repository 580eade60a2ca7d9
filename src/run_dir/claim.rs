//! Claims: which process may write into a run folder.
//!
//! The n-th attempt at a run is claimed by creating `claim-n.json`, which the file system lets
//! succeed once. Attempts only count up, and a claim is valid only if the run's record has not
//! reached its number: so a process that saw a dead claim and acts late cannot take a living one's
//! place.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::atomic::{TEMPORARY, sync_folder};
use super::optional::remove_if_there;
use super::process::Owner;
use crate::error::{Error, Result};

/// The right to write into a run folder; given back when dropped.
#[derive(Debug)]
pub struct Claim {
    folder: PathBuf,
    attempt: u64,
    owner: Owner,
}

/// What became of asking for a claim.
#[derive(Debug)]
pub enum ClaimResult {
    /// This process may write.
    Granted(Claim),
    /// Another living process writes.
    HeldBy(Owner),
}

impl Claim {
    /// Claims `folder`, creating it if need be. `recorded_attempt` reads the attempt that the run's
    /// record names, 0 if there is none. Claims and temporary files of dead processes are removed.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn take(folder: &Path, recorded_attempt: impl Fn() -> Result<u64>) -> Result<ClaimResult> {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        loop {
            let claims = claims_in(folder)?;
            let mut newest = 0;
            for &attempt in &claims {
                newest = newest.max(attempt);
                match read_owner(&claim_path(folder, attempt))? {
                    Some(owner) if owner.is_alive() => return Ok(ClaimResult::HeldBy(owner)),
                    _ => {}
                }
            }
            let last = newest.max(recorded_attempt()?);
            let attempt = last.checked_add(1).ok_or_else(|| Error::Damaged {
                path: folder.to_owned(),
                problem: format!("attempt {last} has no successor: delete claim-*.json"),
            })?;
            let owner = Owner::this_process();
            if !create_exclusively(folder, attempt, &owner)? {
                continue; // another process was quicker: look again at who it is
            }
            let claim = Claim { folder: folder.to_owned(), attempt, owner };
            if recorded_attempt()? >= attempt {
                continue; // what was seen above is out of date; the claim is given back
            }
            remove_leftovers(folder, &claims)?;
            return Ok(ClaimResult::Granted(claim));
        }
    }

    /// How many times the run was taken up, this time included.
    pub fn attempt(&self) -> u64 {
        self.attempt
    }

    /// Names this writer in temporary files.
    pub fn token(&self) -> String {
        format!("{}-{}", self.attempt, std::process::id())
    }

    /// Whether this is still the newest claim.
    ///
    /// # Errors
    /// `Refused` if another process has taken the run over or the folder is gone.
    pub fn check(&self) -> Result<()> {
        let newest = claims_in(&self.folder)?.into_iter().max();
        // In a folder that was deleted and made anew, another process has the same number.
        let is_mine = newest == Some(self.attempt)
            && read_owner(&claim_path(&self.folder, self.attempt))?.as_ref() == Some(&self.owner);
        if is_mine {
            return Ok(());
        }
        let folder = self.folder.display();
        Err(Error::Refused(format!("{folder} was taken over by another process")))
    }

    /// Moves the claimed folder to `target` and gives the claim back.
    ///
    /// # Errors
    /// If it cannot be renamed.
    pub fn move_folder(mut self, target: &Path) -> Result<()> {
        fs::rename(&self.folder, target).map_err(Error::io("move aside", &self.folder))?;
        self.folder = target.to_owned();
        Ok(())
    }

    /// Removes what a process left in the folder of a run that needs no other: one that was killed
    /// between its last write and the end of its claim.
    ///
    /// # Errors
    /// If something is there and cannot be removed.
    pub fn clear_leftovers(folder: &Path) -> Result<()> {
        let claims = claims_in(folder)?;
        for &attempt in &claims {
            if read_owner(&claim_path(folder, attempt))?.is_some_and(|owner| owner.is_alive()) {
                return Ok(()); // it clears up itself
            }
        }
        remove_leftovers(folder, &claims)
    }
}

/// Removes these claims and all temporary files.
fn remove_leftovers(folder: &Path, claims: &[u64]) -> Result<()> {
    for &attempt in claims {
        remove_if_there(&claim_path(folder, attempt))?;
    }
    for name in names_in(folder)? {
        if name.starts_with('.') && name.ends_with(TEMPORARY) {
            remove_if_there(&folder.join(name))?;
        }
    }
    Ok(())
}

impl Drop for Claim {
    fn drop(&mut self) {
        if self.check().is_ok() {
            // If this fails the claim is found dead as soon as this process ends.
            let _ = fs::remove_file(claim_path(&self.folder, self.attempt));
        }
    }
}

/// Creates the claim with its content in one operation: a link fails if the name exists.
fn create_exclusively(folder: &Path, attempt: u64, owner: &Owner) -> Result<bool> {
    let path = claim_path(folder, attempt);
    // Also distinct within this process, where two jobs may ask at once.
    let unique = format!("{}-{:?}", std::process::id(), std::thread::current().id());
    let unique: String =
        unique.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let temporary = folder.join(format!(".claim.{unique}{TEMPORARY}"));
    let owner = serde_json::to_vec(owner).expect("strings and numbers");
    fs::write(&temporary, owner).map_err(Error::io("write", &temporary))?;
    let linked = fs::hard_link(&temporary, &path);
    remove_if_there(&temporary)?;
    match linked {
        Ok(()) => sync_folder(&path).map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        // Another process, which holds a claim now, swept the temporary file away.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::io("create", path)(error)),
    }
}

fn claim_path(folder: &Path, attempt: u64) -> PathBuf {
    folder.join(format!("claim-{attempt}.json"))
}

/// Numbers of the claims in `folder`.
fn claims_in(folder: &Path) -> Result<Vec<u64>> {
    let number = |name: &String| name.strip_prefix("claim-")?.strip_suffix(".json")?.parse().ok();
    Ok(names_in(folder)?.iter().filter_map(number).collect())
}

fn names_in(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).map_err(Error::io("read", folder))?;
    let name = |entry: std::io::Result<fs::DirEntry>| entry.map(|e| e.file_name());
    let names: std::io::Result<Vec<_>> = entries.map(name).collect();
    let names = names.map_err(Error::io("read", folder))?;
    Ok(names.into_iter().filter_map(|name| name.into_string().ok()).collect())
}

/// The owner in a claim; none if the claim is gone or is not readable as one.
fn read_owner(path: &Path) -> Result<Option<Owner>> {
    match fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(folder: &Path, recorded: u64) -> Claim {
        match Claim::take(folder, || Ok(recorded)).unwrap() {
            ClaimResult::Granted(claim) => claim,
            ClaimResult::HeldBy(owner) => panic!("held by {owner:?}"),
        }
    }

    #[test]
    fn a_claim_excludes_others_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().join("run");
        let claim = granted(&run, 0);
        assert_eq!(claim.attempt(), 1);
        let held = Claim::take(&run, || Ok(1)).unwrap();
        assert!(matches!(held, ClaimResult::HeldBy(owner) if owner == Owner::this_process()));
        drop(claim);
        assert_eq!(granted(&run, 1).attempt(), 2);
    }

    #[test]
    fn a_dead_owner_is_succeeded_and_its_leftovers_removed() {
        let folder = tempfile::tempdir().unwrap();
        let dead = Owner { boot_id: "an earlier boot".to_owned(), ..Owner::this_process() };
        fs::write(folder.path().join("claim-3.json"), serde_json::to_vec(&dead).unwrap()).unwrap();
        fs::write(folder.path().join(".metrics.csv.3-77.tmp"), "half").unwrap();
        let claim = granted(folder.path(), 3);
        assert_eq!(claim.attempt(), 4);
        assert_eq!(names_in(folder.path()).unwrap(), ["claim-4.json"]);
        claim.check().unwrap();
    }

    #[test]
    fn an_attempt_that_cannot_be_counted_on_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let error = Claim::take(folder.path(), || Ok(u64::MAX)).unwrap_err();
        assert!(matches!(error, Error::Damaged { .. }), "{error}");
        fs::write(claim_path(folder.path(), u64::MAX), "").unwrap();
        assert!(Claim::take(folder.path(), || Ok(0)).is_err());
    }

    #[test]
    fn one_of_many_threads_gets_the_claim() {
        let folder = tempfile::tempdir().unwrap();
        let barrier = std::sync::Barrier::new(8);
        let granted = std::thread::scope(|scope| {
            let ask = || {
                barrier.wait();
                let result = Claim::take(folder.path(), || Ok(0)).unwrap();
                barrier.wait(); // nobody drops a claim before everybody has asked
                matches!(result, ClaimResult::Granted(_))
            };
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
            threads.into_iter().map(|t| t.join().unwrap()).filter(|&granted| granted).count()
        });
        assert_eq!(granted, 1);
    }

    #[test]
    fn a_claim_that_was_taken_over_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let claim = granted(folder.path(), 0);
        fs::rename(claim_path(folder.path(), 1), claim_path(folder.path(), 2)).unwrap();
        assert!(matches!(claim.check(), Err(Error::Refused(_))));
    }

    #[test]
    fn a_claim_of_the_same_number_in_a_new_folder_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let claim = granted(folder.path(), 0);
        let other = Owner { pid: 1, ..Owner::this_process() };
        let path = claim_path(folder.path(), 1);
        fs::write(&path, serde_json::to_vec(&other).unwrap()).unwrap();
        assert!(matches!(claim.check(), Err(Error::Refused(_))));
        drop(claim);
        assert!(path.exists(), "it is not ours to remove");
    }

    #[test]
    fn leftovers_of_the_dead_are_cleared_and_those_of_the_living_kept() {
        let folder = tempfile::tempdir().unwrap();
        let claim = granted(folder.path(), 0);
        Claim::clear_leftovers(folder.path()).unwrap();
        claim.check().unwrap();
        let dead = Owner { boot_id: "an earlier boot".to_owned(), ..Owner::this_process() };
        fs::write(claim_path(folder.path(), 1), serde_json::to_vec(&dead).unwrap()).unwrap();
        fs::write(folder.path().join(".claim.9-1.tmp"), "").unwrap();
        Claim::clear_leftovers(folder.path()).unwrap();
        assert!(names_in(folder.path()).unwrap().is_empty());
    }
}
