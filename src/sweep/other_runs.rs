//! Gives a trainer what its trial takes from other runs.

use std::path::Path;

use crate::error::{Error, Result};
use crate::experiment::{Trial, read_network};
use crate::runs::folder::file;
use crate::runs::other_run::OtherRun;
use crate::train::{TensorError, Trainer};

/// Loads the weights that the trial starts from, and its teacher.
///
/// # Errors
/// When the other run is gone, has changed, or has another network than it must.
pub(super) fn give(trainer: &mut Trainer, trial: &Trial) -> Result<()> {
    if let Some(start) = &trial.training.start_from {
        let other = read(&start.run, start.sha256.as_deref())?;
        let started = trainer.state_mut().start_from(&other.model, start.new_head);
        started.map_err(|error| misfit(&start.run, &error))?;
    }
    if let Some(distill) = &trial.training.distill_from {
        let other = read(&distill.run, distill.sha256.as_deref())?;
        let network = read_network(&other.trial)?;
        let taught = trainer.learn_from(distill, &network, &other.model)?;
        taught.map_err(|error| misfit(&distill.run, &error))?;
    }
    Ok(())
}

fn read(run: &str, sha256: Option<&str>) -> Result<OtherRun> {
    match sha256 {
        Some(sha256) => OtherRun::read_as(Path::new(run), sha256),
        None => OtherRun::read(Path::new(run)),
    }
}

fn misfit(run: &str, error: &TensorError) -> Error {
    Error::Damaged { path: Path::new(run).join(file::MODEL), problem: error.to_string() }
}
