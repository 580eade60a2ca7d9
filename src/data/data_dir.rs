//! Where datasets lie.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use super::event::{DataEvent, DataListener, Unheard};
use crate::error::{Error, Result};
use crate::runs::folder::{create_file, is_folder};
use crate::shell::path_word;

/// Where datasets lie and how missing ones may be got.
#[derive(Debug, Clone)]
pub struct DataOptions {
    /// The folder that holds a folder for each dataset.
    pub data_dir: PathBuf,
    /// Never download.
    pub offline: bool,
    /// Base address to download from instead of the official one; the file's name is appended.
    pub mirror: Option<String>,
    /// Who is told what is going on.
    pub listener: Arc<dyn DataListener>,
}

impl DataOptions {
    /// Datasets in this folder, downloaded from their official addresses if `offline` does not forbid it;
    /// nobody is told what is going on.
    pub fn unheard(data_dir: PathBuf, offline: bool) -> DataOptions {
        DataOptions { data_dir, offline, mirror: None, listener: Arc::new(Unheard) }
    }

    /// Tells the listener if datasets lie in the working folder because nothing says where else.
    pub fn tell_where(&self) {
        if self.data_dir == Path::new(FALLBACK) && user_data_dir().is_none() {
            self.listener.hear(DataEvent::NoHome);
        }
    }
}

/// Where datasets are stored if the user's cache folder is unknown.
const FALLBACK: &str = "datasets";

/// Where datasets are stored by default: `$XDG_CACHE_HOME/runner/datasets`, else
/// `~/.cache/runner/datasets`, else `datasets` here, which is said once.
pub fn default_data_dir() -> PathBuf {
    user_data_dir().unwrap_or_else(|| PathBuf::from(FALLBACK))
}

fn user_data_dir() -> Option<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    // The XDG specification says that a relative path is invalid and to be ignored.
    let cache = set("XDG_CACHE_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| set("HOME").map(|home| home.join(".cache")));
    cache.map(|cache| cache.join("runner/datasets"))
}

/// The flag for a command in a message, so that it finds the same datasets, with a space before it.
pub(super) fn data_dir_flag(data_dir: &Path) -> String {
    match data_dir == default_data_dir() {
        true => String::new(),
        false => format!(" --data-dir {}", path_word(data_dir)),
    }
}

/// Marks a folder as one that backups may skip (<https://bford.info/cachedir/>).
const CACHEDIR_TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
    # Datasets that `runner data fetch` can download again.\n";

/// Creates the data folder, if missing, with a `CACHEDIR.TAG`.
pub(super) fn create_data_dir(data_dir: &Path) -> Result<()> {
    if is_folder(data_dir)? {
        return Ok(()); // do not tag a folder that the user made
    }
    fs::create_dir_all(data_dir).map_err(Error::io("create", data_dir))?;
    let tag = data_dir.join("CACHEDIR.TAG");
    create_file(&tag, CACHEDIR_TAG.as_bytes()).map(|_| ()) // another process may have been faster
}
