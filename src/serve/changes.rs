//! What a look at the run folders has found, and the events that it becomes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::analysis::progress::RunProgress;
use crate::error::Error;
use crate::output::html::{AddedRows, entry_json, rows_json};
use crate::runs::metrics::{MetricsRow, best_row};
use crate::runs::notes::Notes;
use crate::runs::record::{RunRecord, RunState};
use crate::runs::run_files::RunFiles;
use crate::runs::timing::seconds_by_epoch;
use crate::serve::events::EventKind;
use crate::serve::served::{Known, KnownRun, Served};
use crate::serve::watcher::words;

/// What has changed.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Records that were read, with their folders, by id.
    pub(super) records: BTreeMap<String, (PathBuf, RunRecord)>,
    /// The ids of runs that are no longer there.
    pub(super) gone: Vec<String>,
    /// The new rows of runs, by id.
    rows: Vec<NewRows>,
    /// Whether the rows of a run begin anew: pages must ask for them again.
    begins_anew: bool,
    problems: Vec<(PathBuf, String)>,
    solved: Vec<PathBuf>,
}

/// The rows that pages do not have.
#[derive(Debug)]
struct NewRows {
    id: String,
    rows: Vec<MetricsRow>,
    /// The best of all rows: the record may not know it yet.
    best: Option<MetricsRow>,
}

impl Changes {
    pub(super) fn problem(&mut self, path: &Path, error: &Error) {
        self.problems.push((path.to_owned(), words(error)));
    }

    pub(super) fn solved(&mut self, path: &Path) {
        self.solved.push(path.to_owned());
    }

    /// Adds the rows that pages do not have, which know them up to an epoch.
    pub(super) fn rows(
        &mut self,
        record: &RunRecord,
        rows: Vec<MetricsRow>,
        known: Option<u64>,
        is_new: bool,
    ) {
        let last = rows.last().map(|row| row.epoch);
        if !is_new && known.is_some() && last < known {
            self.begins_anew = true; // trained again, or gone on from a checkpoint before them
        }
        let best = best_row(&rows).copied();
        let new: Vec<MetricsRow> =
            rows.into_iter().filter(|row| known.is_none_or(|known| row.epoch > known)).collect();
        if !is_new && !new.is_empty() {
            self.rows.push(NewRows { id: record.id.clone(), rows: new, best });
        }
    }
}

/// Changes that were taken over, and of which pages are to be told.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// The experiments whose lines may have changed.
    pub(super) touched: BTreeSet<String>,
    /// Whether runs came or went.
    pub(super) are_others: bool,
    rows: Vec<String>,
    entries: Vec<String>,
}

/// Takes the changes over.
pub(super) fn take_over(served: &Served, changes: Changes) -> Taken {
    let Changes { records, gone, rows, begins_anew, problems, solved } = changes;
    let mut taken = Taken { are_others: begins_anew, ..Taken::default() };
    let mut known = served.known_mut();
    for path in &solved {
        taken.are_others |= known.problems.remove(path).is_some();
    }
    for (path, problem) in problems {
        taken.are_others |= known.problems.get(&path) != Some(&problem);
        known.problems.insert(path, problem);
    }
    for id in &gone {
        if let Some(run) = known.runs.remove(id) {
            taken.touch(served, &run.record);
            taken.are_others = true;
        }
    }
    for (id, (folder, record)) in records {
        taken.touch(served, &record);
        match known.runs.get(&id) {
            None => taken.are_others = true,
            Some(before) if before.record.attempt > record.attempt => taken.are_others = true,
            Some(KnownRun { record: before, .. }) => {
                let is_other = is_other_run(before, &record);
                if is_other || before.notes != record.notes {
                    let of = served.experiments_of(&record);
                    taken.entries.extend(entry_json(&record, &of, !is_other));
                }
            }
        }
        known.runs.insert(id, KnownRun { record: Box::new(record), folder });
    }
    taken.rows = rows.iter().filter_map(|new| rows_event(&known, new)).collect();
    taken
}

impl Taken {
    fn touch(&mut self, served: &Served, record: &RunRecord) {
        self.touched.extend(served.experiments_of(record).into_iter().map(str::to_owned));
    }

