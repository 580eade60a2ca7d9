//! A disk whose reader looks at the run folder right after each file has got its name, as the live page may.

use std::collections::BTreeSet;
use std::fs;
use std::io::Result;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use runner::runs::folder::{Disk, RealDisk};

/// Counts the looks after which each row had its time and its layers.
#[derive(Debug, Default)]
pub(crate) struct LookedAt {
    looks: AtomicUsize,
}

impl LookedAt {
    /// How often new rows were looked at.
    pub(crate) fn looks(&self) -> usize {
        self.looks.load(Ordering::SeqCst)
    }

    fn look(&self, folder: &Path) {
        let epochs = |name: &str| -> BTreeSet<String> {
            let text = fs::read_to_string(folder.join(name)).unwrap_or_default();
            let first = |line: &str| line.split(',').next().map(str::to_owned);
            text.lines().skip(1).filter_map(first).collect()
        };
        let rows = epochs("metrics.csv");
        for name in ["timing.csv", "layers.csv"] {
            assert!(rows.is_subset(&epochs(name)), "rows {rows:?} came before {name}");
        }
        self.looks.fetch_add(1, Ordering::SeqCst);
    }
}

impl Disk for LookedAt {
    fn create_folder(&self, path: &Path) -> Result<()> {
        RealDisk.create_folder(path)
    }

    fn write_synced(&self, path: &Path, contents: &[u8]) -> Result<()> {
        RealDisk.write_synced(path, contents)
    }

    fn append(&self, path: &Path, contents: &[u8]) -> Result<()> {
        RealDisk.append(path, contents)
    }

    fn link(&self, file: &Path, name: &Path) -> Result<()> {
        RealDisk.link(file, name)
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        RealDisk.rename(from, to)?;
        if to.ends_with("metrics.csv") {
            self.look(to.parent().expect("it lies in a folder"));
        }
        Ok(())
    }

    fn remove(&self, path: &Path) -> Result<()> {
        RealDisk.remove(path)
    }

    fn sync_folder(&self, path: &Path) -> Result<()> {
        RealDisk.sync_folder(path)
    }

    fn touch(&self, path: &Path) -> Result<()> {
        RealDisk.touch(path)
    }
}
