//! How far the whole sweep is and how long it still takes.

use std::time::Duration;

use super::trial::WatchedTrial;
use crate::analysis::progress::Progress;
use crate::sweep::duration;

/// All trials together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct WatchProgress {
    pub(super) share: f64, // done, 0 to 1: each trial counts the same
    pub(super) left: Option<Duration>,
}

impl WatchProgress {
    /// Of the runs that there are, and of trials that wait.
    pub(super) fn of(trials: &[WatchedTrial]) -> WatchProgress {
        let runs: Vec<_> = trials.iter().map(WatchedTrial::progress).collect();
        let Progress { share, seconds_left } = Progress::of(&runs);
        let left = seconds_left.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        WatchProgress { share, left }
    }

    /// `42 %, 3 min left`.
    pub(super) fn text(&self) -> String {
        let percent = (100.0 * self.share).floor();
        match self.left {
            _ if self.share >= 1.0 => "100 %, done".to_owned(),
            Some(left) => format!("{percent} %, about {} left", duration(left)),
            None => format!("{percent} %"),
        }
    }
}

/// `2 running, 1 finished, 3 waiting`, in the order of the list.
pub(super) fn counts(trials: &[WatchedTrial]) -> String {
    let words = trials.chunk_by(|a, b| a.state_word() == b.state_word());
    let words = words.map(|same| format!("{} {}", same.len(), same[0].state_word()));
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::watch::trial::{samples, sort};

    #[test]
    fn time_left_counts_what_runs_and_what_waits() {
        let mut trials = samples::sweep();
        sort(&mut trials);
        assert_eq!(counts(&trials), "2 running, 1 diverged, 1 lost, 1 finished, 1 waiting");
        let progress = WatchProgress::of(&trials);
        // One second per epoch: 120 and 40 epochs of the running ones and 200 of the waiting one,
        // by two.
        assert_eq!(progress.left, Some(Duration::from_secs(180)));
        assert!((progress.share - (0.4 + 0.8 + 1.0 + 1.0 + 1.0) / 6.0).abs() < 1e-12);
        assert_eq!(progress.text(), "70 %, about 3 min left");
    }

    #[test]
    fn no_time_is_named_where_nothing_runs() {
        assert_eq!(WatchProgress::of(&[]).text(), "0 %");
        let waiting: Vec<_> =
            samples::sweep().into_iter().filter(|trial| trial.record.is_none()).collect();
        assert_eq!(WatchProgress::of(&waiting).text(), "0 %");
        let running: Vec<_> = samples::sweep()
            .into_iter()
            .filter(|trial| trial.progress().is_running)
            .map(|mut trial| {
                trial.record.as_mut().unwrap().last = None;
                trial
            })
            .collect();
        assert_eq!(WatchProgress::of(&running).text(), "0 %", "no speed is known yet");
    }
}
