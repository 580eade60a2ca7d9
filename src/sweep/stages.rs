//! The order in which jobs are trained, and to which epoch: all to their end or, under halving,
//! stage by stage.
//!
//! A stage takes one rung of each bracket. The next stage depends only on the run folders, so any
//! number of processes that share them make the same decisions, before and after a crash.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::{Job, JobOutcome};
use crate::analysis::rungs::{Followed, HalvedRuns, RungState, UnreadRun, figure_at, stands_at};
use crate::error::Error;
use crate::experiment::{Bracket, Halving};
use crate::runs::folder::{Patience, file, run_path};
use crate::runs::read::read_record;
use crate::runs::record::RunState;

/// A job to train, by its position in the sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Task {
    pub(super) job: usize,
    /// The rung at which it is paused; none: it is trained to its end.
    pub(super) until: Option<u64>,
}

/// What is trained before the run folders are read again.
#[derive(Debug, Default)]
pub(super) struct SweepStage {
    pub(super) tasks: Vec<Task>,
    /// The decisions since the previous stage, a line each.
    pub(super) decisions: Vec<String>,
    /// Runs that have become unreadable since then, a line each.
    pub(super) failures: Vec<String>,
    /// A description of the stage, for its first line; none without halving.
    pub(super) title: Option<String>,
}

/// The stages of a sweep.
pub(super) struct Stages<'a> {
    jobs: &'a [Job],
    runs_dir: &'a Path,
    positions: HashMap<&'a str, usize>,
    brackets: Vec<BracketProgress<'a>>,
    patience: Patience<'a>,
    number: usize,
}

/// A job, the epochs of the rung that needs it, and where it pauses.
type Needed = (usize, u64, Option<u64>);

/// What has become of the jobs, and a line on each that has failed since the stage before.
struct Ledger<'a> {
    outcomes: &'a mut [JobOutcome],
    failures: &'a mut Vec<String>,
}

/// A bracket with what has become of it.
struct BracketProgress<'a> {
    halving: &'a Halving,
    index: usize,
    announced: usize, // rungs whose decision was reported
    is_over: bool,
}

