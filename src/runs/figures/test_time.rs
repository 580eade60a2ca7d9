//! Accuracy on the test split from averages of the logits of several views of each image: one figure
//! for each choice of views, so that no table compares different ones.

use crate::runs::evaluation::{Evaluation, TestTimeViews};
use crate::runs::figures::{Better, FigureKind, Unit, exact};
use crate::runs::held_out::HeldOutSplit;

pub(super) static MIRROR: FigureKind = FigureKind {
    name: "test_mirror_accuracy",
    short: "test_mirror",
    header: "test acc., mirrored too",
    words: "test accuracy with mirrored views",
    of_evaluation: Some(|evaluation| accuracy(evaluation, TestTimeViews::Mirror)),
    ..VIEWS
};

pub(super) static MIRROR_AND_SHIFT: FigureKind = FigureKind {
    name: "test_mirror_and_shift_accuracy",
    short: "test_shift",
    header: "test acc., mirrored + shifted too",
    words: "test accuracy with mirrored and shifted views",
    of_evaluation: Some(|evaluation| accuracy(evaluation, TestTimeViews::MirrorAndShift)),
    ..VIEWS
};

const VIEWS: FigureKind = FigureKind {
    name: "",
    short: "",
    header: "",
    words: "",
    unit: Unit::Fraction,
    better: Some(Better::Higher),
    held_out: Some(HeldOutSplit::Test),
    of_row: None,
    of_run: None,
    of_evaluation: None,
    scikit_learn: None,
};

/// None for a validation split, which a run with a sealed test set judges.
fn accuracy(evaluation: &Evaluation, views: TestTimeViews) -> Option<f64> {
    if evaluation.split != HeldOutSplit::Test {
        return None;
    }
    let score = evaluation.test_time.as_ref().filter(|score| score.views == views.name())?;
    Some(exact(score.accuracy))
}
