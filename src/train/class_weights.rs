//! The weights of the classes in the loss of training: listed, or such that every class counts the same.

use crate::config::keys::{Scalar, ValueKind, Written};
use crate::config::{Range, TableReader};
use crate::data::Splits;

/// The key `class_weights`.
#[derive(Debug, Clone, PartialEq)]
pub enum ClassWeights {
    /// Examples divided by classes and by examples of the class, in the training split: scikit-learn's
    /// `class_weight="balanced"`.
    Balanced,
    /// One for each class, in their order.
    Listed(Vec<f64>),
}

const RANGE: Range = Range::POSITIVE;
const WORD: &str = "balanced";
/// What the word means.
const MEANING: &str = "Training examples divided by classes and by those of the class, so that each class \
    counts the same (scikit-learn's `class_weight=\"balanced\"`).";

/// A list of numbers above 0, or the word.
pub(super) fn class_weights() -> ClassWeightsScalar {
    ClassWeightsScalar
}

/// See [`class_weights`].
pub(super) struct ClassWeightsScalar;

impl Scalar<ClassWeights> for ClassWeightsScalar {
    fn take(&self, table: &mut TableReader<'_>, key: &'static str) -> Option<ClassWeights> {
        let words = [(WORD, ())];
        table.optional_numbers_or_choice(key, RANGE, &words).map(|found| match found {
            Ok(()) => ClassWeights::Balanced,
            Err(weights) => ClassWeights::Listed(weights),
        })
    }

    fn put(&self, value: &ClassWeights) -> Written {
        match value {
            ClassWeights::Balanced => Written::Text(WORD.to_owned()),
            ClassWeights::Listed(weights) => {
                Written::List(weights.iter().copied().map(Written::Number).collect())
            }
        }
    }

    fn kind(&self) -> ValueKind {
        ValueKind::NumbersOrWords(RANGE, vec![(WORD, MEANING.to_owned())])
    }

    fn stand_in(&self) -> ClassWeights {
        ClassWeights::Balanced
    }
}

impl ClassWeights {
    /// The weight of each class.
    pub(super) fn of(&self, splits: &Splits) -> Vec<f32> {
        match self {
            ClassWeights::Balanced => {
                balanced(splits.labels(&splits.train), splits.dataset().class_names.len())
            }
            ClassWeights::Listed(weights) => weights.iter().map(|weight| *weight as f32).collect(),
        }
    }
}

/// A class without examples, which can only get a share of smoothing, counts as if it had one.
fn balanced(labels: impl Iterator<Item = u16>, classes: usize) -> Vec<f32> {
    let mut counts = vec![0_usize; classes];
    labels.for_each(|label| counts[usize::from(label)] += 1);
    let each = counts.iter().sum::<usize>() as f64 / classes as f64;
    counts.iter().map(|count| (each / (*count).max(1) as f64) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `compute_class_weight("balanced", classes=[0, 1, 2], y=[0, 0, 0, 1, 1, 2])`.
    #[test]
    fn balanced_weights_make_all_classes_count_the_same() {
        assert_eq!(balanced([0, 0, 0, 1, 1, 2].into_iter(), 3), [2.0 / 3.0, 1.0, 2.0]);
        assert_eq!(balanced([1, 1].into_iter(), 2), [1.0, 0.5]);
    }
}
