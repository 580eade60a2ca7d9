//! What a trial takes from another run: its network and its weights, known by their content.

use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::runs::folder::{file, hex, read_file};

/// A finished run's network and weights.
#[derive(Debug, Clone, PartialEq)]
pub struct OtherRun {
    /// Its `trial.toml`.
    pub trial: PathBuf,
    /// How its dataset is scaled, as in its `trial.toml`.
    pub scaling: Option<String>,
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
        let scaling = tables.pointer("/dataset/scaling").and_then(Value::as_str);
        let model = read_file(&folder.join(file::MODEL))?;
        let mut hash = Sha256::new();
        hash.update(sorted(network).to_string());
        hash.update(&model);
        let (scaling, sha256) = (scaling.map(str::to_owned), hex(&hash.finalize()));
        Ok(OtherRun { trial, scaling, model, sha256 })
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
        assert_eq!(read(0).unwrap().scaling.as_deref(), Some("unit"));
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
}
