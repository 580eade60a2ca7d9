//! Whether training a run again gives the same bytes: the run on disk, the job that trains it
//! again, and the comparison of both folders.

mod data;
mod metrics;
mod predictions;
mod tensors;
mod text;

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Job, JobOutcome};
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::experiment::Trial;
use crate::runs::evaluation::read_confusion;
use crate::runs::folder::{PROMISED, file, hex, is_there, read_if_there};
use crate::runs::read::read_record;
use crate::runs::record::{RunRecord, RunState};
use crate::runs::run_files::RunFolder;

pub use data::VerifyData;

/// Where the first of two values was found.
const RUN: &str = "in the run";
/// Where the second was found.
const AGAIN: &str = "trained again";

/// The files whose bytes are promised, in the order in which differences are most telling.
const RESULTS: [&str; 8] = [
    file::METRICS,
    file::MODEL,
    file::BEST_MODEL,
    file::INITIAL_MODEL,
    file::TEST_PREDICTIONS,
    file::LAYERS,
    file::EVALUATION,
    file::CONFUSION,
];
/// Those that a run may lack: kept for other runs, or introduced after it was trained.
const OPTIONAL: [&str; 4] = [file::INITIAL_MODEL, file::LAYERS, file::EVALUATION, file::CONFUSION];

/// A finished or diverged run that is to be trained again.
#[derive(Debug)]
pub struct Original {
    record: RunRecord,
    folder: PathBuf,
    job: Option<Job>,     // none if its trial was changed after the run
    changed: Vec<String>, // files that differ from its record, a line each
}

/// The result of training a run again.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Every byte is the same.
    Same {
        /// What was compared.
        what: String,
        /// Seconds of training again.
        seconds: f64,
    },
    /// Something differs; a line each.
    Different(Vec<String>),
    /// It could not be trained again.
    Failed(String),
    /// A signal came first.
    Stopped,
}

impl Original {
    /// Prepares a finished or diverged run.
    ///
    /// # Errors
    /// If its trial or its results cannot be read.
    pub fn read(record: RunRecord, folder: PathBuf) -> Result<Original> {
        let trial = Trial::read(&folder.join(file::TRIAL))?;
        let id = trial.id();
        let is_its_trial =
            id == record.id || trial.id_under(record.provenance.numerics) == record.id;
        let experiments = record.experiments.clone();
        let label = String::new();
        let role = record.role.clone();
        let again =
            Job { id, trial, label, experiments, role, to_the_end: true, until_epoch: None };
        let job = is_its_trial.then_some(again);
        let changed = changed_files(&record, &folder)?;
        Ok(Original { record, folder, job, changed })
    }

    /// The run id.
    pub fn id(&self) -> &str {
        &self.record.id
    }

    /// The job that trains it again; its id differs if the numerics do. None if its trial is no
    /// longer that of the run.
    pub fn job(&self) -> Option<&Job> {
        self.job.as_ref()
    }

    /// Whether it has the weights before the first step.
    ///
    /// # Errors
    /// If that cannot be found out.
    pub fn has_initial_model(&self) -> Result<bool> {
        is_there(&self.folder.join(file::INITIAL_MODEL))
    }

    /// Problems found before it is trained again.
    pub fn finding(&self) -> Option<String> {
        if self.job.is_none() {
            return Some(format!(
                "{} was changed after the run: its id is now different",
                file::TRIAL
            ));
        }
        (!self.changed.is_empty()).then(|| self.changed.join("; "))
    }

    /// Whether its record has no SHA-256 of its own.
    pub fn is_unchecked(&self) -> bool {
        !self.record.is_checked
    }

