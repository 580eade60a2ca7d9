//! Output files of an export: each appears only when it is complete.

use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use crate::error::{Error, Result};
use crate::runs::folder::{
    NewFile, entry_at, folder_of, is_folder, is_there, refuse_run_folder, sync_folder_of,
    takes_content,
};

const NOT_A_TERMINAL: &str = "standard output is a terminal and cannot show a binary file: \
                              redirect it, or name a file with -o";

/// Whether a path stands for standard output; a file of that name is `./-`.
pub fn is_standard_output(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The error that the several files of `who` cannot go to standard output.
pub fn no_folder(who: &str) -> Error {
    Error::Usage(format!(
        "{who} writes a folder, which cannot go to `-` (standard output): name a folder with -o"
    ))
}

fn to_standard_output(fill: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    fill(&mut out)?;
    out.flush().map_err(Error::io("write to", "standard output"))
}

/// Where an export may write.
#[derive(Debug, Clone, Copy)]
pub(super) struct ExportTarget<'a> {
    path: &'a Path,
    force: bool,
}

impl<'a> ExportTarget<'a> {
    /// One file at `path`.
    ///
    /// # Errors
    /// If something is there and `force` does not say to replace it, or it would lie in a run folder.
    pub(super) fn file(path: &'a Path, force: bool) -> Result<ExportTarget<'a>> {
        if is_standard_output(path) {
            return match io::stdout().is_terminal() {
                true => Err(Error::Usage(NOT_A_TERMINAL.to_owned())),
                false => Ok(ExportTarget { path, force }),
            };
        }
        refuse_run_folder(folder_of(path))?;
        if is_folder(path)? {
            return Err(Error::Usage(format!("{} is a folder, not a file", path.display())));
        }
        if !force && !takes_content(path)? && entry_at(path)?.is_some() {
            return Err(there_already(path));
        }
        Ok(ExportTarget { path, force })
    }

    /// Files in the folder `path`, which is created if missing. With `force` files are replaced,
    /// and other content stays.
    ///
    /// # Errors
    /// If it is no folder, holds anything and `force` does not say to go on, or is a run folder.
    pub(super) fn folder(path: &'a Path, force: bool) -> Result<ExportTarget<'a>> {
        if is_standard_output(path) {
            return Err(no_folder("this format"));
        }
        refuse_run_folder(path)?;
        if is_there(path)? && !is_folder(path)? {
            return Err(Error::Usage(format!("{} is a file, not a folder", path.display())));
        }
        let is_filled = || -> Result<bool> {
            if !is_folder(path)? {
                return Ok(false);
            }
            let mut entries = fs::read_dir(path).map_err(Error::io("read", path))?;
            Ok(entries.next().is_some())
        };
        if !force && is_filled()? {
            return Err(there_already(path));
        }
        Ok(ExportTarget { path, force })
    }

    /// Writes the one file of [`ExportTarget::file`].
    ///
    /// # Errors
    /// If it cannot be written, or `fill` fails; then nothing is left and nothing was replaced.
    pub(super) fn write(&self, fill: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
        if is_standard_output(self.path) {
            return to_standard_output(fill);
        }
        self.put(self.path, fill, |new| new.sync())?;
        match takes_content(self.path)? {
            true => Ok(()),
            false => sync_folder_of(self.path),
        }
    }

    /// Writes the file `name` of [`ExportTarget::folder`], which may lie in folders of its own. Does not
    /// sync to disk: that would take minutes for thousands of files, which can be exported again.
    ///
    /// # Errors
    /// As [`ExportTarget::write`].
    pub(super) fn write_into(&self, name: &Path, bytes: &[u8]) -> Result<()> {
        let path = self.path.join(name);
        self.put(&path, |out| out.write_all(bytes).map_err(Error::io("write", &path)), |_| Ok(()))
    }

    fn put(
        &self,
        path: &Path,
        fill: impl FnOnce(&mut dyn Write) -> Result<()>,
        sync: impl FnOnce(&NewFile<'_>) -> Result<()>,
    ) -> Result<()> {
        let folder = folder_of(path);
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        let new = NewFile::begin(path)?;
        let mut out = BufWriter::with_capacity(1 << 16, new.file());
        fill(&mut out)?;
        out.into_inner().map_err(|e| Error::io("write", path)(e.into_error()))?;
        sync(&new)?;
        if self.force {
            return new.put();
        }
        // A file that appeared meanwhile belongs to somebody else.
        if new.put_if_free()? { Ok(()) } else { Err(there_already(path)) }
    }
}

/// Writes the output of `make` to `path` atomically, after checking that it may be written there.
///
/// # Errors
/// If something is there and `force` does not say to replace it, it would lie in a run folder, it
/// cannot be written, or `make` fails; then nothing is replaced.
pub fn export_file(path: &Path, force: bool, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<()> {
    let output = ExportTarget::file(path, force)?;
    let bytes = make()?;
    output.write(|out| out.write_all(&bytes).map_err(Error::io("write", path)))
}

fn there_already(path: &Path) -> Error {
    Error::Usage(format!("{} already exists; --force replaces it", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, force: bool, text: &str) -> Result<()> {
        let output = ExportTarget::file(path, force)?;
        output.write(|out| out.write_all(text.as_bytes()).map_err(Error::io("write", path)))
    }

    #[test]
    fn nothing_is_replaced_unless_forced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/runs.csv");
        write(&path, false, "a").unwrap();
        let error = write(&path, false, "b").unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().ends_with("--force replaces it"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "a");
        write(&path, true, "b").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "b");
        let refusal = |output: Result<ExportTarget<'_>>| output.unwrap_err().to_string();
        assert!(
            refusal(ExportTarget::folder(&path, true))
                .ends_with("runs.csv is a file, not a folder")
        );
        assert!(
            refusal(ExportTarget::file(folder.path(), true)).ends_with(" is a folder, not a file")
        );
        assert!(
            refusal(ExportTarget::folder(folder.path(), false)).ends_with("--force replaces it")
        );
        assert!(ExportTarget::folder(folder.path(), true).is_ok());
        assert!(ExportTarget::folder(&folder.path().join("other"), false).is_ok());
    }

    #[test]
    fn what_fails_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs.csv");
        write(&path, false, "old").unwrap();
        let output = ExportTarget::file(&path, true).unwrap();
        let failed = output.write(|out| {
            out.write_all(b"new").map_err(Error::io("write", &path))?;
            Err(Error::Unexpected("damaged".to_owned()))
        });
        assert_eq!(failed.unwrap_err().to_string(), "damaged");
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn run_folders_are_left_alone() {
        let run = tempfile::tempdir().unwrap();
        fs::write(run.path().join("run.json"), "{}").unwrap();
        let error = ExportTarget::folder(run.path(), true).unwrap_err();
        assert!(error.to_string().contains("is a run folder"), "{error}");
        let error = write(&run.path().join("metrics.csv"), true, "x").unwrap_err();
        assert!(error.to_string().contains("is a run folder"), "{error}");
    }
}
