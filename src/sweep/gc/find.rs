//! Finds what can be removed. Links are not followed, because their targets belong to others.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{Waste, WasteKind};
use crate::error::{Error, Result};
use crate::runs::folder::{
    REPLACED, SCRATCH, entry_at, file, is_abandoned, is_id, leftovers, run_folders,
};
use crate::runs::read::read_record;
use crate::runs::record::RunRecord;

/// The files of a run that are needed only to continue it.
pub(super) const CHECKPOINTS: [&str; 2] = [file::CHECKPOINT, file::PREVIOUS_CHECKPOINT];

/// What can be removed, and the places that could not be checked.
#[derive(Debug, Default)]
pub struct FoundWaste {
    /// By folder, in the order of the folders' names.
    pub items: Vec<Waste>,
    /// A damaged record or an unreadable folder; not fatal.
    pub problems: Vec<Error>,
}

/// Looks for waste of these kinds under `runs_dir`. A folder that does not exist has none.
///
/// # Errors
/// When the folder itself cannot be listed.
pub fn find_waste(runs_dir: &Path, kinds: &[WasteKind]) -> Result<FoundWaste> {
    let mut found = FoundWaste::default();
    for folder in folders_in(runs_dir)? {
        let name = folder.file_name().unwrap_or_default();
        if name == SCRATCH && kinds.contains(&WasteKind::Scratch) {
            found.visit(&folder, scratch_folder);
        } else if name == REPLACED {
            found.visit(&folder, |run| in_run_folder(run, kinds));
        }
    }
    let is_named =
        |folder: &&PathBuf| folder.file_name().and_then(|name| name.to_str()).is_some_and(is_id);
    for folder in run_folders(runs_dir)?.iter().filter(is_named) {
        match entry_at(folder) {
            Ok(Some(data)) if data.is_dir() => found.add(in_run_folder(folder, kinds)),
            Ok(_) => {}
            Err(problem) => found.problems.push(problem),
        }
    }
    Ok(found)
}

impl FoundWaste {
    fn add(&mut self, items: Result<Vec<Waste>>) {
        match items {
            Ok(items) => self.items.extend(items),
            Err(problem) => self.problems.push(problem),
        }
    }

    /// Looks into each folder in `parent`.
    fn visit(&mut self, parent: &Path, look: impl Fn(&Path) -> Result<Vec<Waste>>) {
        match folders_in(parent) {
            Ok(folders) => folders.iter().for_each(|folder| self.add(look(folder))),
            Err(problem) => self.problems.push(problem),
        }
    }
}

/// Leftovers first: removing a checkpoint takes a claim, which clears them away too.
fn in_run_folder(folder: &Path, kinds: &[WasteKind]) -> Result<Vec<Waste>> {
    let mut items = Vec::new();
    let Some(left) = leftovers(folder)? else { return Ok(items) };
    if kinds.contains(&WasteKind::Temporary) {
        for path in left {
            items.extend(file_waste(WasteKind::Temporary, path)?);
        }
    }
    if kinds.contains(&WasteKind::Checkpoint) && is_done(folder)? {
        for name in CHECKPOINTS {
            items.extend(file_waste(WasteKind::Checkpoint, folder.join(name))?);
        }
    }
    Ok(items)
}

/// The checkpoints of a run folder, if its run is finished or diverged.
pub(super) fn checkpoints_in(folder: &Path) -> Result<Vec<Waste>> {
    in_run_folder(folder, &[WasteKind::Checkpoint])
}

/// Whether the run of a folder is finished or diverged.
pub(super) fn is_done(folder: &Path) -> Result<bool> {
    let record = read_record(folder)?;
    Ok(record.as_ref().is_some_and(RunRecord::is_done))
}

fn file_waste(kind: WasteKind, path: PathBuf) -> Result<Option<Waste>> {
    // Another process may have removed it just now.
    let Some(metadata) = entry_at(&path)?.filter(Metadata::is_file) else { return Ok(None) };
    let modified = metadata.modified().unwrap_or_else(|_| SystemTime::now());
    Ok(Some(Waste { kind, path, bytes: metadata.len(), modified }))
}

fn scratch_folder(folder: &Path) -> Result<Vec<Waste>> {
    let (bytes, modified) = measure(folder)?;
    let path = folder.to_owned();
    let is_waste = is_abandoned(folder, modified)?;
    let waste = Waste { kind: WasteKind::Scratch, path, bytes, modified };
    Ok(is_waste.then_some(waste).into_iter().collect())
}

/// The size of all files in a folder, and the time of its last change.
pub(super) fn measure(folder: &Path) -> Result<(u64, SystemTime)> {
    let (mut bytes, mut newest) = (0, SystemTime::UNIX_EPOCH);
    let mut add = |metadata: &Metadata| {
        bytes += if metadata.is_file() { metadata.len() } else { 0 };
        newest = newest.max(metadata.modified().unwrap_or(newest));
    };
    walk(folder, &mut add).map_err(Error::io("read", folder))?;
    Ok((bytes, newest))
}

/// A folder and everything in it, at any depth; entries that another process removes meanwhile are
/// skipped.
fn walk(path: &Path, visit: &mut dyn FnMut(&Metadata)) -> io::Result<()> {
    let look = || -> io::Result<(Metadata, Vec<PathBuf>)> {
        let metadata = path.symlink_metadata()?; // of a link itself, not of its target
        if !metadata.is_dir() {
            return Ok((metadata, Vec::new()));
        }
        let entries = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path()));
        Ok((metadata, entries.collect::<io::Result<_>>()?))
    };
    match look() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok((metadata, inside)) => {
            visit(&metadata);
            inside.iter().try_for_each(|inner| walk(inner, visit))
        }
    }
}

/// Folders in a folder, sorted; links do not count.
fn folders_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let list = || -> io::Result<Vec<PathBuf>> {
        let mut folders = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            }
        }
        folders.sort();
        Ok(folders)
    };
    match list() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        listed => listed.map_err(Error::io("read", folder)),
    }
}
