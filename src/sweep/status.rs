//! What a runs folder already has for a trial.

use std::path::Path;

use crate::error::{Error, Result};
use crate::runs::folder::{Patience, run_path};
use crate::runs::read::read_record;
use crate::runs::record::RunRecord;

/// What is to be done for a trial.
#[derive(Debug, Clone, PartialEq)]
pub enum TrialStatus {
    /// Nothing is there.
    New,
    /// It is finished or diverged.
    Done(Box<RunRecord>),
    /// It was started: interrupted, failed, lost, or running in another process.
    Begun(Box<RunRecord>),
    /// Its record is damaged or cannot be read, for this reason; training it fails.
    Damaged(String),
}

/// Looks up run `id`.
pub fn status(runs_dir: &Path, id: &str) -> TrialStatus {
    patient_status(runs_dir, id, Patience::BRIEF)
}

/// The same with more patience.
pub(super) fn patient_status(runs_dir: &Path, id: &str, patience: Patience<'_>) -> TrialStatus {
    match patience.read(|| read_record(&run_path(runs_dir, id)?)) {
        Ok(None) => TrialStatus::New,
        Ok(Some(record)) if record.is_done() => TrialStatus::Done(Box::new(record)),
        Ok(Some(record)) => TrialStatus::Begun(Box::new(record)),
        Err(error) => TrialStatus::Damaged(error.chain()),
    }
}

/// Refuses a run whose data had a different content than `data_sha256`.
pub(super) fn check_data(record: &RunRecord, data_sha256: &str) -> Result<()> {
    let then = &record.provenance.data_sha256;
    if then == data_sha256 {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "run {}: it was trained on data with SHA-256 {then}, but the data here has {data_sha256}; \
         add --retrain to move the old run aside and train on this data",
        record.id
    )))
}

/// The attempt that the record in `folder` names, 0 if there is none.
pub(super) fn recorded_attempt(folder: &Path) -> Result<u64> {
    let record = read_record(folder)?;
    Ok(record.map_or(0, |record| record.attempt))
}
