//! Accuracy on the training examples with clean labels, and on those with noisy ones.

use super::evaluate::JudgedBatch;
use crate::data::Splits;

/// Examples of one part.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    examples: usize,
    correct: usize,
}

impl Part {
    fn accuracy(self) -> Option<f32> {
        (self.examples > 0).then(|| (self.correct as f64 / self.examples as f64) as f32)
    }
}

/// Counts of both parts of the train split, batch by batch.
#[derive(Debug, Default)]
pub(super) struct NoiseParts {
    clean: Part,
    noisy: Part,
}

impl NoiseParts {
    /// Counts the next batch of the train split.
    pub(super) fn add(&mut self, splits: &Splits, batch: &JudgedBatch<'_>) {
        if !splits.has_noise() {
            return;
        }
        let first = self.clean.examples + self.noisy.examples;
        for (row, (predicted, target)) in batch.predictions.iter().zip(batch.targets).enumerate() {
            let is_noisy = splits.is_noisy(&splits.train, first + row);
            let part = if is_noisy { &mut self.noisy } else { &mut self.clean };
            part.examples += 1;
            part.correct += usize::from(predicted == target);
        }
    }

    /// The share of examples with their own label for which it is predicted; none without such examples.
    pub(super) fn clean(&self) -> Option<f32> {
        self.clean.accuracy()
    }

    /// The share of examples with a noisy label for which that one is predicted; none without such examples.
    pub(super) fn noisy(&self) -> Option<f32> {
        self.noisy.accuracy()
    }
}
