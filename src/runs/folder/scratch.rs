//! Scratch folders: `<runs>/.scratch/<what>-<pid>/`, hidden from everything that lists runs, marked
//! with their process while they contain anything, and removed when it is done.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use std::{fs, io};

use crate::error::{Error, Result};
use crate::runs::folder::disk::{Disk, RealDisk};
use crate::runs::folder::holder::{TEMPORARY, token};
use crate::runs::folder::process::{Life, Owner};
use crate::runs::folder::there::{is_there, says_absent};
use crate::runs::folder::{lost_reply, read_if_there};

/// The folder of scratch folders inside a runs folder.
pub const SCRATCH: &str = ".scratch";
/// The process of a scratch folder.
const OWNER: &str = "owner.json";
/// A folder older than this without a process mark was abandoned between its creation and its mark:
/// it is empty and still unnamed.
const LONGEST_BIRTH: Duration = Duration::from_secs(3600);
/// A process on another host or container may be alive until nothing has changed for this long,
/// because the claims in its folder have heartbeats.
const LONGEST_SILENCE: Duration = Duration::from_secs(86_400);
/// A retry limit for races with processes that remove the parent folder.
const RETRIES: usize = 100;

/// A folder of this process for temporary files; removed when dropped.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
    made_runs_dir: bool,
}

/// A free path for a scratch folder of this process. Nothing is created yet.
pub fn scratch_path(runs_dir: &Path, what: &str) -> PathBuf {
    let folder = runs_dir.join(SCRATCH);
    let name = format!("{what}-{}", std::process::id());
    let first = folder.join(&name);
    // From another host, or left by a process with the same number.
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
        let runs_dir = parent.parent().filter(|runs_dir| !runs_dir.as_os_str().is_empty());
        let made_runs_dir = match runs_dir {
            Some(runs_dir) => !is_there(runs_dir)?,
            None => false,
        };
        // An ending process removes the empty parent, perhaps at this moment.
        let mut made = make_marked(&path, parent);
        for _ in 0..RETRIES {
            match &made {
                Err(Error::Io { source, .. }) if says_absent(source) => {
                    made = make_marked(&path, parent);
                }
                _ => break,
            }
        }
        made?;
        Ok(Scratch { path, made_runs_dir })
    }
}

/// Creates a folder with its mark under another name first, so that no unmarked folder appears.
fn make_marked(path: &Path, parent: &Path) -> Result<()> {
    fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
    let unmarked = parent.join(format!(".{}{TEMPORARY}", token()));
    let owner = serde_json::to_vec(&Owner::this_process()).expect("strings and numbers");
    let mark = unmarked.join(OWNER);
    let made = fs::create_dir(&unmarked)
        .map_err(Error::io("create", &unmarked))
        .and_then(|()| RealDisk.write_synced(&mark, &owner).map_err(Error::io("write", &mark)))
        .and_then(|()| {
            // This does not replace a non-empty folder.
            lost_reply::rename(&RealDisk, &unmarked, path).map_err(Error::io("create", path))
        });
    if made.is_err() {
        // The first error is the one to report; later runs find what cannot be removed now.
        let _ = fs::remove_dir_all(&unmarked);
    }
    made
}

/// Removes a scratch folder, its mark last, so that leftovers of a kill still name its process.
///
/// # Errors
/// If something in it cannot be removed.
pub fn remove_scratch(path: &Path) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => fs::remove_dir_all(entry.path())?,
            false if entry.file_name() != OWNER => fs::remove_file(entry.path())?,
            false => {}
        }
    }
    fs::remove_dir_all(path)
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Later runs find what cannot be removed now, because its process is gone.
        let _ = remove_scratch(&self.path);
        if let Some(parent) = self.path.parent() {
            // This removes only an empty folder.
            let _ = fs::remove_dir(parent);
            if let Some(runs_dir) = parent.parent().filter(|_| self.made_runs_dir) {
                let _ = fs::remove_dir(runs_dir);
            }
        }
    }
}

/// Whether the process of a scratch folder is gone. `modified` is the time of the last change in it.
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
    use crate::runs::folder::process::NOBODY;

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
        let mark = |owner: Owner| {
            fs::write(folder.path().join(OWNER), serde_json::to_vec(&owner).unwrap()).unwrap();
        };
        mark(Owner { pid: NOBODY, ..Owner::this_process() });
        assert!(is_abandoned(folder.path(), now).unwrap());
        // From a host of the same name or from before a reboot: these cannot be told apart.
        mark(Owner { boot_id: "another boot".to_owned(), ..Owner::this_process() });
        assert!(!is_abandoned(folder.path(), now).unwrap());
        assert!(is_abandoned(folder.path(), now - LONGEST_SILENCE * 2).unwrap());
    }

    #[test]
    fn there_is_no_scratch_folder_without_its_mark() {
        let runs = tempfile::tempdir().unwrap();
        let path = scratch_path(runs.path(), "verify");
        fs::create_dir_all(path.join("somebody's")).unwrap();
        let error = Scratch::create(path.clone()).expect_err("it was made meanwhile");
        assert_eq!(error.to_string(), format!("cannot create {}", path.display()));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        let scratch = Scratch::create(scratch_path(runs.path(), "verify")).unwrap();
        let mark = fs::read(scratch.path.join(OWNER)).unwrap();
        assert_eq!(serde_json::from_slice::<Owner>(&mark).unwrap(), Owner::this_process());
        // An interrupted removal: the mark is not removed first.
        let kept = scratch.path.join("kept");
        fs::create_dir_all(kept.join("inside")).unwrap();
        fs::write(scratch.path.join("other"), "").unwrap();
        remove_scratch(&scratch.path).unwrap();
        assert!(!scratch.path.exists());
    }
}
