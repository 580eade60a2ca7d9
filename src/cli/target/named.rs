//! What one target names: folders that may hold runs, found by id, by path or through an experiment
//! file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::cli::target::{AskedRuns, Lookup};
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::experiment::Halving;
use crate::runs::folder::{ID_LENGTH, file, is_folder, is_there, run_folders, run_path};
use crate::runs::read::read_records;
use crate::runs::role::ConfigRole;

/// The most candidates listed for an ambiguous prefix.
const MOST_CANDIDATES: usize = 10;

/// What targets name: the folders, whose runs are read afterwards, and what goes with them.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) folders: Vec<PathBuf>,
    pub(super) passed_over: Vec<PathBuf>,
    pub(super) missing: Vec<(PathBuf, usize, usize)>,
    pub(super) halvings: Vec<Halving>,
    pub(super) roles: HashMap<String, ConfigRole>, // by run id, of experiment files
    pub(super) asked_by: HashMap<String, Vec<String>>, // names of experiments, by run id
}

impl Named {
    /// Adds the items of another target.
    pub(super) fn add(&mut self, other: Named) {
        self.folders.extend(other.folders);
        self.passed_over.extend(other.passed_over);
        self.roles.extend(other.roles);
        for (id, names) in other.asked_by {
            let known = self.asked_by.entry(id).or_default();
            let new: Vec<String> = names.into_iter().filter(|name| !known.contains(name)).collect();
            known.extend(new);
        }
        self.missing.extend(other.missing);
        for halving in other.halvings {
            if !self.halvings.contains(&halving) {
                self.halvings.push(halving);
            }
        }
    }
}

impl Lookup<'_> {
    /// What one target names.
    pub(super) fn named_by(&self, target: &str) -> Result<Named> {
        let path = Path::new(target);
        let mut named = Named::default();
        if target == "latest" {
            named.folders.push(self.latest()?);
        } else if is_id_prefix(target)
            && (!is_there(path)? || !self.starting_with(target)?.is_empty())
        {
            named.folders.push(self.by_prefix(target)?);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            self.add_experiment(path, &mut named)?;
        } else if is_folder(path)? && !is_run_folder(path) {
            self.add_folder(path, &mut named)?;
        } else if is_there(path)? {
            named.folders.push(path.to_owned());
        } else {
            return Err(self.nothing(target));
        }
        Ok(named)
    }

    /// A folder of runs, or one without runs.
    fn add_folder(&self, folder: &Path, named: &mut Named) -> Result<()> {
        let mut runs = run_folders(folder)?;
        runs.retain(|path| is_run_folder(path));
        if runs.is_empty() {
            named.passed_over.push(folder.to_owned());
        }
        named.folders.extend(runs);
        Ok(())
    }

    fn add_experiment(&self, file: &Path, named: &mut Named) -> Result<()> {
        let AskedRuns { name, runs, halving } = (self.trials_of)(file)?;
        named.halvings.extend(halving);
        let folders = runs.iter().map(|run| run_path(self.runs_dir, &run.id));
        let mut folders = folders.collect::<Result<Vec<PathBuf>>>()?;
        folders.retain(|folder| is_run_folder(folder));
        let missing = runs.len() - folders.len();
        named.folders.extend(folders);
        if missing > 0 {
            let counts = (file.to_owned(), missing, runs.len());
            named.missing.push(counts);
        }
        named.asked_by.extend(runs.iter().map(|run| (run.id.clone(), vec![name.clone()])));
        named.roles.extend(runs.into_iter().map(|run| (run.id, run.role)));
        Ok(())
    }

    fn is_run(&self, id: &str) -> Result<bool> {
        Ok(is_run_folder(&run_path(self.runs_dir, id)?))
    }

    /// Run ids that begin with `prefix`, sorted.
    fn starting_with(&self, prefix: &str) -> Result<Vec<String>> {
        // A whole id needs no search through thousands of others.
        if prefix.len() == ID_LENGTH {
            let is_there = self.is_run(prefix)?;
            return Ok(is_there.then(|| prefix.to_owned()).into_iter().collect());
        }
        let folders = run_folders(self.runs_dir)?;
        let names = folders.iter().filter_map(|folder| folder.file_name()?.to_str());
        let ids = names.filter(|name| name.len() == ID_LENGTH && is_id_prefix(name));
        let mut found = Vec::new();
        for id in ids.filter(|id| id.starts_with(prefix)) {
            if self.is_run(id)? {
                found.push(id.to_owned());
            }
        }
        Ok(found)
    }

    fn by_prefix(&self, prefix: &str) -> Result<PathBuf> {
        let ids = self.starting_with(prefix)?;
        match ids.as_slice() {
            [] => Err(self.nothing(prefix)),
            [id] => run_path(self.runs_dir, id),
            several => Err(Error::Usage(format!(
                "`{prefix}` is the beginning of {} run ids: {}{}",
                several.len(),
                several[..several.len().min(MOST_CANDIDATES)].join(", "),
                if several.len() > MOST_CANDIDATES { ", ..." } else { "" }
            ))),
        }
    }

    /// The folder of the run that changed its state last.
    fn latest(&self) -> Result<PathBuf> {
        let found = read_records(self.runs_dir)?;
        let runs = found.records.iter().zip(&found.folders);
        let newest = runs.max_by_key(|(record, _)| instant(&record.updated));
        newest.map(|(_, folder)| folder.clone()).ok_or_else(|| self.nothing("latest"))
    }

    /// The error for a target that names nothing.
    fn nothing(&self, target: &str) -> Error {
        let runs_dir = self.runs_dir.display().to_string();
        let target = quoted(target);
        let runs_dir = escape_controls(&runs_dir);
        let has_runs_dir = is_folder(self.runs_dir).unwrap_or(true);
        Error::NothingMatched(match has_runs_dir {
            true if target.contains('*') => format!(
                "{target} names nothing: without quotes, the shell puts the names that fit in its place"
            ),
            true => format!("{target} is neither a run under {runs_dir} nor a file or a folder"),
            false => format!("{target} does not name a run: there is no folder {runs_dir}"),
        })
    }
}

/// Whether a folder has a record or may have one: reading it reports the error.
fn is_run_folder(folder: &Path) -> bool {
    is_there(&folder.join(file::RECORD)).unwrap_or(true)
}

fn is_id_prefix(text: &str) -> bool {
    let is_hex = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    (1..=ID_LENGTH).contains(&text.len()) && text.bytes().all(is_hex)
}

/// A target as messages show it.
pub(super) fn quoted(target: &str) -> String {
    format!("`{}`", escape_controls(target))
}

fn instant(rfc3339: &str) -> Option<chrono::DateTime<chrono::FixedOffset>> {
    chrono::DateTime::parse_from_rfc3339(rfc3339).ok()
}
