//! What the network makes of each example of a split: class, predicted class and confidence.

use serde::{Deserialize, Serialize};

use super::evaluate::evaluate;
use super::{TestReads, Workers};
use crate::data::Splits;
use crate::nn::{MOST_EVALUATED, Network, confidences};

/// The split whose examples are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgedSplit {
    /// The test split.
    Test,
    /// The validation split, where the test split is sealed.
    Validation,
}

/// A split as the network judges it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Which split.
    pub split: JudgedSplit,
    /// Mean cross-entropy per example.
    pub loss: f64,
    /// Fraction of examples whose class is predicted.
    pub accuracy: f64,
    /// Each example, in the order of the split.
    pub examples: Vec<JudgedExample>,
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

impl JudgedSplit {
    /// The word for it, as in `evaluation.json`.
    pub fn name(self) -> &'static str {
        match self {
            JudgedSplit::Test => "test",
            JudgedSplit::Validation => "validation",
        }
    }
}

impl JudgedExample {
    /// Whether it is taken for another class.
    pub fn is_mistake(&self) -> bool {
        self.class != self.predicted
    }
}

/// Judges the test split, or the validation split where the test split is sealed.
pub(super) fn judge(
    network: &mut Network,
    splits: &Splits,
    test: TestReads,
    targets: &mut [u16],
    workers: &Workers,
) -> Judgement {
    let (name, split) = match test {
        TestReads::Every => (JudgedSplit::Test, &splits.test),
        TestReads::Sealed => (JudgedSplit::Validation, &splits.validation),
    };
    let classes = network.out_features();
    let mut examples = Vec::with_capacity(split.len());
    let mut confidence = [0.0; MOST_EVALUATED];
    let all = (split, split.len());
    let score = evaluate(network, splits, all, targets, workers, |batch| {
        confidences(batch.logits, classes, &mut confidence);
        let judged = batch.targets.iter().zip(batch.predictions).zip(&confidence);
        examples.extend(judged.map(|((&class, &predicted), &confidence)| JudgedExample {
            class,
            predicted,
            confidence,
        }));
    });
    Judgement { split: name, loss: score.loss, accuracy: score.accuracy, examples }
}
