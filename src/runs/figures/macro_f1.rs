//! Macro F1: the mean over the classes of `2 · precision · recall / (precision + recall)`, as scikit-learn
//! counts it: 0 for a class that is never hit, and without classes that have neither examples nor predictions.

use crate::runs::evaluation::{ClassScore, Evaluation};
use crate::runs::figures::{Better, FigureKind, Unit};
use crate::runs::held_out::HeldOutSplit;

pub(super) static MACRO_F1: FigureKind = ON_TEST;

/// Where the test set is sealed.
pub(super) static VAL_MACRO_F1: FigureKind = FigureKind {
    name: "val_macro_f1",
    short: "val_macro_f1",
    header: "val macro F1",
    words: "macro F1 on the validation split",
    held_out: Some(HeldOutSplit::Validation),
    scikit_learn: None, // it is computed alike
    ..ON_TEST
};

const ON_TEST: FigureKind = FigureKind {
    name: "macro_f1",
    short: "macro_f1",
    header: "macro F1",
    words: "macro F1 on the test split",
    unit: Unit::Fraction,
    better: Some(Better::Higher),
    held_out: Some(HeldOutSplit::Test),
    of_row: None,
    of_run: None,
    of_evaluation: Some(macro_f1),
    scikit_learn: Some("metrics.f1_score(labels, predictions, average='macro')"),
};

fn macro_f1(evaluation: &Evaluation) -> Option<f64> {
    let scores: Vec<f64> = evaluation.classes.iter().filter_map(f1).collect();
    (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
}

/// Of the counts themselves, `2 hits / (examples + predicted)`, which the file's shares are rounded from.
fn f1(class: &ClassScore) -> Option<f64> {
    let examples = class.examples as f64;
    let hits = (f64::from(class.accuracy.unwrap_or(0.0)) * examples).round();
    match class.precision.map(f64::from) {
        None if class.examples == 0 => None,
        Some(precision) if precision > 0.0 => {
            Some(2.0 * hits / (examples + (hits / precision).round()))
        }
        _ => Some(0.0),
    }
}
