//! What an experiment calls the config of one of its trials.

use serde::{Deserialize, Serialize};

/// The part that a config has in its experiment. It decides nothing: it names the config in tables.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ConfigRole {
    /// Whether it is the file without variants, grid and search: what the others are compared with.
    #[serde(default, rename = "baseline", skip_serializing_if = "std::ops::Not::not")]
    pub is_baseline: bool,
    /// The name of its variant, if it is one with a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// The least and the most points of test accuracy that it was expected to add to the baseline's, if
    /// the experiment says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<[f64; 2]>,
    /// The keys whose values a search drew, dotted. A drawn point is not what the others are compared with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drawn: Vec<String>,
    /// Whether somebody chose it as what the others are compared with when its figures were there. Never
    /// stored.
    #[serde(skip)]
    pub is_chosen: bool,
}

impl ConfigRole {
    /// Whether there is nothing to say about it.
    pub fn is_plain(&self) -> bool {
        *self == ConfigRole::default()
    }

    /// Whether a search drew the value of this key, or the table that it is in.
    pub fn draws(&self, key: &str) -> bool {
        draws(&self.drawn, key)
    }
}

/// Whether a key is one of the `drawn` ones, or in a table that is.
pub fn draws(drawn: &[String], key: &str) -> bool {
    drawn.iter().any(|drawn| {
        key.strip_prefix(drawn.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}
