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

/// A batch and the network's output for it.
pub(super) struct JudgedBatch<'a> {
    pub(super) logits: &'a [f32],      // [batch, classes]
    pub(super) targets: &'a [u16],     // [batch]
    pub(super) predictions: &'a [u16], // [batch]
}

/// Scores the first `examples` of `split`; `judged` gets its batches in order.
pub(super) fn evaluate(
    network: &mut Network,
    splits: &Splits,
    (split, examples): (&Split, usize),
    targets: &mut [u16],
    workers: &Workers,
    mut judged: impl FnMut(JudgedBatch<'_>),
) -> Score {
    let classes = network.out_features();
    let mut predictions = [0; MOST_EVALUATED];
    let (mut loss, mut correct) = (0.0, 0usize);
    let batch = network.evaluation_batch();
    for start in (0..examples).step_by(batch) {
        let size = batch.min(examples - start);
        let targets = &mut targets[..size];
        splits.gather(split, start..start + size, &mut network.input_mut(size), targets);
        let threads = workers.per_trial();
        let pass = Pass { mode: Mode::Evaluate, batch: size, step: 0, threads };
        let logits = network.forward(&pass);
        let predictions = &mut predictions[..size];
        loss += cross_entropy_and_predictions(logits, targets, classes, predictions);
        correct += predictions.iter().zip(&*targets).filter(|(p, t)| p == t).count();
        judged(JudgedBatch { logits, targets, predictions });
    }
    Score { loss: loss / examples as f64, accuracy: correct as f64 / examples as f64 }
}
