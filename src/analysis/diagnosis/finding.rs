//! A finding: what was seen and how grave it is, in words and numbers.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::analysis::diagnosis::list::FindingKind;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Costs accuracy or time.
    Warning,
    /// Training did not work.
    Problem,
}

/// A finding about a config's curves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// What was found.
    pub kind: FindingKind,
    /// How grave it is.
    pub severity: Severity,
    /// In words, with the numbers that matter; one line, safe to print.
    pub text: String,
    /// The numbers by name: accuracies as fractions, epochs, losses; means or medians over seeds.
    #[serde(serialize_with = "as_map")]
    pub figures: Vec<(&'static str, f64)>,
}

impl Severity {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Problem => "problem",
        }
    }
}

fn as_map<S: Serializer>(
    figures: &[(&'static str, f64)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(figures.len()))?;
    for (name, value) in figures {
        map.serialize_entry(name, value)?;
    }
    map.end()
}
