//! One line of the view: a trial, and its run if it has one.

use std::path::PathBuf;
use std::rc::Rc;

use crate::analysis::progress::{RunProgress, epochs};
use crate::runs::metrics::MetricsRow;
use crate::runs::record::{RunRecord, RunState};

/// A trial of the sweep.
#[derive(Debug, Clone)]
pub(super) struct WatchedTrial {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) folder: PathBuf,
    pub(super) record: Option<RunRecord>, // none: no process has started it
    pub(super) rows: Rc<[MetricsRow]>,    // of those that are shown
}

impl WatchedTrial {
    /// Its state, in a word.
    pub(super) fn state_word(&self) -> &'static str {
        self.record.as_ref().map_or("waiting", |record| record.state.name())
    }

    /// How far it is.
    pub(super) fn progress(&self) -> RunProgress {
        self.record.as_ref().map_or(RunProgress::WAITING, RunProgress::of)
    }

    /// Evaluated epochs and all epochs.
    pub(super) fn epochs(&self) -> Option<(u64, u64)> {
        self.record.as_ref().map(epochs)
    }

    /// Its place in the list: what runs first, then what went wrong, what ended, what waits.
    fn rank(&self) -> usize {
        match self.record.as_ref().map(|record| record.state) {
            Some(RunState::Running) => 0,
            Some(RunState::Failed) => 1,
            Some(RunState::Diverged) => 2,
            Some(RunState::Lost) => 3,
            Some(RunState::Interrupted) => 4,
            Some(RunState::Finished) => 5,
            Some(RunState::Paused) => 6,
            None => 7,
        }
    }
}

/// Running ones first; within a state as they were.
pub(super) fn sort(trials: &mut [WatchedTrial]) {
    trials.sort_by_key(WatchedTrial::rank);
}

#[cfg(test)]
pub(super) mod samples {
    use serde_json::json;

    use super::*;
    use crate::runs::samples::{row, run, trial};

    /// A sweep in its middle, in the order of the experiment file.
    pub(in crate::cli::watch) fn sweep() -> Vec<WatchedTrial> {
        let states = [
            Some(RunState::Finished),
            Some(RunState::Running),
            Some(RunState::Diverged),
            Some(RunState::Running),
            None,
            Some(RunState::Lost),
        ];
        let trials = (1..).zip(states).map(|(seed, state)| {
            let dropout = if seed % 2 == 0 { 0.0 } else { 0.5 };
            let epoch = if state == Some(RunState::Running) { 40 * seed } else { 200 };
            let last = row(epoch, 0.5 + 0.07 * seed as f32, None, 0.48);
            // Slower the higher the seed.
            let grown = |epoch: u64| {
                let epochs = epoch as f32;
                row(epoch, 0.6, None, 0.48 * epochs / (epochs + 10.0 * seed as f32))
            };
            let mut record = run(trial(&[("network.dropout", json!(dropout))], seed), last, last);
            record.id = format!("{seed:012x}");
            record.train_seconds = epoch as f64;
            WatchedTrial {
                id: record.id.clone(),
                label: format!("dropout {dropout}, seed {seed}"),
                folder: PathBuf::from(&record.id),
                rows: state.iter().flat_map(|_| (0..=epoch).map(grown)).collect(),
                record: state.map(|state| RunRecord { state, ..record }),
            }
        });
        trials.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_trials_come_first_and_waiting_ones_last() {
        let mut trials = samples::sweep();
        sort(&mut trials);
        let words: Vec<&str> = trials.iter().map(WatchedTrial::state_word).collect();
        assert_eq!(words, ["running", "running", "diverged", "lost", "finished", "waiting"]);
        assert_eq!(trials[0].epochs(), Some((80, 200)));
    }
}
