//! Datasets and splits that the trials of a sweep share: one copy of the pixels per process.

use std::collections::HashMap;
use std::sync::Arc;

use crate::data::{DataOptions, Dataset, DatasetConfig, DatasetSource, Splits, load_shared};
use crate::error::{Error, Result};
use crate::experiment::Trial;
use crate::memory;

/// They are loaded before the first trial starts, so that missing data is noticed at once.
#[derive(Debug, Default)]
pub(super) struct Parts {
    datasets: HashMap<DatasetSource, Arc<Dataset>>,
    splits: Vec<(DatasetConfig, Arc<Splits>)>,
}

impl Parts {
    /// Loads what `trials` need.
    pub(super) fn load<'a>(
        trials: impl Iterator<Item = &'a Trial>,
        options: &DataOptions,
    ) -> Result<Parts> {
        let mut parts = Parts::default();
        parts.add(trials, options)?;
        Ok(parts)
    }

    /// Loads what `trials` need and what is not loaded yet.
    pub(super) fn add<'a>(
        &mut self,
        mut trials: impl Iterator<Item = &'a Trial>,
        options: &DataOptions,
    ) -> Result<()> {
        trials.try_for_each(|trial| self.of(trial, options).map(drop))
    }

    /// The splits of a trial, loaded if they are not yet.
    pub(super) fn of(&mut self, trial: &Trial, options: &DataOptions) -> Result<Arc<Splits>> {
        let config = &trial.dataset;
        if let Some(splits) = self.find(config) {
            return Ok(Arc::clone(splits));
        }
        let dataset = self.dataset(&config.source, options)?;
        let splits = Arc::new(Splits::new(dataset, config)?);
        self.splits.push((config.clone(), Arc::clone(&splits)));
        Ok(splits)
    }

    /// The splits of a trial whose data was loaded.
    pub(super) fn splits(&self, trial: &Trial) -> Arc<Splits> {
        let splits = self.find(&trial.dataset).expect("every trial's data is loaded first");
        Arc::clone(splits)
    }

    pub(super) fn find(&self, config: &DatasetConfig) -> Option<&Arc<Splits>> {
        self.splits.iter().find(|(of, _)| of == config).map(|(_, splits)| splits)
    }

    /// The content of a dataset as its SHA-256; none if its files are missing, which does not
    /// matter for runs that are done.
    pub(super) fn sha256_if_here(
        &mut self,
        source: &DatasetSource,
        options: &DataOptions,
    ) -> Result<Option<&str>> {
        let options = DataOptions { offline: true, ..options.clone() };
        match self.dataset(source, &options) {
            Err(Error::Data(_)) => Ok(None),
            Err(error) => Err(error),
            Ok(_) => Ok(self.datasets.get(source).map(|dataset| dataset.sha256.as_str())),
        }
    }

    fn dataset(&mut self, source: &DatasetSource, options: &DataOptions) -> Result<Arc<Dataset>> {
        if let Some(dataset) = self.datasets.get(source) {
            return Ok(Arc::clone(dataset));
        }
        let dataset = memory::catch(|| load_shared(source, options))?;
        self.datasets.insert(source.clone(), Arc::clone(&dataset));
        Ok(dataset)
    }
}
