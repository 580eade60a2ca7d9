//! Loss and accuracy of a split in evaluation mode, in large batches.

use super::Workers;
use crate::data::{Split, Splits};
use crate::nn::layers::{Mode, Pass};
use crate::nn::{MOST_EVALUATED, Network, cross_entropy_and_predictions};

/// Loss and accuracy of a split.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Score {
    /// Mean cross-entropy per example.
    pub(super) loss: f64,
    /// Fraction of examples whose class is predicted.
    pub(super) accuracy: f64,
}

/// The examples of a split that are scored: so many from its beginning.
#[derive(Debug, Clone, Copy)]
pub(super) struct FirstExamples<'a> {
    pub(super) split: &'a Split,
    pub(super) count: usize,
}

impl<'a> FirstExamples<'a> {
    /// The whole split.
    pub(super) fn all(split: &'a Split) -> FirstExamples<'a> {
        FirstExamples { split, count: split.len() }
    }
}

/// A batch and what the network makes of it.
pub(super) struct JudgedBatch<'a> {
    pub(super) logits: &'a [f32],      // [batch, classes]
    pub(super) targets: &'a [u16],     // [batch]
    pub(super) predictions: &'a [u16], // [batch]
}

/// Scores `examples`; `judged` gets their batches in order.
pub(super) fn evaluate(
    network: &mut Network,
    splits: &Splits,
    examples: FirstExamples<'_>,
    targets: &mut [u16],
    workers: &Workers,
    mut judged: impl FnMut(JudgedBatch<'_>),
) -> Score {
    let FirstExamples { split, count } = examples;
    let classes = network.out_features();
    let mut predictions = [0; MOST_EVALUATED];
    let (mut loss, mut correct) = (0.0, 0usize);
    let batch = network.evaluation_batch();
    for start in (0..count).step_by(batch) {
        let size = batch.min(count - start);
        let batch_targets = &mut targets[..size];
        splits.gather(split, start..start + size, &mut network.input_mut(size), batch_targets);
        let threads = workers.per_trial();
        let pass = Pass { mode: Mode::Evaluate, batch: size, step: 0, threads };
        let logits = network.forward(&pass);
        let predicted = &mut predictions[..size];
        loss += cross_entropy_and_predictions(logits, batch_targets, classes, predicted);
        correct += predicted.iter().zip(&*batch_targets).filter(|(p, t)| p == t).count();
        judged(JudgedBatch { logits, targets: batch_targets, predictions: predicted });
    }
    Score { loss: loss / count as f64, accuracy: correct as f64 / count as f64 }
}
