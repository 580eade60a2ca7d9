//! What dead processes left in a run folder. Nothing here claims the folder, so that a sweep that
//! comes to train in it just then does not find it taken.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::atomic::TEMPORARY;
use super::optional::{read_if_there, remove_if_there};
use super::process::Owner;
use crate::error::{Error, Result};

/// A living process makes a claim by way of a temporary file, which lives for a moment.
const LONGEST_CLAIMING: Duration = Duration::from_secs(60);

/// Temporary files and dead claims in a run folder, sorted; none while a living process holds it.
///
/// # Errors
/// If the folder or a claim in it cannot be read.
pub fn leftovers(folder: &Path) -> Result<Option<Vec<PathBuf>>> {
    let listed = files_in(folder)?;
    // After the list: what a living process wrote before it was made shows in its claim.
    if is_held(folder)? {
        return Ok(None);
    }
    let is_left = |path: &PathBuf| is_claim(path) || is_temporary(path);
    let mut left: Vec<PathBuf> = listed.into_iter().filter(is_left).collect();
    left.sort();
    Ok(Some(left))
}

/// Whether a living process may write into a run folder.
///
/// # Errors
/// If the folder or a claim in it cannot be read.
pub fn is_held(folder: &Path) -> Result<bool> {
    let mut claims = files_in(folder)?;
    claims.retain(|path| is_claim(path));
    let living = claims.iter().map(|claim| has_living_owner(claim));
    living.collect::<Result<Vec<bool>>>().map(|living| living.contains(&true))
}

/// Removes a leftover, unless it was given a new owner. Returns whether it was there to be removed.
///
/// # Errors
/// If it cannot be read or removed.
pub fn remove_leftover(path: &Path) -> Result<bool> {
    if !path.exists() || is_claim(path) && has_living_owner(path)? {
        return Ok(false);
    }
    remove_if_there(path).map(|()| true)
}

fn has_living_owner(claim: &Path) -> Result<bool> {
    let owner = read_if_there(claim)?;
    let owner = owner.and_then(|bytes| serde_json::from_slice::<Owner>(&bytes).ok());
    Ok(owner.is_some_and(|owner| owner.is_alive()))
}

fn is_claim(path: &Path) -> bool {
    let number = |path: &Path| {
        let name = path.file_name()?.to_str()?;
        name.strip_prefix("claim-")?.strip_suffix(".json")?.parse::<u64>().ok()
    };
    number(path).is_some()
}

fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if !(name.starts_with('.') && name.ends_with(TEMPORARY)) {
        return false;
    }
    let age = path.symlink_metadata().and_then(|data| data.modified()).map(|at| at.elapsed());
    let is_old = age.is_ok_and(|age| age.is_ok_and(|age| age > LONGEST_CLAIMING));
    !name.starts_with(".claim.") || is_old
}

/// Plain files; a link to one is none of ours.
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
    use super::super::{Claim, ClaimResult};
    use super::*;

    fn names(folder: &Path) -> Option<Vec<String>> {
        let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        leftovers(folder).unwrap().map(|paths| paths.iter().map(name).collect())
    }

    #[test]
    fn only_what_the_dead_left_is_listed() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let dead = Owner { boot_id: "an earlier boot".to_owned(), ..Owner::this_process() };
        fs::write(path("claim-3.json"), serde_json::to_vec(&dead).unwrap()).unwrap();
        fs::write(path("claim-2.json"), "no owner").unwrap();
        for name in
            [".metrics.csv.3-77.tmp", ".claim.77-1.tmp", "metrics.csv", "claim-x.json", "a.tmp"]
        {
            fs::write(path(name), "").unwrap();
        }
        std::os::unix::fs::symlink(path("metrics.csv"), path(".link.tmp")).unwrap();
        let left = [".metrics.csv.3-77.tmp", "claim-2.json", "claim-3.json"];
        assert_eq!(names(folder.path()).unwrap(), left);
        let hour_ago = std::time::SystemTime::now() - Duration::from_secs(3600);
        let claiming = fs::File::open(path(".claim.77-1.tmp")).unwrap();
        claiming.set_modified(hour_ago).unwrap();
        assert_eq!(names(folder.path()).unwrap().len(), 4);
        assert!(remove_leftover(&path("claim-2.json")).unwrap());
        assert!(!remove_leftover(&path("claim-2.json")).unwrap());
    }

    #[test]
    fn a_held_folder_has_no_leftovers() {
        let folder = tempfile::tempdir().unwrap();
        let Ok(ClaimResult::Granted(claim)) = Claim::take(folder.path(), || Ok(0)) else {
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