    /// Compares it with the folder of the new training.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn verdict(&self, outcome: &JobOutcome, again: &Path) -> Result<Verdict> {
        match outcome {
            JobOutcome::Failed(reason) => Ok(Verdict::Failed(reason.clone())),
            JobOutcome::Elsewhere(_) | JobOutcome::Silent(_) | JobOutcome::TakenOver => {
                Ok(Verdict::Failed("another process wrote into the scratch folder".to_owned()))
            }
            JobOutcome::Interrupted | JobOutcome::NotStarted | JobOutcome::Paused(_) => {
                Ok(Verdict::Stopped)
            }
            JobOutcome::Cached | JobOutcome::Finished | JobOutcome::Diverged(_) => {
                self.compare(again)
            }
        }
    }

    fn compare(&self, again: &Path) -> Result<Verdict> {
        let gone = || Error::Unexpected(format!("{} is gone", again.display()));
        let record = read_record(again)?.ok_or_else(gone)?;
        let trained = RunFolder { record: &record, path: again };
        let mut lines = Vec::new();
        let (mut same, mut in_older_form) = (Vec::new(), Vec::new());
        lines.extend(self.other_end(&record));
        for name in RESULTS {
            let read = |folder: &Path| read_if_there(&folder.join(name));
            match (read(&self.folder)?, read(again)?) {
                (None, None) => {}
                (None, Some(_)) if OPTIONAL.contains(&name) => {}
                (None, Some(_)) => lines.push(format!("{name}: missing {RUN}")),
                (Some(_), None) => lines.push(format!("{name}: present {RUN}, missing {AGAIN}")),
                (Some(run), Some(again)) if run == again => same.push(name),
                (Some(run), Some(_)) if self.is_of_first_version(name, &run, trained)? => {
                    in_older_form.push(name);
                }
                (Some(run), Some(again)) => lines.push(difference(name, &run, &again)),
            }
        }
        if let Some(finding) = self.finding() {
            let is_damage = self.record.result_sha256.is_some()
                && Some(result_sha256(again)?) == self.record.result_sha256;
            let but = if is_damage {
                "; trained again, the result has the SHA-256 of run.json"
            } else {
                ""
            };
            lines.push(format!("{finding}{but}"));
        }
        let (then, now) = (self.record.provenance.numerics, record.provenance.numerics);
        let numerics = format!("trained with numerics {then}, but this program has numerics {now}");
        if !lines.is_empty() {
            lines.splice(..0, (then != now).then_some(numerics));
            return Ok(Verdict::Different(lines));
        }
        let mut what = same.join(", ");
        for name in in_older_form {
            what.push_str(&format!(", {name} (in the form of version 0.1.0)"));
        }
        if let Some(reason) = &record.reason {
            what.push_str(&format!("; the same reason: {reason}"));
        }
        if then != now {
            what.push_str(&format!("; {numerics}"));
        }
        Ok(Verdict::Same { what, seconds: record.train_seconds })
    }

    /// Whether a file of the run equals the new one in the form of version 0.1.0.
    fn is_of_first_version(&self, name: &str, run: &[u8], again: RunFolder<'_>) -> Result<bool> {
        if name != file::CONFUSION {
            return Ok(false);
        }
        let names = &self.record.class_names;
        let confusion = read_confusion(again)?.unwrap_or_default();
        let confusion = confusion.named_by(names.iter().map(String::as_str));
        Ok(confusion.is_of_first_version(run, names))
    }

    /// How the run ended, if differently from `again`.
    fn other_end(&self, again: &RunRecord) -> Option<String> {
        let end = |record: &RunRecord| match &record.reason {
            Some(reason) => format!("{} ({})", record.state, escape_controls(reason)),
            None => record.state.to_string(),
        };
        let (in_run, in_again) = (end(&self.record), end(again));
        (in_run != in_again).then(|| format!("{in_run} {RUN}, {in_again} {AGAIN}"))
    }
}

/// The first difference between two files that are not the same.
fn difference(name: &str, run: &[u8], again: &[u8]) -> String {
    let first = match name {
        file::METRICS | file::LAYERS => metrics::first_difference(run, again),
        file::EVALUATION | file::CONFUSION => text::first_difference(run, again),
        file::TEST_PREDICTIONS => predictions::first_difference(run, again),
        _ => tensors::first_difference(run, again),
    };
    let first = first.unwrap_or_else(|| {
        let at = run.iter().zip(again).position(|(a, b)| a != b);
        format!("differs from byte {} on", at.unwrap_or(run.len().min(again.len())))
    });
    format!("{name}: {first}")
}

/// The files that changed after the run wrote them, a line each. A record of 0.1.0 has one hash
/// over two files.
fn changed_files(record: &RunRecord, folder: &Path) -> Result<Vec<String>> {
    let run = RunFolder { record, path: folder };
    let mut lines = Vec::new();
    for name in PROMISED {
        let content = read_if_there(&folder.join(name))?;
        let problem = run.problem(name, content.as_deref());
        lines.extend(problem.map(|problem| format!("{name} {problem}")));
    }
    if lines.is_empty()
        && record.state == RunState::Finished
        && Some(result_sha256(folder)?) != record.result_sha256
    {
        let changed = "metrics.csv or model.safetensors was changed after the run: together they \
                       do not have the SHA-256 in run.json";
        lines.push(changed.to_owned());
    }
    Ok(lines)
}

/// Hash of the results in `folder`, as the writer computes it; a missing file counts as empty.
fn result_sha256(folder: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    for name in [file::METRICS, file::MODEL] {
        hash.update(read_if_there(&folder.join(name))?.unwrap_or_default());
    }
    Ok(hex(&hash.finalize()))
}

/// A value from a file, safe to print.
fn shown(value: &[u8]) -> String {
    match value {
        [] => "nothing".to_owned(),
        _ => escape_controls(&String::from_utf8_lossy(value)).into_owned(),
    }
}
