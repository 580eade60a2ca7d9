//! The files beside a checkpoint that the rest of its run relies on, as it knows them.

use serde::{Deserialize, Serialize};

/// SHA-256 of the files that lay beside a checkpoint when it was saved; none of a file that was not there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Companions {
    /// Of the rows so far.
    pub metrics_sha256: Option<String>,
    /// Of the rows of the layers so far.
    pub layers_sha256: Option<String>,
    /// Of the weights of the best validation epoch so far.
    pub best_sha256: Option<String>,
}
