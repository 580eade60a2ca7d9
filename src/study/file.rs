//! `study.toml`: what a study starts from, what it may spend, and what was decided so far.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::FIRST_FRESH;
use crate::error::{Error, Result};
use crate::runs::folder::read_if_there;

/// Version of the layout.
const VERSION: u32 = 1;

/// The content of `study.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyFile {
    /// Layout version.
    pub version: u32,
    /// The experiment file that was typed, relative to the folder of the study.
    pub baseline: String,
    /// The `KEY=VALUE` of `--set` that were typed with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<String>,
    /// The hash of the config that both made when the study began.
    pub config: String,
    /// What may be spent, in seconds of the machine that began the study; none: there is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_seconds: Option<u64>,
    /// Floating-point operations per second of all training threads of that machine: they turn seconds into
    /// arithmetic, here and wherever the study goes on.
    pub flops_per_second: f64,
    /// The first of the seeds of the last comparison, which no run of the baseline had when the study began.
    #[serde(default = "usual_fresh", skip_serializing_if = "is_usual_fresh")]
    pub first_fresh_seed: u64,
    /// What was decided, in the order of the questions.
    #[serde(default, rename = "decision", skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Decision>,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The question.
    pub question: String,
    /// What was decided, and why.
    pub decided: String,
}

impl StudyFile {
    /// The name of the file.
    pub const NAME: &'static str = "study.toml";

    /// A study that begins.
    pub fn new(
        baseline: String,
        sets: Vec<String>,
        config: String,
        budget_seconds: Option<u64>,
        flops_per_second: f64,
    ) -> StudyFile {
        StudyFile {
            version: VERSION,
            baseline,
            sets,
            config,
            budget_seconds,
            flops_per_second,
            first_fresh_seed: FIRST_FRESH,
            decisions: Vec::new(),
        }
    }

    /// Reads the file in the folder of a study; none if there is no study.
    ///
    /// # Errors
    /// If it cannot be read, or is not what a study writes.
    pub fn read(folder: &Path) -> Result<Option<StudyFile>> {
        let path = folder.join(StudyFile::NAME);
        let Some(bytes) = read_if_there(&path)? else { return Ok(None) };
        let damaged = |problem: String| Error::Damaged {
            path: path.clone(),
            problem: format!("it is not the file of a study: {problem}"),
        };
        let text = String::from_utf8(bytes).map_err(|e| damaged(e.to_string()))?;
        let file: StudyFile = toml::from_str(&text).map_err(|e| damaged(e.message().to_owned()))?;
        let is_speed = file.flops_per_second.is_finite() && file.flops_per_second > 0.0;
        match file.version {
            VERSION if !is_speed => Err(damaged("flops_per_second must be above 0".to_owned())),
            VERSION => Ok(Some(file)),
            other => {
                Err(damaged(format!("its version is {other}, and this program knows {VERSION}")))
            }
        }
    }

    /// Its text.
    ///
    /// # Errors
    /// If it could not be written as TOML.
    pub fn text(&self) -> Result<String> {
        toml::to_string(self).map_err(|e| Error::Unexpected(format!("cannot write TOML: {e}")))
    }

    /// The arithmetic that may be spent; none: there is no limit.
    pub fn flops(&self) -> Option<f64> {
        self.budget_seconds.map(|seconds| seconds as f64 * self.flops_per_second)
    }
}

fn usual_fresh() -> u64 {
    FIRST_FRESH
}

/// Files of studies that nothing came before stay as they were.
fn is_usual_fresh(seed: &u64) -> bool {
    *seed == FIRST_FRESH
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> StudyFile {
        let sets = vec!["network.dropout=0".to_owned()];
        let new =
            StudyFile::new("../../a.toml".to_owned(), sets, "abc".to_owned(), Some(7200), 1.5e11);
        let decision =
            Decision { question: "together".to_owned(), decided: "kept \"x\"".to_owned() };
        StudyFile { decisions: vec![decision], ..new }
    }

    #[test]
    fn it_is_read_back_and_seconds_become_arithmetic() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(StudyFile::read(folder.path()).unwrap(), None);
        let text = file().text().unwrap();
        insta::assert_snapshot!(text);
        std::fs::write(folder.path().join(StudyFile::NAME), text).unwrap();
        let read = StudyFile::read(folder.path()).unwrap().unwrap();
        assert_eq!((read.first_fresh_seed, &read), (1000, &file()));
        let later = StudyFile { first_fresh_seed: 1005, ..file() };
        std::fs::write(folder.path().join(StudyFile::NAME), later.text().unwrap()).unwrap();
        assert_eq!(StudyFile::read(folder.path()).unwrap(), Some(later));
        assert_eq!(read.flops(), Some(7200.0 * 1.5e11));
    }

    #[test]
    fn other_files_and_versions_are_errors() {
        let folder = tempfile::tempdir().unwrap();
        let text = file().text().unwrap();
        for wrong in [
            "",
            "version = 1",
            &text.replace("version = 1", "version = 9"),
            &text.replace("150000000000.0", "-1.0"),
            "x = [",
        ] {
            std::fs::write(folder.path().join(StudyFile::NAME), wrong).unwrap();
            let error = StudyFile::read(folder.path()).unwrap_err().to_string();
            assert!(error.contains("it is not the file of a study: "), "{error}");
        }
    }
}
