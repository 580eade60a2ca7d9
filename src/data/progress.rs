//! The progress of a download on stderr: a bar on a terminal, a line at its start and end elsewhere.

use std::io::{self, IsTerminal};
use std::time::Instant;

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use crate::messages::say;

/// Progress of one download.
pub(super) struct DownloadProgress {
    file_name: String,
    bar: Option<ProgressBar>,
    started: Instant,
}

impl DownloadProgress {
    /// Announces the download of `bytes` from `url`; draws a bar if `wanted` and possible.
    pub(super) fn start(file_name: &str, url: &str, bytes: u64, wanted: bool) -> DownloadProgress {
        say(&format!("downloading {url} ({})", HumanBytes(bytes)));
        let bar = (wanted && io::stderr().is_terminal()).then(|| {
            let template = "{wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta} left";
            let style = ProgressStyle::with_template(template)
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(bytes).with_style(style)
        });
        DownloadProgress { file_name: file_name.to_owned(), bar, started: Instant::now() }
    }

    /// `bytes` are on disk.
    pub(super) fn reached(&self, bytes: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(bytes);
        }
    }

    /// Continues from what an earlier download left; the speed shown is this download's.
    pub(super) fn resumed_at(&self, bytes: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(bytes);
            bar.reset_eta();
        }
    }

    /// Prints a message without disturbing the bar.
    pub(super) fn say(&self, message: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| say(message)),
            None => say(message),
        }
    }

    /// Announces the end.
    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let seconds = self.started.elapsed().as_secs_f64();
        say(&format!("downloaded {} in {seconds:.1} s", self.file_name));
    }
}
