//! Figures of the best epoch: the one with the best validation accuracy or, without a validation
//! split, the best test accuracy.

use crate::runs::figures::{Better, FigureKind, Unit, best, exact, last};
use crate::runs::held_out::HeldOutSplit;

pub(super) static EPOCH: FigureKind = FigureKind {
    name: "best_epoch",
    short: "best_epoch",
    header: "best epoch",
    words: "best epoch",
    unit: Unit::Epochs,
    better: None,
    held_out: None,
    of_row: None,
    of_run: Some(|run| Some(best(run)?.epoch as f64)),
    of_evaluation: None,
    scikit_learn: None,
};

pub(super) static VAL_ACCURACY: FigureKind = FigureKind {
    name: "best_val_accuracy",
    short: "best_val",
    header: "best val",
    words: "validation accuracy at the best epoch",
    unit: Unit::Fraction,
    better: Some(Better::Higher),
    held_out: Some(HeldOutSplit::Validation),
    of_row: None,
    of_run: Some(|run| best(run)?.val_accuracy.map(exact)),
    of_evaluation: None,
    scikit_learn: None,
};

pub(super) static TEST_ACCURACY: FigureKind = FigureKind {
    name: "best_test_accuracy",
    short: "best_test",
    header: "best test",
    words: "test accuracy at the best epoch",
    unit: Unit::Fraction,
    better: Some(Better::Higher),
    held_out: Some(HeldOutSplit::Test),
    of_row: None,
    of_run: Some(|run| best(run)?.test_accuracy.map(exact)),
    of_evaluation: None,
    scikit_learn: None,
};

pub(super) static FALL: FigureKind = FigureKind {
    name: "fall",
    short: "fall",
    header: "fall",
    words: "fall of the test accuracy after the best epoch",
    unit: Unit::Points,
    better: Some(Better::Lower),
    held_out: Some(HeldOutSplit::Test),
    of_row: None,
    of_run: Some(|run| Some(exact(best(run)?.test_accuracy?) - exact(last(run)?.test_accuracy?))),
    of_evaluation: None,
    scikit_learn: None,
};
