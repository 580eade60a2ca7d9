//! The network's judgement of each example of a split: class, predicted class and confidence.

use super::evaluate::{FirstExamples, evaluate};
use super::{TestReads, Workers};
use crate::data::Splits;
use crate::nn::{MOST_EVALUATED, Network, confidences};
use crate::runs::evaluation::{JudgedExample, Judgement};
use crate::runs::held_out::HeldOutSplit;

/// Judges the test split or, if it is sealed, the validation split.
pub(super) fn judge(
    network: &mut Network,
    splits: &Splits,
    test: TestReads,
    targets: &mut [u16],
    workers: &Workers,
) -> Judgement {
    let (name, split) = match test {
        TestReads::Every => (HeldOutSplit::Test, &splits.test),
        TestReads::Sealed => (HeldOutSplit::Validation, &splits.validation),
    };
    let classes = network.out_features();
    let mut examples = Vec::with_capacity(split.len());
    let mut of_batch = [0.0; MOST_EVALUATED];
    let all = FirstExamples::all(split);
    let score = evaluate(network, splits, all, targets, workers, |batch| {
        confidences(batch.logits, classes, &mut of_batch);
        let judged = batch.targets.iter().zip(batch.predictions).zip(&of_batch);
        examples.extend(judged.map(|((&class, &predicted), &confidence)| JudgedExample {
            class,
            predicted,
            confidence,
        }));
    });
    Judgement { split: name, loss: score.loss, accuracy: score.accuracy, examples }
}
