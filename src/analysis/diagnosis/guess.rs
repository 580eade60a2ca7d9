//! The scores of a guess that knows only how many examples of each class there are.

use crate::runs::class_counts::ClassCounts;
use crate::runs::read::Curves;

/// A guess that gives each class the probability of its share, and so predicts the most frequent one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Guess {
    /// The share of the most frequent class.
    pub(crate) accuracy: f64,
    /// The entropy of the shares.
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
        let shares = || counts.iter().map(|count| *count as f64 / all).filter(|share| *share > 0.0);
        Guess {
            accuracy: shares().fold(0.0, f64::max),
            loss: shares().fold(0.0, |sum, share| sum - share * libm::log(share)),
            classes,
            is_even: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::{flat, imbalanced};

    #[test]
    fn majority_and_entropy_are_the_guess_of_unequal_classes() {
        let run = imbalanced(&[5, 95], flat(1));
        let guess = Guess::of(&run, |counts| &counts.train);
        assert_eq!((guess.accuracy, guess.classes, guess.is_even), (0.95, 2.0, false));
        assert!((guess.loss - 0.198_515_243_345_872_6).abs() < 1e-15, "{guess:?}"); // scipy.stats.entropy
    }

    #[test]
    fn classes_of_which_nothing_is_known_are_equally_many() {
        let even = Guess::of(&flat(1), |counts| &counts.train);
        assert_eq!((even.accuracy, even.loss), (0.1, libm::log(10.0)));
        let run = imbalanced(&[5, 95], flat(1));
        assert!(Guess::of(&run, |counts| &counts.validation).is_even);
    }
}
