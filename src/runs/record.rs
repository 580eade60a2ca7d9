//! `run.json`: the summary of a run, read by everything that lists or compares runs.

use std::collections::BTreeMap;
use std::path::Path;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

use crate::error::{Error, Flaw, Result};
use crate::runs::class_counts::ClassCounts;
use crate::runs::folder::{Owner, folder_of, is_id, read_bounded};
use crate::runs::input_record::InputRecord;
use crate::runs::metrics::{MetricsRow, StoppedEarly};
use crate::runs::notes::Notes;
use crate::runs::role::ConfigRole;
use crate::runs::run_files::RunFiles;
use crate::runs::seal;
use crate::runs::shared::{Pool, Shared};
use crate::runs::trial_tables::{TablePool, TrialTables};

/// Version of the layout of `run.json`.
pub const RECORD_VERSION: u32 = 1;

/// The largest size of a record: one with 65,000 classes with long names is smaller.
const MOST_BYTES: u64 = 64 << 20;

/// Content of `run.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Layout version of this file, [`RECORD_VERSION`].
    pub version: u32,
    /// The run id: first 12 hex digits of the trial's hash.
    pub id: String,
    /// Where the run stands.
    pub state: RunState,
    /// Why it failed or diverged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How many times a process started or resumed the run, from 1.
    pub attempt: u64,
    /// The process that trains it or trained it last.
    pub owner: Shared<Owner>,
    /// The trial as in `trial.toml`, as nested tables.
    pub trial: TrialTables,
    /// Epochs that the whole trial has.
    pub total_epochs: u64,
    /// The epoch after which a search pauses it, until it is done; none if it is trained to its
    /// end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_epoch: Option<u64>,
    /// The newest evaluated epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "row_with_nan")]
    pub last: Option<MetricsRow>,
    /// The epoch with the best validation accuracy or, without a validation split, the best test
    /// accuracy; the first of equals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "row_with_nan")]
    pub best: Option<MetricsRow>,
    /// Name of each class.
    pub class_names: Shared<Vec<String>>,
    /// How many examples of each class there are, unless each part has the same number of each.
    /// Older runs have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_counts: Option<Shared<ClassCounts>>,
    /// What the network's input is.
    pub input: InputRecord,
    /// Names of the experiments that asked for this trial.
    pub experiments: Vec<String>,
    /// What the experiment that trained it calls its config.
    #[serde(default, skip_serializing_if = "ConfigRole::is_plain")]
    pub role: ConfigRole,
    /// Where the numbers come from.
    pub provenance: Shared<Provenance>,
    /// RFC 3339, UTC.
    pub started: String,
    /// RFC 3339, UTC; when this file was last written.
    pub updated: String,
    /// Seconds of training and evaluation over all attempts, and of the shorter run's share.
    pub train_seconds: f64,
    /// SHA-256 over `metrics.csv` and `model.safetensors`, once finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_sha256: Option<String>,
    /// Where early stopping ended the training, if it left epochs out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_early: Option<StoppedEarly>,
    /// The epoch whose weights `model.safetensors` has, if `restore_best` chose it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_epoch: Option<u64>,
    /// The shorter run that made the first steps, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continued_from: Option<ContinuedFrom>,
    /// Every reading of a sealed test set, the first one first; one for the weights of an epoch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub test_reads: Vec<TestRead>,
    /// Figures of the finished network's evaluation on the test split, or on the validation split where that is
    /// sealed, by name: of the weights of `model.safetensors`. Older runs have none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub evaluated: BTreeMap<String, f64>,
    /// Size and SHA-256 of the promised files that it has, unless a process trains it.
    #[serde(default, skip_serializing_if = "RunFiles::is_empty")]
    pub files: RunFiles,
    /// Whether the file ended with its own SHA-256; those of 0.1.0 do not.
    #[serde(default, rename = "record_sha256", skip_serializing, deserialize_with = "is_there")]
    pub is_checked: bool,
    /// What people wrote about it, in a file of its own.
    #[serde(skip)]
    pub notes: Notes,
}

/// The run of a shorter trial whose state this one took over instead of training from the start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContinuedFrom {
    /// Its run id.
    pub id: String,
    /// Optimizer updates that it had made.
    pub step: u64,
    /// Its share of `train_seconds`.
    pub seconds: f64,
}

/// One reading of a sealed test set: the scores of the weights of one epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestRead {
    /// RFC 3339, UTC.
    pub date: String,
    /// The epoch of the weights.
    pub epoch: u64,
    /// Number of test examples.
    pub examples: usize,
    /// Mean cross-entropy per example.
    pub test_loss: f32,
    /// Fraction of examples whose class is predicted.
    pub test_accuracy: f32,
}

