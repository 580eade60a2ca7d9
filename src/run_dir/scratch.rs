//! Scratch folders: `<runs>/.scratch/<what>-<pid>/`, hidden from everything that lists runs, marked
//! with their process, and gone when it is done with them.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::process::{Life, Owner};
use super::read_if_there;
use crate::error::{Error, Result};

/// The folder of scratch folders inside a runs folder.
pub const SCRATCH: &str = ".scratch";
/// The process of a scratch folder.
const OWNER: &str = "owner.json";
/// A folder that is older than this and names no process was left between its making and its mark.
const LONGEST_BIRTH: Duration = Duration::from_secs(3600);
/// A process of another host or container may be alive until nothing changed for this long: the claims
/// in its folder have heartbeats.
const LONGEST_SILENCE: Duration = Duration::from_secs(86_400);
/// More often than other processes remove the folder above just then.
const RETRIES: usize = 100;

/// A folder of this process for files that nobody needs later; removed when dropped.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
    made_runs_dir: bool,
}

/// A free path for a scratch folder of this process. Nothing is made yet.
pub fn scratch_path(runs_dir: &Path, what: &str) -> PathBuf {
    let folder = runs_dir.join(SCRATCH);
    let name = format!("{what}-{}", std::process::id());
    let first = folder.join(&name);
    // Of another host, or left by a process that had the same number.
    let others = (2..).map(|n| folder.join(format!("{name}-{n}")));
    let mut paths = std::iter::once(first).chain(others);
    paths.find(|path| path.symlink_metadata().is_err()).expect("some number is free")
}

impl Scratch {
    /// Makes the folder, at a path of [`scratch_path`].
    ///
    /// # Errors
    /// If it cannot be made, or was made by somebody else meanwhile.
    pub fn create(path: PathBuf) -> Result<Scratch> {
        let parent = path.parent().unwrap_or(Path::new("."));
        let made_runs_dir = parent.parent().is_some_and(|runs_dir| !runs_dir.exists());
        let make = || {
            fs::create_dir_all(parent)?;
            fs::create_dir(&path)
        };
        // A process that ends removes the parent if it is empty, perhaps just now.
        let is_swept = |made: &io::Result<()>| {
            made.as_ref().is_err_and(|error| error.kind() == ErrorKind::NotFound)
        };
        let mut made = make();
        for _ in 0..RETRIES {
            if is_swept(&made) {
                made = make();
            }
        }
        made.map_err(Error::io("create", &path))?;
        let scratch = Scratch { path, made_runs_dir };
        let owner = serde_json::to_vec(&Owner::this_process()).expect("strings and numbers");
        let mark = scratch.path.join(OWNER);
        fs::write(&mark, owner).map_err(Error::io("write", &mark))?;
        Ok(scratch)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed now is found later, since its process is gone.
        let _ = fs::remove_dir_all(&self.path);
        if let Some(parent) = self.path.parent() {
            // Only an empty folder is removed by this.
            let _ = fs::remove_dir(parent);
            if let Some(runs_dir) = parent.parent().filter(|_| self.made_runs_dir) {
                let _ = fs::remove_dir(runs_dir);
            }
        }
    }
}

/// Whether the process of a scratch folder is gone. `modified` is when anything in it changed last.
///
/// # Errors
/// If its mark is there and cannot be read.
pub fn is_abandoned(scratch: &Path, modified: SystemTime) -> Result<bool> {
    let mark = read_if_there(&scratch.join(OWNER))?;
    let owner = mark.and_then(|mark| serde_json::from_slice::<Owner>(&mark).ok());
    let is_older_than = |longest| modified.elapsed().is_ok_and(|age| age > longest);
    Ok(match owner.map(|owner| owner.life()) {
        Some(Life::There) => false,
        Some(Life::Gone) => true,
        Some(Life::Unknown) => is_older_than(LONGEST_SILENCE),
        None => is_older_than(LONGEST_BIRTH),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scratch_folder_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let runs_dir = folder.path().join("runs");
        let path = scratch_path(&runs_dir, "verify");
        let scratch = Scratch::create(path.clone()).unwrap();
        let second = scratch_path(&runs_dir, "verify");
        assert_ne!(second, path);
        let second = Scratch::create(second).unwrap();
        fs::create_dir(path.join("0123456789ab")).unwrap();
        fs::write(path.join("0123456789ab/metrics.csv"), "epoch").unwrap();
        assert!(!is_abandoned(&path, SystemTime::UNIX_EPOCH).unwrap());
        drop(second);
        assert!(path.exists());
        drop(scratch);
        assert!(!runs_dir.exists());
    }

    #[test]
    fn a_runs_folder_that_was_there_stays() {
        let runs = tempfile::tempdir().unwrap();
        drop(Scratch::create(scratch_path(runs.path(), "verify")).unwrap());
        assert_eq!(fs::read_dir(runs.path()).unwrap().count(), 0);
    }

    #[test]
    fn folders_of_the_dead_are_abandoned() {
        let folder = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        assert!(!is_abandoned(folder.path(), now).unwrap(), "perhaps it is being made");
        assert!(!is_abandoned(folder.path(), now + LONGEST_BIRTH * 3).unwrap());
        assert!(is_abandoned(folder.path(), now - LONGEST_BIRTH * 2).unwrap());
        let dead = Owner { boot_id: "an earlier boot".to_owned(), ..Owner::this_process() };
        fs::write(folder.path().join(OWNER), serde_json::to_vec(&dead).unwrap()).unwrap();
        assert!(is_abandoned(folder.path(), now).unwrap());
    }
}
