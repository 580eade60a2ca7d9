//! Trains searches that learn, a batch after the other: what the next one has follows from the run
//! folders, so every process that trains the same files comes to the same.

use std::collections::HashSet;
use std::path::PathBuf;

use super::Globals;
use super::asked::{Asked, ExpansionArgs, NamedSearch, read_jobs};
use super::training::{
    SOME_FAILED, STOPPED_EARLY, Sweeping, TrainingArgs, print_comparison, train_and_print,
};
use crate::analysis::naming::drawn_label;
use crate::error::Result;
use crate::escape::escape_controls;
use crate::experiment::{BestPoint, Learning};
use crate::messages::say;
use crate::runs::figures::Unit;
use crate::sweep::{Job, OnFailure, StopSignal};

/// The files of a command, of which at least one has a search that learns.
pub(super) struct Batches<'a> {
    pub(super) files: &'a [PathBuf],
    pub(super) expansion: &'a ExpansionArgs,
    pub(super) training: &'a TrainingArgs,
    /// Who is told of each failed trial.
    pub(super) on_failure: OnFailure,
    pub(super) globals: &'a Globals,
}

impl Batches<'_> {
    /// Trains what is chosen and asks what is chosen next, until nothing is. A trial that failed counts as the
    /// worst and is tried again by the next command only. Returns the exit code.
    ///
    /// # Errors
    /// When nothing could be trained, or nothing printed.
    pub(super) fn train(&self, mut asked: Asked, retrain: bool) -> Result<u8> {
        let Batches { files, expansion, training, on_failure, globals } = self;
        let stop = StopSignal::default();
        stop.expect_end_of_time()?;
        stop.expect_interrupts()?;
        let mut earlier: Vec<Job> = Vec::new();
        let mut worst = 0;
        loop {
            let known: HashSet<&str> = earlier.iter().map(|job| job.id.as_str()).collect();
            let is_new = |job: &&Job| !known.contains(job.id.as_str());
            let jobs: Vec<Job> = asked.jobs.iter().filter(is_new).cloned().collect();
            if jobs.is_empty() {
                break;
            }
            if !globals.quiet {
                asked.searches.iter().filter_map(chosen_words).for_each(|line| say(&line));
            }
            let is_first = earlier.is_empty();
            // Rungs are decided with all of their configs, which the first sweep has.
            let halvings = if is_first { asked.halvings.clone() } else { Vec::new() };
            let new =
                Asked { jobs, halvings, searches: asked.searches.clone(), ..Asked::default() };
            let sweeping = Sweeping {
                retrain: retrain && is_first,
                stop: Some(&stop),
                earlier: &earlier,
                on_failure: on_failure.clone(),
                ..Sweeping::of(training)
            };
            let code = train_and_print(&new, &sweeping, globals, || Ok(()))?;
            if code != 0 && code != SOME_FAILED {
                return Ok(code);
            }
            worst = worst.max(code);
            earlier.extend(new.jobs);
            asked = read_jobs(files, expansion, globals)?;
        }
        let printed = print_comparison(&asked, training.format(), globals);
        for search in &asked.searches {
            // However quiet: the best of the table breaks the constraint.
            let is_unfulfilled = search.learning.is_unfulfilled();
            if !globals.quiet || is_unfulfilled {
                end_words(search, &asked.jobs).iter().for_each(|line| say(line));
            }
        }
        asked.say_repeated(globals.quiet);
        let is_over = asked.searches.iter().all(|search| search.learning.is_over());
        match printed {
            Err(error) if !error.is_closed_pipe() => Err(error),
            _ if worst == 0 && !is_over => Ok(STOPPED_EARLY),
            _ => Ok(worst),
        }
    }
}

/// What has been chosen by what.
fn chosen_words(NamedSearch { experiment, learning, .. }: &NamedSearch) -> Option<String> {
    let Learning { points, chosen, ended, .. } = learning;
    let name = escape_controls(experiment);
    (!learning.is_over()).then(|| match ended {
        0 => format!("{name}: the first {chosen} of {points} points, drawn evenly"),
        _ => format!("{name}: {chosen} of {points} points; {}", standing(learning)),
    })
}

/// The best so far.
pub(super) fn standing(learning: &Learning) -> String {
    let Learning { goal, ended, feasible, best, .. } = learning;
    let held = match &goal.constraint {
        Some(constraint) => {
            format!(", {feasible} of {ended} fulfil {}", escape_controls(&constraint.words()))
        }
        None => String::new(),
    };
    match best {
        Some(BestPoint { number, figure, .. }) => {
            let shown = match goal.figure.kind().unit {
                Unit::Fraction => format!("{:.1} %", 100.0 * figure),
                _ => format!("{figure:.4}"),
            };
            format!("best {} {shown} at point {number}{held}", goal.figure.name())
        }
        None => match &goal.constraint {
            Some(constraint) if *ended > 0 => {
                let words = constraint.words();
                format!("none of {ended} points fulfils {}", escape_controls(&words))
            }
            _ => "no point has a figure that counts".to_owned(),
        },
    }
}

/// How the search ended.
fn end_words(search: &NamedSearch, jobs: &[Job]) -> Vec<String> {
    let NamedSearch { experiment, learning, .. } = search;
    let name = escape_controls(experiment);
    if !learning.is_over() {
        return vec![format!(
            "{name}: the search is not over: it goes on when the runs of all of its {} chosen points have ended",
            learning.chosen
        )];
    }
    let point =
        learning.best.as_ref().map_or(String::new(), |best| point_words(search, best, jobs));
    vec![format!("{name}: {} points; {}{point}", learning.points, standing(learning))]
}

/// `: learning rate 0.02 (mean of 2 configs)`: what was drawn for a point, and over how many configs its figure is.
fn point_words(search: &NamedSearch, point: &BestPoint, jobs: &[Job]) -> String {
    let all: Vec<&Job> =
        jobs.iter().filter(|job| job.experiments.contains(&search.experiment)).collect();
    let of_point = || all.iter().enumerate().filter(|(_, job)| point.runs.contains(&job.id));
    let trials: Vec<_> = all.iter().map(|job| job.trial.to_json()).collect();
    let label = match of_point().next() {
        Some((place, _)) => drawn_label(&trials, place, &search.drawn),
        None => String::new(),
    };
    let configs: HashSet<String> = of_point().map(|(_, job)| job.trial.config_id()).collect();
    let mean = match configs.len() {
        0 | 1 => String::new(),
        several => format!(" (mean of {several} configs)"),
    };
    if label.is_empty() { mean } else { format!(": {label}{mean}") }
}
