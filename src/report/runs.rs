//! Reads run folders: all records under the runs folder, and the rows of one run.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::escape::escape_controls;
use super::record::{RecordPool, RunRecord, State};
use crate::error::{Error, Result};
use crate::run_dir::{file, read_if_there, run_folders};
use crate::train::{LayerRow, Row, parse_layers};

/// Whether the process behind a `running` run still lives.
pub(super) type IsHeld<'a> = dyn Fn(&Path) -> bool + Sync + 'a;

/// What was found under a folder of runs.
#[derive(Debug, Default)]
pub struct FoundRuns {
    /// The runs, in the order of their folders' names.
    pub records: Vec<RunRecord>,
    /// The folder of each record.
    pub folders: Vec<PathBuf>,
    /// Entries that are no run folder.
    pub passed_over: usize,
    /// Run folders whose `run.json` cannot be read: reported, and no reason to stop.
    pub problems: Vec<Error>,
}

impl FoundRuns {
    /// What could not be read, a line each, for standard error.
    pub fn problem_lines(&self) -> Vec<String> {
        self.problems.iter().map(one_line).collect()
    }

    /// Reads the runs of `folders`, on all cores. A folder without a `run.json` is passed over. A run
    /// named twice, or a copy of one that was moved aside, counts once.
    pub(super) fn read(folders: Vec<PathBuf>, is_held: &IsHeld<'_>) -> FoundRuns {
        let pool = RecordPool::default();
        let read = |folder: &PathBuf| {
            let mut record = read_record(folder, is_held)?;
            if let Some(record) = &mut record {
                record.share(&pool);
            }
            Ok(record)
        };
        let records: Vec<_> = folders.par_iter().map(read).collect();
        let mut found = FoundRuns::default();
        found.records.reserve_exact(folders.len());
        found.folders.reserve_exact(folders.len());
        let mut ids = HashSet::with_capacity(folders.len());
        for (folder, record) in folders.into_iter().zip(records) {
            match record {
                Ok(Some(record)) => {
                    if ids.insert(record.id.clone()) {
                        found.records.push(record);
                        found.folders.push(folder);
                    }
                }
                Ok(None) => found.passed_over += 1,
                Err(problem) => found.problems.push(problem),
            }
        }
        found
    }
}

/// An error with its cause on one line, safe to print.
fn one_line(error: &Error) -> String {
    let cause = std::error::Error::source(error);
    let cause = cause.map_or(String::new(), |cause| format!(": {cause}"));
    escape_controls(&format!("{error}{cause}")).into_owned()
}

/// Reads all runs under `runs_dir`. A folder that does not exist has none.
///
/// # Errors
/// When the folder itself cannot be listed.
pub fn read_records(runs_dir: &Path, is_held: &IsHeld<'_>) -> Result<FoundRuns> {
    Ok(FoundRuns::read(run_folders(runs_dir)?, is_held))
}

/// Names of a folder's entries, sorted; hidden ones are nobody's runs.
fn names_in(folder: &Path) -> Result<Vec<std::ffi::OsString>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Error::io("read", folder)(e)),
    };
    let names: Result<Vec<_>, _> = entries.map(|entry| entry.map(|e| e.file_name())).collect();
    let mut names = names.map_err(Error::io("read", folder))?;
    names.retain(|name| !name.as_encoded_bytes().starts_with(b"."));
    names.sort();
    Ok(names)
}

/// The record of a run folder; `None` if there is no `run.json` in it. A `running` whose process
/// is gone becomes `lost`.
///
/// # Errors
/// When `run.json` is damaged or cannot be read.
pub fn read_record(folder: &Path, is_held: &IsHeld<'_>) -> Result<Option<RunRecord>> {
    let read = || RunRecord::read(&folder.join("run.json"));
    let read_twice = || {
        let record = read()?;
        if record.state != State::Running || is_held(folder) {
            return Ok(record);
        }
        // The process may have ended the run and given its claim back since the record was read.
        let mut record = read()?;
        if record.state == State::Running && !is_held(folder) {
            record.state = State::Lost;
        }
        Ok(record)
    };
    match read_twice() {
        Ok(record) => Ok(Some(record)),
        Err(Error::Io { source, .. }) if is_absent(source.kind()) => Ok(None),
        Err(e) => Err(e),
    }
}

