//! Notes on the classes of the data before anything is trained: which are missing from which split,
//! and whether so many are intended.

use std::collections::HashSet;

use crate::data::{
    DataOptions, Dataset, DatasetConfig, DatasetSource, load_shared, many_classes, may_lack_classes,
};
use crate::error::{Error, Result};
use crate::few::few_lines;
use crate::messages::say;
use crate::runs::class_counts::{ClassCounts, Part};
use crate::sweep::Job;

/// Reports oddities of the classes that `jobs` train on. Data that would have to be downloaded is
/// skipped: its runs report it themselves.
///
/// # Errors
/// If one that is to begin would be trained without an example of some class.
pub(super) fn check_classes(jobs: &[Job], options: &DataOptions, quiet: bool) -> Result<()> {
    let (lines, lacking) = missing(jobs, options)?;
    if !lacking.is_empty() {
        let error = |line: &String| format!("error: dataset.train_examples: {line}");
        return Err(Error::Experiment(lacking.iter().map(error).collect::<Vec<_>>().join("\n")));
    }
    let questions = questions(jobs).filter(|_| !quiet);
    say_all(questions.chain(lines)); // a note that a figure is misleading is always shown
    Ok(())
}

/// Reports which classes are missing in started runs, which continue unchanged.
///
/// # Errors
/// If data that is here is damaged.
pub(super) fn say_missing_classes(jobs: &[Job], options: &DataOptions) -> Result<()> {
    let (lines, lacking) = missing(jobs, options)?;
    say_all(lacking.into_iter().chain(lines));
    Ok(())
}

/// Which classes the splits of each dataset lack, with the training split separately.
fn missing(jobs: &[Job], options: &DataOptions) -> Result<(Vec<String>, Vec<String>)> {
    let options = DataOptions { offline: true, ..options.clone() };
    let mut seen: Vec<(&DatasetConfig, Option<usize>)> = Vec::new();
    let (mut lines, mut lacking) = (Vec::new(), Vec::new());
    for job in jobs {
        let (config, evaluated) = (&job.trial.dataset, job.trial.evaluation.train_examples);
        if seen.contains(&(config, evaluated)) || !may_lack_classes(config, evaluated) {
            continue;
        }
        seen.push((config, evaluated));
        let dataset = match load_shared(&config.source, &options) {
            Err(Error::Data(_)) => continue, // missing or damaged: training on it reports that
            read => read?,
        };
        for missing in ClassCounts::planned(&dataset, config, evaluated)?.missing() {
            let line = of_source(&config.source, &missing.text(&dataset.class_names));
            match missing.part {
                Part::Train => lacking.push(line),
                _ => lines.push(line),
            }
        }
    }
    Ok((lines, lacking))
}

/// For each dataset of the user's own, whether its classes are intended.
fn questions(jobs: &[Job]) -> impl Iterator<Item = String> {
    let mut asked = HashSet::new();
    let sources = jobs.iter().map(|job| &job.trial.dataset.source);
    let sources = sources.filter(move |source| asked.insert(*source));
    sources.filter_map(|source| Some(of_source(source, &question(source, &source.own()?.dataset)?)))
}

/// Asks whether the classes of the user's own data are intended, if they look like ids.
pub(super) fn question(source: &DatasetSource, dataset: &Dataset) -> Option<String> {
    let many = many_classes(dataset)?;
    let what = match source.as_kind().own().and_then(|own| own.label) {
        Some(label) => format!("is {label:?} the class, or an id of the lines?"),
        None => "is each folder a class?".to_owned(),
    };
    Some(format!(
        "{} classes for {} training examples, {} of them with {} or fewer: {what} If that is \
         intended, ignore this note",
        many.classes, many.examples, many.rare, many.few
    ))
}

fn of_source(source: &DatasetSource, line: &str) -> String {
    format!("{}: {line}", source.path().unwrap_or(source.name()))
}

fn say_all(lines: impl Iterator<Item = String>) {
    let mut said = HashSet::new();
    let lines: Vec<String> = lines.filter(|line| said.insert(line.clone())).collect();
    let lines = few_lines(lines, |more| format!("and {more} more of this kind"));
    lines.iter().for_each(|line| say(&format!("warning: {line}")));
}
