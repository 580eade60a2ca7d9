//! `runner data check FILE.toml`: what the program finds in the user's own data.

use std::io::Write;
use std::path::Path;

use super::{counts, line};
use crate::data::{DatasetConfig, DatasetSource, OwnData, check_own};
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::experiment::{Experiment, MAX_TRIALS};

/// Files or lines that are listed where some are left out.
const MOST_LEFT_OUT: usize = 1000;

/// Describes each dataset of the user's own that an experiment names.
///
/// # Errors
/// If the file is invalid, which it is where data cannot be read, or names no such data.
pub(super) fn check(out: &mut dyn Write, file: &Path) -> Result<()> {
    let experiment = Experiment::read(file, &[], MAX_TRIALS, false)?;
    let mut checked: Vec<&DatasetSource> = Vec::new();
    for config in experiment.trials.iter().map(|trial| &trial.dataset) {
        if let Some(own) = config.source.own().filter(|_| !checked.contains(&&config.source)) {
            checked.push(&config.source);
            describe(out, config, own)?;
        }
    }
    if checked.is_empty() {
        let problem = format!("{} names no data of your own", file.display());
        return Err(Error::NothingMatched(problem));
    }
    Ok(())
}

fn describe(out: &mut dyn Write, config: &DatasetConfig, own: &OwnData) -> Result<()> {
    let (dataset, source) = (&own.dataset, &config.source);
    let path = escape_controls(source.path().unwrap_or_default());
    line(out, &format!("{}: {path}", source.name()))?;
    line(out, &format!("  content SHA-256 {}", dataset.sha256))?;
    line(out, &format!("  {}", counts(&check_own(own))))?;
    let [channels, height, width] = dataset.shape;
    match &dataset.numbers {
        Some(_) => line(out, &format!("  {channels} features"))?,
        None => line(out, &format!("  each {channels} x {height} x {width}"))?,
    }
    let names: Vec<_> = dataset.class_names.iter().map(|name| escape_controls(name)).collect();
    line(out, &format!("  {} classes: {}", names.len(), names.join(", ")))?;
    if own.left_out.count() > 0 {
        line(out, &format!("  {} left out:", own.left_out.count()))?;
    }
    let left_out = own.left_out.lines(MOST_LEFT_OUT);
    left_out.iter().try_for_each(|text| line(out, &format!("    {}", escape_controls(text))))?;
    let notes = config.notes();
    notes.iter().try_for_each(|note| line(out, &format!("  note: {}", escape_controls(note))))
}
