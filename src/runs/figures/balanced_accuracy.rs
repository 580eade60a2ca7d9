//! Balanced accuracy: the mean over the classes of the accuracy on their examples, as scikit-learn counts it:
//! without classes that have no examples. A guess that always names one class has 1 / classes.

use crate::runs::evaluation::{ClassScore, Evaluation};
use crate::runs::figures::{Better, FigureKind, Unit};
use crate::runs::held_out::HeldOutSplit;

pub(super) static BALANCED_ACCURACY: FigureKind = ON_TEST;

/// Where the test set is sealed.
pub(super) static VAL_BALANCED_ACCURACY: FigureKind = FigureKind {
    name: "val_balanced_accuracy",
    short: "val_balanced",
    header: "val balanced",
    words: "balanced accuracy on the validation split",
    held_out: Some(HeldOutSplit::Validation),
    scikit_learn: None, // it is computed alike
    ..ON_TEST
};

const ON_TEST: FigureKind = FigureKind {
    name: "balanced_accuracy",
    short: "balanced",
    header: "balanced",
    words: "balanced accuracy on the test split",
    unit: Unit::Fraction,
    better: Some(Better::Higher),
    held_out: Some(HeldOutSplit::Test),
    of_row: None,
    of_run: None,
    of_evaluation: Some(balanced_accuracy),
    scikit_learn: Some("metrics.balanced_accuracy_score(labels, predictions)"),
};

fn balanced_accuracy(evaluation: &Evaluation) -> Option<f64> {
    let scores: Vec<f64> = evaluation.classes.iter().filter_map(recall).collect();
    (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
}

/// Of the counts themselves, which the file's share is rounded from.
fn recall(class: &ClassScore) -> Option<f64> {
    let examples = class.examples as f64;
    let hits = (f64::from(class.accuracy?) * examples).round();
    (examples > 0.0).then(|| hits / examples)
}
