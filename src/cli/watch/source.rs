//! Where the trials of the view come from: experiment files, runs, folders of runs. Reads each
//! `run.json` that may have changed.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::trial::{WatchedTrial, sort};
use crate::analysis::filter::Filter;
use crate::analysis::naming::trial_labels;
use crate::cli::Globals;
use crate::cli::asked::{ExpansionArgs, read_jobs};
use crate::cli::context::lookup;
use crate::error::{Error, Result};
use crate::runs::folder::{Stamp, file, is_folder, is_id, is_there, run_folders, run_path, stamp};
use crate::runs::metrics::MetricsRow;
use crate::runs::read::{read_record, read_rows};
use crate::runs::record::{RunRecord, RunState};

/// What to watch, with what is known about it.
#[derive(Debug, Default)]
pub(super) struct WatchedSource {
    fixed: Vec<(PathBuf, Option<String>)>, // folders of runs, with a label if a file names it
    folders: Vec<PathBuf>,                 // every run in them
    known: HashMap<PathBuf, KnownRecord>,
    rows: HashMap<PathBuf, KnownRows>,
    labels: HashMap<String, String>, // by id, of the runs that no file labels
    filter: Option<String>,          // the condition of `--where`
}

/// A record, and the stamps of its file and of its notes when it was read.
#[derive(Debug)]
struct KnownRecord {
    stamps: [Stamp; 2],
    record: RunRecord,
}

/// The rows of a run, and the stamp of their file when they were read.
#[derive(Debug)]
struct KnownRows {
    stamp: Stamp,
    rows: Rc<[MetricsRow]>,
}

impl WatchedSource {
    /// Looks the targets up; none means the runs folder.
    pub(super) fn new(
        targets: &[String],
        expansion: &ExpansionArgs,
        filter: Option<&str>,
        globals: &Globals,
    ) -> Result<WatchedSource> {
        let runs_dir = &globals.runs_dir;
        let mut source =
            WatchedSource { filter: filter.map(str::to_owned), ..WatchedSource::default() };
        if targets.is_empty() {
            if !is_folder(runs_dir)? {
                let problem = format!("there is no folder {} yet", runs_dir.display());
                return Err(Error::NothingMatched(problem));
            }
            source.folders.push(runs_dir.clone());
        }
        let is_file =
            |target: &&String| Path::new(target.as_str()).extension() == Some("toml".as_ref());
        let (files, others): (Vec<&String>, Vec<&String>) = targets.iter().partition(is_file);
        let files: Vec<PathBuf> = files.into_iter().map(PathBuf::from).collect();
        for job in read_jobs(&files, expansion, globals)?.jobs {
            source.fixed.push((run_path(runs_dir, &job.id)?, Some(job.label)));
        }
        for target in others {
            let path = Path::new(target);
            if is_folder(path)? && !is_there(&path.join(file::RECORD))? {
                source.folders.push(path.to_owned());
                continue;
            }
            let found = lookup(globals, &[]).resolve(std::slice::from_ref(target))?;
            let folders = found.found.folders.into_iter();
            source.fixed.extend(folders.map(|folder| (folder, None)));
        }
        let (mut trials, _) = source.read_all();
        source.keep(&mut trials)?; // a wrong condition is said before anything is drawn
        Ok(source)
    }

    /// Keeps the trials whose runs match the condition.
    fn keep(&self, trials: &mut Vec<WatchedTrial>) -> Result<()> {
        let Some(condition) = &self.filter else { return Ok(()) };
        let records: Vec<RunRecord> =
            trials.iter().filter_map(|trial| trial.record.clone()).collect();
        let filter = Filter::parse(condition, &records, false)?;
        trials.retain(|trial| trial.record.as_ref().is_some_and(|record| filter.holds(record)));
        Ok(())
    }

    /// The trials as they are now, running ones first, and what could not be read.
    pub(super) fn read(&mut self) -> (Vec<WatchedTrial>, Option<String>) {
        let (mut trials, mut problem) = self.read_all();
        if let Err(error) = self.keep(&mut trials) {
            problem = Some(error.chain());
        }
        self.label(&mut trials);
        sort(&mut trials);
        (trials, problem)
    }

