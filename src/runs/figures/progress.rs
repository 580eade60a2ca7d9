//! How far a run is, and what it cost.

use crate::runs::figures::{FigureKind, Unit, last};

pub(super) static EPOCH: FigureKind = FigureKind {
    name: "epoch",
    short: "epoch",
    header: "epoch",
    words: "epoch",
    unit: Unit::Epochs,
    better: None,
    held_out: None,
    of_row: None,
    of_run: Some(|run| Some(last(run)?.epoch as f64)),
    of_evaluation: None,
    scikit_learn: None,
};

pub(super) static SECONDS: FigureKind = FigureKind {
    name: "seconds",
    short: "seconds",
    header: "seconds",
    words: "seconds of training",
    unit: Unit::Seconds,
    better: None,
    held_out: None,
    of_row: None,
    of_run: Some(|run| Some(run.train_seconds)),
    of_evaluation: None,
    scikit_learn: None,
};

/// It cannot be asked for by name, because a setting has the name.
pub(super) static LEARNING_RATE: FigureKind = FigureKind {
    name: "learning_rate",
    short: "learning_rate",
    header: "learning rate",
    words: "learning rate",
    unit: Unit::Rate,
    better: None,
    held_out: None,
    of_row: Some(|row| Some(row.learning_rate)),
    of_run: None,
    of_evaluation: None,
    scikit_learn: None,
};
