//! What loading and fetching datasets says on stderr: lines, and on a terminal a bar for each download.

use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use crate::data::{DataEvent, DataListener};
use crate::messages::say;

/// Shows the events of loading and fetching.
#[derive(Debug)]
pub(super) struct FetchingShown {
    draws_bars: bool,
    bar: Mutex<Option<ProgressBar>>, // of the download that goes on
}

impl FetchingShown {
    /// Shows lines, and draws bars if `draws_bars`.
    pub(super) fn new(draws_bars: bool) -> FetchingShown {
        FetchingShown { draws_bars, bar: Mutex::new(None) }
    }

    fn bar(&self) -> MutexGuard<'_, Option<ProgressBar>> {
        self.bar.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DataListener for FetchingShown {
    fn hear(&self, event: DataEvent<'_>) {
        static NO_HOME: Once = Once::new();
        let mut bar = self.bar();
        if let (DataEvent::Downloaded { .. }, Some(bar)) = (event, &*bar) {
            bar.finish_and_clear();
        }
        match (words(event), &*bar) {
            (None, _) => {}
            (Some(line), _) if event == DataEvent::NoHome => NO_HOME.call_once(|| say(&line)),
            (Some(line), Some(bar)) => bar.suspend(|| say(&line)), // does not tear it
            (Some(line), None) => say(&line),
        }
        match (event, &*bar) {
            (DataEvent::Download { bytes, .. }, _) => *bar = self.draws_bars.then(|| drawn(bytes)),
            (DataEvent::Answered { start, .. }, Some(bar)) => {
                bar.set_position(start);
                bar.reset_eta(); // the speed shown is that of this attempt
            }
            (DataEvent::Reached(bytes), Some(bar)) => bar.set_position(bytes),
            (DataEvent::Ended, _) => *bar = None,
            _ => {}
        }
    }
}

fn drawn(bytes: u64) -> ProgressBar {
    let template = "{wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta} left";
    let style = ProgressStyle::with_template(template);
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// The line for an event, if it has one.
fn words(event: DataEvent<'_>) -> Option<String> {
    match event {
        DataEvent::NoHome => Some(
            "neither HOME nor XDG_CACHE_HOME is set: datasets are stored in ./datasets; \
             set --data-dir or RUNNER_DATA_DIR for another folder"
                .to_owned(),
        ),
        DataEvent::Waiting { dataset } => {
            Some(format!("waiting for another runner process that is fetching {dataset}"))
        }
        DataEvent::Download { address, bytes } => {
            Some(format!("downloading {address} ({})", HumanBytes(bytes)))
        }
        DataEvent::Answered { start: start @ 1.., bytes } => {
            Some(format!("resuming after {start} of {bytes} bytes"))
        }
        DataEvent::Retry { address, reason, wait } => {
            let seconds = wait.as_secs_f32();
            Some(format!("{address}: {reason}; trying again in {seconds} s"))
        }
        DataEvent::Downloaded { file_name, took } => {
            Some(format!("downloaded {file_name} in {:.1} s", took.as_secs_f64()))
        }
        DataEvent::Note(note) => Some(note.to_owned()),
        DataEvent::Answered { .. } | DataEvent::Reached(_) | DataEvent::Ended => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_download_is_told_in_lines() {
        let (address, file_name) = ("https://example.org/a.gz", "a.gz");
        let events = [
            DataEvent::Waiting { dataset: "mnist" },
            DataEvent::Download { address, bytes: 3 << 20 },
            DataEvent::Answered { start: 0, bytes: 3 << 20 },
            DataEvent::Reached(1000),
            DataEvent::Retry { address, reason: "cut off", wait: Duration::from_millis(1500) },
            DataEvent::Answered { start: 1000, bytes: 3 << 20 },
            DataEvent::Downloaded { file_name, took: Duration::from_millis(2340) },
            DataEvent::Ended,
            DataEvent::Note("the old one is kept"),
        ];
        let lines: Vec<String> = events.into_iter().filter_map(words).collect();
        let expected = [
            "waiting for another runner process that is fetching mnist",
            "downloading https://example.org/a.gz (3.00 MiB)",
            "https://example.org/a.gz: cut off; trying again in 1.5 s",
            "resuming after 1000 of 3145728 bytes",
            "downloaded a.gz in 2.3 s",
            "the old one is kept",
        ];
        assert_eq!(lines, expected);
    }
}
