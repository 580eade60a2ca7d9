//! Looks at run folders again and again: at those of running trials each half second, at all others in turn,
//! so that each has been looked at within half a minute. What has changed becomes events.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant, SystemTime};

use crate::error::Result;
use crate::escape::escape_controls;
use crate::kernel::give_back_memory;
use crate::runs::folder::{is_id, listed_at, run_folders};
use crate::runs::read::RecordReader;
use crate::runs::record::{RunRecord, RunState};
use crate::serve::changes::{Changes, take_over};
use crate::serve::overview::Bests;
use crate::serve::seen::{Attention, Look, Seen, Stamps, look};
use crate::serve::served::Served;
use crate::threads;

/// Time between two looks.
const INTERVAL: Duration = Duration::from_millis(500);
/// Looks until each folder has had its turn: half a minute.
const TURNS: usize = 60;
/// How long a new folder without a record is looked at each time.
const BEGINNING: Duration = Duration::from_secs(60);
/// The most folders that are looked at each time because a process may go on with them; of more, in turn.
const MOST_OPEN: usize = 200;
/// A folder that changed within this time may change again without another time.
const UNSETTLED: Duration = Duration::from_secs(2);
/// Folders whose records are in memory at once with all that is read of them.
const MOST_AT_ONCE: usize = 1_000;
/// Looks after which freed memory goes back to the system: a page is not sent at once.
const TRIMS: usize = 4;
/// From this number on, folders are read on all cores.
const MANY: usize = 64;

/// Looks at run folders.
#[derive(Debug)]
pub(super) struct Watcher {
    served: Arc<Served>,
    reader: RecordReader,
    seen: HashMap<PathBuf, Seen>,
    lists: Vec<RunList>, // as the source's folders
    looks: usize,
    trims: usize, // at the next looks
    bests: Bests,
    stale: BTreeSet<String>, // experiments whose line may have changed
}

/// What a folder of runs listed last.
#[derive(Debug, Default)]
struct RunList {
    times: Vec<SystemTime>,
    is_settled: bool,
    folders: HashSet<PathBuf>,
}

impl Watcher {
    pub(super) fn new(served: Arc<Served>) -> Watcher {
        let lists = served.source.folders.iter().map(|_| RunList::default()).collect();
        let mut watcher = Watcher {
            reader: RecordReader::default(),
            seen: HashMap::new(),
            lists,
            looks: 0,
            trims: 0,
            bests: Bests::default(),
            stale: served.source.experiments.iter().map(|file| file.name.clone()).collect(),
            served,
        };
        for folder in watcher.served.source.runs.clone() {
            watcher.begin(folder);
        }
        watcher
    }

    /// Looks until the other end is gone.
    pub(super) fn watch(mut self, until: &Receiver<()>) {
        loop {
            let started = Instant::now();
            self.look();
            let rest = INTERVAL.saturating_sub(started.elapsed()).max(INTERVAL / 4);
            if until.recv_timeout(rest) != Err(RecvTimeoutError::Timeout) {
                return;
            }
        }
    }

    /// Looks once.
    pub(super) fn look(&mut self) {
        let mut changes = Changes::default();
        self.list(&mut changes);
        let due = self.due();
        for due in due.chunks(MOST_AT_ONCE) {
            let looks: Vec<Result<Look>> = match due.len() < MANY {
                true => due.iter().map(|folder| self.look_at(folder)).collect(),
                false => threads::map(due, |folder| self.look_at(folder)),
            };
            for (folder, look) in due.iter().zip(looks) {
                self.take(folder, look, &mut changes);
            }
        }
        let is_first = self.looks == 0;
        let mut taken = take_over(&self.served, changes);
        self.stale.append(&mut taken.touched);
        // Who is told that runs came or went asks for the overview, which must know it then.
        if taken.are_others || self.looks.is_multiple_of(2) {
            self.look_over();
        }
        taken.tell(&self.served);
        self.served.has_looked();
        self.looks += 1;
        if self.served.has_freed.swap(false, Ordering::Relaxed) || is_first {
            self.trims = TRIMS;
        }
        if self.trims > 0 {
            self.trims -= 1;
            give_back_memory();
        }
    }

    fn look_at(&self, folder: &Path) -> Result<Look> {
        look(folder, &self.seen[folder], &self.reader)
    }

    /// Lists the folders of runs that may have changed.
    fn list(&mut self, changes: &mut Changes) {
        let is_turn = self.looks.is_multiple_of(TURNS);
        for index in 0..self.lists.len() {
            let folder = self.served.source.folders[index].clone();
            let listed = listed_at(&folder).and_then(|times| {
                let list = &self.lists[index];
                if list.is_settled && list.times == times && !is_turn {
                    return Ok(None);
                }
                Ok(Some((times, run_folders(&folder)?)))
            });
            match listed {
                Ok(None) => changes.solved(&folder),
                Ok(Some((times, folders))) => {
                    changes.solved(&folder);
                    self.take_list(index, times, folders, changes);
                }
                Err(error) => changes.problem(&folder, &error),
            }
        }
    }

