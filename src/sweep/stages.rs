//! In which order jobs are trained to which epoch: all to their end or, under halving, stage by stage.
//!
//! A stage takes one rung of each bracket. What is next is read from the run folders alone, so that any
//! number of processes that share them come to the same decisions, before and after a crash.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::{Job, JobOutcome};
use crate::error::Result;
use crate::experiment::Halving;
use crate::report::{HalvedRuns, RungState, figure_at, read_record, stands_at};
use crate::run_dir::{is_held, run_path};

/// A job to train, by its position in the sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Task {
    pub(super) job: usize,
    /// The rung at which it is paused; none: it is trained to its end.
    pub(super) until: Option<u64>,
}

/// What is trained before the next look at the run folders.
#[derive(Debug, Default)]
pub(super) struct Stage {
    pub(super) tasks: Vec<Task>,
    /// What was decided since the stage before, a line each.
    pub(super) decisions: Vec<String>,
    /// What is trained, for the line that begins it; none without halving.
    pub(super) title: Option<String>,
}

/// The stages of a sweep.
pub(super) struct Stages<'a> {
    jobs: &'a [Job],
    runs_dir: &'a Path,
    positions: HashMap<&'a str, usize>,
    brackets: Vec<BracketProgress<'a>>,
    number: usize,
}

/// A bracket with what has become of it.
struct BracketProgress<'a> {
    halving: &'a Halving,
    index: usize,
    announced: usize, // rungs whose decision was told
    is_over: bool,
}

