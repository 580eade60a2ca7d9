//! Which trials can continue a shorter one instead of starting from their first step: finished runs
//! that differ from them only in length, on disk or in the same sweep.

mod offer;
mod take;

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

pub(super) use offer::Offer;
pub(super) use take::{Taken, scored};

use super::{Job, TrialStatus};
use crate::error::Result;
use crate::runs::folder::{file, is_there, run_path};
use crate::runs::read::{read_record, read_records};
use crate::runs::record::{RunRecord, RunState};
use crate::train::Lengthening;

/// Run folders by an id that ignores the length.
#[derive(Debug, Default)]
pub(super) struct Continuations {
    folders: HashMap<String, Vec<PathBuf>>,
    lengths: HashMap<String, Vec<(u64, String)>>, // of the sweep's own: steps and run id, ascending
    ranks: HashMap<String, usize>, // by run id: how many of the sweep differ only in being shorter
}

/// The states that a trial can continue, the longest first.
#[derive(Debug, Default)]
pub(super) struct Offers {
    pub(super) list: Vec<Offer>,
    /// Why other runs offer no state.
    pub(super) notes: Vec<String>,
}

/// Where a trial that was not started will start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedStart {
    /// The run that provides the first steps.
    pub id: String,
    /// Number of optimizer updates that it provides.
    pub step: u64,
    /// The epoch that ends there, if one does.
    pub epoch: Option<u64>,
    /// Whether it has already made them. If not, the trial continues from there only if it starts
    /// later.
    pub is_there: bool,
}

/// Where each of `jobs` without a run starts: from an existing run, or from one that the same sweep
/// trains first; none if it is its first step.
///
/// # Errors
/// If it cannot be found out where runs lie.
pub fn planned_starts(
    jobs: &[Job],
    statuses: &[TrialStatus],
    runs_dir: &Path,
) -> Result<Vec<Option<PlannedStart>>> {
    let is_new = |status: &TrialStatus| *status == TrialStatus::New;
    let new = jobs.iter().zip(statuses).filter(|(_, status)| is_new(status));
    let found = Continuations::look(new.map(|(job, _)| job), runs_dir)?;
    let start = |(job, status): (&Job, &TrialStatus)| {
        let offers = is_new(status).then(|| found.offers(job, None))?;
        offers.list.first().map(Offer::planned).or_else(|| found.awaited(job))
    };
    Ok(jobs.iter().zip(statuses).map(start).collect())
}