    fn take_list(
        &mut self,
        index: usize,
        times: Vec<SystemTime>,
        mut folders: Vec<PathBuf>,
        changes: &mut Changes,
    ) {
        folders.retain(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(is_id));
        let folders: HashSet<PathBuf> = folders.into_iter().collect();
        let before = std::mem::take(&mut self.lists[index].folders);
        for gone in before.difference(&folders) {
            if let Some(Seen { id: Some(id), .. }) = self.seen.remove(gone) {
                changes.gone.push(id);
            }
            changes.solved(gone);
        }
        for folder in &folders {
            if !self.seen.contains_key(folder) {
                self.begin(folder.clone());
            }
        }
        let now = SystemTime::now();
        let is_old = |time: &SystemTime| now.duration_since(*time).is_ok_and(|age| age > UNSETTLED);
        let is_settled = times.iter().all(is_old);
        self.lists[index] = RunList { times, is_settled, folders };
    }

    fn begin(&mut self, folder: PathBuf) {
        let turn = self.seen.len() % TURNS;
        let seen = Seen {
            id: None,
            attention: Attention::Open,
            since: Instant::now(),
            turn,
            epoch: None,
            stamps: Stamps::default(),
        };
        self.seen.insert(folder, seen);
    }

    /// The folders to look at now.
    fn due(&self) -> Vec<PathBuf> {
        let turn = self.looks % TURNS;
        let is_first = self.looks == 0;
        let count =
            |attention| self.seen.values().filter(|seen| seen.attention == attention).count();
        let each_open = count(Attention::Open) <= MOST_OPEN;
        let is_due = |seen: &Seen| match seen.attention {
            Attention::Live => true,
            Attention::Open
                if seen.stamps == Stamps::default() && seen.since.elapsed() < BEGINNING =>
            {
                true
            }
            Attention::Open => each_open || seen.turn == turn,
            Attention::Quiet => seen.turn == turn,
        };
        let due = self.seen.iter().filter(|(_, seen)| is_first || is_due(seen));
        let mut due: Vec<PathBuf> = due.map(|(folder, _)| folder.clone()).collect();
        due.sort(); // of copies, the same one is first each time
        due
    }

    /// Takes in what a look has found.
    fn take(&mut self, folder: &Path, look: Result<Look>, changes: &mut Changes) {
        let Some(seen) = self.seen.get_mut(folder) else { return };
        match look {
            Ok(Look::Same) => {}
            Ok(Look::Absent) => {
                if let Some(id) = seen.id.take() {
                    changes.gone.push(id);
                    seen.since = Instant::now();
                }
                seen.stamps = Stamps::default();
                let is_young = seen.since.elapsed() < BEGINNING;
                seen.attention = if is_young { Attention::Open } else { Attention::Quiet };
                changes.solved(folder);
            }
            Ok(Look::Run(record, rows, stamps)) => {
                changes.solved(folder);
                seen.attention = attention(&record);
                seen.stamps = stamps;
                if self.is_copy(folder, &record.id, changes) {
                    return;
                }
                let Some(seen) = self.seen.get_mut(folder) else { return };
                let is_new = seen.id.as_ref() != Some(&record.id);
                seen.id = Some(record.id.clone());
                let known = if is_new { None } else { seen.epoch };
                if let Some(rows) = rows {
                    seen.epoch = rows.last().map(|row| row.epoch);
                    changes.rows(&record, rows, known, is_new);
                }
                let kept = (folder.to_owned(), self.served.kept(*record));
                changes.records.insert(kept.1.id.clone(), kept);
            }
            Err(error) => changes.problem(folder, &error),
        }
    }

    /// Whether the run was found in another folder before.
    fn is_copy(&self, folder: &Path, id: &str, changes: &Changes) -> bool {
        let known = self.served.known();
        let is_known = known.runs.get(id).is_some_and(|run| run.folder != folder);
        let is_gone = changes.gone.iter().any(|gone| gone == id);
        let is_new = changes.records.get(id).is_some_and(|(other, _)| other != folder);
        is_known && !is_gone || is_new
    }

    /// Brings the overview up to date.
    fn look_over(&mut self) {
        for name in std::mem::take(&mut self.stale) {
            if let Some(json) = self.line(&name) {
                self.served.events.add(crate::serve::events::EventKind::Overview, &json);
            }
        }
    }

    /// The line of an experiment as JSON, if it is another than before.
    fn line(&mut self, name: &str) -> Option<String> {
        let entry = self.bests.entry(&self.served, name);
        let mut overview = self.served.overview_mut();
        let Some((entry, is_old)) = entry else {
            overview.remove(name);
            return None; // the event that runs went says so
        };
        if is_old {
            self.stale.insert(name.to_owned());
        }
        if overview.get(name) == Some(&entry) {
            return None;
        }
        let json = serde_json::to_string(&entry).ok();
        overview.insert(name.to_owned(), entry);
        json
    }
}

fn attention(record: &RunRecord) -> Attention {
    match record.state {
        RunState::Running => Attention::Live,
        RunState::Interrupted | RunState::Paused | RunState::Lost | RunState::Failed => {
            Attention::Open
        }
        RunState::Finished | RunState::Diverged => Attention::Quiet,
    }
}

/// An error as pages show it.
pub(super) fn words(error: &crate::error::Error) -> String {
    escape_controls(&error.chain()).into_owned()
}