impl<'a> Stages<'a> {
    pub(super) fn new(
        jobs: &'a [Job],
        halvings: &'a [Halving],
        runs_dir: &'a Path,
        patience: Patience<'a>,
    ) -> Stages<'a> {
        let positions = jobs.iter().enumerate().map(|(i, job)| (job.id.as_str(), i)).collect();
        let brackets = halvings.iter().flat_map(|halving| {
            let progress = |index| BracketProgress { halving, index, announced: 0, is_over: false };
            (0..halving.brackets.len()).map(progress)
        });
        let brackets = brackets.collect();
        Stages { jobs, runs_dir, positions, brackets, patience, number: 0 }
    }

    /// The next stage; none if nothing is left, or a rung waits for a failed run. Updates
    /// `outcomes` from the folders; a run that cannot be read has failed.
    pub(super) fn next(&mut self, outcomes: &mut [JobOutcome]) -> Option<SweepStage> {
        self.number += 1;
        let mut stage = SweepStage::default();
        let mut wanted: BTreeMap<usize, Option<u64>> = BTreeMap::new();
        let mut ledger = Ledger { outcomes, failures: &mut stage.failures };
        for job in self.to_the_end(&mut ledger) {
            wanted.insert(job, self.jobs[job].until_epoch);
        }
        let mut rungs: Vec<(u64, usize)> = Vec::new();
        for position in 0..self.brackets.len() {
            let found = self.look_at(position, outcomes, &mut stage);
            rungs.extend(found.last().map(|(_, epochs, _)| (*epochs, found.len())));
            for (job, _, until) in found {
                let until_of = wanted.entry(job).or_insert(until);
                // Two experiments may want different rungs of it: the later rung serves both.
                *until_of = until_of.zip(until).map(|(a, b)| a.max(b));
            }
        }
        if !self.brackets.is_empty() {
            stage.title = Some(self.title(&rungs));
        }
        stage.tasks = wanted.into_iter().map(|(job, until)| Task { job, until }).collect();
        let has_news = !stage.decisions.is_empty() || !stage.failures.is_empty();
        (!stage.tasks.is_empty() || has_news).then_some(stage)
    }

    /// Takes a job for failed whose run cannot be read; it is said once.
    fn fail(&self, job: usize, error: &Error, Ledger { outcomes, failures }: &mut Ledger<'_>) {
        if !matches!(outcomes[job], JobOutcome::Failed(_)) {
            let (Job { id, label, .. }, reason) = (&self.jobs[job], error.chain());
            failures.push(format!("{id} {label}: failed: {reason}"));
            outcomes[job] = JobOutcome::Failed(reason);
        }
    }

    fn title(&self, rungs: &[(u64, usize)]) -> String {
        let mut text = format!("stage {}", self.number);
        for (i, (epochs, count)) in rungs.iter().enumerate() {
            let to = if i == 0 { ": " } else { ", " };
            text.push_str(&format!("{to}{} to epoch {epochs}", trials(*count)));
        }
        text
    }

    /// Jobs that are wanted to their end. A search of another process may have left one at a rung that it
    /// trained when this one came by.
    fn to_the_end(&self, ledger: &mut Ledger<'_>) -> Vec<usize> {
        let mut wanted = Vec::new();
        for (i, job) in self.jobs.iter().enumerate().filter(|(_, job)| job.to_the_end) {
            let is_wanted = match &ledger.outcomes[i] {
                JobOutcome::NotStarted => self.number == 1,
                // It was meant to pause there.
                JobOutcome::Paused(_) if job.until_epoch.is_some() => false,
                JobOutcome::Elsewhere(_) | JobOutcome::Paused(_) => {
                    let read = || read_record(&run_path(self.runs_dir, &job.id)?);
                    let record = self.patience.read(read);
                    let record = record.unwrap_or_else(|error| {
                        self.fail(i, &error, ledger);
                        None
                    });
                    record.is_some_and(|record| record.state == RunState::Paused)
                }
                _ => false,
            };
            if is_wanted {
                ledger.outcomes[i] = JobOutcome::NotStarted;
                wanted.push(i);
            }
        }
        wanted
    }

    /// The jobs that a bracket still needs before its next decision, with the epochs of the rung and where
    /// they pause.
    fn look_at(
        &mut self,
        position: usize,
        outcomes: &mut [JobOutcome],
        stage: &mut SweepStage,
    ) -> Vec<Needed> {
        let BracketProgress { halving, index, announced, is_over } = self.brackets[position];
        if is_over {
            return Vec::new();
        }
        let bracket = &halving.brackets[index];
        let SweepStage { decisions, failures, .. } = stage;
        let mut ledger = Ledger { outcomes, failures };
        let mut states = self.follow(halving, bracket, &mut ledger);
        loop {
            self.settle(halving, &states, ledger.outcomes);
            let is_last = states.len() == bracket.rungs.len();
            let needed = self.needed(halving, &states, is_last, &mut ledger);
            let is_stuck = needed.is_none();
            if is_last || is_stuck || needed.as_ref().is_some_and(|needed| !needed.is_empty()) {
                decisions.extend(self.told(position, states.get(announced..).unwrap_or_default()));
                let decided = states.iter().filter(|state| state.promoted.is_some()).count();
                let progress = &mut self.brackets[position];
                progress.announced = announced.max(decided);
                progress.is_over = is_last || is_stuck;
                return needed.unwrap_or_default();
            }
            // Another process has come to the rung since its figures were read.
            let now = self.follow(halving, bracket, &mut ledger);
            let before = std::mem::replace(&mut states, now);
            if states == before && !self.fail_without_figure(halving, &states, &mut ledger) {
                self.brackets[position].is_over = true;
                return Vec::new();
            }
        }
    }

    /// The rungs of a bracket; jobs whose runs cannot be read have failed.
    fn follow(
        &self,
        halving: &Halving,
        bracket: &Bracket,
        ledger: &mut Ledger<'_>,
    ) -> Vec<RungState> {
        let runs = HalvedRuns { halving, runs_dir: self.runs_dir };
        let Followed { states, unread } = runs.follow(bracket);
        for UnreadRun { id, problem } in unread {
            if let Some(&job) = self.positions.get(id.as_str()) {
                self.fail(job, &problem, ledger);
            }
        }
        states
    }

    /// Marks jobs at the rung whose figure cannot be read as failed. Returns whether reading again
    /// may help.
    fn fail_without_figure(
        &self,
        halving: &Halving,
        states: &[RungState],
        ledger: &mut Ledger<'_>,
    ) -> bool {
        let Some(state) = states.last() else { return false };
        let (epochs, mut is_news) = (state.rung.epochs, false);
        let open = state.configs.iter().filter(|(_, figure)| figure.is_none());
        for id in open.flat_map(|(config, _)| &halving.configs[*config]) {
            let folder = run_path(self.runs_dir, id).unwrap_or_else(|_| self.runs_dir.join(id));
            let path = folder.join(file::METRICS);
            let problem = format!(
                "it has no row for epoch {epochs}, where the run paused: train it again with --retrain"
            );
            if self.has_figure(id, epochs, halving) {
                is_news = true;
            } else if let Some(&job) = self.positions.get(id.as_str()) {
                self.fail(job, &Error::Damaged { path, problem }, ledger);
                is_news = true;
            }
        }
        is_news
    }

    fn has_figure(&self, id: &str, epochs: u64, halving: &Halving) -> bool {
        let monitor = halving.config.monitor;
        let read = || figure_at(&run_path(self.runs_dir, id)?, epochs, monitor);
        self.patience.read(read).is_ok_and(|figure| figure.is_some())
    }

    /// The jobs to train; none if a run of the current rung has failed and the others have been
    /// trained: the rung cannot be decided without it.
    fn needed(
        &self,
        halving: &Halving,
        states: &[RungState],
        is_last: bool,
        ledger: &mut Ledger<'_>,
    ) -> Option<Vec<Needed>> {
        let (mut needed, mut has_failed) = (Vec::new(), false);
        for (position, state) in states.iter().enumerate() {
            let (epochs, is_current) = (state.rung.epochs, position + 1 == states.len());
            let goes_on =
                |config: usize| state.promoted.as_ref().is_some_and(|best| best.contains(&config));
            let configs = state.configs.iter().map(|(config, _)| *config);
            // The losers of a decided rung may have been cut off before they could save their state.
            for id in configs.filter(|c| !goes_on(*c)).flat_map(|c| &halving.configs[c]) {
                let Some(&job) = self.positions.get(id.as_str()) else { continue };
                let is_there = self.patience.read(|| {
                    let folder = run_path(self.runs_dir, id)?;
                    match is_current && is_last {
                        true => Ok(read_record(&folder)?.is_some_and(|r| r.is_done())),
                        false => stands_at(&folder, epochs),
                    }
                });
                let is_there = is_there.unwrap_or_else(|error| {
                    self.fail(job, &error, ledger);
                    false
                });
                match ledger.outcomes[job] {
                    JobOutcome::Failed(_) => has_failed |= is_current,
                    _ if is_there => {}
                    _ => {
                        if ledger.outcomes[job] != JobOutcome::Interrupted {
                            ledger.outcomes[job] = JobOutcome::NotStarted;
                        }
                        let until = (!is_current || !is_last).then_some(epochs);
                        needed.push((job, epochs, until));
                    }
                }
            }
        }
        (!has_failed || !needed.is_empty()).then_some(needed)
    }

    /// A run that is paused at a rung is not an open job, whoever trained it.
    fn settle(&self, halving: &Halving, states: &[RungState], outcomes: &mut [JobOutcome]) {
        for state in states {
            for id in state.configs.iter().flat_map(|(config, _)| &halving.configs[*config]) {
                let Some(&job) = self.positions.get(id.as_str()) else { continue };
                if outcomes[job] == JobOutcome::NotStarted
                    && !self.jobs[job].to_the_end
                    && self.has_figure(id, state.rung.epochs, halving)
                {
                    outcomes[job] = JobOutcome::Paused(state.rung.epochs);
                }
            }
        }
    }

    /// Reports which configs go on.
    fn told(&self, position: usize, states: &[RungState]) -> Vec<String> {
        let BracketProgress { halving, index, .. } = &self.brackets[position];
        let of_bracket = match halving.brackets.len() {
            1 => String::new(),
            _ => format!(" of bracket {}", index + 1),
        };
        let figure = |state: &RungState, config: Option<&usize>| {
            let found = state.configs.iter().find(|(other, _)| Some(other) == config);
            let reached = found.and_then(|(_, figure)| *figure);
            reached.map_or(String::new(), |figure| halving.config.monitor.shown(figure))
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

/// A number of trials in words.
pub(super) fn trials(n: usize) -> String {
    if n == 1 { "1 trial".to_owned() } else { format!("{n} trials") }
}
