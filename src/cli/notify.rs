//! `run --notify`: a program of the user is told how a sweep went, once: at its first failure or at its end.

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::fs::{Access, access};
use serde::{Serialize, Serializer};

use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::messages::say;
use crate::runs::folder::is_file;
use crate::sweep::{Job, OnFailure};

/// How long the end of the program is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Time between two looks whether it has ended.
const LOOK_INTERVAL: Duration = Duration::from_millis(20);

/// Tells a program.
#[derive(Debug, Clone)]
pub(super) struct Notifier {
    program: PathBuf,
    is_told: Arc<AtomicBool>,
    telling: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// What the program reads: one line of JSON.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum Notice<'a> {
    /// A trial failed; the others are still in training.
    Failed {
        run: &'a str,
        label: &'a str,
        experiments: &'a [String],
        reason: &'a str,
        #[serde(serialize_with = "as_text")]
        runs_dir: &'a Path,
    },
    /// The sweep has ended.
    Ended {
        experiments: &'a [String],
        trials: usize,
        /// How many runs are in each state.
        states: &'a std::collections::BTreeMap<&'static str, usize>,
        /// As that of `runner run`.
        exit_code: u8,
        /// Why it ended before anything was trained.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<&'a str>,
        #[serde(serialize_with = "as_text")]
        runs_dir: &'a Path,
    },
}

/// A path as text, also one that is not UTF-8: that a sweep has ended matters more than a letter of its folder.
fn as_text<S: Serializer>(path: &&Path, to: S) -> std::result::Result<S::Ok, S::Error> {
    to.collect_str(&path.display())
}

impl Notifier {
    /// The program, which must be there before anything is trained.
    ///
    /// # Errors
    /// If there is no such program.
    pub(super) fn find(program: &Path) -> Result<Notifier> {
        let is_path = program.components().count() > 1;
        let path = env::var_os("PATH").unwrap_or_default();
        let places: Vec<PathBuf> = match is_path {
            true => vec![program.to_owned()],
            false => env::split_paths(&path).map(|folder| folder.join(program)).collect(),
        };
        let is_program = |path: &&PathBuf| {
            is_file(path).unwrap_or(false) && access(path.as_path(), Access::EXEC_OK).is_ok()
        };
        let Some(program) = places.iter().find(is_program) else {
            return Err(Error::Usage(format!(
                "--notify {}: there is no such program; it is a program's name or path without arguments, and never goes \
                 through a shell",
                program.display()
            )));
        };
        Ok(Notifier { program: program.clone(), is_told: Arc::default(), telling: Arc::default() })
    }

    /// Tells of the first failure, without keeping training waiting.
    pub(super) fn on_failure(&self, runs_dir: PathBuf) -> OnFailure {
        let notifier = self.clone();
        OnFailure::tell(move |job: &Job, reason| {
            let Job { id, label, experiments, .. } = job;
            let runs_dir = &runs_dir;
            notifier.tell(&Notice::Failed { run: id, label, experiments, reason, runs_dir });
        })
    }

    /// Tells the program unless it was told before.
    pub(super) fn tell(&self, notice: &Notice<'_>) {
        if self.is_told.swap(true, Ordering::Relaxed) {
            return;
        }
        let json = match serde_json::to_string(notice) {
            Ok(json) => json,
            Err(error) => return say(&format!("warning: --notify: {error}")),
        };
        let program = self.program.clone();
        let call = move || {
            if let Err(problem) = call(&program, &json) {
                let problem = escape_controls(&problem).into_owned();
                say(&format!("warning: --notify {}: {problem}", program.display()));
            }
        };
        match thread::Builder::new().name("notify".to_owned()).spawn(call) {
            Ok(thread) => {
                *self.telling.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
            }
            Err(error) => say(&format!("warning: --notify: {error}")),
        }
    }

    /// Waits until what is being told has been told.
    pub(super) fn finish(&self) {
        let telling = self.telling.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = telling {
            let _ = thread.join();
        }
    }
}

/// Starts the program with the line on its standard input, and waits a while for its end.
fn call(program: &Path, line: &str) -> std::result::Result<(), String> {
    let mut command = Command::new(program);
    command.stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let started = Instant::now();
    if let Some(mut stdin) = child.stdin.take() {
        // A program that does not read its input is none the worse for it.
        let _ = writeln!(stdin, "{line}");
    }
    loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(format!("it ended with {status}")),
            None if started.elapsed() > PATIENCE => {
                return Err(format!(
                    "it still runs after {} s and is left alone",
                    PATIENCE.as_secs()
                ));
            }
            None => thread::sleep(LOOK_INTERVAL),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn a_folder_that_is_no_text_is_told_too() {
        let runs_dir = Path::new(OsStr::from_bytes(b"runs\xff"));
        let experiments = ["quickstart".to_owned()];
        let (run, label, reason) = ("0123456789ab", "seed 1", "the disk is full");
        let notice = Notice::Failed { run, label, experiments: &experiments, reason, runs_dir };
        let json = serde_json::to_string(&notice).unwrap();
        assert!(json.contains("\"runs_dir\":\"runs\u{fffd}\""), "{json}");
    }
}
