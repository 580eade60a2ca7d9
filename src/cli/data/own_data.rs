//! `runner data check FILE.toml`: what the program finds in the user's own data.

use std::io::Write;
use std::path::Path;

use super::{classes, counts, line};
use crate::cli::class_notes::question;
use crate::data::{DatasetConfig, DatasetSource, OwnData, check_own};
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::experiment::{Experiment, MAX_TRIALS, Trial};

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
        let source = &config.source;
        if let Some(own) = source.own().filter(|_| !checked.contains(&source)) {
            checked.push(source);
            describe(out, config, own)?;
            let trials = experiment.trials.iter().filter(|trial| trial.dataset.source == *source);
            let trials: Vec<&Trial> = trials.collect();
            let lines = classes::of_trials(&own.dataset, &trials)?;
            lines.iter().try_for_each(|text| line(out, text))?;
        }
    }
    if checked.is_empty() {
        let problem = format!("{} does not use data of your own", file.display());
        return Err(Error::NothingMatched(problem));
    }
    Ok(())
}

fn describe(out: &mut dyn Write, config: &DatasetConfig, own: &OwnData) -> Result<()> {
    let (dataset, source) = (&own.dataset, &config.source);
    let path = escape_controls(source.path().unwrap_or_default());
    line(out, &format!("{}: {path}", source.name()))?;
    line(out, &format!("  content SHA-256 {}", dataset.sha256))?;
    let checked = check_own(own);
    line(out, &format!("  {}", counts(&checked)))?;
    let [channels, height, width] = dataset.shape;
    match &dataset.numbers {
        Some(_) => line(out, &format!("  {channels} features"))?,
        None => line(out, &format!("  each {channels} x {height} x {width}"))?,
    }
    let names = classes::names(&dataset.class_names);
    line(out, &format!("  {} classes: {names}", dataset.class_names.len()))?;
    classes::lines(&checked).iter().try_for_each(|text| line(out, text))?;
    if let Some(question) = question(source, dataset) {
        line(out, &format!("  warning: {question}"))?;
    }
    if own.left_out.count() > 0 {
        line(out, &format!("  {} left out:", own.left_out.count()))?;
    }
    let left_out = own.left_out.lines(MOST_LEFT_OUT);
    left_out.iter().try_for_each(|text| line(out, &format!("    {}", escape_controls(text))))?;
    let notes = config.notes();
    notes.iter().try_for_each(|note| line(out, &format!("  note: {}", escape_controls(note))))
}
