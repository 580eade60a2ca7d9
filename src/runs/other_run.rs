//! What a trial takes from another run: its network and its weights, known by their content. The run must be
//! finished, and its files what its record lists.

use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::runs::folder::{file, hex};
use crate::runs::record::{RunRecord, RunState};
use crate::runs::run_files::RunFolder;
use crate::runs::trial_tables::forget_names;

/// Keys of `[dataset]` that move no held-out example to the training examples.
const DIVIDES_NOTHING: [&str; 18] = [
    "aspect",
    "channels",
    "color",
    "decimal",
    "delimiter",
    "encoding",
    "features",
    "image_shape",
    "image_size",
    "label_noise",
    "path",
    "resize_filter",
    "scaling",
    "sha256", // of what is read with the others
    "subset_seed",
    "test_examples",
    "test_path",
    "train_fraction",
];

/// A finished run's network and weights.
#[derive(Debug, Clone, PartialEq)]
pub struct OtherRun {
    /// Its `trial.toml`.
    pub trial: PathBuf,
    /// The `[dataset]` table of its `trial.toml`.
    pub dataset: Value,
    /// Channels, height and width of its examples.
    pub input: [usize; 3],
    /// Name of each class.
    pub class_names: Vec<String>,
    /// The bytes of its `model.safetensors`.
    pub model: Vec<u8>,
    /// The SHA-256 of its network's table, without names of layers, and its weights.
    pub sha256: String,
}

impl OtherRun {
    /// Reads the run folder `folder`, whatever it is called.
    ///
    /// # Errors
    /// When the run is not finished, or one of its files cannot be read or is not what the run wrote.
    pub fn read(folder: &Path) -> Result<OtherRun> {
        let record = RunRecord::read(&folder.join(file::RECORD))?;
        if record.state != RunState::Finished {
            let problem = format!("run {} is {}, not finished", record.id, record.state);
            return Err(Error::Damaged { path: folder.to_owned(), problem });
        }
        let trial = folder.join(file::TRIAL);
        let text = String::from_utf8_lossy(&listed(&record, folder, file::TRIAL)?).into_owned();
        let damaged = |problem: String| Error::Damaged { path: trial.clone(), problem };
        let tables: Value = toml::from_str(&text).map_err(|e| damaged(e.message().to_owned()))?;
        let network = tables.get("network").cloned();
        let mut network = network.ok_or_else(|| damaged("has no network".to_owned()))?;
        forget_names(&mut network);
        let dataset = tables.get("dataset").cloned().unwrap_or_default();
        let model = listed(&record, folder, file::MODEL)?;
        let mut hash = Sha256::new();
        hash.update(sorted(&network).to_string());
        hash.update(&model);
        let sha256 = hex(&hash.finalize());
        let (input, class_names) = (record.input.shape, record.class_names.to_vec());
        Ok(OtherRun { trial, dataset, input, class_names, model, sha256 })
    }

    /// Whether its network was trained on the data of a trial with the table `dataset`, divided otherwise: held-out
    /// examples of the trial may then be among its training examples.
    pub fn divides_otherwise(&self, dataset: &Value) -> bool {
        let differs = |key: &str| dataset.get(key) != self.dataset.get(key);
        if differs("kind") || differs("seed") || (differs("sha256") && differs("path")) {
            return false; // it is other data
        }
        let keys = [dataset, &self.dataset].into_iter().filter_map(Value::as_object);
        let mut keys = keys.flat_map(|table| table.keys());
        let divides = keys.any(|key| !DIVIDES_NOTHING.contains(&key.as_str()) && differs(key));
        let holds_out = dataset.get("validation_examples") != Some(&Value::from(0))
            || dataset.get("folds").is_some();
        divides && (holds_out || dataset.get("test_fraction").is_some())
    }

    /// How its classes differ from those of the names `own`, if they do.
    pub fn other_classes(&self, own: &[String]) -> Option<String> {
        first_difference(&self.class_names, own, "classes")
    }

    /// How the columns that it learned from differ from those of the names `own`, if both are known and do.
    pub fn other_features(&self, own: &[String]) -> Option<String> {
        let text = |name: &Value| name.as_str().unwrap_or_default().to_owned();
        let features: Vec<String> =
            self.dataset.get("features")?.as_array()?.iter().map(text).collect();
        first_difference(&features, own, "columns").filter(|_| !own.is_empty())
    }

    /// The same, if its content is still what it was.
    ///
    /// # Errors
    /// As [`OtherRun::read`], and when it has changed.
    pub fn read_as(folder: &Path, sha256: &str) -> Result<OtherRun> {
        let read = OtherRun::read(folder)?;
        match read.sha256 == sha256 {
            true => Ok(read),
            false => Err(Error::Damaged {
                path: folder.to_owned(),
                problem: format!(
                    "has changed: its network and weights have the SHA-256 {}, not {sha256}",
                    read.sha256
                ),
            }),
        }
    }
}

/// The content of a file of the run, which must be there and what its record lists.
fn listed(record: &RunRecord, folder: &Path, name: &str) -> Result<Vec<u8>> {
    let content = RunFolder { record, path: folder }.read(name)?;
    content.ok_or_else(|| Error::Damaged {
        path: folder.join(name),
        problem: "is missing: restore it, or train the run again with --retrain".to_owned(),
    })
}

/// Where a list of names differs from this trial's.
fn first_difference(theirs: &[String], own: &[String], what: &str) -> Option<String> {
    if theirs.len() != own.len() {
        return Some(format!("it has {} {what}, this trial {}", theirs.len(), own.len()));
    }
    let at = theirs.iter().zip(own).position(|(a, b)| a != b)?;
    Some(format!("number {} is {:?} there and {:?} here", at + 1, theirs[at], own[at]))
}

/// The value with its keys in order, whatever order they have in the file.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort();
            Value::Object(keys.into_iter().map(|key| (key.clone(), sorted(&map[key]))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests;