/// The state of a run. `lost` is never stored: it is a `running` run whose process is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// A process trains it.
    Running,
    /// Stopped cleanly; continues from its checkpoint.
    Interrupted,
    /// Complete.
    Finished,
    /// An error ended it.
    Failed,
    /// The loss became NaN or infinite.
    Diverged,
    /// Stopped at a rung of a search; continues from its checkpoint if the search wants it.
    Paused,
    /// Stored as `running`, but its process is gone.
    #[serde(skip_deserializing)]
    Lost,
}

impl RunState {
    /// All of them.
    pub const ALL: [RunState; 7] = [
        RunState::Running,
        RunState::Interrupted,
        RunState::Finished,
        RunState::Failed,
        RunState::Diverged,
        RunState::Paused,
        RunState::Lost,
    ];

    /// The word for it, as in `run.json`.
    pub fn name(self) -> &'static str {
        match self {
            RunState::Running => "running",
            RunState::Interrupted => "interrupted",
            RunState::Finished => "finished",
            RunState::Failed => "failed",
            RunState::Diverged => "diverged",
            RunState::Paused => "paused",
            RunState::Lost => "lost",
        }
    }
}

impl std::fmt::Display for RunState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

/// Where the numbers come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Provenance {
    /// Version of this program.
    pub version: String,
    /// Version of the numerics: part of the id.
    pub numerics: u32,
    /// Git commit of the working directory, if it is a repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub git_commit: Option<String>,
    /// Host name.
    pub host: String,
    /// CPU model.
    pub cpu: String,
    /// SHA-256 of the dataset's content.
    pub data_sha256: String,
    /// Number of files or lines of the user's own data that were left out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub data_left_out: usize,
}

/// Values shared by the records that were read.
#[derive(Debug, Default)]
pub(super) struct RecordPool {
    tables: TablePool,
    class_names: Pool<Vec<String>>,
    class_counts: Pool<ClassCounts>,
    provenances: Pool<Provenance>,
    owners: Pool<Owner>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// JSON has no NaN and no infinity: serde_json writes both as `null`, which reads back as NaN.
fn row_with_nan<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<MetricsRow>, D::Error> {
    #[derive(Deserialize)]
    struct JsonRow {
        epoch: u64,
        step: u64,
        learning_rate: Option<f32>,
        batch_loss: Option<f32>,
        train_loss: Option<f32>,
        train_accuracy: Option<f32>,
        val_loss: Option<f32>,
        val_accuracy: Option<f32>,
        test_loss: Option<f32>,
        test_accuracy: Option<f32>,
        gap: Option<f32>,
        train_clean_accuracy: Option<f32>,
        train_noisy_accuracy: Option<f32>,
    }
    let nan = |value: Option<f32>| value.unwrap_or(f32::NAN);
    let row = Option::<JsonRow>::deserialize(deserializer)?;
    Ok(row.map(|row| MetricsRow {
        epoch: row.epoch,
        step: row.step,
        learning_rate: nan(row.learning_rate),
        batch_loss: (row.step > 0).then_some(nan(row.batch_loss)),
        train_loss: nan(row.train_loss),
        train_accuracy: nan(row.train_accuracy),
        // A split that has an accuracy has a loss.
        val_loss: row.val_accuracy.map(|_| nan(row.val_loss)),
        val_accuracy: row.val_accuracy,
        test_loss: row.test_accuracy.map(|_| nan(row.test_loss)),
        test_accuracy: row.test_accuracy,
        gap: row.test_accuracy.map(|_| nan(row.gap)),
        train_clean_accuracy: row.train_clean_accuracy,
        train_noisy_accuracy: row.train_noisy_accuracy,
    }))
}

/// A text with this key has a hash, which is checked as bytes.
fn is_there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

/// Why a text is not a record: a later version may use a completely different layout.
fn not_a_record(bytes: &[u8], error: &serde_json::Error) -> String {
    #[derive(Deserialize)]
    struct StoredVersion {
        version: u32,
    }
    match serde_json::from_slice(bytes) {
        Ok(StoredVersion { version }) if version != RECORD_VERSION => other_version(version),
        _ => format!("it is not a run record: {error}"),
    }
}

fn other_version(found: u32) -> String {
    format!("it has layout version {found}, but this program reads version {RECORD_VERSION}")
}

impl RunRecord {
    /// Whether its inputs were pixels from 0 to 255: not the numbers of a table, which are an image of
    /// one pixel.
    pub fn has_pixels(&self) -> bool {
        let kind = self.trial.pointer("/dataset/kind").and_then(serde_json::Value::as_str);
        let [_, height, width] = self.input.shape;
        !matches!(kind, Some("csv" | "npz")) || height * width > 1
    }