    /// All trials, whether they match or not.
    fn read_all(&mut self) -> (Vec<WatchedTrial>, Option<String>) {
        let mut problem = None;
        let mut trials = Vec::new();
        let mut seen = BTreeSet::new();
        for (folder, label) in self.places() {
            let record = match self.record(&folder) {
                Ok(record) => record,
                Err(error) => {
                    problem = Some(error.chain());
                    None
                }
            };
            let id = match (&record, &label) {
                (Some(record), _) => record.id.clone(),
                (None, Some(_)) => {
                    folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
                }
                (None, None) => continue,
            };
            if seen.insert(id.clone()) {
                let label = label.unwrap_or_default();
                trials.push(WatchedTrial { id, label, folder, record, rows: Rc::default() });
            }
        }
        (trials, problem)
    }

    /// Folders of runs, those of the files first.
    fn places(&self) -> Vec<(PathBuf, Option<String>)> {
        let mut places = self.fixed.clone();
        for folder in &self.folders {
            // A folder that cannot be listed now may appear later.
            let mut folders = run_folders(folder).unwrap_or_default();
            folders
                .retain(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(is_id));
            places.extend(folders.into_iter().map(|path| (path, None)));
        }
        places
    }

    /// The record of a folder. That of a running run is read each time, because its process may be
    /// gone.
    fn record(&mut self, folder: &Path) -> Result<Option<RunRecord>> {
        let stamps = [stamp(&folder.join(file::RECORD))?, stamp(&folder.join(file::NOTES))?];
        if stamps[0].is_none() {
            self.known.remove(folder);
            return Ok(None);
        }
        if let Some(known) = self.known.get(folder)
            && known.stamps == stamps
            && !matches!(known.record.state, RunState::Running | RunState::Lost)
        {
            return Ok(Some(known.record.clone()));
        }
        let record = read_record(folder)?;
        if let Some(record) = &record {
            let known = KnownRecord { stamps, record: record.clone() };
            self.known.insert(folder.to_owned(), known);
        }
        Ok(record)
    }

    /// Gives these trials their rows and forgets those of all others.
    ///
    /// # Errors
    /// When one of the files cannot be read or is damaged; the other trials have their rows.
    pub(super) fn read_rows(&mut self, trials: &mut [WatchedTrial]) -> Result<()> {
        let mut before = std::mem::take(&mut self.rows);
        let mut result = Ok(());
        for trial in trials {
            match rows(trial, before.remove(&trial.folder)) {
                Ok(known) => {
                    trial.rows = Rc::clone(&known.rows);
                    self.rows.insert(trial.folder.clone(), known);
                }
                Err(error) => result = Err(error),
            }
        }
        result
    }

    /// Labels of the trials that no file labels: their distinguishing settings.
    fn label(&mut self, trials: &mut [WatchedTrial]) {
        let is_labelled = |trial: &&mut WatchedTrial| trial.label.is_empty();
        let records =
            |trial: &WatchedTrial| trial.record.as_ref().map(|record| record.trial.value());
        let mut unlabelled: Vec<&mut WatchedTrial> =
            trials.iter_mut().filter(is_labelled).collect();
        let is_known = unlabelled.iter().all(|trial| self.labels.contains_key(&trial.id));
        if !is_known || unlabelled.len() != self.labels.len() {
            let values: Vec<_> = unlabelled.iter().filter_map(|trial| records(trial)).collect();
            let role = |trial: &&mut WatchedTrial| Some(trial.record.as_ref()?.role.clone());
            let roles: Vec<_> = unlabelled.iter().filter_map(role).collect();
            let ids = unlabelled.iter().map(|trial| trial.id.clone());
            self.labels = ids.zip(trial_labels(&values, &roles)).collect();
        }
        for trial in &mut unlabelled {
            trial.label = self.labels.get(&trial.id).cloned().unwrap_or_default();
        }
    }
}

