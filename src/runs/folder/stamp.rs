//! Whether a file is the one that was read: its time and size.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::SystemTime;

use crate::error::{Error, Result};

/// Time and size of a file; none: it is not there.
pub type Stamp = Option<(SystemTime, u64)>;

/// The stamp of a file now.
///
/// # Errors
/// When that cannot be told.
pub fn stamp(path: &Path) -> Result<Stamp> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(metadata.modified().ok().map(|time| (time, metadata.len()))),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(Error::io("read", path)(error)),
    }
}
