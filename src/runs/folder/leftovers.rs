//! What dead processes left in a run folder. Nothing here claims the folder, so a sweep that wants
//! to train in it at that moment does not find it taken.

use std::borrow::Cow;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Error, Result};
use crate::runs::folder::claim_file::{ClaimFile, claim_number};
use crate::runs::folder::holder::is_temporary;
use crate::runs::folder::process::Life;
use crate::runs::folder::there::entry_at;

/// A living process makes a claim through a temporary file that exists only for a moment.
const LONGEST_CLAIMING: Duration = Duration::from_secs(60);
/// More than the clocks of two hosts differ. A process that can wait for heartbeats does not need
/// this guess.
const CLOCK_DIFFERENCE: Duration = Duration::from_secs(86_400);

/// Temporary files and dead claims in a run folder, sorted; empty while a living process holds it.
///
/// # Errors
/// If the folder or a claim in it cannot be read.
pub fn leftovers(folder: &Path) -> Result<Option<Vec<PathBuf>>> {
    let listed = files_in(folder)?;
    // After the list: if a living process wrote any of these files, its claim shows it.
    if is_in_use(folder)? {
        return Ok(None);
    }
    let is_left = |path: &PathBuf| is_claim(path) || is_left_temporary(path);
    let mut left: Vec<PathBuf> = listed.into_iter().filter(is_left).collect();
    left.sort();
    Ok(Some(left))
}

/// Whether a process may still write into a run folder: also one that only seems to hang, or one on
/// another host unless its last heartbeat is a day old.
///
/// # Errors
/// If the folder or a claim in it cannot be read.
pub fn is_in_use(folder: &Path) -> Result<bool> {
    let mut claims = files_in(folder)?;
    claims.retain(|path| is_claim(path));
    let living = claims.iter().map(|claim| has_living_owner(claim));
    living.collect::<Result<Vec<bool>>>().map(|living| living.contains(&true))
}

/// Removes a leftover unless it has a new owner. Returns whether it was removed.
///
/// # Errors
/// If it cannot be read or removed.
pub fn remove_leftover(path: &Path) -> Result<bool> {
    if entry_at(path)?.is_none() || is_claim(path) && has_living_owner(path)? {
        return Ok(false);
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("remove", path)(error)),
        removed => Ok(removed.is_ok()),
    }
}

fn has_living_owner(path: &Path) -> Result<bool> {
    let Some((claim, beat)) = ClaimFile::read(path)? else { return Ok(false) };
    let longest = claim.timeout().saturating_add(CLOCK_DIFFERENCE);
    Ok(match claim.owner.life() {
        Life::There => true,
        Life::Gone => false,
        Life::Unknown => beat.elapsed().map_or(true, |age| age <= longest),
    })
}

fn is_claim(path: &Path) -> bool {
    claim_number(&name_of(path)).is_some()
}

/// Whether a file is temporary and not part of a claim in the making.
fn is_left_temporary(path: &Path) -> bool {
    let name = name_of(path);
    let age = path.symlink_metadata().and_then(|data| data.modified()).map(|at| at.elapsed());
    let is_old = age.is_ok_and(|age| age.is_ok_and(|age| age > LONGEST_CLAIMING));
    is_temporary(&name) && (is_old || !name.starts_with(".claim."))
}

fn name_of(path: &Path) -> Cow<'_, str> {
    path.file_name().unwrap_or_default().to_string_lossy()
}

/// Regular files; a link to one is not ours.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let list = || -> std::io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                files.push(entry.path());
            }
        }
        Ok(files)
    };
    match list() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        listed => listed.map_err(Error::io("read", folder)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::SystemTime;

    use super::*;
    use crate::runs::folder::process::NOBODY;
    use crate::runs::folder::{ClaimResult, Claims, Owner, RealDisk};

    fn names(folder: &Path) -> Option<Vec<String>> {
        let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        leftovers(folder).unwrap().map(|paths| paths.iter().map(name).collect())
    }

    fn write_claim(path: &Path, owner: Owner) {
        let claim = ClaimFile { owner, number: 0, timeout_seconds: 60.0, token: String::new() };
        fs::write(path, serde_json::to_vec(&claim).unwrap()).unwrap();
    }

    #[test]
    fn a_claim_of_another_host_is_dead_after_a_day_without_a_heartbeat() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("claim-1.json");
        write_claim(&path, Owner { host: "another-host".to_owned(), ..Owner::this_process() });
        let (now, day) = (SystemTime::now(), CLOCK_DIFFERENCE);
        for (beat, is_living) in
            [(now, true), (now - day, true), (now + 9 * day, true), (now - 2 * day, false)]
        {
            fs::File::options().write(true).open(&path).unwrap().set_modified(beat).unwrap();
            assert_eq!(is_in_use(folder.path()).unwrap(), is_living);
        }
    }

    #[test]
    fn only_what_the_dead_left_is_listed() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let dead = Owner { pid: NOBODY, ..Owner::this_process() };
        write_claim(&path("claim-3.json"), dead);
        fs::write(path("claim-2.json"), "no owner").unwrap();
        assert_eq!(names(folder.path()), None, "nothing proves that its owner is dead");
        let days_ago = SystemTime::now() - 2 * CLOCK_DIFFERENCE;
        fs::File::options()
            .write(true)
            .open(path("claim-2.json"))
            .unwrap()
            .set_modified(days_ago)
            .unwrap();
        for name in
            [".metrics.csv.3-77.tmp", ".claim.77-1.tmp", "metrics.csv", "claim-x.json", "a.tmp"]
        {
            fs::write(path(name), "").unwrap();
        }
        std::os::unix::fs::symlink(path("metrics.csv"), path(".link.tmp")).unwrap();
        let left = [".metrics.csv.3-77.tmp", "claim-2.json", "claim-3.json"];
        assert_eq!(names(folder.path()).unwrap(), left);
        let hour_ago = SystemTime::now() - Duration::from_secs(3600);
        let claiming = fs::File::open(path(".claim.77-1.tmp")).unwrap();
        claiming.set_modified(hour_ago).unwrap();
        assert_eq!(names(folder.path()).unwrap().len(), 4);
        assert!(remove_leftover(&path("claim-2.json")).unwrap());
        assert!(!remove_leftover(&path("claim-2.json")).unwrap());
    }

    #[test]
    fn a_held_folder_has_no_leftovers() {
        let folder = tempfile::tempdir().unwrap();
        let claims = Claims::new(Arc::new(RealDisk), Duration::from_secs(60)).unwrap();
        let Ok(ClaimResult::Granted(claim)) = claims.take(folder.path(), || Ok(0)) else {
            panic!("nobody else claims it");
        };
        fs::write(folder.path().join(".metrics.csv.1-77.tmp"), "").unwrap();
        assert_eq!(names(folder.path()), None);
        assert!(!remove_leftover(&folder.path().join("claim-1.json")).unwrap());
        drop(claim);
        assert_eq!(names(folder.path()).unwrap(), [".metrics.csv.1-77.tmp"]);
    }

    #[test]
    fn a_folder_that_is_gone_has_none() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(names(&folder.path().join("gone")).unwrap(), [""; 0]);
    }
}
