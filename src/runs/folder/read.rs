//! Reads files that others may have put there: only regular files, up to a size limit. A pipe would
//! block, and a device may be endless.

use std::fs::{File, FileType, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use crate::error::{Error, Result};

/// No text that this program writes or reads comes near it: rows of ten million epochs have this
/// size.
const MOST_TEXT_BYTES: u64 = 1 << 30;
/// For weights and checkpoints: networks trained on a CPU are a thousand times smaller.
const MOST_TENSOR_BYTES: u64 = 1 << 36;

/// The content of the text at `path`, none if it does not exist.
///
/// # Errors
/// If it is there and cannot be read, is no regular file, or is too large to be what it should be.
pub fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>> {
    let is_tensors = path.extension().is_some_and(|extension| extension == "safetensors");
    read_if_there_of(path, if is_tensors { MOST_TENSOR_BYTES } else { MOST_TEXT_BYTES })
}

/// Like [`read_if_there`], for a file of at most `limit` bytes.
///
/// # Errors
/// As [`read_if_there`].
pub fn read_if_there_of(path: &Path, limit: u64) -> Result<Option<Vec<u8>>> {
    match read_bounded(path, limit) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// Like [`read_if_there`], for a file that must exist.
///
/// # Errors
/// If it is not there, and as [`read_if_there`].
pub fn read_file(path: &Path) -> Result<Vec<u8>> {
    read_bounded(path, MOST_TEXT_BYTES).map_err(Error::io("read", path))
}

/// The last `most` bytes of a text, from the beginning of a line if some are left out; nothing if the
/// file does not exist.
///
/// # Errors
/// If it is there and cannot be read.
pub fn read_tail(path: &Path, most: u64) -> Result<Vec<u8>> {
    let read = || -> io::Result<Vec<u8>> {
        let (mut file, size) = open(path)?;
        let skipped = size.saturating_sub(most);
        file.seek(SeekFrom::Start(skipped))?;
        let mut bytes = Vec::new();
        file.take(most).read_to_end(&mut bytes)?;
        if skipped > 0 {
            let line = bytes.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            bytes.drain(..line);
        }
        Ok(bytes)
    };
    match read() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        read => read.map_err(Error::io("read", path)),
    }
}

/// The content of a regular file of at most `limit` bytes.
///
/// # Errors
/// If it cannot be read, is no regular file, is larger, or there is no memory for it.
pub fn read_bounded(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let (file, size) = open(path)?;
    let too_large = || {
        let problem = format!("it has more than {limit} bytes");
        io::Error::new(ErrorKind::FileTooLarge, problem)
    };
    if size > limit {
        return Err(too_large()); // reject it before reading
    }
    let mut bytes = Vec::new();
    let size = usize::try_from(size).map_err(|_| ErrorKind::FileTooLarge)?;
    bytes.try_reserve_exact(size).map_err(|_| ErrorKind::OutOfMemory)?;
    // It may grow while it is read.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(too_large());
    }
    Ok(bytes)
}

/// Opens a regular file for reading, without blocking.
///
/// # Errors
/// If it cannot be opened or is something else.
pub fn open_regular(path: &Path) -> io::Result<File> {
    open(path).map(|(file, _)| file)
}

/// The file with its size.
fn open(path: &Path) -> io::Result<(File, u64)> {
    let mut options = OpenOptions::new();
    regular(options.read(true).custom_flags(without_waiting()).open(path)?)
}

/// The flag of open(2) that opens a pipe without blocking.
pub(super) fn without_waiting() -> i32 {
    OFlags::NONBLOCK.bits().cast_signed()
}

/// The file with its size, if it is a regular one.
pub(super) fn regular(file: File) -> io::Result<(File, u64)> {
    let metadata = file.metadata()?;
    if metadata.is_file() {
        return Ok((file, metadata.len()));
    }
    let problem = format!("it is {}, not a file", kind_word(metadata.file_type()));
    Err(io::Error::new(ErrorKind::InvalidInput, problem))
}

fn kind_word(kind: FileType) -> &'static str {
    if kind.is_dir() {
        "a folder"
    } else if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    #[test]
    fn what_is_no_regular_file_is_refused_at_once_and_says_what_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        assert!(Command::new("mkfifo").arg(path("pipe")).status().unwrap().success());
        std::fs::create_dir(path("folder")).unwrap();
        let _socket = UnixListener::bind(path("socket")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", path("device")).unwrap();
        let refusal = |name: &str| read_if_there(&path(name)).unwrap_err().chain();
        assert!(refusal("pipe").ends_with("/pipe: it is a named pipe, not a file"));
        assert!(refusal("folder").ends_with("/folder: it is a folder, not a file"));
        assert!(refusal("device").ends_with("/device: it is a device, not a file"));
        assert!(refusal("socket").contains("/socket: "), "the system refuses to open it");
        assert_eq!(read_if_there(&path("none")).unwrap(), None);
    }

    #[test]
    fn a_file_is_read_up_to_the_bound_and_not_beyond() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "0123456789").unwrap();
        assert_eq!(read_bounded(&path, 10).unwrap(), b"0123456789");
        let error = read_bounded(&path, 9).unwrap_err();
        assert_eq!(
            (error.kind(), &*error.to_string()),
            (ErrorKind::FileTooLarge, "it has more than 9 bytes")
        );
    }
}
