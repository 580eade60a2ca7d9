//! The list of findings: each kind with the rule that finds it. Rules run in this order.

use serde::Serialize;

use crate::analysis::diagnosis::finding::Finding;
use crate::analysis::diagnosis::{
    accuracy_lost, curve, diverged, early_stopping, fit, gradients, learning_rate, memorising,
    missing_classes, overconfident, seed_noise, units,
};
use crate::runs::read::Curves;

/// Looks at the runs of a config.
pub(super) type DiagnosisRule = fn(&[&Curves]) -> Option<Finding>;

/// Generates [`FindingKind`] and the rules.
macro_rules! findings {
    ($($(#[$words:meta])* $kind:ident = $rule:path,)*) => {
        /// What was found.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum FindingKind {
            $($(#[$words])* $kind,)*
        }

        /// The rules, in the order of the list.
        pub(super) const RULES: &[DiagnosisRule] = &[$($rule),*];
    };
}

findings! {
    /// A part of the examples lacks a class.
    MissingClasses = missing_classes::missing_classes,
    /// The loss became NaN or infinite.
    Diverged = diverged::diverged,
    /// The loss grew or goes up and down.
    LearningRateTooHigh = learning_rate::too_high,
    /// The loss falls slowly and almost in a straight line.
    LearningRateTooLow = learning_rate::too_low,
    /// Gradients grow by orders of magnitude, over the epochs or towards the first layer.
    ExplodingGradients = gradients::exploding,
    /// Gradients are orders of magnitude smaller in the first layer than in the last.
    VanishingGradients = gradients::vanishing,
    /// ReLU units that are zero for every example.
    DeadUnits = units::dead,
    /// Sigmoid or tanh units at the ends of their range.
    SaturatedUnits = units::saturated,
    /// Train accuracy is that of a guess.
    NotLearning = fit::not_learning,
    /// Train accuracy is low and there is no gap.
    Underfitting = fit::underfitting,
    /// The held-out loss turned for good while the train loss went on falling.
    Memorising = memorising::memorising,
    /// A gap without a turn of the held-out loss.
    Gap = memorising::gap,
    /// The last epoch is worse than the best one.
    AccuracyLost = accuracy_lost::accuracy_lost,
    /// Stopping early would have saved epochs.
    EarlyStopping = early_stopping::early_stopping,
    /// The held-out loss is that of a network more certain than right.
    Overconfident = overconfident::overconfident,
    /// The held-out loss still falls at the end.
    StillImproving = fit::still_improving,
    /// Too few epochs were evaluated to judge a curve.
    TooShort = curve::too_short,
    /// How much seeds alone make runs differ.
    SeedNoise = seed_noise::seed_noise,
}
