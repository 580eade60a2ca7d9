//! What a look at the run folders has found, and the events that it becomes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::analysis::progress::RunProgress;
use crate::error::Error;
use crate::output::html::{entry_json, rows_json};
use crate::runs::metrics::MetricsRow;
use crate::runs::record::RunRecord;
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
    rows: Vec<(String, Vec<MetricsRow>)>,
    /// Whether the rows of a run begin anew: pages must ask for them again.
    begins_anew: bool,
    problems: Vec<(PathBuf, String)>,
    solved: Vec<PathBuf>,
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
        let new: Vec<MetricsRow> =
            rows.into_iter().filter(|row| known.is_none_or(|known| row.epoch > known)).collect();
        if !is_new && !new.is_empty() {
            self.rows.push((record.id.clone(), new));
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
            Some(before) if is_other_entry(&before.record, &record) => {
                taken.entries.extend(entry_json(&record, &served.experiments_of(&record)));
            }
            Some(_) => {}
        }
        known.runs.insert(id, KnownRun { record: Box::new(record), folder });
    }
    taken.rows = rows.iter().filter_map(|(id, rows)| rows_event(&known, id, rows)).collect();
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

/// Whether a page must be told: rows have an event of their own.
fn is_other_entry(before: &RunRecord, now: &RunRecord) -> bool {
    before.state != now.state
        || before.attempt != now.attempt
        || before.notes != now.notes
        || before.reason != now.reason
        || before.test_reads != now.test_reads
        || before.evaluated != now.evaluated
}

fn rows_event(known: &Known, id: &str, rows: &[MetricsRow]) -> Option<String> {
    let KnownRun { record, folder } = known.runs.get(id)?;
    let seconds = seconds_by_epoch(folder);
    let left = RunProgress::of(record).seconds_left().map(f64::round);
    rows_json(record, rows, &|epoch| seconds.get(&epoch).copied(), left).ok()
}
