//! `evaluation.json` and `confusion.csv`: how the finished network judges single examples. Read by
//! reports, never by what compares many runs.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::run_dir::{file, read_if_there};

/// Version of the layout of `evaluation.json`.
pub const EVALUATION_VERSION: u32 = 1;

/// First column of `confusion.csv`.
const CLASS: &str = "class";

/// Content of `evaluation.json`: of the weights after the last step, in evaluation mode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Layout version of this file, [`EVALUATION_VERSION`].
    pub version: u32,
    /// Which split was judged.
    pub split: JudgedSplit,
    /// Examples of the split.
    pub examples: u64,
    /// Mean cross-entropy per example.
    pub loss: f32,
    /// Fraction of examples whose class is predicted.
    pub accuracy: f32,
    /// Mean distance between confidence and accuracy over the bins, weighted by their examples (Guo
    /// et al., 2017, <https://arxiv.org/abs/1706.04599>); a fraction.
    pub expected_calibration_error: f32,
    /// Examples by confidence, in bins of equal width.
    pub bins: Vec<CalibrationBin>,
    /// Each class, in the order of its label.
    pub classes: Vec<ClassScore>,
    /// The most confident mistakes, most confident first; of equals the one that comes first.
    pub mistakes: Vec<Mistake>,
}

/// The split whose examples were judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgedSplit {
    /// The test split.
    Test,
    /// The validation split, where the test split is sealed.
    Validation,
}

impl JudgedSplit {
    /// The word for it, as in `evaluation.json`.
    pub fn name(self) -> &'static str {
        match self {
            JudgedSplit::Test => "test",
            JudgedSplit::Validation => "validation",
        }
    }
}

/// Examples whose confidence, the probability of the predicted class, is above `from` and at most
/// `to`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// Lower limit.
    pub from: f32,
    /// Upper limit.
    pub to: f32,
    /// Examples in the bin.
    pub examples: u64,
    /// Their mean confidence; none if there are none.
    pub mean_confidence: Option<f32>,
    /// Fraction of them whose class is predicted; none if there are none.
    pub accuracy: Option<f32>,
}

/// How well one class is told from the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassScore {
    /// Name of the class.
    pub name: String,
    /// Examples of the class.
    pub examples: u64,
    /// Fraction of them that are predicted as such (recall); none if there are none.
    pub accuracy: Option<f32>,
    /// Fraction of those predicted as such that are; none if nothing is.
    pub precision: Option<f32>,
}

/// An example that is taken for another class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mistake {
    /// Position in the split, from 0.
    pub example: u64,
    /// Name of its class.
    pub class: String,
    /// Name of the predicted class.
    pub predicted: String,
    /// Probability of the predicted class.
    pub confidence: f32,
}

/// The `evaluation.json` of a run folder; none if it is not there: the run is not finished, or was
/// before there was such a file.
///
/// # Errors
/// When the file cannot be read or is not of a known version.
pub fn read_evaluation(folder: &Path) -> Result<Option<Evaluation>> {
    let path = folder.join(file::EVALUATION);
    let Some(bytes) = read_if_there(&path)? else { return Ok(None) };
    let damaged = |problem: String| Error::Damaged { path: path.clone(), problem };
    let evaluation: Evaluation = serde_json::from_slice(&bytes)
        .map_err(|e| damaged(format!("is no evaluation of a run: {e}")))?;
    if evaluation.version != EVALUATION_VERSION {
        let found = evaluation.version;
        return Err(damaged(format!(
            "has layout version {found}, this program reads version {EVALUATION_VERSION}"
        )));
    }
    Ok(Some(evaluation))
}

/// The `confusion.csv` of a run folder: names of the classes, and for each true class the examples
/// taken for each class, `[class][predicted]`. None if it is not there.
///
/// # Errors
/// When the file cannot be read or is no square table of counts.
pub fn read_confusion(folder: &Path) -> Result<Option<(Vec<String>, Vec<Vec<u64>>)>> {
    let path = folder.join(file::CONFUSION);
    let Some(bytes) = read_if_there(&path)? else { return Ok(None) };
    let confusion = parse_confusion(&bytes).map_err(|problem| Error::Damaged {
        problem: format!("is no confusion matrix: {problem}"),
        path,
    })?;
    Ok(Some(confusion))
}

fn parse_confusion(bytes: &[u8]) -> Result<(Vec<String>, Vec<Vec<u64>>), String> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().map_err(|e| e.to_string())?;
    let mut header = header.iter();
    if header.next() != Some(CLASS) {
        return Err(format!("its first column is not {CLASS:?}"));
    }
    let names: Vec<String> = header.map(str::to_owned).collect();
    let mut counts = Vec::with_capacity(names.len());
    for record in reader.records() {
        let record = record.map_err(|e| e.to_string())?;
        let mut fields = record.iter();
        if fields.next() != names.get(counts.len()).map(String::as_str) {
            return Err(format!("row {} is not that of its class", counts.len() + 1));
        }
        let count = |field: &str| field.parse().map_err(|_| format!("{field:?} is no count"));
        counts.push(fields.map(count).collect::<Result<Vec<u64>, String>>()?);
    }
    if counts.len() != names.len() {
        return Err(format!("it has {} classes and {} rows", names.len(), counts.len()));
    }
    Ok((names, counts))
}
