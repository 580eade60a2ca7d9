//! What the server knows: the records of all runs, which the watcher keeps up to date and the pages read.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Instant;

use crate::analysis::filter::{Filter, none_matches};
use crate::error::{Error, Result};
use crate::runs::read::read_record;
use crate::runs::record::RunRecord;
use crate::runs::run_files::RunFiles;
use crate::serve::events::Events;
use crate::serve::overview::ExperimentEntry;
use crate::serve::pages::study::ReadStand;
use crate::serve::route::Choice;
use crate::serve::source::{ServeSource, ServedExperiment};

/// What the server knows.
#[derive(Debug)]
pub(super) struct Served {
    pub(super) source: ServeSource,
    pub(super) events: Events,
    known: RwLock<Known>,
    overview: RwLock<BTreeMap<String, ExperimentEntry>>,
    /// Where studies stood when they were read last, by folder.
    pub(super) stands: Mutex<HashMap<PathBuf, ReadStand>>,
    /// Whether memory was taken for a moment that can go back to the system.
    pub(super) has_freed: AtomicBool,
    /// When the last look at the folders ended.
    looked: Mutex<Option<Instant>>,
}

/// The runs.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// By id.
    pub(super) runs: BTreeMap<String, KnownRun>,
    /// What cannot be read, by folder.
    pub(super) problems: BTreeMap<PathBuf, String>,
}

/// A run.
#[derive(Debug)]
pub(super) struct KnownRun {
    /// In a box: a map has room for more than it holds.
    pub(super) record: Box<RunRecord>,
    pub(super) folder: PathBuf,
}

/// Runs that were chosen, with the version of the data.
pub(super) struct Chosen {
    pub(super) version: u64,
    pub(super) records: Vec<RunRecord>,
    pub(super) folders: Vec<PathBuf>,
    /// What cannot be read, and how many were chosen, a line each.
    pub(super) messages: Vec<String>,
    /// When they were chosen.
    pub(super) written: String,
}

impl Served {
    pub(super) fn new(source: ServeSource) -> Served {
        Served {
            source,
            events: Events::default(),
            known: RwLock::default(),
            overview: RwLock::default(),
            stands: Mutex::default(),
            has_freed: AtomicBool::new(false),
            looked: Mutex::default(),
        }
    }

    pub(super) fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn known_mut(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn overview(&self) -> RwLockReadGuard<'_, BTreeMap<String, ExperimentEntry>> {
        self.overview.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn overview_mut(&self) -> RwLockWriteGuard<'_, BTreeMap<String, ExperimentEntry>> {
        self.overview.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the last look at the folders ended; none: there was none yet.
    pub(super) fn last_look(&self) -> Option<Instant> {
        *self.looked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A look at the folders has ended.
    pub(super) fn has_looked(&self) {
        *self.looked.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// The names of the experiments that a run belongs to: those that trained it, and those whose files ask for it.
    pub(super) fn experiments_of<'a>(&'a self, record: &'a RunRecord) -> BTreeSet<&'a str> {
        let asking = self.source.experiments.iter();
        let asking = asking.filter(|experiment| experiment.trials.contains_key(&record.id));
        let names = asking.map(|experiment| experiment.name.as_str());
        record.experiments.iter().map(String::as_str).chain(names).collect()
    }

    /// Whether a run belongs to an experiment.
    pub(super) fn belongs(&self, record: &RunRecord, name: &str) -> bool {
        let asks = || self.file_of(name).is_some_and(|file| file.trials.contains_key(&record.id));
        record.experiments.iter().any(|own| own == name) || asks()
    }

    /// A record as it is kept: without the hashes of its files, which take more memory than all else of it, and
    /// with the words that the experiment's file has for its config, which are newer than those that it remembers.
    pub(super) fn kept(&self, mut record: RunRecord) -> RunRecord {
        record.files = RunFiles::default();
        let experiments = self.source.experiments.iter();
        let role = experiments.rev().find_map(|experiment| experiment.trials.get(&record.id));
        if let Some(role) = role {
            record.role = role.clone();
        }
        record
    }

    /// The folder of a run.
    ///
    /// # Errors
    /// If there is no such run.
    pub(super) fn folder(&self, id: &str) -> Result<PathBuf> {
        let known = self.known();
        let run = known.runs.get(id);
        run.map(|run| run.folder.clone()).ok_or_else(|| no_run(id))
    }

    /// The runs of a choice.
    ///
    /// # Errors
    /// If an experiment or a run is not there, the condition is wrong, or nothing matches it.
    pub(super) fn chosen(&self, choice: &Choice) -> Result<Chosen> {
        let version = self.events.version();
        let known = self.known();
        let mut chosen = Chosen {
            version,
            records: Vec::new(),
            folders: Vec::new(),
            messages: known.problems.values().cloned().collect(),
            written: chrono::Utc::now().format("%Y-%m-%d %H:%M UTC").to_string(),
        };
        let ids: BTreeSet<&String> = choice.ids.iter().collect();
        if let Some(missing) = ids.iter().find(|id| !known.runs.contains_key(**id)) {
            return Err(no_run(missing));
        }
        for run in known.runs.values() {
            let is_of = |name: &String| self.belongs(&run.record, name);
            let is_named = ids.is_empty() || ids.contains(&run.record.id);
            if is_named && choice.experiment.as_ref().is_none_or(is_of) {
                chosen.records.push(RunRecord::clone(&run.record));
                chosen.folders.push(run.folder.clone());
            }
        }
        drop(known);
        if let Some(name) = choice.experiment.as_ref().filter(|_| chosen.records.is_empty())
            && self.file_of(name).is_none()
        {
            return Err(Error::NothingMatched(format!("there is no run of an experiment {name}")));
        }
        if let Some(condition) = &choice.filter {
            chosen.keep(condition)?;
        }
        Ok(chosen)
    }

    /// The experiment whose file has this name.
    pub(super) fn file_of(&self, name: &str) -> Option<&ServedExperiment> {
        self.source.experiments.iter().find(|experiment| experiment.name == name)
    }
}

impl Chosen {
    /// With the hashes of the files, against which curves are checked when they are read. Of a record that cannot be
    /// read now there are none; the next look at its folder says why.
    pub(super) fn with_files(mut self) -> Chosen {
        for (record, folder) in self.records.iter_mut().zip(&self.folders) {
            if let Ok(Some(now)) = read_record(folder) {
                record.files = now.files;
            }
        }
        self
    }

    /// Keeps the runs that match, and says how many.
    fn keep(&mut self, condition: &str) -> Result<()> {
        let filter = Filter::parse(condition, &self.records, false)?;
        let all = self.records.len();
        let (records, folders) =
            (std::mem::take(&mut self.records), std::mem::take(&mut self.folders));
        let runs = records.into_iter().zip(folders);
        (self.records, self.folders) = runs.filter(|(record, _)| filter.holds(record)).unzip();
        match self.records.len() {
            0 => Err(none_matches(condition, all)),
            left => {
                self.messages.push(format!("{left} of {all} runs match {condition}"));
                Ok(())
            }
        }
    }
}

/// The error for a run that is not there.
pub(super) fn no_run(id: &str) -> Error {
    Error::NothingMatched(format!("there is no run {id}"))
}
