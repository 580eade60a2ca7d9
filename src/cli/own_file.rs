//! Files that a command writes anew at each call: they begin with its header line, and a file without that line is
//! somebody else's.

use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::error::{Error, Result};
use crate::runs::folder::{create_file, open_regular, replace_file, takes_content};

/// The second line of such a file: what is changed in it would be lost.
const NOTE: &str = "# Each call writes it anew: to change it, copy it under another name.";

/// Writes `header`, a line on what it means, and `text`, unless somebody else's file is there.
///
/// # Errors
/// If another file is at `path`, or it cannot be read or written.
pub(super) fn write_own_file(path: &Path, header: &str, text: &str) -> Result<()> {
    let content = content(header, text);
    // A file that appears meanwhile is not replaced either.
    let is_written = match is_own(path, header)? {
        Some(true) => replace_file(path, content.as_bytes()).map(|()| true)?,
        Some(false) => false,
        None => create_file(path, content.as_bytes())?,
    };
    match is_written {
        true => Ok(()),
        false => Err(Error::Usage(format!(
            "{} exists and was not written by this command: move it away first",
            path.display()
        ))),
    }
}

/// The same where no file is yet; whether it was written. Of several processes, one is the first.
///
/// # Errors
/// If it cannot be written.
pub(super) fn create_own_file(path: &Path, header: &str, text: &str) -> Result<bool> {
    create_file(path, content(header, text).as_bytes())
}

fn content(header: &str, text: &str) -> String {
    format!("{header}\n{NOTE}\n{text}")
}

/// Whether the file begins with the header line. None if there is not a file whose content would be lost.
fn is_own(path: &Path, header: &str) -> Result<Option<bool>> {
    if takes_content(path)? {
        return Ok(None); // a device or a pipe
    }
    let file = match open_regular(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io("read", path)(error)),
    };
    let line = format!("{header}\n").into_bytes();
    let mut beginning = Vec::new();
    let read = file.take(line.len() as u64).read_to_end(&mut beginning);
    read.map_err(Error::io("read", path))?;
    Ok(Some(beginning == line))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const HEADER: &str = "# Written by a test.";

    #[test]
    fn only_a_file_with_the_header_line_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.toml");
        for text in ["a = 1\n", "a = 2\n"] {
            write_own_file(&path, HEADER, text).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), format!("{HEADER}\n{NOTE}\n{text}"));
        }
        let longer = format!("{HEADER} And more.\n");
        let others: [&[u8]; 5] =
            [b"", b"# mine\n", b"\xff\xfe\0 not UTF-8", HEADER.as_bytes(), longer.as_bytes()];
        for content in others {
            fs::write(&path, content).unwrap();
            let error = write_own_file(&path, HEADER, "a = 3\n").unwrap_err().to_string();
            let expected =
                "own.toml exists and was not written by this command: move it away first";
            assert!(error.ends_with(expected), "{error}");
            assert_eq!(fs::read(&path).unwrap(), content);
        }
    }

    #[test]
    fn a_folder_and_a_dangling_link_stay() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write_own_file(folder.path(), HEADER, "").is_err());
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("gone", &link).unwrap();
        let error = write_own_file(&link, HEADER, "").unwrap_err().to_string();
        assert!(error.contains("exists and was not written"), "{error}");
        assert!(link.is_symlink());
    }

    #[test]
    fn a_device_takes_the_text() {
        write_own_file(Path::new("/dev/null"), HEADER, "a = 1\n").unwrap();
    }
}
