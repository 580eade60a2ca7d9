//! Parts of a record: where its numbers and its first steps come from, and readings of a sealed test set.

use serde::{Deserialize, Serialize};

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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}
