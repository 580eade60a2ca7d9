//! The network's judgement of each example of a split: class, predicted class and confidence.

use super::evaluate::{FirstExamples, Score, evaluate};
use super::plan::TrainingPlan;
use super::{TestReads, Workers, test_time};
use crate::data::Splits;
use crate::nn::{MOST_EVALUATED, Network, confidences};
use crate::runs::evaluation::{JudgedExample, Judgement, TestTimeScore};
use crate::runs::held_out::HeldOutSplit;

/// Judges the test split or, if it is sealed, the validation split.
pub(super) fn judge(
    network: &mut Network,
    splits: &Splits,
    plan: &TrainingPlan,
    targets: &mut [u16],
    workers: &Workers,
) -> Judgement {
    let (name, split) = match plan.test {
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
    let test_time = plan.test_time.map(|views| {
        let Score { loss, accuracy } =
            test_time::score(network, splits, split, views, targets, workers);
        let views = views.name().to_owned();
        TestTimeScore { views, loss: loss as f32, accuracy: accuracy as f32 }
    });
    Judgement { split: name, loss: score.loss, accuracy: score.accuracy, examples, test_time }
}
