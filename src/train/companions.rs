//! The companion files of a checkpoint that its run relies on, as recorded in it.

use serde::{Deserialize, Serialize};

/// SHA-256 of the companion files when a checkpoint was saved; none for a missing file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Companions {
    /// Of the rows so far.
    pub metrics_sha256: Option<String>,
    /// Of the rows of the layers so far.
    pub layers_sha256: Option<String>,
    /// Of the weights of the best validation epoch so far.
    pub best_sha256: Option<String>,
}