fn is_absent(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// The rows of `metrics.csv` in a run folder; none if it is not there yet.
///
/// # Errors
/// When the file cannot be read or a line of it is no row.
pub fn read_rows(folder: &Path) -> Result<Vec<Row>> {
    let path = folder.join("metrics.csv");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if is_absent(e.kind()) => return Ok(Vec::new()),
        Err(e) => return Err(Error::io("read", &path)(e)),
    };
    let rows = csv::Reader::from_reader(text.as_bytes()).into_deserialize();
    rows.collect::<Result<Vec<Row>, csv::Error>>()
        .map_err(|e| Error::Damaged { problem: format!("is no table of metrics: {e}"), path })
}

/// The rows of `layers.csv` in a run folder; none if it is not there: runs of before have none.
///
/// # Errors
/// When the file cannot be read or a line of it is no row.
pub fn read_layers(folder: &Path) -> Result<Vec<LayerRow>> {
    let path = folder.join(file::LAYERS);
    let Some(bytes) = read_if_there(&path)? else { return Ok(Vec::new()) };
    parse_layers(&bytes)
        .map_err(|e| Error::Damaged { problem: format!("is no table of layers: {e}"), path })
}

/// Files of a run folder with their sizes in bytes, by name.
///
/// # Errors
/// When the folder cannot be listed.
pub fn files_of(folder: &Path) -> Result<Vec<(String, u64)>> {
    let size = |name: &OsStr| fs::metadata(folder.join(name)).map_or(0, |data| data.len());
    let names = names_in(folder)?.into_iter();
    Ok(names.map(|name| (name.to_string_lossy().into_owned(), size(&name))).collect())
}

#[cfg(test)]
mod tests {
    use super::super::samples::{row, run, trial, write_run};
    use super::*;

    #[test]
    fn foreign_entries_are_counted_and_damage_is_reported() {
        let runs = tempfile::tempdir().unwrap();
        let record = run(trial(&[], 1), row(3, 0.5, None, 0.4), row(2, 0.5, None, 0.4));
        write_run(runs.path(), &record);
        fs::write(runs.path().join("README.md"), "text").unwrap();
        fs::create_dir(runs.path().join("notes")).unwrap();
        let damaged = runs.path().join("0123456789ab");
        fs::create_dir(&damaged).unwrap();
        fs::write(damaged.join("run.json"), "{").unwrap();
        let found = read_records(runs.path(), &|_| true).unwrap();
        assert_eq!(found.records, [record]);
        assert_eq!(found.passed_over, 2);
        assert_eq!(found.problems.len(), 1);
        assert!(found.problems[0].to_string().contains("run.json"));
    }

    #[test]
    fn running_without_its_process_is_lost() {
        let runs = tempfile::tempdir().unwrap();
        let mut record = run(trial(&[], 1), row(3, 0.5, None, 0.4), row(2, 0.5, None, 0.4));
        record.state = State::Running;
        let folder = write_run(runs.path(), &record);
        let read = |alive: bool| read_record(&folder, &|_| alive).unwrap().unwrap().state;
        assert_eq!(read(true), State::Running);
        assert_eq!(read(false), State::Lost);
    }

    #[test]
    fn diverged_rows_survive_json_which_has_no_nan() {
        let runs = tempfile::tempdir().unwrap();
        let mut last = row(3, 0.1, Some(0.1), 0.1);
        (last.train_loss, last.val_loss, last.test_loss) =
            (f32::NAN, Some(f32::INFINITY), Some(f32::NAN));
        let mut record = run(trial(&[], 1), last, row(2, 0.5, Some(0.4), 0.4));
        record.state = State::Diverged;
        let folder = write_run(runs.path(), &record);
        let read = read_record(&folder, &|_| true).unwrap().unwrap();
        let last = read.last.unwrap();
        assert!(
            last.train_loss.is_nan()
                && last.val_loss.unwrap().is_nan()
                && last.test_loss.unwrap().is_nan()
        );
        assert_eq!(last.test_accuracy, Some(0.1));
        assert_eq!(read.best, record.best);
    }

    #[test]
    fn rows_come_back_from_metrics_csv() {
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            "{}\n0,0,0.01,,2.3,0.1,,,2.3,0.11,-0.01\n1,500,0.01,1.5,NaN,0.5,,,inf,0.4,0.1\n",
            crate::train::METRICS_HEADER
        );
        fs::write(folder.path().join("metrics.csv"), text).unwrap();
        let rows = read_rows(folder.path()).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].batch_loss, None);
        assert!(rows[1].train_loss.is_nan() && rows[1].test_loss.unwrap().is_infinite());
        fs::write(folder.path().join("metrics.csv"), "epoch\nx\n").unwrap();
        assert!(matches!(read_rows(folder.path()), Err(Error::Damaged { .. })));
    }
}
