//! A state of a shorter run that a longer one passes through: which checkpoint has it, as far as
//! can be told without reading the checkpoint.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::PlannedStart;
use crate::error::Flaw;
use crate::runs::folder::{file, open_regular};
use crate::runs::record::RunRecord;
use crate::train::{Lengthening, Position};

/// A checkpoint of a shorter run.
#[derive(Debug)]
pub(in crate::sweep) struct Offer {
    pub(super) record: Arc<RunRecord>,
    pub(super) folder: PathBuf,
    pub(super) name: &'static str, // of the checkpoint
    pub(super) lengthening: Lengthening,
    pub(in crate::sweep) step: u64,
}

impl Offer {
    /// The usable checkpoints of a run.
    ///
    /// # Errors
    /// Says why there is none.
    pub(super) fn of(
        record: RunRecord,
        folder: &Path,
        lengthening: Lengthening,
    ) -> Result<Vec<Offer>, Flaw> {
        let record = Arc::new(record);
        let mut offers = Vec::new();
        let mut problems = Vec::new();
        for name in [file::CHECKPOINT, file::PREVIOUS_CHECKPOINT] {
            match position(&folder.join(name), &record.id) {
                Ok(None) => {}
                Ok(Some(step)) => match unusable(&record, lengthening, step) {
                    Some(problem) => problems.push(format!("{name} {problem}")),
                    None => {
                        let (record, folder) = (Arc::clone(&record), folder.to_owned());
                        offers.push(Offer { record, folder, name, lengthening, step });
                    }
                },
                Err(problem) => problems.push(format!("{name} {problem}")),
            }
        }
        if !offers.is_empty() {
            return Ok(offers);
        }
        let why = match problems.is_empty() {
            true => "it no longer has a checkpoint".to_owned(),
            false => problems.join(", "),
        };
        Err(Flaw::from(format!("run {} is not continued: {why}", record.id)))
    }

    /// The run.
    pub(in crate::sweep) fn id(&self) -> &str {
        &self.record.id
    }

    /// The seconds of the run up to that state.
    pub(in crate::sweep) fn seconds(&self) -> f64 {
        let all = self.record.last.map_or(self.step, |last| last.step).max(1);
        self.record.train_seconds * self.step as f64 / all as f64
    }

    pub(super) fn planned(&self) -> PlannedStart {
        let epoch = self.lengthening.whole_epoch(self.step);
        PlannedStart { id: self.id().to_owned(), step: self.step, epoch, is_there: true }
    }
}

/// The step of a checkpoint of run `id`; none if the file does not exist.
fn position(path: &Path, id: &str) -> Result<Option<u64>, Flaw> {
    let checkpoint = match open_regular(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(|error| error.to_string())?,
    };
    let position = Position::read(checkpoint).map_err(|error| error.to_string())?;
    match position.trial == id {
        true => Ok(Some(position.step)),
        false => Err(Flaw::from(format!("belongs to run {:?}", position.trial))),
    }
}

/// Why a longer run cannot continue from the state after `step` steps, if it cannot.
fn unusable(record: &RunRecord, lengthening: Lengthening, step: u64) -> Option<String> {
    if !lengthening.shares_state(step) {
        let end = lengthening.shorter_steps();
        return Some(match step == end {
            true => {
                format!("was saved at its end, step {end}, where this trial is not evaluated")
            }
            false => format!("was saved at step {step}"),
        });
    }
    // best.safetensors has the weights of a later epoch, and the earlier ones are gone.
    let best = record.best.filter(|best| best.val_accuracy.is_some())?;
    let is_kept = best.step <= step && lengthening.shares_row(best.step);
    (!is_kept)
        .then(|| format!("was saved at step {step}, but best.safetensors at step {}", best.step))
}
