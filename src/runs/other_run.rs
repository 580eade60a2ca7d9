//! What a trial takes from another run: its network and its weights, known by their content.

use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::runs::folder::{file, hex, read_file};

/// Keys of `[dataset]` that move no held-out example to the training examples.
const DIVIDES_NOTHING: [&str; 7] = [
    "scaling",
    "path",
    "test_path",
    "test_examples",
    "train_fraction",
    "subset_seed",
    "label_noise",
];

/// A finished run's network and weights.
#[derive(Debug, Clone, PartialEq)]
pub struct OtherRun {
    /// Its `trial.toml`.
    pub trial: PathBuf,
    /// The `[dataset]` table of its `trial.toml`.
    pub dataset: Value,
    /// The bytes of its `model.safetensors`.
    pub model: Vec<u8>,
    /// The SHA-256 of its network's table and its weights.
    pub sha256: String,
}

impl OtherRun {
    /// Reads the run folder `folder`.
    ///
    /// # Errors
    /// When one of its files cannot be read, or is not what a run has.
    pub fn read(folder: &Path) -> Result<OtherRun> {
        let trial = folder.join(file::TRIAL);
        let text = String::from_utf8_lossy(&read_file(&trial)?).into_owned();
        let damaged = |problem: String| Error::Damaged { path: trial.clone(), problem };
        let tables: Value = toml::from_str(&text).map_err(|e| damaged(e.message().to_owned()))?;
        let network = tables.get("network");
        let network = network.ok_or_else(|| damaged("has no network".to_owned()))?;
        let dataset = tables.get("dataset").cloned().unwrap_or_default();
        let model = read_file(&folder.join(file::MODEL))?;
        let mut hash = Sha256::new();
        hash.update(sorted(network).to_string());
        hash.update(&model);
        Ok(OtherRun { trial, dataset, model, sha256: hex(&hash.finalize()) })
    }

    /// Whether its network was trained on the data of a trial with the table `dataset`, divided otherwise: held-out
    /// examples of the trial may then be among its training examples.
    pub fn divides_otherwise(&self, dataset: &Value) -> bool {
        let differs = |key: &str| dataset.get(key) != self.dataset.get(key);
        if differs("kind") || differs("seed") {
            return false; // it is other data
        }
        let keys = [dataset, &self.dataset].into_iter().filter_map(Value::as_object);
        let mut keys = keys.flat_map(|table| table.keys());
        let divides = keys.any(|key| !DIVIDES_NOTHING.contains(&key.as_str()) && differs(key));
        let holds_out = dataset.get("validation_examples") != Some(&Value::from(0))
            || dataset.get("folds").is_some();
        divides && (holds_out || dataset.get("test_fraction").is_some())
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
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn content_decides_and_the_folder_does_not() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let write = |at: usize, name: &str, text: &str| {
            std::fs::write(folders[at].path().join(name), text).unwrap();
        };
        let read = |at: usize| OtherRun::read(folders[at].path());
        for at in [0, 1] {
            write(at, file::TRIAL, "dataset.scaling = 'unit'\nnetwork = { kind = 'mlp', a = 1 }");
            assert!(read(at).unwrap_err().to_string().contains("model.safetensors"));
            write(at, file::MODEL, "weights");
        }
        assert_eq!(read(0).unwrap().dataset["scaling"], "unit");
        let sha256 = read(0).unwrap().sha256;
        assert_eq!(read(1).unwrap().sha256, sha256);
        write(1, file::TRIAL, "network = { a = 1, kind = 'mlp' }");
        assert_eq!(read(1).unwrap().sha256, sha256);
        write(1, file::MODEL, "other weights");
        let error = OtherRun::read_as(folders[1].path(), &sha256).unwrap_err().to_string();
        assert!(error.contains("has changed"), "{error}");
        write(1, file::TRIAL, "nonsense");
        assert!(matches!(read(1), Err(Error::Damaged { .. })));
    }

    #[test]
    fn held_out_examples_must_not_have_been_trained_on() {
        let of = |dataset: Value| OtherRun {
            trial: PathBuf::new(),
            dataset,
            model: Vec::new(),
            sha256: String::new(),
        };
        let table = |kind: &str, held_out: u64, seed: u64| json!({ "kind": kind, "validation_examples": held_out, "split_seed": seed });
        let other = of(table("cifar10", 5000, 0));
        assert!(!other.divides_otherwise(&table("cifar10", 5000, 0)));
        assert!(other.divides_otherwise(&table("cifar10", 5000, 1)));
        assert!(other.divides_otherwise(&table("cifar10", 1000, 0)));
        assert!(!other.divides_otherwise(&table("cifar10", 0, 0)), "the test set is fixed");
        assert!(!other.divides_otherwise(&table("cifar100", 5000, 1)), "it is other data");
        assert!(of(table("cifar10", 0, 0)).divides_otherwise(&table("cifar10", 5000, 0)));
        let mut scaled = table("cifar10", 5000, 0);
        scaled["scaling"] = "standardize".into();
        assert!(!other.divides_otherwise(&scaled));
    }
}
