//! Reads run folders: all records under the runs folder, and the rows of one run.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::runs::folder::{file, is_folder_of, is_held, is_there, run_folders};
use crate::runs::layers::{LayerRow, parse_layers};
use crate::runs::metrics::{MetricsRow, parse_metrics};
use crate::runs::notes::Notes;
use crate::runs::record::{RecordPool, RunRecord, RunState};
use crate::runs::run_files::RunFolder;
use crate::threads;

/// What was found under a folder of runs.
#[derive(Debug, Default)]
pub struct FoundRuns {
    /// The runs, in the order of their folders' names.
    pub records: Vec<RunRecord>,
    /// The folder of each record.
    pub folders: Vec<PathBuf>,
    /// Entries that are not run folders.
    pub passed_over: Vec<PathBuf>,
    /// Run folders whose `run.json` cannot be read or belongs to another run: reported, but not
    /// fatal.
    pub problems: Vec<Error>,
    /// Names of the experiment files that were read to find runs, by the id of each run that they ask for.
    pub asked_by: HashMap<String, Vec<String>>,
    /// Additional folders of runs that were already found.
    copies: Vec<PathBuf>,
}

impl FoundRuns {
    /// What could not be read, a line each, for standard error.
    pub fn problem_lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.problems.iter().map(one_line).collect();
        if let [first, others @ ..] = &self.copies[..] {
            let first = first.display().to_string();
            let more = if others.is_empty() { "" } else { " and others" };
            lines.push(format!(
                "skipped {}{more}: another folder of the same run was read before",
                escape_controls(&first)
            ));
        }
        lines
    }

    /// Drops the runs that are not to stay.
    pub fn retain(&mut self, stays: impl Fn(&RunRecord) -> bool) {
        let kept: Vec<bool> = self.records.iter().map(stays).collect();
        let mut of_folders = kept.iter();
        self.folders.retain(|_| of_folders.next().is_some_and(|stays| *stays));
        let mut of_records = kept.iter();
        self.records.retain(|_| of_records.next().is_some_and(|stays| *stays));
    }

    /// Reads something from each run. Runs for which that fails are removed and named, a line each.
    ///
    /// # Errors
    /// When it can be read of none.
    pub fn read_each<T: Send>(
        &mut self,
        read: impl Fn(&RunRecord, &Path) -> Result<T> + Sync,
    ) -> Result<(Vec<T>, Vec<String>)> {
        let runs: Vec<_> = self.records.iter().zip(&self.folders).collect();
        let each = threads::map(&runs, |(record, folder)| read(record, folder));
        let mut of_folder = each.iter().map(Result::is_ok);
        self.folders.retain(|_| of_folder.next().unwrap_or(false));
        let mut of_record = each.iter().map(Result::is_ok);
        self.records.retain(|_| of_record.next().unwrap_or(false));
        let (mut whole, mut problems) = (Vec::with_capacity(each.len()), Vec::new());
        for one in each {
            match one {
                Ok(one) => whole.push(one),
                Err(problem) => problems.push(problem),
            }
        }
        if whole.is_empty() && !problems.is_empty() {
            return Err(problems.swap_remove(0));
        }
        Ok((whole, problems.iter().map(one_line).collect()))
    }

    /// Reads the runs of `folders`, on all cores. A folder without a `run.json` is skipped. A run
    /// named twice counts once.
    pub(crate) fn read(folders: Vec<PathBuf>) -> FoundRuns {
        let reader = RecordReader::default();
        let records = threads::map(&folders, |folder| reader.read(folder));
        let mut found = FoundRuns::default();
        found.records.reserve_exact(folders.len());
        found.folders.reserve_exact(folders.len());
        let mut first_folders = HashMap::with_capacity(folders.len());
        for (folder, record) in folders.into_iter().zip(records) {
            match record {
                Ok(Some(record)) => match first_folders.entry(record.id.clone()) {
                    Entry::Vacant(entry) => {
                        entry.insert(found.folders.len());
                        found.records.push(record);
                        found.folders.push(folder);
                    }
                    Entry::Occupied(entry) if is_same(&found.folders[*entry.get()], &folder) => {}
                    Entry::Occupied(_) => found.copies.push(folder),
                },
                Ok(None) => found.passed_over.push(folder),
                Err(problem) => found.problems.push(problem),
            }
        }
        found
    }
}

