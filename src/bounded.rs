//! Reads whole files of people and other programs, but not without end: a name may stand for a device, a
//! pipe or a file that something else has filled.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::error::{Error, Result};

/// The content of a file, or nothing if it is longer than `most` bytes.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn read_at_most(path: &Path, most: u64) -> Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(Error::io("read", path))?;
    file.take(most + 1).read_to_end(&mut bytes).map_err(Error::io("read", path))?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}

#[cfg(test)]
mod tests {
    use super::read_at_most;

    #[test]
    fn a_file_that_is_too_long_is_not_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(read_at_most(&path, 5).unwrap().as_deref(), Some(&b"12345"[..]));
        assert_eq!(read_at_most(&path, 4).unwrap(), None);
        #[cfg(unix)]
        assert_eq!(read_at_most(std::path::Path::new("/dev/zero"), 1 << 20).unwrap(), None);
    }
}
