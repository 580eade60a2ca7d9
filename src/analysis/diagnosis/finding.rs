//! A finding: what was seen, how grave it is, in words, in numbers, and what to try.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A part of the examples has none of some class.
    MissingClasses,
    /// The loss became NaN or infinite.
    Diverged,
    /// The loss grew or goes up and down.
    LearningRateTooHigh,
    /// The loss falls slowly and almost in a straight line.
    LearningRateTooLow,
    /// Gradients grow by orders of magnitude, over the epochs or towards the first layer.
    ExplodingGradients,
    /// Gradients are orders of magnitude smaller in the first layer than in the last.
    VanishingGradients,
    /// ReLU units that are zero for every example.
    DeadUnits,
    /// Sigmoid or tanh units at the ends of their range.
    SaturatedUnits,
    /// Train accuracy is that of a guess.
    NotLearning,
    /// Train accuracy is low and there is no gap.
    Underfitting,
    /// The held-out loss turned for good while the train loss went on falling.
    Memorising,
    /// A gap without a turn of the held-out loss.
    Gap,
    /// The last epoch is worse than the best one.
    AccuracyLost,
    /// Stopping early would have saved epochs.
    EarlyStopping,
    /// The held-out loss is that of a network more certain than right.
    Overconfident,
    /// The held-out loss still falls at the end.
    StillImproving,
    /// Too few epochs were evaluated to judge a curve.
    TooShort,
    /// How far seeds alone set runs apart.
    SeedNoise,
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Costs accuracy or time.
    Warning,
    /// Training did not work.
    Problem,
}

/// What the curves of a config say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// What was found.
    pub kind: FindingKind,
    /// How grave it is.
    pub severity: Severity,
    /// In words, with the numbers that matter; one line, safe to print.
    pub text: String,
    /// The numbers by name: accuracies as fractions, epochs, losses; means or medians over seeds.
    #[serde(serialize_with = "as_map")]
    pub figures: Vec<(&'static str, f64)>,
    /// What may help, with settings as the experiment file has them; one line, safe to print.
    pub advice: Option<String>,
}

impl Severity {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Problem => "problem",
        }
    }
}

fn as_map<S: Serializer>(
    figures: &[(&'static str, f64)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(figures.len()))?;
    for (name, value) in figures {
        map.serialize_entry(name, value)?;
    }
    map.end()
}
