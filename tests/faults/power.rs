//! A disk whose plug is pulled: keeps account of what would be left.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Error, Result};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use runner::runs::folder::{Disk, RealDisk};

/// What of the names that no folder was synced for is on the disk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Survival {
    /// None of them.
    Nothing,
    /// All of them, but of files only what was synced.
    Names,
    /// Some of them, chosen by a number, whatever their order was.
    Some(u64),
}

/// Does what [`RealDisk`] does until operation number `at` (from 0), and from then on nothing.
#[derive(Debug)]
pub(crate) struct PowerCut {
    at: usize,
    root: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    count: usize,
    contents: Vec<Content>,
    /// Names as a running program sees them, and those that are on the disk.
    seen: BTreeMap<PathBuf, Entry>,
    kept: BTreeMap<PathBuf, Entry>,
    pending: Vec<Change>,
}

#[derive(Debug, Clone, Copy)]
enum Entry {
    Folder,
    File(usize),
}

/// Content of a file: what was synced, and what was written.
#[derive(Debug, Default, Clone)]
struct Content {
    synced: Vec<u8>,
    written: Vec<u8>,
}

/// A change of the names in a folder.
#[derive(Debug, Clone)]
struct Change {
    folder: PathBuf,
    added: Option<(PathBuf, Entry)>,
    removed: Option<PathBuf>,
}

impl Change {
    fn apply(&self, names: &mut BTreeMap<PathBuf, Entry>) {
        if let Some(path) = &self.removed {
            names.remove(path);
        }
        if let Some((path, entry)) = &self.added {
            names.insert(path.clone(), *entry);
        }
    }
}

impl PowerCut {
    /// Keeps account of what is in the folder `root`.
    pub(crate) fn new(at: usize, root: &Path) -> PowerCut {
        PowerCut { at, root: root.to_owned(), state: Mutex::default() }
    }

    /// Operations so far.
    pub(crate) fn count(&self) -> usize {
        self.state().count
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("no test panics with it")
    }

    /// Does `real`, then keeps account with `account`, if there is power.
    fn with_power(
        &self,
        real: impl FnOnce() -> Result<()>,
        account: impl FnOnce(&mut State),
    ) -> Result<()> {
        let mut state = self.state();
        let number = state.count;
        state.count += 1;
        if number >= self.at {
            return Err(Error::other("the power is gone"));
        }
        real()?;
        account(&mut state);
        Ok(())
    }

    /// Writes what is left into the empty folder `to`.
    pub(crate) fn survivors(&self, to: &Path, survival: Survival) {
        let state = self.state();
        let mut names = state.kept.clone();
        let mut random = match survival {
            Survival::Some(seed) => seed,
            _ => 0,
        };
        for change in &state.pending {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let is_kept = match survival {
                Survival::Nothing => false,
                Survival::Names => true,
                Survival::Some(_) => random >> 63 == 1,
            };
            if is_kept {
                change.apply(&mut names);
            }
        }
        for (path, entry) in names {
            let target = to.join(path.strip_prefix(&self.root).expect("below the folder"));
            if !target.parent().is_some_and(Path::is_dir) {
                continue; // its folder is lost
            }
            match entry {
                Entry::Folder => fs::create_dir_all(target).expect("writable"),
                Entry::File(index) => {
                    fs::write(target, &state.contents[index].synced).expect("writable");
                }
            }
        }
    }
}

impl State {
    fn change(&mut self, added: Option<(&Path, Entry)>, removed: Option<&Path>) {
        let path = added.map(|(path, _)| path).or(removed).expect("something changes");
        let folder = path.parent().expect("not the root").to_owned();
        let added = added.map(|(path, entry)| (path.to_owned(), entry));
        let change = Change { folder, added, removed: removed.map(Path::to_owned) };
        change.apply(&mut self.seen);
        self.pending.push(change);
    }

    /// The content of the file `path`, which is made if need be.
    fn content(&mut self, path: &Path) -> &mut Content {
        let index = match self.seen.get(path) {
            Some(Entry::File(index)) => *index,
            _ => {
                self.contents.push(Content::default());
                let index = self.contents.len() - 1;
                self.change(Some((path, Entry::File(index))), None);
                index
            }
        };
        &mut self.contents[index]
    }
}

impl Disk for PowerCut {
    fn create_folder(&self, path: &Path) -> Result<()> {
        self.with_power(
            || RealDisk.create_folder(path),
            |state| {
                let is_new = |path: &&Path| *path != self.root && !state.seen.contains_key(*path);
                let new: Vec<_> = path.ancestors().take_while(is_new).map(Path::to_owned).collect();
                for path in new.iter().rev() {
                    state.change(Some((path, Entry::Folder)), None);
                }
            },
        )
    }

    fn write_synced(&self, path: &Path, contents: &[u8]) -> Result<()> {
        self.with_power(
            || RealDisk.write_synced(path, contents),
            |state| {
                let written = contents.to_vec();
                *state.content(path) = Content { synced: written.clone(), written };
            },
        )
    }

    fn append(&self, path: &Path, contents: &[u8]) -> Result<()> {
        self.with_power(
            || RealDisk.append(path, contents),
            |state| state.content(path).written.extend(contents),
        )
    }

    fn link(&self, file: &Path, name: &Path) -> Result<()> {
        self.with_power(
            || RealDisk.link(file, name),
            |state| {
                let entry = state.seen[file];
                state.change(Some((name, entry)), None);
            },
        )
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        self.with_power(
            || RealDisk.rename(from, to),
            |state| {
                let entry = state.seen[from];
                state.change(Some((to, entry)), Some(from));
            },
        )
    }

    fn remove(&self, path: &Path) -> Result<()> {
        self.with_power(|| RealDisk.remove(path), |state| state.change(None, Some(path)))
    }

    fn sync_folder(&self, path: &Path) -> Result<()> {
        self.with_power(
            || RealDisk.sync_folder(path),
            |state| {
                let (synced, pending) =
                    state.pending.drain(..).partition(|change: &Change| change.folder == path);
                state.pending = pending;
                let changes: Vec<Change> = synced;
                changes.iter().for_each(|change| change.apply(&mut state.kept));
            },
        )
    }

    fn touch(&self, path: &Path) -> Result<()> {
        RealDisk.touch(path) // when it comes depends on the clock
    }
}
