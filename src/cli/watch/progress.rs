//! How far the whole sweep is and how long it still takes, in words.

use std::time::Duration;

use super::trial::WatchedTrial;
use crate::analysis::progress::Progress;
use crate::sweep::duration;

/// All trials together: of the runs that there are, and of trials that wait.
pub(super) fn progress(trials: &[WatchedTrial]) -> Progress {
    Progress::of(&trials.iter().map(WatchedTrial::progress).collect::<Vec<_>>())
}

/// `42 %, about 3 min left`.
pub(super) fn text(progress: Progress) -> String {
    let percent = (100.0 * progress.share).floor();
    let left = progress.seconds_left.and_then(|left| Duration::try_from_secs_f64(left).ok());
    match left {
        _ if progress.share >= 1.0 => "100 %, done".to_owned(),
        Some(left) => format!("{percent} %, about {} left", duration(left)),
        None => format!("{percent} %"),
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
        let progress = progress(&trials);
        // One second per epoch: 120 and 40 epochs of the running ones and 200 of the waiting one,
        // by two.
        assert_eq!(progress.seconds_left, Some(180.0));
        assert!((progress.share - (0.4 + 0.8 + 1.0 + 1.0 + 1.0) / 6.0).abs() < 1e-12);
        assert_eq!(text(progress), "70 %, about 3 min left");
    }

    #[test]
    fn no_time_is_named_where_nothing_runs_or_no_speed_is_known() {
        let mut waiting = samples::sweep();
        waiting.retain(|trial| trial.record.is_none());
        let mut begun = samples::sweep();
        begun.retain(|trial| trial.progress().is_running);
        begun.iter_mut().for_each(|trial| trial.record.as_mut().unwrap().last = None);
        for trials in [&[], &waiting[..], &begun] {
            assert_eq!(text(progress(trials)), "0 %");
        }
    }
}