    /// Tells the pages.
    pub(super) fn tell(self, served: &Served) {
        self.rows.iter().for_each(|json| served.events.add(EventKind::Rows, json));
        self.entries.iter().for_each(|json| served.events.add(EventKind::Run, json));
        if self.are_others {
            served.events.add(EventKind::Runs, "{}");
        }
    }
}

/// Whether there is more to tell than rows and notes, which pages take over as they come. What changes with every row
/// has an event of its own.
fn is_other_run(before: &RunRecord, now: &RunRecord) -> bool {
    let without_rows = |record: &RunRecord| RunRecord {
        last: None,
        best: None,
        updated: String::new(),
        train_seconds: 0.0,
        files: RunFiles::default(),
        notes: Notes::default(),
        ..record.clone()
    };
    without_rows(before) != without_rows(now)
        || before.state != RunState::Running && before.updated != now.updated
}

fn rows_event(known: &Known, new: &NewRows) -> Option<String> {
    let KnownRun { record, folder } = known.runs.get(&new.id)?;
    let seconds = seconds_by_epoch(folder);
    let seconds_left = RunProgress::of(record).seconds_left().map(f64::round);
    let best = new.best.as_ref();
    let added = AddedRows { record, rows: &new.rows, best, seconds_left };
    rows_json(&added, &|epoch| seconds.get(&epoch).copied()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::samples::{row, seeds};
    use crate::serve::source::ServeSource;

    /// What pages are told of these changes.
    fn told(served: &Served, changes: Changes) -> String {
        let version = served.events.version();
        take_over(served, changes).tell(served);
        served.events.after(version).texts.concat()
    }

    fn of(record: &RunRecord) -> Changes {
        let records = [(record.id.clone(), (PathBuf::new(), record.clone()))];
        Changes { records: records.into(), ..Changes::default() }
    }

    #[test]
    fn what_is_more_than_notes_is_said_so_whatever_the_state() {
        let served = Served::new(ServeSource::default());
        let mut record = seeds(&[], 0.9, 0.5, 0.003).remove(0);
        assert!(told(&served, of(&record)).contains("event: runs"));
        assert_eq!(told(&served, of(&record)), "", "nothing has changed");
        record.notes.tag("kept").unwrap();
        assert!(told(&served, of(&record)).contains("\"is_noted\":true"));
        let changes: [fn(&mut RunRecord); 4] = [
            |record| record.evaluated.extend([("balanced_accuracy".to_owned(), 0.5)]), // `compare --unseal`
            |record| record.attempt = 2, // between two looks it was trained again
            |record| record.experiments.push("another".to_owned()),
            |record| record.updated = "2025-01-03T00:00:00Z".to_owned(),
        ];
        for (place, change) in changes.iter().enumerate() {
            change(&mut record);
            let told = told(&served, of(&record));
            assert!(told.contains("\"is_noted\":false"), "{place}: {told}");
        }
    }

    #[test]
    fn rows_bring_all_columns_and_the_best_row() {
        let served = Served::new(ServeSource::default());
        let mut record = seeds(&[], 0.9, 0.5, 0.003).remove(0);
        record.state = RunState::Running;
        told(&served, of(&record));
        let rows = [(0, 0.1, 0.1), (1, 0.5, 0.4), (2, 0.6, 0.3)];
        let rows = rows.map(|(epoch, train, test)| row(epoch, train, None, test)).to_vec();
        let mut changes = of(&record);
        changes.rows(&record, rows, Some(0), false);
        let told = told(&served, changes);
        let json = told.split("data: ").nth(1).and_then(|data| data.lines().next()).unwrap();
        let event: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(event["epochs"], serde_json::json!([1, 2]));
        assert_eq!(event["columns"]["learning_rate"], serde_json::json!([0.01, 0.01]));
        assert_eq!(event["columns"]["gap"], serde_json::json!([10.0, 30.0]));
        assert_eq!(event["columns"].as_object().unwrap().len(), 3, "and the losses of batches");
        assert_eq!((&event["last"]["epoch"], &event["best"]["epoch"]), (&2.into(), &1.into()));
    }
}
