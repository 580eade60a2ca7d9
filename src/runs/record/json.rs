//! `run.json` from and to its bytes, with the hash at their end.

use std::path::Path;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use crate::error::{Error, Flaw, Result};
use crate::runs::folder::{folder_of, is_id, read_bounded};
use crate::runs::metrics::MetricsRow;
use crate::runs::record::{RECORD_VERSION, RunRecord};
use crate::runs::seal;

/// The largest size of a record: one with 65,000 classes with long names is smaller.
const MOST_BYTES: u64 = 64 << 20;

impl RunRecord {
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
}

/// JSON has no NaN and no infinity: serde_json writes both as `null`, which reads back as NaN.
pub(super) fn row_with_nan<'de, D: Deserializer<'de>>(
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
pub(super) fn is_there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
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