/// Reads records again and again; what they have in common is stored once.
#[derive(Debug, Default)]
pub struct RecordReader {
    pool: RecordPool,
}

impl RecordReader {
    /// The record of a run folder, as [`read_record`].
    ///
    /// # Errors
    /// As [`read_record`].
    pub fn read(&self, folder: &Path) -> Result<Option<RunRecord>> {
        let mut record = read_record(folder)?;
        if let Some(record) = &mut record {
            record.share(&self.pool);
        }
        Ok(record)
    }
}

/// Whether two paths name one folder.
fn is_same(a: &Path, b: &Path) -> bool {
    a == b || fs::canonicalize(a).is_ok_and(|a| fs::canonicalize(b).is_ok_and(|b| a == b))
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
pub fn read_records(runs_dir: &Path) -> Result<FoundRuns> {
    Ok(FoundRuns::read(run_folders(runs_dir)?))
}

/// Names of a folder's entries, sorted; hidden ones are not runs.
fn visible_names(folder: &Path) -> Result<Vec<std::ffi::OsString>> {
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

/// The record of a run folder; `None` if there is no `run.json` in it. A `running` run whose
/// process is gone becomes `lost`.
///
/// # Errors
/// When `run.json` is damaged, cannot be read, or is of a run whose folder is another one.
pub fn read_record(folder: &Path) -> Result<Option<RunRecord>> {
    let read = || {
        let record = RunRecord::read(&folder.join(file::RECORD))?;
        match is_folder_of(folder, &record.id) {
            true => Ok(record),
            false => Err(of_other_run(folder, &record.id)),
        }
    };
    let read_twice = || {
        let record = read()?;
        if record.state != RunState::Running || is_held(folder) {
            return Ok(record);
        }
        // The process may have ended the run and released its claim since the record was read.
        let mut record = read()?;
        if record.state == RunState::Running && !is_held(folder) {
            record.state = RunState::Lost;
        }
        Ok(record)
    };
    match read_twice() {
        Ok(record) => Ok(Some(RunRecord { notes: Notes::of(folder), ..record })),
        Err(Error::Io { source, .. }) if is_absent(source.kind()) => Ok(None),
        Err(e) => Err(e),
    }
}

/// Why a folder is not the run's own although it holds its record, and what to do.
fn of_other_run(folder: &Path, id: &str) -> Error {
    let own = folder.with_file_name(id);
    let own_shown = own.display();
    let of_own = RunRecord::read(&own.join(file::RECORD));
    let problem = match is_there(&own.join(file::RECORD)).unwrap_or(true) {
        true if of_own.is_ok_and(|record| record.id == id) => format!(
            "it is a copy of run {id}, whose folder is {own_shown}: delete the copy, or move it \
             out of the runs folder"
        ),
        true => format!(
            "it holds run {id}, but {own_shown} holds another run or cannot be read: move that \
             folder away, then rename this one to {own_shown}"
        ),
        false => format!(
            "it holds run {id}, and a run folder must be named by its id: rename it to {own_shown}"
        ),
    };
    Error::Damaged { path: folder.to_owned(), problem }
}

fn is_absent(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// The rows of `metrics.csv` of a run; none if it is not there yet.
///
/// # Errors
/// When the file cannot be read, is not what the record lists, or a line of it is no row.
pub fn read_rows(record: &RunRecord, folder: &Path) -> Result<Vec<MetricsRow>> {
    let Some(bytes) = (RunFolder { record, path: folder }).read(file::METRICS)? else {
        return Ok(Vec::new());
    };
    parse_metrics(&bytes).map_err(|problem| Error::Damaged {
        problem: format!("it is not a table of metrics: {problem}"),
        path: folder.join(file::METRICS),
    })
}

/// The rows of `layers.csv` of a run; none if it does not exist, as in older runs.
///
/// # Errors
/// When the file cannot be read, is not what the record lists, or a line of it is no row.
pub fn read_layers(record: &RunRecord, folder: &Path) -> Result<Vec<LayerRow>> {
    let Some(bytes) = (RunFolder { record, path: folder }).read(file::LAYERS)? else {
        return Ok(Vec::new());
    };
    parse_layers(&bytes).map_err(|problem| Error::Damaged {
        problem: format!("it is not a table of layers: {problem}"),
        path: folder.join(file::LAYERS),
    })
}

/// A run with everything that its curves need.
#[derive(Debug, Clone, PartialEq)]
pub struct Curves {
    /// Its `run.json`.
    pub record: RunRecord,
    /// Its `metrics.csv`.
    pub rows: Vec<MetricsRow>,
    /// Its `layers.csv`; empty if it has none.
    pub layers: Vec<LayerRow>,
}

/// The curves of a run, and why those of its layers are left out, if they exist but cannot be read.
#[derive(Debug)]
pub struct ReadCurves {
    /// The curves.
    pub curves: Curves,
    /// One line on `layers.csv`.
    pub problem: Option<String>,
}

/// Rows and layers of a run. No figure depends on the layers, so it is shown without them if need be.
///
/// # Errors
/// As [`read_rows`].
pub fn read_curves(record: &RunRecord, folder: &Path) -> Result<ReadCurves> {
    let rows = read_rows(record, folder)?;
    let (layers, problem) = match read_layers(record, folder) {
        Ok(layers) => (layers, None),
        Err(error) => (Vec::new(), Some(format!("{}: left out", one_line(&error)))),
    };
    Ok(ReadCurves { curves: Curves { record: record.clone(), rows, layers }, problem })
}

/// Files of a run folder with their sizes in bytes, by name.
///
/// # Errors
/// When the folder cannot be listed.
pub fn files_of(folder: &Path) -> Result<Vec<(String, u64)>> {
    let size = |name: &OsStr| fs::metadata(folder.join(name)).map_or(0, |data| data.len());
    let names = visible_names(folder)?.into_iter();
    Ok(names.map(|name| (name.to_string_lossy().into_owned(), size(&name))).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::runs::folder::{Claims, RealDisk};
    use crate::runs::samples::{row, run, trial, write_run};

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
        let found = read_records(runs.path()).unwrap();
        assert_eq!(found.records, [record]);
        assert_eq!(found.passed_over.len(), 2);
        assert_eq!(found.problems.len(), 1);
        assert!(found.problems[0].to_string().contains("run.json"));
    }

    #[test]
    fn running_without_its_process_is_lost() {
        let runs = tempfile::tempdir().unwrap();
        let mut record = run(trial(&[], 1), row(3, 0.5, None, 0.4), row(2, 0.5, None, 0.4));
        record.state = RunState::Running;
        let folder = write_run(runs.path(), &record);
        let read = || read_record(&folder).unwrap().unwrap().state;
        assert_eq!(read(), RunState::Lost);
        let claims = Claims::new(Arc::new(RealDisk), Duration::from_secs(60)).unwrap();
        let claim = claims.take(&folder, || Ok(1)).unwrap();
        assert_eq!(read(), RunState::Running);
        drop((claim, claims));
        assert_eq!(read(), RunState::Lost);
    }

    #[test]
    fn diverged_rows_survive_json_which_has_no_nan() {
        let runs = tempfile::tempdir().unwrap();
        let mut last = row(3, 0.1, Some(0.1), 0.1);
        (last.train_loss, last.val_loss, last.test_loss) =
            (f32::NAN, Some(f32::INFINITY), Some(f32::NAN));
        let mut record = run(trial(&[], 1), last, row(2, 0.5, Some(0.4), 0.4));
        record.state = RunState::Diverged;
        let folder = write_run(runs.path(), &record);
        let read = read_record(&folder).unwrap().unwrap();
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
            crate::runs::metrics::METRICS_HEADER
        );
        fs::write(folder.path().join("metrics.csv"), text).unwrap();
        let record = run(trial(&[], 1), row(3, 0.5, None, 0.4), row(2, 0.5, None, 0.4));
        let rows = read_rows(&record, folder.path()).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].batch_loss, None);
        assert!(rows[1].train_loss.is_nan() && rows[1].test_loss.unwrap().is_infinite());
        fs::write(folder.path().join("metrics.csv"), "epoch\nx\n").unwrap();
        assert!(matches!(read_rows(&record, folder.path()), Err(Error::Damaged { .. })));
    }
}