    /// Reads a `run.json`.
    ///
    /// # Errors
    /// When it cannot be read, is not a record of a known version, or does not have the SHA-256 at its end.
    pub fn read(path: &Path) -> Result<RunRecord> {
        let bytes = read_bounded(path, MOST_BYTES).map_err(Error::io("read", path))?;
        RunRecord::from_bytes(&bytes).map_err(|problem| {
            let folder = folder_of(path).display();
            let problem = format!(
                "{problem}; restore it from a copy, or train the run again: delete the folder \
                 {folder} or add --retrain"
            );
            Error::Damaged { path: path.to_owned(), problem }
        })
    }

    fn from_bytes(bytes: &[u8]) -> Result<RunRecord, Flaw> {
        let record: RunRecord = match serde_json::from_slice(bytes) {
            Ok(record) => record,
            Err(_) if bytes.is_empty() => {
                return Err(Flaw::from("it is not a run record: it is empty"));
            }
            Err(error) => return Err(not_a_record(bytes, &error).into()),
        };
        if record.version != RECORD_VERSION {
            return Err(other_version(record.version).into());
        }
        if !is_id(&record.id) {
            return Err(Flaw::from(format!("{:?} is not a run id", record.id)));
        }
        match seal::fits(bytes) {
            Some(fits) if fits || cfg!(feature = "fuzzing") => Ok(record),
            // From a program that wrote no hashes, neither here nor of the other files.
            None if !record.is_checked && record.files.is_empty() => Ok(record),
            _ => Err("it was changed after its run wrote it: it does not have the SHA-256 in its \
                      last line"
                .into()),
        }
    }

    /// The content of the file, with its hash.
    pub fn to_bytes(&self) -> Vec<u8> {
        seal::sealed(&serde_json::to_string_pretty(self).expect("a record is plain data"))
    }

    /// Shares values with the other records of `pool`.
    pub(super) fn share(&mut self, pool: &RecordPool) {
        self.trial.share(&pool.tables);
        pool.class_names.share(&mut self.class_names);
        if let Some(counts) = &mut self.class_counts {
            pool.class_counts.share(counts);
        }
        pool.provenances.share(&mut self.provenance);
        pool.owners.share(&mut self.owner);
    }

    /// The classes that parts of the examples lack, a line for each part.
    pub fn missing_classes(&self) -> Vec<String> {
        let missing = self.class_counts.iter().flat_map(|counts| counts.missing());
        missing.map(|missing| missing.text(&self.class_names)).collect()
    }

    /// Whether the trial keeps its test set sealed.
    pub fn is_sealed(&self) -> bool {
        self.trial.pointer("/evaluation/test").is_some_and(|test| test == "sealed")
    }

    /// The epoch of the weights in `model.safetensors`; none before one was evaluated.
    pub fn kept_epoch(&self) -> Option<u64> {
        self.model_epoch.or(self.last.map(|last| last.epoch))
    }

    /// The reading of the sealed test set with the weights of this epoch, if there was one: readings of other weights say
    /// nothing of them.
    pub fn reading_at(&self, epoch: Option<u64>) -> Option<&TestRead> {
        self.test_reads.iter().find(|read| Some(read.epoch) == epoch)
    }

    /// How often the test set was read: at every evaluated epoch, once more for averages over views, or each time it
    /// was unsealed.
    pub fn test_read_count(&self) -> u64 {
        if self.is_sealed() {
            return self.test_reads.len() as u64;
        }
        let every = self.trial.pointer("/evaluation/every_epochs").and_then(|every| every.as_u64());
        let every = every.unwrap_or(1).max(1);
        self.last.map_or(0, |last| {
            // A comparison of another epoch replaces the last row by that epoch's.
            let epochs = match self.state {
                RunState::Finished => self.stopped_early.map_or(self.total_epochs, |at| at.epoch),
                _ => last.epoch,
            };
            let is_irregular = !epochs.is_multiple_of(every);
            let has_views = self.trial.pointer("/evaluation/test_time").is_some();
            let of_views = has_views && self.state == RunState::Finished;
            1 + epochs / every + u64::from(is_irregular) + u64::from(of_views)
        })
    }

    /// What early stopping did, in words, if it did anything.
    pub fn early_stopping_words(&self) -> Option<String> {
        let stopped = self.stopped_early.map(|stopped| {
            format!("stopped early after epoch {} of {}", stopped.epoch, self.total_epochs)
        });
        let model = self.model_epoch.map(|epoch| format!("the model is that of epoch {epoch}"));
        let words: Vec<String> = stopped.into_iter().chain(model).collect();
        (!words.is_empty()).then(|| words.join(", "))
    }

    /// Whether nothing is left to train.
    pub fn is_done(&self) -> bool {
        matches!(self.state, RunState::Finished | RunState::Diverged)
    }
}