impl Continuations {
    /// Reads all runs once, if one of `jobs`, which are to be trained, could continue a shorter one.
    ///
    /// # Errors
    /// If it cannot be found out where runs lie.
    pub(super) fn look<'a>(
        jobs: impl Iterator<Item = &'a Job>,
        runs_dir: &Path,
    ) -> Result<Continuations> {
        let mut found = Continuations::default();
        let mut seeds = HashSet::new();
        let knows_its_end = |job: &&Job| job.trial.trainer_config().depends_on_length();
        let jobs: Vec<(&Job, String)> = jobs
            .filter(|job| !knows_its_end(job))
            .map(|job| (job, job.trial.any_length_id()))
            .collect();
        for (job, any_length_id) in &jobs {
            // An unreadable run is reported when its turn comes.
            if !is_there(&run_path(runs_dir, &job.id)?.join(file::CHECKPOINT)).unwrap_or(true) {
                seeds.insert(job.trial.seed());
                found.folders.entry(any_length_id.clone()).or_default();
            }
        }
        if !found.folders.is_empty() {
            found.add_runs(runs_dir, &seeds);
            found.add_jobs(&jobs, runs_dir)?;
        }
        Ok(found)
    }

    /// Runs that are already finished. An unreadable run offers nothing.
    fn add_runs(&mut self, runs_dir: &Path, seeds: &HashSet<u64>) {
        let runs = read_records(runs_dir).unwrap_or_default();
        for (record, folder) in runs.records.into_iter().zip(runs.folders) {
            if record.state == RunState::Finished
                && record.trial.seed().is_some_and(|seed| seeds.contains(&seed))
            {
                let numerics = record.provenance.numerics;
                let id = crate::experiment::any_length_id(&record.trial.value(), numerics);
                self.folders.entry(id).and_modify(|folders| folders.push(folder));
            }
        }
    }

    /// Runs of the sweep itself, which may be finished when a longer one begins.
    fn add_jobs(&mut self, jobs: &[(&Job, String)], runs_dir: &Path) -> Result<()> {
        for (job, any_length_id) in jobs {
            if let Some(folders) = self.folders.get_mut(any_length_id) {
                folders.push(run_path(runs_dir, &job.id)?);
                let (_, examples) = job.trial.dataset.train_sizes();
                let steps = job.trial.training.length(examples).total_steps;
                let same = self.lengths.entry(any_length_id.clone()).or_default();
                same.push((steps, job.id.clone()));
            }
        }
        for same in self.lengths.values_mut() {
            same.sort_unstable();
            let ranks = same.iter().enumerate().map(|(rank, (_, id))| (id.clone(), rank));
            self.ranks.extend(ranks);
        }
        Ok(())
    }

    /// The end of the longest trial of the sweep that `job` passes through.
    fn awaited(&self, job: &Job) -> Option<PlannedStart> {
        let (_, examples) = job.trial.dataset.train_sizes();
        let same = self.lengths.get(&job.trial.any_length_id())?;
        let own = job.trial.training.length(examples).total_steps;
        same.iter().rev().filter(|(steps, _)| *steps < own).find_map(|(step, id)| {
            let config = job.trial.trainer_config();
            let lengthening = Lengthening::new(&config, None, Some(*step), examples)?;
            let (id, epoch) = (id.clone(), lengthening.whole_epoch(*step));
            let start = PlannedStart { id, step: *step, epoch, is_there: false };
            lengthening.shares_state(*step).then_some(start)
        })
    }

    /// A job's position in the best starting order: longer ones when the shorter ones are likely to
    /// be finished, without waiting for them.
    pub(super) fn rank(&self, job: &Job) -> usize {
        self.ranks.get(&job.id).copied().unwrap_or(0)
    }

    /// The states that `job` can continue now. A run on data with another SHA-256 than
    /// `data_sha256`, if known, offers none.
    pub(super) fn offers(&self, job: &Job, data_sha256: Option<&str>) -> Offers {
        let mut offers = Offers::default();
        let folders = self.folders.get(&job.trial.any_length_id());
        for folder in folders.into_iter().flatten() {
            // A damaged record is named by every command that needs it.
            let Ok(Some(record)) = read_record(folder) else { continue };
            let then = &record.provenance.data_sha256;
            let is_same_data = data_sha256.is_none_or(|now| now == then);
            if !is_usable(&record, job) || record.id == job.id || !is_same_data {
                continue;
            }
            let Some(lengthening) = lengthening(&record, job) else { continue };
            match Offer::of(record, folder, lengthening) {
                Ok(found) => offers.list.extend(found),
                Err(note) => offers.notes.push(note.into()),
            }
        }
        offers.list.sort_by_key(|offer| Reverse(offer.step));
        offers
    }
}

/// Whether a run has a result from the numerics that will train `job`.
fn is_usable(record: &RunRecord, job: &Job) -> bool {
    record.state == RunState::Finished && record.provenance.numerics == job.trial.numerics()
}

/// The lengthening from a run's trial to that of `job`, if they differ only in length.
fn lengthening(record: &RunRecord, job: &Job) -> Option<Lengthening> {
    let trial = record.trial.value();
    let numerics = record.provenance.numerics;
    let is_its_trial = crate::experiment::recorded_id(&trial, numerics) == record.id;
    let same = crate::experiment::any_length_id(&trial, numerics) == job.trial.any_length_id();
    let (_, examples) = job.trial.dataset.train_sizes();
    let length = |key: &str| trial.pointer(&format!("/training/{key}"))?.as_u64();
    let (epochs, steps) = (length("epochs"), length("steps"));
    let found = Lengthening::new(&job.trial.trainer_config(), epochs, steps, examples);
    found.filter(|_| is_its_trial && same)
}
