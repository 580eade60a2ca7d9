//! How far runs are and how long they still take, from what has passed.

use crate::runs::record::{RunRecord, RunState};

/// Before this share of a run is done, its speed is not known.
const BELIEVABLE_SHARE: f64 = 0.01;

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunProgress {
    /// The part of it that is done, 0 to 1; of a run that ended, 1.
    pub share: f64,
    /// Whether a process trains it.
    pub is_running: bool,
    /// Whether a sweep is done with it; a paused one continues only if a search wants it.
    pub is_ended: bool,
    /// Its time from start to end, estimated from its time so far.
    whole_seconds: Option<f64>,
}

/// How far several runs are together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// The part that is done, 0 to 1: each run counts the same.
    pub share: f64,
    /// The time left; none where nothing runs or no speed is known.
    pub seconds_left: Option<f64>,
}

impl RunProgress {
    /// A trial that no process has started.
    pub const WAITING: RunProgress =
        RunProgress { share: 0.0, is_running: false, is_ended: false, whole_seconds: None };

    /// That of a run.
    pub fn of(record: &RunRecord) -> RunProgress {
        let (done, all) = epochs(record);
        let share = done as f64 / all as f64;
        let seconds = record.train_seconds;
        let is_believable = share >= BELIEVABLE_SHARE && seconds.is_finite();
        let ended = [RunState::Finished, RunState::Diverged, RunState::Failed, RunState::Paused];
        let is_ended = ended.contains(&record.state);
        RunProgress {
            share: if is_ended { 1.0 } else { share.min(1.0) },
            is_running: record.state == RunState::Running,
            is_ended,
            whole_seconds: is_believable.then(|| seconds / share),
        }
    }

    /// The time that it still takes while it runs, if its speed is known.
    pub fn seconds_left(&self) -> Option<f64> {
        self.whole_seconds.filter(|_| self.is_running).map(|whole| (1.0 - self.share) * whole)
    }
}

/// Evaluated epochs and all epochs of a run; all of them are at least one.
pub fn epochs(record: &RunRecord) -> (u64, u64) {
    (record.last.map_or(0, |row| row.epoch), record.total_epochs.max(1))
}

impl Progress {
    /// Runs that have not started are assumed to take as long as the others, with as many running at once
    /// as now.
    pub fn of(runs: &[RunProgress]) -> Progress {
        let shares: f64 = runs.iter().map(|run| run.share).sum();
        let known: Vec<f64> = runs.iter().filter_map(|run| run.whole_seconds).collect();
        let mean = known.iter().sum::<f64>() / known.len() as f64; // NaN of none
        let open = runs.iter().filter(|run| !run.is_ended);
        let left: f64 = open.map(|run| (1.0 - run.share) * run.whole_seconds.unwrap_or(mean)).sum();
        let at_once = runs.iter().filter(|run| run.is_running).count();
        let seconds = (at_once > 0).then(|| left / at_once as f64);
        Progress {
            share: if runs.is_empty() { 0.0 } else { shares / runs.len() as f64 },
            seconds_left: seconds.filter(|seconds| seconds.is_finite() && *seconds >= 0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::samples::{row, run, trial};

    fn progress(state: RunState, epoch: u64, seconds: f64) -> RunProgress {
        let last = row(epoch, 0.5, None, 0.4);
        let record = run(trial(&[], 1), last, last); // of 200 epochs
        RunProgress::of(&RunRecord { state, train_seconds: seconds, ..record })
    }

    #[test]
    fn what_waits_takes_as_long_as_what_runs() {
        let runs = [
            progress(RunState::Running, 50, 50.0),
            progress(RunState::Running, 100, 100.0),
            progress(RunState::Failed, 3, 3.0),
            RunProgress::WAITING,
        ];
        let Progress { share, seconds_left } = Progress::of(&runs);
        assert_eq!(
            (share, seconds_left),
            ((0.25 + 0.5 + 1.0) / 4.0, Some((150.0 + 100.0 + 200.0) / 2.0))
        );
        assert_eq!(runs.map(|run| run.seconds_left()), [Some(150.0), Some(100.0), None, None]);
    }

    #[test]
    fn no_time_is_named_where_nothing_runs_or_no_speed_is_known() {
        for runs in [vec![], vec![RunProgress::WAITING], vec![progress(RunState::Running, 0, 0.1)]]
        {
            let Progress { share, seconds_left } = Progress::of(&runs);
            assert_eq!((share, seconds_left), (0.0, None));
        }
    }
}
