//! The one training loop.

use std::sync::Arc;
use std::time::Instant;

use super::augmented::{AugmentedExample, examples_of};
use super::batches::EpochOrder;
use super::evaluate::evaluate;
use super::event::{Event, Flow, OnEvent, Outcome};
use super::judge::judge;
use super::plan::TrainingPlan;
use super::probe::probe;
use super::state::TrainState;
use super::{TestReads, TrainerConfig, Workers};
use crate::data::{Augmenter, BatchAt, Split, Splits};
use crate::error::Result;
use crate::nn::layers::{Mode, Pass};
use crate::nn::{Mixed, Targets, cross_entropy_backward};
use crate::optim::Step;
use crate::runs::evaluation::Judgement;
use crate::runs::layers::LayerRow;
use crate::runs::metrics::{MetricsRow, StoppedEarly};
use crate::runs::timing::Timing;

/// Trains one network on one set of splits. Everything in a checkpoint is in its state.
pub struct Trainer {
    splits: Arc<Splits>,
    plan: TrainingPlan,
    order: EpochOrder,
    targets: Vec<u16>, // [max_batch]
    augmenter: Option<Augmenter>,
    state: TrainState,
    workers: Arc<Workers>,
}

impl Trainer {
    /// Builds network and optimizer with their initial state.
    ///
    /// # Errors
    /// If the network does not fit to the examples.
    pub fn new(
        splits: Arc<Splits>,
        config: &TrainerConfig<'_>,
        workers: Arc<Workers>,
    ) -> Result<Trainer> {
        let TrainerConfig { network, training, .. } = config;
        let max_batch = training.batch_size.max(network.evaluation_batch());
        let plan = TrainingPlan::new(&splits, config);
        let targets = vec![0; max_batch];
        let order = EpochOrder::new(training.batches, splits.train.len(), training.batch_size);
        let state = TrainState::new(config, &splits, plan.seed, max_batch)?;
        let (shape, batch) = (splits.dataset().shape, training.batch_size);
        let augmenter = Augmenter::new(config.augmentation, shape, plan.seed, batch)?;
        Ok(Trainer { splits, plan, order, targets, augmenter, state, workers })
    }

    /// The examples.
    pub fn splits(&self) -> &Splits {
        &self.splits
    }

    /// What a checkpoint saves.
    pub fn state_mut(&mut self) -> &mut TrainState {
        &mut self.state
    }

    /// Epochs of the whole trial; the last may be short.
    pub fn total_epochs(&self) -> u64 {
        self.plan.total_epochs
    }

    /// Steps made at the end of an epoch.
    pub fn step_after(&self, epoch: u64) -> u64 {
        self.plan.steps_per_epoch.saturating_mul(epoch).min(self.plan.total_steps)
    }

    /// Rows that a run has after `step` steps, epoch 0 included.
    pub fn rows_until(&self, step: u64) -> u64 {
        let TrainingPlan { steps_per_epoch, every_epochs, total_steps, .. } = self.plan;
        let between = steps_per_epoch.saturating_mul(every_epochs);
        let regular = step / between;
        let last_is_irregular = !total_steps.is_multiple_of(between);
        1 + regular + u64::from(step == total_steps && last_is_irregular)
    }

    /// Steps of the whole trial.
    pub fn total_steps(&self) -> u64 {
        self.plan.total_steps
    }

    /// Trains from the current state to the end, or until `on_event` stops it.
    ///
    /// # Errors
    /// Only those of `on_event`.
    pub fn run(&mut self, on_event: &mut OnEvent<'_>) -> Result<Outcome> {
        if !self.state.progress.evaluated_start {
            let row = self.evaluate(None);
            self.state.progress.evaluated_start = true;
            if let Some(outcome) = self.report(row, (0.0, 0), on_event)? {
                return Ok(outcome);
            }
        }
        let (mut started, mut examples) = (Instant::now(), 0);
        self.draw_epoch();
        while !self.is_over() {
            let step = self.state.progress.step;
            examples += self.order.batch(step % self.plan.steps_per_epoch).len();
            if !self.step() {
                return Ok(Outcome::Diverged { step: step + 1 });
            }
            let mut event = Some(Event::Step);
            if self.plan.ends_epoch(self.state.progress.step) {
                let batch_loss = self.state.progress.take_batch_loss();
                event = Some(Event::Epoch);
                if self.plan.evaluates_at(self.state.progress.step) {
                    event = None; // the evaluation is reported instead
                    let trained = (started.elapsed().as_secs_f64(), examples);
                    let row = self.evaluate(Some(batch_loss));
                    if let Some(outcome) = self.report(row, trained, on_event)? {
                        return Ok(outcome);
                    }
                    (started, examples) = (Instant::now(), 0);
                }
                self.draw_epoch();
            }
            if let Some(event) = event
                && on_event(event, &mut self.state)? == Flow::Stop
            {
                return Ok(Outcome::Stopped);
            }
        }
        Ok(Outcome::Finished)
    }

    fn draw_epoch(&mut self) {
        self.order.draw(self.plan.seed, self.state.progress.step / self.plan.steps_per_epoch);
    }

    /// Passes on an evaluation, unless its loss is NaN or infinite.
    fn report(
        &mut self,
        (row, layers, evaluation_seconds): (MetricsRow, Vec<LayerRow>, f64),
        (train_seconds, examples): (f64, usize),
        on_event: &mut OnEvent<'_>,
    ) -> Result<Option<Outcome>> {
        if !row.is_finite() {
            return Ok(Some(Outcome::Diverged { step: row.step }));
        }
        if row.step > 0 && self.state.watchers.observe(&row, self.plan.schedule.warmup_steps()) {
            self.state.keep_best();
        }
        let examples_per_second = match examples {
            0 => 0.0,
            _ => examples as f64 / train_seconds,
        };
        let timing = Timing { train_seconds, evaluation_seconds, examples_per_second };
        let flow = on_event(Event::Evaluated(row, timing, &layers), &mut self.state)?;
        Ok((flow == Flow::Stop && !self.is_over()).then_some(Outcome::Stopped))
    }

