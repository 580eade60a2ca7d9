//! `evaluation.json` and `confusion.csv`: how the finished network judges single examples. Read by
//! reports, never when many runs are compared.

mod confusion;
mod test_time;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::runs::folder::file;
use crate::runs::held_out::HeldOutSplit;
use crate::runs::run_files::RunFolder;

pub use confusion::{Confusion, MOST_IN_SQUARE};
pub use test_time::{TestTimeScore, TestTimeViews};

/// Version of the layout of `evaluation.json`.
pub const EVALUATION_VERSION: u32 = 1;

/// Content of `evaluation.json`: of the weights of `model.safetensors`, in evaluation mode.
/// `run.json` says which those are (`model_epoch`, and `training.ema_decay` of the trial), because
/// this file's bytes must not change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Layout version of this file, [`EVALUATION_VERSION`].
    pub version: u32,
    /// Which split was judged.
    pub split: HeldOutSplit,
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
    /// The most confident mistakes, most confident first; ties in the order of the split.
    pub mistakes: Vec<Mistake>,
    /// The score from several views of each example, if the trial asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_time: Option<TestTimeScore>,
}

/// A split as the network judges it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Which split.
    pub split: HeldOutSplit,
    /// Mean cross-entropy per example.
    pub loss: f64,
    /// Fraction of examples whose class is predicted.
    pub accuracy: f64,
    /// Each example, in the order of the split.
    pub examples: Vec<JudgedExample>,
    /// The score from several views of each example, if the trial asks for it.
    pub test_time: Option<TestTimeScore>,
}

/// An example as the network judges it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JudgedExample {
    /// Its class.
    pub class: u16,
    /// The predicted class.
    pub predicted: u16,
    /// Probability of the predicted class.
    pub confidence: f32,
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

/// How well one class is distinguished from the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassScore {
    /// Name of the class.
    pub name: String,
    /// Examples of the class.
    pub examples: u64,
    /// Fraction of them that are predicted as such (recall); none if there are none.
    pub accuracy: Option<f32>,
    /// Fraction of those predicted as such that truly are (precision); none if nothing is predicted
    /// as such.
    pub precision: Option<f32>,
}

/// An example that is predicted as another class.
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

/// What a run folder says about single examples; empty for a run that is not finished.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EvaluationFiles {
    /// See [`read_evaluation`].
    pub evaluation: Option<Evaluation>,
    /// See [`read_confusion`].
    pub confusion: Option<Confusion>,
}

impl JudgedExample {
    /// Whether it is predicted as another class.
    pub fn is_mistake(&self) -> bool {
        self.class != self.predicted
    }
}

impl EvaluationFiles {
    /// Reads both files.
    ///
    /// # Errors
    /// When one is there and is not what this program wrote.
    pub fn read(run: RunFolder<'_>) -> Result<EvaluationFiles> {
        let evaluation = read_evaluation(run)?;
        let names = &run.record.class_names;
        let confusion = read_confusion(run)?;
        let confusion = confusion.map(|read| read.named_by(names.iter().map(String::as_str)));
        Ok(EvaluationFiles { evaluation, confusion })
    }
}

/// The `evaluation.json` of a run folder; none if it does not exist: the run is not finished, or is
/// older than the file.
///
/// # Errors
/// When the file cannot be read or is not of a known version.
pub fn read_evaluation(run: RunFolder<'_>) -> Result<Option<Evaluation>> {
    let path = run.path.join(file::EVALUATION);
    let Some(bytes) = run.read(file::EVALUATION)? else { return Ok(None) };
    let damaged = |problem: String| Error::Damaged { path: path.clone(), problem };
    let evaluation: Evaluation = serde_json::from_slice(&bytes)
        .map_err(|e| damaged(format!("is not an evaluation of a run: {e}")))?;
    if evaluation.version != EVALUATION_VERSION {
        let found = evaluation.version;
        return Err(damaged(format!(
            "has layout version {found}, but this program reads version {EVALUATION_VERSION}"
        )));
    }
    Ok(Some(evaluation))
}

