//! Train minus held-out accuracy at one epoch, both in evaluation mode.

use crate::runs::figures::{Better, FigureKind, Unit, exact, exact_gap, last};
use crate::runs::held_out::HeldOutSplit;
use crate::stats::without_rounding;

pub(super) static GAP: FigureKind = FigureKind {
    name: "gap",
    short: "gap",
    header: "gap",
    words: "gap",
    unit: Unit::Points,
    better: Some(Better::Lower),
    held_out: Some(HeldOutSplit::Test),
    of_row: Some(|row| row.gap),
    of_run: Some(|run| exact_gap(last(run)?)),
    of_evaluation: None,
    scikit_learn: None,
};

pub(super) static VAL_GAP: FigureKind = FigureKind {
    name: "val_gap",
    short: "val_gap",
    header: "gap to val",
    words: "gap to validation",
    unit: Unit::Points,
    better: Some(Better::Lower),
    held_out: Some(HeldOutSplit::Validation),
    of_row: Some(|row| Some(row.train_accuracy - row.val_accuracy?)),
    of_run: Some(|run| {
        let last = last(run)?;
        Some(without_rounding(exact(last.train_accuracy) - exact(last.val_accuracy?)))
    }),
    of_evaluation: None,
    scikit_learn: None,
};