fn rows(trial: &WatchedTrial, before: Option<KnownRows>) -> Result<KnownRows> {
    let stamp = stamp(&trial.folder.join(file::METRICS))?;
    match (before, &trial.record) {
        (_, None) => Ok(KnownRows { stamp: None, rows: Rc::default() }),
        (Some(before), Some(_)) if before.stamp == stamp => Ok(before),
        (_, Some(record)) => {
            Ok(KnownRows { stamp, rows: read_rows(record, &trial.folder)?.into() })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::*;
    use crate::cli::watch::trial::samples;
    use crate::runs::metrics::metrics_csv;
    use crate::runs::notes::NoteChange;
    use crate::runs::samples::{seeds, write_run};

    fn watched(runs: &Path) -> WatchedSource {
        WatchedSource { folders: vec![runs.to_owned()], ..WatchedSource::default() }
    }

    #[test]
    fn runs_of_a_folder_are_read_again_when_they_change() {
        let runs = tempfile::tempdir().unwrap();
        let mut records = seeds(&[("network.dropout", json!(0.5))], 0.67, 0.53, 0.003);
        records.extend(seeds(&[], 0.94, 0.48, 0.003));
        for record in &records[..5] {
            write_run(runs.path(), record);
        }
        fs::write(runs.path().join("README.md"), "text").unwrap();
        fs::create_dir(runs.path().join("0123456789ab")).unwrap();
        let mut source = watched(runs.path());
        let (trials, problem) = source.read();
        assert_eq!((trials.len(), problem), (5, None));
        assert!(trials.iter().any(|trial| trial.label == "dropout 0.5, seed 2"));
        records[0].state = RunState::Failed;
        write_run(runs.path(), &records[0]);
        write_run(runs.path(), &records[5]);
        let (trials, _) = source.read();
        assert_eq!((trials.len(), trials[0].state_word()), (6, "failed"));
        let tag = NoteChange { tags: vec!["kept".to_owned()], ..NoteChange::default() };
        tag.write(&records[1].id, &runs.path().join(&records[1].id)).unwrap();
        let (trials, _) = source.read();
        let is_tagged = |trial: &&WatchedTrial| {
            trial.record.as_ref().is_some_and(|record| record.notes.has_tag("kept"))
        };
        assert_eq!(trials.iter().filter(is_tagged).count(), 1, "of a run that has ended");
    }

    #[test]
    fn trials_without_a_run_wait_and_damage_is_told() {
        let runs = tempfile::tempdir().unwrap();
        let damaged = runs.path().join("0123456789ab");
        fs::create_dir(&damaged).unwrap();
        fs::write(damaged.join("run.json"), "{").unwrap();
        let fixed = ["0123456789ab", "0123456789ac"];
        let fixed = fixed.map(|id| (runs.path().join(id), Some("dropout 0.2".to_owned())));
        let mut source = WatchedSource { fixed: fixed.to_vec(), ..watched(runs.path()) };
        let (trials, problem) = source.read();
        let words: Vec<&str> = trials.iter().map(WatchedTrial::state_word).collect();
        assert_eq!(words, ["waiting", "waiting"]);
        assert!(problem.unwrap().contains("it is not a run record"));
    }

    #[test]
    fn rows_are_read_again_when_they_change_and_damage_is_told() {
        let runs = tempfile::tempdir().unwrap();
        let mut trials = samples::sweep();
        trials.retain(|trial| trial.record.is_some());
        for trial in &mut trials {
            trial.folder = runs.path().join(&trial.id);
            fs::create_dir(&trial.folder).unwrap();
            fs::write(trial.folder.join(file::METRICS), metrics_csv(&trial.rows[..2])).unwrap();
        }
        let mut source = watched(runs.path());
        source.read_rows(&mut trials).unwrap();
        assert_eq!(trials[1].rows.len(), 2);
        fs::write(trials[1].folder.join(file::METRICS), "epoch").unwrap();
        let problem = source.read_rows(&mut trials[..3]).unwrap_err().chain();
        assert!(problem.contains("it is not a table of metrics"), "{problem}");
        assert_eq!((source.rows.len(), trials[2].rows.len()), (2, 2), "the others are there");
    }
}