    /// Whether no step is left, or early stopping skips the rest.
    fn is_over(&self) -> bool {
        self.state.progress.step >= self.plan.total_steps || self.state.watchers.have_stopped()
    }

    /// Where early stopping ended the training, if it skipped steps.
    pub fn stopped_early(&self) -> Option<StoppedEarly> {
        let Trainer { plan, state, .. } = self;
        let step = state.progress.step;
        let epoch = step.div_ceil(plan.steps_per_epoch);
        let has_stopped = state.watchers.have_stopped() && step < plan.total_steps;
        has_stopped.then_some(StoppedEarly { epoch, step })
    }

    /// Restores the model of the best evaluation, if the trial asks for it, and returns its epoch.
    /// Training cannot continue after this.
    pub fn restore_best(&mut self) -> Option<u64> {
        let epoch = self.state.watchers.best_epoch();
        let epoch = epoch.filter(|_| self.state.watchers.keep_weights())?;
        self.state.restore_best();
        Some(epoch)
    }

    /// The learning rate of step `step`, from 0, if no evaluation comes before it.
    fn rate(&self, step: u64) -> f64 {
        let base = self.state.watchers.reduced_rate().unwrap_or(self.plan.learning_rate);
        self.plan.schedule.rate(step, base)
    }

    /// One optimizer update; if the loss is NaN or infinite, returns false without updating.
    fn step(&mut self) -> bool {
        let learning_rate = self.rate(self.state.progress.step);
        let Self { splits, plan, order, targets, augmenter, state, workers } = self;
        let TrainState { network, optimizer, progress, average, .. } = state;
        let of_epoch = progress.step % plan.steps_per_epoch;
        let picks = order.batch(of_epoch);
        let (mode, batch, step) = (Mode::Train, picks.len(), progress.step);
        let pass = Pass { mode, batch, step, threads: workers.per_trial() };
        let targets = &mut targets[..batch];
        let input = &mut network.input_mut(batch);
        match augmenter {
            None => splits.gather(&splits.train, picks.iter().map(|i| *i as usize), input, targets),
            Some(augmenter) => {
                let epoch = step / plan.steps_per_epoch;
                let at = BatchAt { epoch, step: of_epoch, threads: pass.threads };
                augmenter.gather(splits, picks, at, input, targets);
            }
        }
        network.forward(&pass);
        let classes = network.out_features();
        let mixed = augmenter.as_ref().and_then(Augmenter::mixed);
        let mixed = mixed.map(|(others, weights)| Mixed { others, weights });
        let targets = &Targets { classes: targets, mixed, smoothing: plan.label_smoothing };
        let loss = network.loss(&pass, |logits, grad_logits| {
            cross_entropy_backward(logits, targets, classes, grad_logits)
        });
        if !loss.is_finite() {
            return false;
        }
        optimizer.begin_step(Step { number: step + 1, learning_rate });
        match plan.clipping {
            None => network.backward(&pass, Some(&**optimizer)),
            Some(clipping) => {
                network.backward(&pass, None);
                clipping.update(network, &**optimizer);
            }
        }
        if let Some(average) = average {
            average.update(network, step);
        }
        progress.add(loss / picks.len() as f64);
        progress.step += 1;
        true
    }

    /// Scores all splits and probes the layers; also returns the seconds.
    fn evaluate(&mut self, batch_loss: Option<f32>) -> (MetricsRow, Vec<LayerRow>, f64) {
        let started = Instant::now();
        let learning_rate = self.rate(self.state.progress.step.saturating_sub(1)) as f32;
        let Self { splits, plan, targets, state, workers, .. } = self;
        let (train, validation, test) = state.evaluated(|network| {
            let mut score = |split, examples| {
                evaluate(network, splits, (split, examples), targets, workers, |_| ())
            };
            let train = score(&splits.train, plan.train_examples);
            let has_validation = !splits.validation.is_empty();
            let validation =
                has_validation.then(|| score(&splits.validation, splits.validation.len()));
            let reads_test = plan.test == TestReads::Every;
            let test = reads_test.then(|| score(&splits.test, splits.test.len()));
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
        };
        let at = (row.epoch, row.step);
        let layers = probe(network, splits, targets, at, plan.label_smoothing, workers);
        (row, layers, started.elapsed().as_secs_f64())
    }

    /// Figures of the layers in the current state, as in every evaluation; changes nothing.
    pub fn probe(&mut self) -> Vec<LayerRow> {
        let Self { splits, plan, targets, state, workers, .. } = self;
        let TrainState { network, progress, .. } = state;
        let epoch = progress.step.div_ceil(plan.steps_per_epoch);
        let at = (epoch, progress.step);
        probe(network, splits, targets, at, plan.label_smoothing, workers)
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
        let whole = (of(splits), of(splits).len());
        let score =
            state.evaluated(|network| evaluate(network, splits, whole, targets, workers, |_| ()));
        (score.loss as f32, score.accuracy as f32)
    }

    /// Judges each example of the test split or, if it is sealed, of the validation split, in the
    /// current state.
    pub fn judge(&mut self) -> Judgement {
        let Self { splits, plan, targets, state, workers, .. } = self;
        state.evaluated(|network| judge(network, splits, plan.test, targets, workers))
    }
}

#[cfg(test)]
mod state_tests;
#[cfg(test)]
mod tests;
