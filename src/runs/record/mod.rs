//! `run.json`: the summary of a run, read by everything that lists or compares runs.

mod json;
mod parts;
mod state;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::parts::{ContinuedFrom, Provenance, TestRead};
pub use self::state::RunState;
use crate::runs::class_counts::ClassCounts;
use crate::runs::folder::Owner;
use crate::runs::input_record::InputRecord;
use crate::runs::metrics::{MetricsRow, StoppedEarly};
use crate::runs::notes::Notes;
use crate::runs::role::ConfigRole;
use crate::runs::run_files::RunFiles;
use crate::runs::shared::{Pool, Shared};
use crate::runs::trial_tables::{TablePool, TrialTables};

/// Version of the layout of `run.json`.
pub const RECORD_VERSION: u32 = 1;

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
    #[serde(deserialize_with = "json::row_with_nan")]
    pub last: Option<MetricsRow>,
    /// The epoch with the best validation accuracy or, without a validation split, the best test
    /// accuracy; the first of equals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "json::row_with_nan")]
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
    #[serde(
        default,
        rename = "record_sha256",
        skip_serializing,
        deserialize_with = "json::is_there"
    )]
    pub is_checked: bool,
    /// What people wrote about it, in a file of its own.
    #[serde(skip)]
    pub notes: Notes,
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

impl RunRecord {
    /// Whether its inputs were pixels from 0 to 255: not the numbers of a table, which are an image of
    /// one pixel.
    pub fn has_pixels(&self) -> bool {
        let kind = self.trial.pointer("/dataset/kind").and_then(serde_json::Value::as_str);
        let [_, height, width] = self.input.shape;
        !matches!(kind, Some("csv" | "npz")) || height * width > 1
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
