//! The files that a run's record lists with size and SHA-256, so that what is read is what the run
//! wrote.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Flaw, Result};
use crate::runs::folder::{PROMISED, file, hex, read_if_there};
use crate::runs::record::{RunRecord, RunState};

/// Size and SHA-256 of files, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunFiles(BTreeMap<String, FileHash>);

/// A file's size and hash when its run wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct FileHash {
    bytes: u64,
    sha256: String,
}

impl RunFiles {
    /// Whether none is listed, as in the records of 0.1.0 and while a process trains the run.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a file by its content, if its bytes are promised.
    pub fn insert(&mut self, name: &str, content: &[u8]) {
        if PROMISED.contains(&name) {
            let (bytes, sha256) = (content.len() as u64, hex(&Sha256::digest(content)));
            self.0.insert(name.to_owned(), FileHash { bytes, sha256 });
        }
    }

    /// Removes a file whose content is no longer known.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// The SHA-256 of a file that is listed.
    pub fn sha256(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|hash| hash.sha256.as_str())
    }

    /// Says what is wrong with a listed file if it has changed.
    fn check(&self, name: &str, content: Option<&[u8]>) -> Result<(), Flaw> {
        let Some(then) = self.0.get(name) else { return Ok(()) };
        let Some(content) = content else {
            return Err(Flaw::from("is missing, although run.json lists it"));
        };
        let bytes = content.len() as u64;
        if then.bytes != bytes {
            let then = then.bytes;
            return Err(Flaw::from(format!(
                "has {bytes} bytes, but had {then} when its run wrote it"
            )));
        }
        match then.sha256 == hex(&Sha256::digest(content)) {
            true => Ok(()),
            false => Err(Flaw::from(
                "was changed after its run wrote it: run.json lists another SHA-256",
            )),
        }
    }
}

/// A run and its folder.
#[derive(Debug, Clone, Copy)]
pub struct RunFolder<'a> {
    /// The run.
    pub record: &'a RunRecord,
    /// Its folder.
    pub path: &'a Path,
}

impl RunFolder<'_> {
    /// The content of one of its files, none if it does not exist. Listed files are checked first;
    /// a record of 0.1.0 lists nothing.
    ///
    /// # Errors
    /// [`Error::Damaged`] if the file is not what the record lists, [`Error::Io`] if it cannot be read.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let path = self.path.join(name);
        let content = read_if_there(&path)?;
        match self.problem(name, content.as_deref()) {
            None => Ok(content),
            Some(problem) => Err(Error::Damaged {
                path,
                problem: format!("it {problem}; restore it, or train the run again with --retrain"),
            }),
        }
    }

    /// Says, after its name, what is wrong with a file of this content if it does not match the
    /// record.
    pub fn problem(&self, name: &str, content: Option<&[u8]>) -> Option<String> {
        let problem = check(self.record, name, content).err()?;
        (!self.has_gone_on(name, content)).then(|| problem.into())
    }

    /// Whether a process has resumed the run since its record was read, and so rewritten the file.
    fn has_gone_on(&self, name: &str, content: Option<&[u8]>) -> bool {
        RunRecord::read(&self.path.join(file::RECORD))
            .is_ok_and(|now| now.files != self.record.files && check(&now, name, content).is_ok())
    }
}

/// Says what is wrong with a file that was read.
fn check(record: &RunRecord, name: &str, content: Option<&[u8]>) -> Result<(), Flaw> {
    let files = &record.files;
    let is_complete = record.state == RunState::Finished && !files.is_empty();
    if is_complete && content.is_some() && PROMISED.contains(&name) && files.sha256(name).is_none()
    {
        return Err(Flaw::from("was added after the run: run.json does not list it"));
    }
    files.check(name, content)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::runs::samples::{row, run, trial, write_run};

    const ROWS: &[u8] = b"rows";

    fn listed() -> RunRecord {
        let mut record = run(trial(&[], 1), row(3, 0.5, None, 0.4), row(2, 0.5, None, 0.4));
        record.files.insert(file::METRICS, ROWS);
        record.files.insert(file::TIMING, ROWS);
        record
    }

    #[test]
    fn a_file_is_read_only_if_it_is_what_the_record_lists() {
        let runs = tempfile::tempdir().unwrap();
        let record = listed();
        let folder = write_run(runs.path(), &record);
        let read = |name| RunFolder { record: &record, path: &folder }.read(name);
        let problem = |name| read(name).unwrap_err().to_string();
        assert!(problem(file::METRICS).contains("is missing, although run.json lists it"));
        fs::write(folder.join(file::METRICS), "row").unwrap();
        assert!(problem(file::METRICS).contains("has 3 bytes, but had 4 when its run wrote it"));
        fs::write(folder.join(file::METRICS), "tows").unwrap();
        assert!(problem(file::METRICS).contains("was changed after its run wrote it"));
        fs::write(folder.join(file::METRICS), ROWS).unwrap();
        assert_eq!(read(file::METRICS).unwrap().as_deref(), Some(ROWS));
        fs::write(folder.join(file::TIMING), "other").unwrap();
        assert!(read(file::TIMING).unwrap().is_some(), "its bytes are not promised");
        assert_eq!(read(file::BEST_MODEL).unwrap(), None);
        fs::write(folder.join(file::BEST_MODEL), "of another run").unwrap();
        assert!(problem(file::BEST_MODEL).contains("was added after the run"));
    }

    #[test]
    fn a_run_that_went_on_since_its_record_was_read_is_not_damaged() {
        let runs = tempfile::tempdir().unwrap();
        let then = RunRecord { state: RunState::Paused, ..listed() };
        let folder = write_run(runs.path(), &then);
        fs::write(folder.join(file::METRICS), "more rows").unwrap();
        let read = || RunFolder { record: &then, path: &folder }.read(file::METRICS);
        let error = read().unwrap_err().to_string();
        assert!(error.contains("it has 9 bytes, but had 4 when its run wrote it"), "{error}");
        let files = RunFiles::default();
        write_run(runs.path(), &RunRecord { state: RunState::Running, files, ..then.clone() });
        assert_eq!(read().unwrap().as_deref(), Some(&b"more rows"[..]));
    }
}
