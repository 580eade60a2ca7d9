//! What a trainer makes of its current state: scores of the splits, figures of the layers, judged examples.

use std::time::Instant;

use super::Trainer;
use crate::data::{Split, Splits};
use crate::runs::evaluation::Judgement;
use crate::runs::layers::LayerRow;
use crate::runs::metrics::MetricsRow;
use crate::train::TestReads;
use crate::train::augmented::{AugmentedExample, examples_of};
use crate::train::evaluate::{FirstExamples, evaluate};
use crate::train::judge::judge;
use crate::train::noise_parts::NoiseParts;
use crate::train::probe::{ProbedAt, probe};
use crate::train::report::EvaluatedEpoch;
use crate::train::state::TrainState;

impl Trainer {
    /// Scores all splits and probes the layers.
    pub(super) fn evaluate(&mut self, batch_loss: Option<f32>) -> EvaluatedEpoch {
        let started = Instant::now();
        let learning_rate = self.rate(self.state.progress.step.saturating_sub(1)) as f32;
        let Self { splits, plan, targets, state, workers, .. } = self;
        let mut parts = NoiseParts::default();
        let (train, validation, test) = state.evaluated(|network| {
            let examples = FirstExamples { split: &splits.train, count: plan.train_examples };
            let train = evaluate(network, splits, examples, targets, workers, |batch| {
                parts.add(splits, &batch);
            });
            let mut score =
                |examples| evaluate(network, splits, examples, targets, workers, |_| ());
            let has_validation = !splits.validation.is_empty();
            let validation = has_validation.then(|| score(FirstExamples::all(&splits.validation)));
            let reads_test = plan.test == TestReads::Every;
            let test = reads_test.then(|| score(FirstExamples::all(&splits.test)));
            (train, validation, test)
        });
        let TrainState { network, progress, .. } = state;
        let row = MetricsRow {
            epoch: progress.step.div_ceil(plan.steps_per_epoch),
            step: progress.step,
            learning_rate,
            batch_loss,
            train_loss: train.loss as f32,
            train_accuracy: train.accuracy as f32,
            val_loss: validation.map(|score| score.loss as f32),
            val_accuracy: validation.map(|score| score.accuracy as f32),
            test_loss: test.map(|score| score.loss as f32),
            test_accuracy: test.map(|score| score.accuracy as f32),
            gap: test.map(|score| (train.accuracy - score.accuracy) as f32),
            train_clean_accuracy: parts.clean().filter(|_| splits.has_noise()),
            train_noisy_accuracy: parts.noisy(),
        };
        let at = ProbedAt { epoch: row.epoch, step: row.step };
        let layers = probe(network, splits, targets, at, plan, workers);
        EvaluatedEpoch { row, layers, seconds: started.elapsed().as_secs_f64() }
    }

    /// Figures of the layers in the current state, as in every evaluation; changes nothing.
    pub fn probe(&mut self) -> Vec<LayerRow> {
        let Self { splits, plan, targets, state, workers, .. } = self;
        let TrainState { network, progress, .. } = state;
        let epoch = progress.step.div_ceil(plan.steps_per_epoch);
        let at = ProbedAt { epoch, step: progress.step };
        probe(network, splits, targets, at, plan, workers)
    }

    /// Some training examples as the network sees them in the first epochs; none without augmentation.
    pub fn augmented_examples(&self) -> Option<Vec<AugmentedExample>> {
        let augmenter = self.augmenter.clone()?;
        Some(examples_of(&self.splits, augmenter, self.order.clone(), self.plan.seed))
    }

    /// Loss and accuracy of the current weights on the whole test split.
    pub fn test_score(&mut self) -> (f32, f32) {
        self.score(|splits| &splits.test)
    }

    /// Loss and accuracy of the current weights on the whole validation split, which must not be
    /// empty.
    pub fn validation_score(&mut self) -> (f32, f32) {
        self.score(|splits| &splits.validation)
    }

    fn score(&mut self, of: impl Fn(&Splits) -> &Split) -> (f32, f32) {
        let Self { splits, targets, state, workers, .. } = self;
        let whole = FirstExamples::all(of(splits));
        let score =
            state.evaluated(|network| evaluate(network, splits, whole, targets, workers, |_| ()));
        (score.loss as f32, score.accuracy as f32)
    }

    /// Judges each example of the test split or, if it is sealed, of the validation split, in the
    /// current state.
    pub fn judge(&mut self) -> Judgement {
        let Self { splits, plan, targets, state, workers, .. } = self;
        state.evaluated(|network| judge(network, splits, plan, targets, workers))
    }
}
