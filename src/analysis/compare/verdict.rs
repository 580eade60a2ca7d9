//! What is shown of a change against the baseline: groups that exclude each other.

use crate::stats::Change;

/// The changes of a config against the baseline.
#[derive(Debug, Clone, Copy)]
pub(super) struct ConfigChange {
    /// In test accuracy, or in validation accuracy where the test set is sealed.
    pub(super) score: Change,
    /// In the gap to it.
    pub(super) gap: Change,
    /// Whether the gaps can be compared; else there is no change of the gap.
    pub(super) has_gap: bool,
    /// What they show.
    pub(super) verdict: Verdict,
}

/// What happens to the gap.
#[derive(Debug, Clone, Copy)]
pub(super) struct GapChange {
    /// Its change.
    pub(super) change: Change,
    /// The baseline's mean gap and that of the changed config.
    pub(super) ends: [f64; 2],
    /// Whether train accuracy is counted on the same labels.
    pub(super) is_comparable: bool,
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
    pub(super) fn of(score: Change, gap: GapChange, train: Change) -> ConfigChange {
        let verdict = match (direction(score), gap.widens()) {
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
        ConfigChange { score, gap: gap.change, has_gap: gap.is_comparable, verdict }
    }
}

impl GapChange {
    /// Whether train and held-out accuracy are shown to move apart, or towards each other. Where train is below
    /// held-out accuracy, a gap that falls further grows, so nothing is said of it, nor of one that rises towards 0.
    fn widens(&self) -> Option<bool> {
        let [before, after] = self.ends.map(f64::abs);
        // A mean that is not a number contradicts nothing.
        let contradicts = |rises: bool| if rises { after < before } else { after > before };
        direction(self.change).filter(|rises| !contradicts(*rises))
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
