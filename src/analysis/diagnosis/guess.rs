//! The scores of a guess that knows only how many examples of each class there are.

use serde_json::Value;

use crate::runs::class_counts::ClassCounts;
use crate::runs::read::Curves;

const CLASS_WEIGHTS: &str = "/training/class_weights";

/// A guess that gives each class the probability of its share, and so predicts the most frequent one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Guess {
    /// The share of the most frequent class.
    pub(crate) accuracy: f64,
    /// The entropy of the shares; with `training.class_weights`, which the probabilities then follow, what these
    /// come to without weights, as all losses are measured.
    pub(crate) loss: f64,
    /// The number of classes, at least 2, because nothing can be learnt from one.
    pub(crate) classes: f64,
    /// Whether all classes have the same share.
    pub(crate) is_even: bool,
}

impl Guess {
    /// The guess for a part of a run's examples. If a run does not record its class counts, equal
    /// sizes are assumed.
    pub(crate) fn of(run: &Curves, part: fn(&ClassCounts) -> &[usize]) -> Guess {
        let classes = run.record.class_names.len().max(2) as f64;
        let even =
            Guess { accuracy: 1.0 / classes, loss: libm::log(classes), classes, is_even: true };
        let Some(counts) = &run.record.class_counts else { return even };
        let counts = part(counts);
        let all: f64 = counts.iter().map(|count| *count as f64).sum();
        if all == 0.0 || counts.iter().all(|count| *count == counts[0]) {
            return even;
        }
        let shares: Vec<f64> = counts.iter().map(|count| *count as f64 / all).collect();
        let loss_of = |probabilities: &[f64]| {
            let terms = shares.iter().zip(probabilities).filter(|(share, _)| **share > 0.0);
            terms.fold(0.0, |sum, (share, probability)| sum - share * libm::log(*probability))
        };
        let weighted = weighted_shares(run).map(|probabilities| loss_of(&probabilities));
        Guess {
            accuracy: shares.iter().copied().fold(0.0, f64::max),
            loss: weighted.filter(|loss| loss.is_finite()).unwrap_or_else(|| loss_of(&shares)),
            classes,
            is_even: false,
        }
    }
}

/// Whether the classes have weights in the loss of training.
pub(super) fn has_class_weights(run: &Curves) -> bool {
    run.record.trial.pointer(CLASS_WEIGHTS).is_some()
}

/// The shares of the classes as the weighted loss of training counts them.
fn weighted_shares(run: &Curves) -> Option<Vec<f64>> {
    let counts = &run.record.class_counts.as_ref()?.train;
    let parts: Vec<f64> = match run.record.trial.pointer(CLASS_WEIGHTS)? {
        Value::Array(weights) => {
            let weights = weights.iter().map(|weight| weight.as_f64().unwrap_or(f64::NAN));
            weights.zip(counts).map(|(weight, count)| weight * *count as f64).collect()
        }
        _ => counts.iter().map(|count| if *count > 0 { 1.0 } else { 0.0 }).collect(), // balanced
    };
    let all: f64 = parts.iter().sum();
    Some(parts.iter().map(|part| part / all).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::{flat, imbalanced};
    use crate::runs::samples::set;
    use serde_json::json;

    #[test]
    fn majority_and_entropy_are_the_guess_of_unequal_classes() {
        let run = imbalanced(&[5, 95], flat(1));
        let guess = Guess::of(&run, |counts| &counts.train);
        assert_eq!((guess.accuracy, guess.classes, guess.is_even), (0.95, 2.0, false));
        assert!((guess.loss - 0.198_515_243_345_872_6).abs() < 1e-15, "{guess:?}"); // scipy.stats.entropy
    }

    #[test]
    fn a_guess_with_weights_follows_them() {
        let with = |weights: Value| {
            let mut run = imbalanced(&[5, 95], flat(1));
            set(&mut run.record, "training", "class_weights", weights);
            Guess::of(&run, |counts| &counts.train)
        };
        let balanced = with(json!("balanced"));
        assert_eq!(balanced.accuracy, 0.95);
        assert!((balanced.loss - libm::log(2.0)).abs() < 1e-15, "{balanced:?}");
        // Probabilities 95 / 190 each.
        assert!((with(json!([19.0, 1.0])).loss - libm::log(2.0)).abs() < 1e-15);
        assert_eq!(
            with(json!([1.0, 1.0])),
            Guess::of(&imbalanced(&[5, 95], flat(1)), |c| &c.train)
        );
    }

    #[test]
    fn classes_of_which_nothing_is_known_are_equally_many() {
        let even = Guess::of(&flat(1), |counts| &counts.train);
        assert_eq!((even.accuracy, even.loss), (0.1, libm::log(10.0)));
        let run = imbalanced(&[5, 95], flat(1));
        assert!(Guess::of(&run, |counts| &counts.validation).is_even);
    }
}
