//! A sheet of a run's training examples, original and as its network sees them.

use std::path::Path;

use super::parts::Parts;
use super::status::check_data;
use crate::data::{DataOptions, Splits};
use crate::error::{Error, Result};
use crate::experiment::Trial;
use crate::output::pictures::augmented_sheet;
use crate::runs::folder::file;
use crate::runs::record::RunRecord;
use crate::train::{AugmentedExample, augmented_examples};

/// The sheet of the run of `record` in `folder`, as PNG: a row for each example, the original and then
/// the first epochs.
///
/// # Errors
/// If the run changes no examples, its trial was changed, or its data is missing or has other content.
pub fn augmented_picture(
    record: &RunRecord,
    folder: &Path,
    options: &DataOptions,
) -> Result<Vec<u8>> {
    let trial = Trial::read(&folder.join(file::TRIAL))?;
    let id = &record.id;
    if trial.augmentation.is_off() {
        return Err(Error::Usage(format!(
            "run {id} has no `[augmentation]`: its network sees the examples as they are"
        )));
    }
    if trial.id() != *id {
        let changed = format!("run {id}: {} was changed after the run", file::TRIAL);
        return Err(Error::Refused(format!("{changed}: its id is now different")));
    }
    let parts = Parts::load(std::iter::once(&trial), options)?;
    let splits = parts.splits(&trial);
    check_data(record, &splits.dataset().sha256)?;
    let seed = trial.dataset.run_seed(trial.seed());
    let examples = augmented_examples(&splits, &trial.augmentation, &trial.training, seed)?;
    let sheet = sheet_of(&splits, &examples.unwrap_or_default())?;
    sheet.ok_or_else(|| {
        Error::Usage(format!("the examples of run {id} are not images, so they cannot be drawn"))
    })
}

/// None if the examples are not images.
pub(super) fn sheet_of(splits: &Splits, examples: &[AugmentedExample]) -> Result<Option<Vec<u8>>> {
    let row = |example: &AugmentedExample| {
        let mut row = vec![example.original.clone()];
        row.extend(example.in_epochs.iter().cloned());
        row
    };
    let rows: Vec<Vec<Vec<u8>>> = examples.iter().map(row).collect();
    augmented_sheet(splits.dataset().shape, &rows)
}
