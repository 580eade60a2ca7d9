//! Unseals a test set: scores weights of a run on it, once for each epoch whose weights are asked for, and records the
//! date in `run.json`.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::memory_alone;
use super::parts::Parts;
use super::status::{check_data, recorded_attempt};
use super::writer::now;
use crate::data::{DataOptions, Splits};
use crate::error::{Error, Result};
use crate::experiment::Trial;
use crate::memory;
use crate::runs::folder::{ClaimResult, Claims, RealDisk, file};
use crate::runs::read::{FoundRuns, read_record};
use crate::runs::record::{RunRecord, RunState, TestRead};
use crate::runs::run_files::RunFolder;
use crate::train::{Trainer, Workers};

/// Time without a sign of life after which another process's claim is ignored.
const CLAIM_TIMEOUT: Duration = Duration::from_secs(60);
/// Time between looks at a run that another process has.
const PAUSE: Duration = Duration::from_millis(200);

/// Weights of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadWeights {
    /// Those of the best validation epoch: as if training had stopped there.
    Best,
    /// Those that the run keeps as its model: of its last epoch, unless early stopping chose another.
    Model,
}

impl ReadWeights {
    fn file(self) -> &'static str {
        match self {
            ReadWeights::Best => file::BEST_MODEL,
            ReadWeights::Model => file::MODEL,
        }
    }

    fn epoch(self, record: &RunRecord) -> Option<u64> {
        match self {
            ReadWeights::Best => record.best.map(|best| best.epoch),
            ReadWeights::Model => record.kept_epoch(),
        }
    }

    /// What the test set said of these weights of a run; none if they were not read.
    pub fn reading(self, record: &RunRecord) -> Option<&TestRead> {
        record.reading_at(self.epoch(record))
    }
}

/// Reads the test set for every finished run among `found` that keeps it sealed and has not read it with these weights,
/// and stores the scores in the records, on disk and in `found`. Returns how many were read.
///
/// # Errors
/// If data is missing or has other content, a run is of other numerics, or its folder cannot be read
/// or written; runs before it are recorded then.
pub fn unseal(
    found: &mut FoundRuns,
    weights: ReadWeights,
    options: &DataOptions,
    threads: usize,
) -> Result<usize> {
    let is_due = |record: &RunRecord| {
        let is_finished = record.is_sealed() && record.state == RunState::Finished;
        is_finished && weights.reading(record).is_none()
    };
    let due: Vec<usize> = (0..found.records.len()).filter(|&i| is_due(&found.records[i])).collect();
    if due.is_empty() {
        return Ok(0);
    }
    let trials = due.iter().map(|&i| trial_of(&found.records[i], &found.folders[i]));
    let trials = trials.collect::<Result<Vec<Trial>>>()?;
    let parts = Parts::load(trials.iter(), options)?;
    for (&i, trial) in due.iter().zip(&trials) {
        check_data(&found.records[i], &parts.splits(trial).dataset().sha256)?;
    }
    let claims = Claims::new(Arc::new(RealDisk), CLAIM_TIMEOUT)?;
    let workers = Arc::new(Workers::new(threads));
    for (&i, trial) in due.iter().zip(&trials) {
        memory::check(memory_alone(trial)).map_err(Error::Memory)?;
        let (splits, folder) = (parts.splits(trial), &found.folders[i]);
        let reading = Reading { trial, weights, workers: &workers };
        found.records[i] = memory::catch(|| reading.read_once(folder, splits, &claims))?;
    }
    Ok(due.len())
}

/// The trial of a run that this program can evaluate.
fn trial_of(record: &RunRecord, folder: &Path) -> Result<Trial> {
    let trial = Trial::read(&folder.join(file::TRIAL))?;
    let (then, now) = (record.provenance.numerics, trial.numerics());
    if then != now {
        return Err(Error::Refused(format!(
            "run {}: it was trained with numerics {then}, but this program has numerics {now}; \
             train it again to read its test set",
            record.id
        )));
    }
    if trial.id() != record.id {
        return Err(Error::Refused(format!(
            "run {}: {} was changed after the run: its id is now different",
            record.id,
            file::TRIAL
        )));
    }
    Ok(trial)
}

/// How the test set of a run is read.
struct Reading<'a> {
    trial: &'a Trial,
    weights: ReadWeights,
    workers: &'a Arc<Workers>,
}

impl Reading<'_> {
    /// Scores and records one run, unless another process was faster.
    fn read_once(&self, folder: &Path, splits: Arc<Splits>, claims: &Claims) -> Result<RunRecord> {
        let started = Instant::now();
        let claim = loop {
            match claims.take(folder, || recorded_attempt(folder))? {
                ClaimResult::Granted(claim) => break claim,
                // Another task of the same study may be reading it.
                _ if started.elapsed() < CLAIM_TIMEOUT => thread::sleep(PAUSE),
                ClaimResult::HeldBy(owner) | ClaimResult::Silent(owner) => {
                    let shown = folder.display();
                    return Err(Error::Refused(format!(
                        "{shown} is in use by {owner}: try again later"
                    )));
                }
            }
        };
        let gone = || Error::Unexpected(format!("{} is gone", folder.display()));
        let mut record = read_record(folder)?.ok_or_else(gone)?;
        if self.weights.reading(&record).is_none() {
            record.test_reads.push(self.score(folder, &record, splits)?);
            claim.replace(file::RECORD, &record.to_bytes())?;
            let line = format!("{} the test set was read with {}\n", now(), self.weights.file());
            claim.append(file::LOG, line.as_bytes())?;
        }
        Ok(record)
    }

    fn score(&self, folder: &Path, record: &RunRecord, splits: Arc<Splits>) -> Result<TestRead> {
        let Reading { trial, weights, workers } = self;
        let path = folder.join(weights.file());
        let damaged = |problem: String| Error::Damaged { path: path.clone(), problem };
        let missing =
            || damaged("is missing, but its weights are needed to read the test set".to_owned());
        let run = RunFolder { record, path: folder };
        let bytes = run.read(weights.file())?.ok_or_else(missing)?;
        let examples = splits.test.len();
        let mut trainer = Trainer::new(splits, &trial.trainer_config(), Arc::clone(workers))?;
        let loaded = trainer.state_mut().load_model(&bytes);
        loaded.map_err(|error| damaged(error.to_string()))?;
        let (test_loss, test_accuracy) = trainer.test_score();
        let epoch = weights.epoch(record).ok_or_else(missing)?;
        Ok(TestRead { date: now(), epoch, examples, test_loss, test_accuracy })
    }
}
