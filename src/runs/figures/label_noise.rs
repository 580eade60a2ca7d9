//! What a network has learnt of training examples with noisy labels, and of the others.

use crate::runs::figures::{Better, FigureKind, Unit, exact, last};

pub(super) static CLEAN: FigureKind = FigureKind {
    name: "train_clean_accuracy",
    short: "train_clean",
    header: "train, clean",
    words: "accuracy on training examples with clean labels",
    better: Some(Better::Higher),
    of_row: Some(|row| row.train_clean_accuracy),
    of_run: Some(|run| last(run)?.train_clean_accuracy.map(exact)),
    ..PART
};

/// It is not better higher or lower: it says how much is known by heart.
pub(super) static NOISY: FigureKind = FigureKind {
    name: "train_noisy_accuracy",
    short: "train_noisy",
    header: "train, noisy",
    words: "share of noisy labels learnt by heart",
    of_row: Some(|row| row.train_noisy_accuracy),
    of_run: Some(|run| last(run)?.train_noisy_accuracy.map(exact)),
    ..PART
};

const PART: FigureKind = FigureKind {
    name: "",
    short: "",
    header: "",
    words: "",
    unit: Unit::Fraction,
    better: None,
    held_out: None,
    of_row: None,
    of_run: None,
    of_evaluation: None,
    scikit_learn: None,
};