impl<'a> Stages<'a> {
    pub(super) fn new(jobs: &'a [Job], halvings: &'a [Halving], runs_dir: &'a Path) -> Stages<'a> {
        let positions = jobs.iter().enumerate().map(|(i, job)| (job.id.as_str(), i)).collect();
        let brackets = halvings.iter().flat_map(|halving| {
            let progress = |index| BracketProgress { halving, index, announced: 0, is_over: false };
            (0..halving.brackets.len()).map(progress)
        });
        Stages { jobs, runs_dir, positions, brackets: brackets.collect(), number: 0 }
    }

    /// The next stage; none where nothing is left, or a rung waits for a run that failed. `outcomes` are
    /// brought up to date with what the folders have.
    ///
    /// # Errors
    /// When a run folder is damaged or cannot be read.
    pub(super) fn next(&mut self, outcomes: &mut [JobOutcome]) -> Result<Option<Stage>> {
        self.number += 1;
        let mut stage = Stage::default();
        let mut wanted: BTreeMap<usize, Option<u64>> = BTreeMap::new();
        if self.number == 1 {
            let to_the_end = self.jobs.iter().enumerate().filter(|(_, job)| job.to_the_end);
            let open = to_the_end.filter(|(i, _)| outcomes[*i] == JobOutcome::NotStarted);
            wanted.extend(open.map(|(i, _)| (i, None)));
        }
        let mut rungs: Vec<(u64, usize)> = Vec::new();
        for position in 0..self.brackets.len() {
            let found = self.look_at(position, outcomes, &mut stage.decisions)?;
            rungs.extend(found.first().map(|(_, epochs, _)| (*epochs, found.len())));
            for (job, _, until) in found {
                let until_of = wanted.entry(job).or_insert(until);
                // Two experiments may want different rungs of it: the later one has both.
                *until_of = until_of.zip(until).map(|(a, b)| a.max(b));
            }
        }
        if !self.brackets.is_empty() {
            stage.title = Some(self.title(&rungs));
        }
        stage.tasks = wanted.into_iter().map(|(job, until)| Task { job, until }).collect();
        Ok((!stage.tasks.is_empty() || !stage.decisions.is_empty()).then_some(stage))
    }

    fn title(&self, rungs: &[(u64, usize)]) -> String {
        let mut text = format!("stage {}", self.number);
        for (i, (epochs, count)) in rungs.iter().enumerate() {
            let to = if i == 0 { ": " } else { ", " };
            text.push_str(&format!("{to}{} to epoch {epochs}", trials(*count)));
        }
        text
    }

    /// The jobs that the current rung of a bracket still needs, with its epochs and where they pause.
    fn look_at(
        &mut self,
        position: usize,
        outcomes: &mut [JobOutcome],
        decisions: &mut Vec<String>,
    ) -> Result<Vec<(usize, u64, Option<u64>)>> {
        let BracketProgress { halving, index, announced, is_over } = self.brackets[position];
        if is_over {
            return Ok(Vec::new());
        }
        let bracket = &halving.brackets[index];
        let runs = HalvedRuns { halving, runs_dir: self.runs_dir, is_held: &is_held };
        let states = runs.follow(bracket)?;
        decisions.extend(self.told(position, &states[announced..]));
        self.brackets[position].announced =
            states.iter().filter(|state| state.promoted.is_some()).count();
        self.settle(halving, &states, outcomes)?;
        let Some(current) = states.last() else { return Ok(Vec::new()) };
        let epochs = current.rung.epochs;
        let is_last = states.len() == bracket.rungs.len();
        let mut tasks = Vec::new();
        for id in current.configs.iter().flat_map(|(config, _)| &halving.configs[*config]) {
            let Some(&job) = self.positions.get(id.as_str()) else { continue };
            if let JobOutcome::Failed(_) = outcomes[job] {
                self.brackets[position].is_over = true; // the others of the rung have had their turn
                return Ok(Vec::new());
            }
            let folder = run_path(self.runs_dir, id);
            let is_there = match is_last {
                true => read_record(&folder, &is_held)?.is_some_and(|record| record.is_done()),
                false => stands_at(&folder, epochs, &is_held)?,
            };
            if !is_there {
                outcomes[job] = JobOutcome::NotStarted;
                tasks.push((job, epochs, (!is_last).then_some(epochs)));
            }
        }
        self.brackets[position].is_over = is_last;
        Ok(tasks)
    }

    /// A run that stands at a rung is no open job, whoever trained it.
    fn settle(
        &self,
        halving: &Halving,
        states: &[RungState],
        outcomes: &mut [JobOutcome],
    ) -> Result<()> {
        for state in states {
            for id in state.configs.iter().flat_map(|(config, _)| &halving.configs[*config]) {
                let Some(&job) = self.positions.get(id.as_str()) else { continue };
                let folder = run_path(self.runs_dir, id);
                let monitor = halving.config.monitor;
                if outcomes[job] == JobOutcome::NotStarted
                    && figure_at(&folder, state.rung.epochs, monitor, &is_held)?.is_some()
                {
                    outcomes[job] = JobOutcome::Paused(state.rung.epochs);
                }
            }
        }
        Ok(())
    }

    /// Says who goes on.
    fn told(&self, position: usize, states: &[RungState]) -> Vec<String> {
        let BracketProgress { halving, index, .. } = &self.brackets[position];
        let of_bracket = match halving.brackets.len() {
            1 => String::new(),
            _ => format!(" of bracket {}", index + 1),
        };
        let figure = |state: &RungState, config: Option<&usize>| {
            let found = state.configs.iter().find(|(other, _)| Some(other) == config);
            let figure = found.and_then(|(_, figure)| *figure);
            figure.map_or(String::new(), |figure| halving.config.monitor.shown(figure))
        };
        let line = |state: &RungState| {
            let promoted = state.promoted.as_ref()?;
            Some(format!(
                "epoch {}{of_bracket}: {} of {} configs go on, with {} from {} to {}",
                state.rung.epochs,
                promoted.len(),
                state.rung.configs,
                halving.config.monitor.name(),
                figure(state, promoted.first()),
                figure(state, promoted.last()),
            ))
        };
        states.iter().filter_map(line).collect()
    }
}

/// That many trials in words.
pub(super) fn trials(n: usize) -> String {
    if n == 1 { "1 trial".to_owned() } else { format!("{n} trials") }
}
