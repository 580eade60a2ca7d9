//! What experiment files ask for: trials, each once, and how they are halved.

use std::collections::HashMap;
use std::path::PathBuf;

use clap::Args;

use super::Globals;
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::experiment::{Experiment, Halving, Learning, MAX_TRIALS};
use crate::messages::{say, say_once};
use crate::sweep::{Job, label_jobs};

/// What is changed in an experiment file as it is read.
#[derive(Debug, Args)]
pub struct SetArgs {
    /// Override a key of the file, such as network.dropout=0.3; a grid axis is replaced
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
}

/// How an experiment file becomes trials.
#[derive(Debug, Args)]
pub struct ExpansionArgs {
    #[command(flatten)]
    set: SetArgs,
    /// Refuse a file that makes more trials than this
    #[arg(long, value_name = "N", default_value_t = MAX_TRIALS)]
    max_trials: usize,
}

/// The most left-out files or lines of the user's own data that are listed.
const MOST_LEFT_OUT: usize = 5;

impl SetArgs {
    /// As typed.
    pub fn texts(&self) -> &[String] {
        &self.sets
    }
}

impl ExpansionArgs {
    /// A file as it is.
    pub fn plain() -> ExpansionArgs {
        ExpansionArgs { set: SetArgs { sets: Vec::new() }, max_trials: MAX_TRIALS }
    }
}

/// What experiment files ask for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Each trial once, in the files' order.
    pub jobs: Vec<Job>,
    /// The halving of each file that has one.
    pub halvings: Vec<Halving>,
    /// The search of each file whose search learns: `jobs` has the trials of the points chosen so far.
    pub searches: Vec<NamedSearch>,
    /// Of each search with all of its points: that some are the same, if so.
    pub repeated: Vec<String>,
}

/// A search that learns, with the name of its experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedSearch {
    /// The name of the experiment.
    pub experiment: String,
    /// Where it stands.
    pub learning: Learning,
    /// The keys that it draws, dotted.
    pub drawn: Vec<String>,
}

impl Asked {
    /// Says which searches have points that are the same, unless `quiet`.
    pub(super) fn say_repeated(&self, quiet: bool) {
        if quiet {
            return;
        }
        self.repeated.iter().for_each(|line| say(&format!("note: {line}")));
    }
}

/// The trials of all files.
///
/// # Errors
/// If a file cannot be read or is invalid.
pub fn read_jobs(files: &[PathBuf], expansion: &ExpansionArgs, globals: &Globals) -> Result<Asked> {
    let Asked { mut jobs, mut halvings, mut searches, mut repeated } = Asked::default();
    let mut positions: HashMap<String, usize> = HashMap::new();
    let mut problems: Vec<String> = Vec::new();
    for file in files {
        let ExpansionArgs { set, max_trials } = expansion;
        let color = globals.color_stderr();
        let runs_dir = &globals.runs_dir;
        let read = Experiment::read_with_runs(file, set.texts(), *max_trials, color, runs_dir);
        let experiment = match read {
            Err(Error::Experiment(text)) => {
                problems.push(text); // those of the other files are shown too
                continue;
            }
            read => read?,
        };
        for trial in &experiment.trials {
            let id = trial.id();
            let position = *positions.entry(id.clone()).or_insert(jobs.len());
            if position == jobs.len() {
                let (label, experiments) = (String::new(), Vec::new());
                let (to_the_end, until_epoch) = (false, None);
                let (trial, role) = (trial.clone(), experiment.role_of(trial));
                jobs.push(Job { id, trial, label, experiments, role, to_the_end, until_epoch });
            }
            jobs[position].to_the_end |= experiment.halving.is_none();
            let names = &mut jobs[position].experiments;
            if !names.contains(&experiment.name) {
                names.push(experiment.name.clone());
            }
        }
        halvings.extend(experiment.halving.filter(|halving| !halvings.contains(halving)));
        let name = experiment.name;
        let knows_all = experiment.learning.as_ref().is_none_or(Learning::is_over);
        let points = experiment.repeated.filter(|_| knows_all);
        repeated.extend(points.map(|points| points.words(&escape_controls(&name))));
        let drawn = experiment.drawn;
        let named = |learning| NamedSearch { experiment: name, learning, drawn };
        let search = experiment.learning.map(named);
        searches.extend(search.filter(|search| !searches.contains(search)));
    }
    if !problems.is_empty() {
        return Err(Error::Experiment(problems.join("\n")));
    }
    say_left_out(&jobs);
    label_jobs(&mut jobs);
    Ok(Asked { jobs, halvings, searches, repeated })
}

/// Reports, for each dataset of the user's own, what was left out and its other notes: once, and however quiet, since
/// they change what the results are of.
fn say_left_out(jobs: &[Job]) {
    for dataset in jobs.iter().map(|job| &job.trial.dataset) {
        let Some(own) = dataset.source.own() else { continue };
        let what = dataset.source.path().unwrap_or_default();
        let count = own.left_out.count();
        if count > 0 {
            let lines = own.left_out.lines(MOST_LEFT_OUT).join("\n  ");
            let what = escape_controls(what);
            say_once(&format!("warning: {count} left out of {what}:\n  {lines}"));
        }
        for note in dataset.notes() {
            say_once(&format!("note: {}", escape_controls(&note)));
        }
    }
}
