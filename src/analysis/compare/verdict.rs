//! What is shown of a change against the baseline: groups that exclude each other.

use crate::stats::Change;

/// The changes of a config against the baseline.
#[derive(Debug, Clone, Copy)]
pub(super) struct ConfigChange {
    /// In test accuracy, or in validation accuracy where the test set is sealed.
    pub(super) score: Change,
    /// In the gap to it.
    pub(super) gap: Change,
    /// What they show.
    pub(super) verdict: Verdict,
}

/// What is shown, in the order of the groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// The score falls, whatever the gap does.
    Lowers,
    /// The score rises and the gap shrinks.
    RaisesAndNarrows,
    /// The score rises, and the gap is not shown to change.
    Raises,
    /// The score rises, and so does the gap.
    RaisesAndWidens,
    /// The gap shrinks, and so does train accuracy; nothing is shown of the score.
    NarrowsByLearningLess,
    /// The gap shrinks; nothing is shown of the score.
    Narrows,
    /// The gap grows; nothing is shown of the score.
    Widens,
    /// Neither.
    Nothing,
}

impl ConfigChange {
    /// The changes with their verdict.
    pub(super) fn of(score: Change, gap: Change, train: Change) -> ConfigChange {
        let verdict = match (direction(score), direction(gap)) {
            (Some(false), _) => Verdict::Lowers,
            (Some(true), Some(false)) => Verdict::RaisesAndNarrows,
            (Some(true), Some(true)) => Verdict::RaisesAndWidens,
            (Some(true), None) => Verdict::Raises,
            (None, Some(false)) if direction(train) == Some(false) => {
                Verdict::NarrowsByLearningLess
            }
            (None, Some(false)) => Verdict::Narrows,
            (None, Some(true)) => Verdict::Widens,
            (None, None) => Verdict::Nothing,
        };
        ConfigChange { score, gap, verdict }
    }
}

/// Whether a difference is shown to be above zero, or below it.
fn direction(change: Change) -> Option<bool> {
    change.is_shown().then(|| change.value() > 0.0)
}

impl Verdict {
    /// The group in words; `score` is what is to rise, such as `test accuracy`.
    pub(super) fn words(self, score: &str) -> String {
        match self {
            Verdict::Lowers => format!("lowers {score}"),
            Verdict::RaisesAndNarrows => format!("raises {score} and narrows the gap"),
            Verdict::Raises => format!("raises {score}, gap not shown to shrink"),
            Verdict::RaisesAndWidens => format!("raises {score} and widens the gap"),
            Verdict::NarrowsByLearningLess => {
                format!("narrows the gap by learning less, {score} unclear")
            }
            Verdict::Narrows => format!("narrows the gap, {score} unclear"),
            Verdict::Widens => format!("widens the gap, {score} unclear"),
            Verdict::Nothing => "nothing shown".to_owned(),
        }
    }

    /// Its name in CSV and JSON.
    pub(super) fn name(self) -> &'static str {
        match self {
            Verdict::Lowers => "lowers_accuracy",
            Verdict::RaisesAndNarrows => "raises_accuracy_narrows_gap",
            Verdict::Raises => "raises_accuracy",
            Verdict::RaisesAndWidens => "raises_accuracy_widens_gap",
            Verdict::NarrowsByLearningLess => "narrows_gap_learns_less",
            Verdict::Narrows => "narrows_gap",
            Verdict::Widens => "widens_gap",
            Verdict::Nothing => "nothing_shown",
        }
    }
}
