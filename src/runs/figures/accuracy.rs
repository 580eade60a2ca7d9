//! The share of examples whose class is predicted, in evaluation mode.

use crate::runs::figures::{Better, FigureKind, Unit, exact, last};
use crate::runs::held_out::HeldOutSplit;

pub(super) static TRAIN: FigureKind = FigureKind {
    name: "train_accuracy",
    short: "train",
    header: "train",
    words: "train accuracy",
    unit: Unit::Fraction,
    better: Some(Better::Higher),
    held_out: None,
    of_row: Some(|row| Some(row.train_accuracy)),
    of_run: Some(|run| Some(exact(last(run)?.train_accuracy))),
    of_evaluation: None,
    scikit_learn: None,
};

pub(super) static VAL: FigureKind = FigureKind {
    name: "val_accuracy",
    short: "val",
    header: "val",
    words: "validation accuracy",
    unit: Unit::Fraction,
    better: Some(Better::Higher),
    held_out: Some(HeldOutSplit::Validation),
    of_row: Some(|row| row.val_accuracy),
    of_run: Some(|run| last(run)?.val_accuracy.map(exact)),
    of_evaluation: None,
    scikit_learn: None,
};

pub(super) static TEST: FigureKind = FigureKind {
    name: "test_accuracy",
    short: "test",
    header: "test",
    words: "test accuracy",
    unit: Unit::Fraction,
    better: Some(Better::Higher),
    held_out: Some(HeldOutSplit::Test),
    of_row: Some(|row| row.test_accuracy),
    of_run: Some(|run| last(run)?.test_accuracy.map(exact)),
    of_evaluation: None,
    scikit_learn: None,
};
