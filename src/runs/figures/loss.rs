//! Mean cross-entropy per example: in evaluation mode on a split, in training mode over the steps of an
//! epoch.

use crate::runs::figures::{Better, FigureKind, Unit, exact, last};
use crate::runs::held_out::HeldOutSplit;

pub(super) static TRAIN: FigureKind = FigureKind {
    name: "train_loss",
    short: "train_loss",
    header: "train loss",
    words: "train loss",
    unit: Unit::Loss,
    better: Some(Better::Lower),
    held_out: None,
    of_row: Some(|row| Some(row.train_loss)),
    of_run: Some(|run| Some(exact(last(run)?.train_loss))),
    of_evaluation: None,
    scikit_learn: None,
};

pub(super) static VAL: FigureKind = FigureKind {
    name: "val_loss",
    short: "val_loss",
    header: "val loss",
    words: "validation loss",
    unit: Unit::Loss,
    better: Some(Better::Lower),
    held_out: Some(HeldOutSplit::Validation),
    of_row: Some(|row| row.val_loss),
    of_run: Some(|run| last(run)?.val_loss.map(exact)),
    of_evaluation: None,
    scikit_learn: None,
};

pub(super) static TEST: FigureKind = FigureKind {
    name: "test_loss",
    short: "test_loss",
    header: "test loss",
    words: "test loss",
    unit: Unit::Loss,
    better: Some(Better::Lower),
    held_out: Some(HeldOutSplit::Test),
    of_row: Some(|row| row.test_loss),
    of_run: Some(|run| last(run)?.test_loss.map(exact)),
    of_evaluation: None,
    scikit_learn: None,
};

pub(super) static BATCH: FigureKind = FigureKind {
    name: "batch_loss",
    short: "batch_loss",
    header: "batch loss",
    words: "batch loss",
    unit: Unit::Loss,
    better: Some(Better::Lower),
    held_out: None,
    of_row: Some(|row| row.batch_loss),
    of_run: Some(|run| last(run)?.batch_loss.map(exact)),
    of_evaluation: None,
    scikit_learn: None,
};