/// The `confusion.csv` of a run folder. None if it does not exist.
///
/// # Errors
/// When the file cannot be read or is no table of counts.
pub fn read_confusion(run: RunFolder<'_>) -> Result<Option<Confusion>> {
    let path = run.path.join(file::CONFUSION);
    let Some(bytes) = run.read(file::CONFUSION)? else { return Ok(None) };
    let confusion = Confusion::parse(&bytes).map_err(|problem| Error::Damaged {
        problem: format!("is not a confusion matrix: {problem}"),
        path,
    })?;
    Ok(Some(confusion))
}

impl Evaluation {
    /// The names of all classes.
    pub fn class_names(&self) -> impl Iterator<Item = &str> {
        self.classes.iter().map(|class| class.name.as_str())
    }

    /// The content of `evaluation.json`.
    pub fn to_json(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("an evaluation is plain data");
        bytes.push(b'\n');
        bytes
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;
    use crate::runs::evaluation::{JudgedExample, Judgement};
    use crate::runs::record::RunRecord;
    use crate::runs::samples::{row, run, trial};

    const EVIL: &str = "a,\"b\"\n=1+\u{1b}[2J";

    fn names() -> Vec<String> {
        vec![EVIL.to_owned(), String::new(), "class".to_owned()]
    }

    /// A run that lists no files, so any file in its folder is read.
    fn unlisted() -> RunRecord {
        let record = run(trial(&[], 1), row(3, 0.5, None, 0.4), row(2, 0.5, None, 0.4));
        RunRecord { class_names: names().into(), ..record }
    }

    fn at<'a>(record: &'a RunRecord, folder: &'a TempDir) -> RunFolder<'a> {
        RunFolder { record, path: folder.path() }
    }

    fn sample() -> (Evaluation, Confusion) {
        let example = |class, predicted, confidence| JudgedExample { class, predicted, confidence };
        let examples = vec![example(0, 0, 0.75), example(0, 1, 0.5), example(1, 1, 1.0)];
        let confusion = Confusion::of(&examples, &names());
        let judgement = Judgement {
            split: HeldOutSplit::Validation,
            loss: 0.1,
            accuracy: 2.0 / 3.0,
            examples,
            test_time: None,
        };
        (Evaluation::new(&judgement, &names()), confusion)
    }

    #[test]
    fn files_read_back_whatever_classes_are_called() {
        let (folder, record) = (tempfile::tempdir().unwrap(), unlisted());
        assert_eq!(read_evaluation(at(&record, &folder)).unwrap(), None);
        assert_eq!(read_confusion(at(&record, &folder)).unwrap(), None);
        let (evaluation, confusion) = sample();
        fs::write(folder.path().join(file::EVALUATION), evaluation.to_json()).unwrap();
        let csv = confusion.to_csv().unwrap();
        fs::write(folder.path().join(file::CONFUSION), &csv).unwrap();
        let files = EvaluationFiles::read(at(&record, &folder)).unwrap();
        assert_eq!(files.evaluation, Some(evaluation));
        assert_eq!(files.confusion, Some(confusion));
        insta::assert_snapshot!(String::from_utf8(csv).unwrap());
    }

    #[test]
    fn evaluation_json_has_its_shape() {
        insta::assert_snapshot!(String::from_utf8(sample().0.to_json()).unwrap());
    }

    #[test]
    fn damaged_files_are_errors() {
        let (folder, record) = (tempfile::tempdir().unwrap(), unlisted());
        let (evaluation, _) = sample();
        let other = Evaluation { version: 2, ..evaluation };
        for bytes in [&b""[..], b"{", b"{}", &other.to_json()] {
            fs::write(folder.path().join(file::EVALUATION), bytes).unwrap();
            let error = read_evaluation(at(&record, &folder)).unwrap_err().to_string();
            assert!(error.contains("evaluation.json: "), "{error}");
        }
        for text in
            ["", "epoch\n", "class,a\n", "class,a\nb,1\n", "class,a\na,-1\n", "class,a\na\n"]
        {
            fs::write(folder.path().join(file::CONFUSION), text).unwrap();
            let error = read_confusion(at(&record, &folder)).unwrap_err().to_string();
            assert!(error.contains("is not a confusion matrix: "), "{error}");
        }
    }
}
