//! The data for training runs again: missing or changed data affects only its own runs.

use super::Original;
use crate::data::{DataOptions, DatasetSource};
use crate::error::{Error, Result};
use crate::sweep::parts::Parts;
use crate::sweep::{Job, Sweep, SweepOptions};

/// Loaded before anything is trained again.
#[derive(Debug, Default)]
pub struct VerifyData {
    parts: Parts,
    failed: Vec<(DatasetSource, String)>, // what could not be loaded: tried only once
}

impl VerifyData {
    /// Loads what `original` needs.
    ///
    /// # Errors
    /// If that is missing, cannot be read, or is not what the run was trained on.
    pub fn load(&mut self, original: &Original, options: &DataOptions) -> Result<()> {
        let Some(Job { trial, .. }) = original.job() else { return Ok(()) };
        let source = &trial.dataset.source;
        if let Some((_, reason)) = self.failed.iter().find(|(of, _)| of == source) {
            return Err(Error::Data(reason.clone()));
        }
        let splits = self.parts.of(trial, options).inspect_err(|error| {
            self.failed.push((source.clone(), error.chain()));
        })?;
        let (then, now) = (&original.record.provenance.data_sha256, &splits.dataset().sha256);
        match then == now {
            true => Ok(()),
            false => Err(Error::Refused(format!(
                "run {}: it was trained on data with SHA-256 {then}, but the data here has {now}",
                original.id()
            ))),
        }
    }

    /// A sweep of jobs whose data was loaded.
    ///
    /// # Errors
    /// As [`Sweep::prepare`].
    pub fn sweep<'a>(self, jobs: &'a [Job], options: &'a SweepOptions) -> Result<Sweep<'a>> {
        Sweep::prepare_with(self.parts, jobs, options)
    }
}
