//! The one training loop.

mod evaluating;

use std::sync::Arc;
use std::time::Instant;

use super::batches::EpochOrder;
use super::event::{Event, Flow, OnEvent, Outcome};
use super::plan::TrainingPlan;
use super::report::{EvaluatedEpoch, Stretch};
use super::state::TrainState;
use super::teacher::Teacher;
use super::tensors::TensorError;
use super::{DistillConfig, TrainerConfig, Workers};
use crate::data::{Augmenter, BatchAt, Splits};
use crate::error::Result;
use crate::nn::layers::{Mode, Pass};
use crate::nn::{Mixed, Network, NetworkConfig, Targets, cross_entropy_backward, distil_backward};
use crate::optim::Step;
use crate::runs::metrics::StoppedEarly;

/// Trains one network on one set of splits. Everything in a checkpoint is in its state.
pub struct Trainer {
    splits: Arc<Splits>,
    plan: TrainingPlan,
    order: EpochOrder,
    targets: Vec<u16>, // [max_batch]
    augmenter: Option<Augmenter>,
    teacher: Option<Teacher>,
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
        let order = EpochOrder::new(training, splits.train.len());
        let state = TrainState::new(config, &splits, plan.seed, max_batch)?;
        let (shape, batch) = (splits.dataset().shape, training.batch_size);
        let augmenter = Augmenter::new(config.augmentation, shape, plan.seed, batch)?;
        let teacher = None;
        Ok(Trainer { splits, plan, order, targets, augmenter, teacher, state, workers })
    }

    /// The examples.
    pub fn splits(&self) -> &Splits {
        &self.splits
    }

    /// Learns from the network of `config` with the weights of `model` too.
    ///
    /// # Errors
    /// If the network does not fit to the examples, or the model to the network.
    pub fn learn_from(
        &mut self,
        distill: &DistillConfig,
        config: &NetworkConfig,
        model: &[u8],
    ) -> Result<Result<(), TensorError>> {
        let (dataset, max_batch) = (self.splits.dataset(), self.plan.batch_size);
        let teacher = Teacher::new(distill, config, model, dataset, max_batch)?;
        Ok(teacher.map(|teacher| self.teacher = Some(teacher)))
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
            let start = self.evaluate(None);
            self.state.progress.evaluated_start = true;
            if let Some(outcome) = self.report(start, Stretch::default(), on_event)? {
                return Ok(outcome);
            }
        }
        let (mut started, mut examples) = (Instant::now(), 0);
        self.begin_epoch();
        while !self.is_over() {
            let step = self.state.progress.step;
            examples += self.order.batch(step % self.plan.steps_per_epoch).len();
            if !self.step() {
                return Ok(Outcome::Diverged { step: step + 1 });
            }
            let mut event = Some(Event::Step);
            if self.plan.ends_epoch(self.state.progress.step) {
                let batch_loss = self.state.progress.take_batch_loss();
                self.end_epoch();
                event = Some(Event::Epoch);
                if self.plan.evaluates_at(self.state.progress.step) {
                    event = None; // the evaluation is reported instead
                    let trained = Stretch { seconds: started.elapsed().as_secs_f64(), examples };
                    let evaluated = self.evaluate(Some(batch_loss));
                    if let Some(outcome) = self.report(evaluated, trained, on_event)? {
                        return Ok(outcome);
                    }
                    (started, examples) = (Instant::now(), 0);
                }
                self.begin_epoch();
            }
            if let Some(event) = event
                && on_event(event, &mut self.state)? == Flow::Stop
            {
                return Ok(Outcome::Stopped);
            }
        }
        Ok(Outcome::Finished)
    }

    fn begin_epoch(&mut self) {
        let epoch = self.state.progress.step / self.plan.steps_per_epoch;
        self.order.draw(self.plan.seed, epoch);
        self.state.begin_epoch(epoch);
    }

    /// Updates the averages that count epochs.
    fn end_epoch(&mut self) {
        let Self { splits, plan, targets, state, workers, .. } = self;
        let TrainState { network, progress, average, .. } = state;
        let Some(average) = average else { return };
        let epochs = progress.step.div_ceil(plan.steps_per_epoch);
        average.end_epoch(network, epochs);
        if !average.needs_statistics(epochs) || !plan.evaluates_at(progress.step) {
            return;
        }
        // Whole batches only: the last of an epoch may be too small for a variance.
        let size = plan.batch_size.min(splits.train.len());
        let threads = workers.per_trial();
        average.restate(network, (splits.train.len() / size) as u64, &mut |network, batch| {
            let first = batch as usize * size;
            let input = &mut network.input_mut(size);
            splits.gather(&splits.train, first..first + size, input, &mut targets[..size]);
            Pass { mode: Mode::Restate, batch: size, step: batch, threads }
        });
    }

    /// Passes on an evaluation, unless its loss is NaN or infinite.
    fn report(
        &mut self,
        evaluated: EvaluatedEpoch,
        trained: Stretch,
        on_event: &mut OnEvent<'_>,
    ) -> Result<Option<Outcome>> {
        let EvaluatedEpoch { row, layers, seconds } = evaluated;
        if !row.is_finite() {
            return Ok(Some(Outcome::Diverged { step: row.step }));
        }
        if row.step > 0 && self.state.watchers.observe(&row, self.plan.schedule.warmup_steps()) {
            self.state.keep_best();
        }
        let timing = trained.timing(seconds);
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
        let pass = self.load_batch();
        let loss = self.loss(&pass);
        if loss.is_finite() {
            self.update(&pass, loss);
        }
        loss.is_finite()
    }

    /// Puts the examples of the next step into the network's input and their classes into `targets`.
    fn load_batch(&mut self) -> Pass {
        let Self { splits, plan, order, targets, augmenter, teacher, state, workers } = self;
        let step = state.progress.step;
        let step_of_epoch = step % plan.steps_per_epoch;
        let picks = order.batch(step_of_epoch);
        let (batch, threads) = (picks.len(), workers.per_trial());
        let input = &mut state.network.input_mut(batch);
        let batch_targets = &mut targets[..batch];
        match augmenter {
            None => {
                let picked = picks.iter().map(|i| *i as usize);
                splits.gather(&splits.train, picked, input, batch_targets);
            }
            Some(augmenter) => {
                let epoch = step / plan.steps_per_epoch;
                let at = BatchAt { epoch, step: step_of_epoch, threads };
                augmenter.gather(splits, picks, at, input, batch_targets);
            }
        }
        let pass = Pass { mode: Mode::Train, batch, step, threads };
        if let Some(teacher) = teacher {
            teacher.answer(input, &pass);
        }
        pass
    }

    /// The sum of the losses of the loaded batch; leaves the gradient of their mean in the network.
    fn loss(&mut self, pass: &Pass) -> f64 {
        let Self { plan, targets, augmenter, teacher, state, .. } = self;
        let wanted = wanted(plan, &targets[..pass.batch], augmenter.as_ref());
        loss_of(&mut state.network, pass, &wanted, teacher.as_ref())
    }

    /// Updates the parameters, their average and the progress after a batch with this sum of losses.
    fn update(&mut self, pass: &Pass, loss: f64) {
        let learning_rate = self.rate(pass.step);
        let Self { plan, targets, augmenter, teacher, state, .. } = self;
        let TrainState { network, optimizer, progress, average, lookahead, .. } = state;
        optimizer.begin_step(Step { number: pass.step + 1, learning_rate });
        let wanted = wanted(plan, &targets[..pass.batch], augmenter.as_ref());
        let mut loss_again = |network: &mut Network, pass: &Pass| {
            loss_of(network, pass, &wanted, teacher.as_ref());
        };
        plan.update.apply(network, &**optimizer, pass, &mut loss_again);
        if let Some(lookahead) = lookahead {
            lookahead.update(network, pass.step + 1);
        }
        if let Some(average) = average {
            average.end_step(network, pass.step);
        }
        progress.add(loss / pass.batch as f64);
        progress.step += 1;
    }
}

/// The targets of the loaded batch.
fn wanted<'a>(
    plan: &'a TrainingPlan,
    classes: &'a [u16],
    augmenter: Option<&'a Augmenter>,
) -> Targets<'a> {
    let mixed = augmenter.and_then(Augmenter::mixed);
    let mixed = mixed.map(|(others, weights)| Mixed { others, weights });
    Targets { mixed, ..plan.targets(classes) }
}

/// The sum of the losses of the batch in the network's input; leaves the gradient of their mean in the
/// network.
fn loss_of(
    network: &mut Network,
    pass: &Pass,
    wanted: &Targets<'_>,
    teacher: Option<&Teacher>,
) -> f64 {
    network.forward(pass);
    let out_features = network.out_features();
    network.loss(pass, |logits, grad_logits| {
        let loss = cross_entropy_backward(logits, wanted, out_features, grad_logits);
        match teacher {
            None => loss,
            Some(teacher) => {
                distil_backward(loss, logits, &teacher.targets(), out_features, grad_logits)
            }
        }
    })
}

#[cfg(test)]
mod state_tests;
#[cfg(test)]
mod tests;
