//! The one training loop.

use std::sync::Arc;
use std::time::Instant;

use super::augmented::{AugmentedExample, examples_of};
use super::batches::EpochOrder;
use super::evaluate::evaluate;
use super::event::{Event, Flow, OnEvent, Outcome, Timing};
use super::judge::{Judgement, judge};
use super::plan::Plan;
use super::probe::probe;
use super::state::TrainState;
use super::{EvaluationConfig, LayerRow, Row, TestReads, TrainingConfig, Workers};
use crate::data::{AugmentationConfig, Augmenter, BatchAt, Splits};
use crate::error::Result;
use crate::nn::{Mixed, Mode, NetworkConfig, Pass, Targets, cross_entropy_backward};
use crate::optim::{OptimizerConfig, Step};

/// Trains one network on one set of splits. Everything that a checkpoint saves is in its state.
pub struct Trainer {
    splits: Arc<Splits>,
    plan: Plan,
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
        network: &NetworkConfig,
        optimizer: &OptimizerConfig,
        training: &TrainingConfig,
        evaluation: &EvaluationConfig,
        workers: Arc<Workers>,
    ) -> Result<Trainer> {
        let max_batch = training.batch_size.max(network.evaluation_batch());
        let plan = Plan::new(&splits, optimizer, training, evaluation);
        let targets = vec![0; max_batch];
        let order = EpochOrder::new(training.batches, splits.train.len(), training.batch_size);
        let state = TrainState::new(network, optimizer, &splits, plan.seed, max_batch)?;
        Ok(Trainer { splits, plan, order, targets, augmenter: None, state, workers })
    }

    /// With training examples that are changed as `config` says each time they are used.
    ///
    /// # Errors
    /// If it does not fit to the examples.
    pub fn with_augmentation(self, config: &AugmentationConfig) -> Result<Trainer> {
        let shape = self.splits.dataset().shape;
        let max_batch = self.order.batch_size();
        let augmenter = Augmenter::new(config, shape, self.plan.seed, max_batch)?;
        Ok(Trainer { augmenter, ..self })
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

    /// Rows that a run has after `step` steps, epoch 0 included.
    pub fn rows_until(&self, step: u64) -> u64 {
        let Plan { steps_per_epoch, every_epochs, total_steps, .. } = self.plan;
        let between = steps_per_epoch.saturating_mul(every_epochs);
        let regular = step / between;
        let last_is_irregular = !total_steps.is_multiple_of(between);
        1 + regular + u64::from(step == total_steps && last_is_irregular)
    }

    /// Steps of the whole trial.
    pub fn total_steps(&self) -> u64 {
        self.plan.total_steps
    }

    /// Trains from the current state to the end, or until `on_event` says stop.
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
        while self.state.progress.step < self.plan.total_steps {
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

    /// Hands an evaluation on, unless its loss is NaN or infinite.
    fn report(
        &mut self,
        (row, layers, evaluation_seconds): (Row, Vec<LayerRow>, f64),
        (train_seconds, examples): (f64, usize),
        on_event: &mut OnEvent<'_>,
    ) -> Result<Option<Outcome>> {
        if !row.is_finite() {
            return Ok(Some(Outcome::Diverged { step: row.step }));
        }
        let examples_per_second = match examples {
            0 => 0.0,
            _ => examples as f64 / train_seconds,
        };
        let timing = Timing { train_seconds, evaluation_seconds, examples_per_second };
        let flow = on_event(Event::Evaluated(row, timing, &layers), &mut self.state)?;
        Ok((flow == Flow::Stop && row.step < self.plan.total_steps).then_some(Outcome::Stopped))
    }

    /// One optimizer update; false if the loss is NaN or infinite, and then nothing is updated.
    fn step(&mut self) -> bool {
        let Self { splits, plan, order, targets, augmenter, state, workers } = self;
        let TrainState { network, optimizer, progress } = state;
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
        let targets = &Targets { mixed, ..Targets::plain(targets) };
        let loss = network.loss(&pass, |logits, grad_logits| {
            cross_entropy_backward(logits, targets, classes, grad_logits)
        });
        if !loss.is_finite() {
            return false;
        }
        optimizer.begin_step(Step { number: step + 1, learning_rate: plan.learning_rate });
        network.backward(&pass, Some(&**optimizer));
        progress.add(loss / picks.len() as f64);
        progress.step += 1;
        true
    }

    /// Scores all splits and probes the layers; also the seconds that took.
    fn evaluate(&mut self, batch_loss: Option<f32>) -> (Row, Vec<LayerRow>, f64) {
        let started = Instant::now();
        let Self { splits, plan, targets, state, workers, .. } = self;
        let TrainState { network, progress, .. } = state;
        let train = (&splits.train, plan.train_examples);
        let train = evaluate(network, splits, train, targets, workers, |_| ());
        let validation = (!splits.validation.is_empty()).then(|| {
            let all = (&splits.validation, splits.validation.len());
            evaluate(network, splits, all, targets, workers, |_| ())
        });
        let test = (plan.test == TestReads::Every).then(|| {
            let all = (&splits.test, splits.test.len());
            evaluate(network, splits, all, targets, workers, |_| ())
        });
        let row = Row {
            epoch: progress.step.div_ceil(plan.steps_per_epoch),
            step: progress.step,
            learning_rate: plan.learning_rate as f32,
            batch_loss,
            train_loss: train.loss as f32,
            train_accuracy: train.accuracy as f32,
            val_loss: validation.map(|score| score.loss as f32),
            val_accuracy: validation.map(|score| score.accuracy as f32),
            test_loss: test.map(|score| score.loss as f32),
            test_accuracy: test.map(|score| score.accuracy as f32),
            gap: test.map(|score| (train.accuracy - score.accuracy) as f32),
        };
        let layers = probe(network, splits, targets, (row.epoch, row.step), workers);
        (row, layers, started.elapsed().as_secs_f64())
    }

    /// Figures of the layers in the current state, as every evaluation takes them; changes nothing.
    pub fn probe(&mut self) -> Vec<LayerRow> {
        let Self { splits, plan, targets, state, workers, .. } = self;
        let TrainState { network, progress, .. } = state;
        let epoch = progress.step.div_ceil(plan.steps_per_epoch);
        probe(network, splits, targets, (epoch, progress.step), workers)
    }

    /// Some training examples as the network sees them in the first epochs; none without augmentation.
    pub fn augmented_examples(&self) -> Option<Vec<AugmentedExample>> {
        let augmenter = self.augmenter.clone()?;
        Some(examples_of(&self.splits, augmenter, self.order.clone(), self.plan.seed))
    }

    /// Loss and accuracy of the current weights on the whole test split.
    pub fn test_score(&mut self) -> (f32, f32) {
        let Self { splits, targets, state, workers, .. } = self;
        let test = (&splits.test, splits.test.len());
        let score = evaluate(&mut state.network, splits, test, targets, workers, |_| ());
        (score.loss as f32, score.accuracy as f32)
    }

    /// Judges each example of the test split, or of the validation split where the test split is
    /// sealed, in the current state.
    pub fn judge(&mut self) -> Judgement {
        let Self { splits, plan, targets, state, workers, .. } = self;
        judge(&mut state.network, splits, plan.test, targets, workers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Batches;
    use crate::train::testing::{Config, config, every_augmentation, trainer};

    /// Rows and final state of a run that stops after each of `stops` steps and goes on from its
    /// checkpoint in a new trainer, which is probed some times before.
    fn run_with_stops(stops: &[u64], probes: usize) -> (Vec<(Row, Vec<LayerRow>)>, Vec<u8>) {
        run_config(&config(), stops, probes)
    }

    fn run_config(
        config: &Config,
        stops: &[u64],
        probes: usize,
    ) -> (Vec<(Row, Vec<LayerRow>)>, Vec<u8>) {
        let mut rows = Vec::new();
        let mut checkpoint: Option<Vec<u8>> = None;
        for stop in stops.iter().copied().chain([u64::MAX]) {
            let mut trainer = trainer(config);
            if let Some(bytes) = &checkpoint {
                trainer.state_mut().restore(bytes, "id").unwrap();
            }
            for _ in 0..probes {
                trainer.probe();
            }
            let outcome = trainer.run(&mut |event, state| {
                if let Event::Evaluated(row, _, layers) = event {
                    rows.push((row, layers.to_vec()));
                }
                Ok(if state.step() == stop { Flow::Stop } else { Flow::Continue })
            });
            let expected = if stop == u64::MAX { Outcome::Finished } else { Outcome::Stopped };
            assert_eq!(outcome.unwrap(), expected);
            checkpoint = Some(trainer.state_mut().checkpoint("id"));
        }
        (rows, checkpoint.unwrap())
    }

    #[test]
    fn resumed_training_equals_uninterrupted_training_to_the_bit() {
        let undisturbed = run_with_stops(&[], 0);
        // 24 examples in batches of 10: epochs of 3 steps, evaluated every second one and at 13.
        let column = |figure: fn(&Row) -> u64| undisturbed.0.iter().map(|r| figure(&r.0)).collect();
        let (steps, epochs): (Vec<u64>, Vec<u64>) = (column(|r| r.step), column(|r| r.epoch));
        assert_eq!((&steps[..], &epochs[..]), (&[0, 6, 12, 13][..], &[0, 2, 4, 5][..]));
        for stops in [&[0][..], &[1], &[3], &[6], &[5, 6, 7], &[2, 4, 8, 12]] {
            assert_eq!(run_with_stops(stops, 0), undisturbed, "stopped at {stops:?}");
        }
    }

    #[test]
    fn resumed_training_with_augmentation_equals_uninterrupted_training_to_the_bit() {
        for batches in [Batches::Shuffled, Batches::WithReplacement, Batches::Sequential] {
            let mut config = Config { augmentation: every_augmentation(), ..config() };
            config.training.batches = batches;
            let undisturbed = run_config(&config, &[], 0);
            for stops in [&[0][..], &[1], &[5, 6, 7], &[2, 4, 8, 12]] {
                assert_eq!(run_config(&config, stops, 1), undisturbed, "stopped at {stops:?}");
            }
        }
    }

    #[test]
    fn augmentation_changes_training_and_not_how_its_start_is_evaluated() {
        let plain = run_config(&config(), &[], 0).0;
        let config = Config { augmentation: every_augmentation(), ..config() };
        let augmented = run_config(&config, &[], 0).0;
        assert_eq!(augmented[0], plain[0]);
        assert_ne!(augmented[1], plain[1]);
    }

    #[test]
    fn weights_of_augmented_training_are_evaluated_on_the_examples_as_they_are() {
        let mut last = None;
        let mut trained = trainer(&Config { augmentation: every_augmentation(), ..config() });
        let outcome = trained.run(&mut |event, _| {
            if let Event::Evaluated(row, ..) = event {
                last = Some(row);
            }
            Ok(Flow::Continue)
        });
        assert_eq!(outcome.unwrap(), Outcome::Finished);
        let mut plain = trainer(&config());
        plain.state_mut().load_model(&trained.state_mut().model()).unwrap();
        let (row, of_plain) = (last.unwrap(), plain.evaluate(None).0);
        let figures = |row: &Row| (row.train_loss, row.val_loss, row.test_loss, row.gap);
        assert_eq!(figures(&of_plain), figures(&row));
        assert_eq!(plain.judge().examples, trained.judge().examples);
    }

    #[test]
    fn probes_change_no_bit_of_what_follows() {
        let undisturbed = run_with_stops(&[], 0);
        assert_eq!(run_with_stops(&[0, 1, 2, 3, 6, 8, 12], 2), undisturbed);
    }

    #[test]
    fn every_evaluation_has_a_row_for_each_linear_layer() {
        for (row, layers) in run_with_stops(&[], 0).0 {
            let of: Vec<_> = layers.iter().map(|l| (l.epoch, l.step, &*l.layer, l.units)).collect();
            let at = |layer, units| (row.epoch, row.step, layer, units);
            // Linear, batch norm, ReLU, dropout: the next linear layer is the fourth module on.
            assert_eq!(of, [at("0", 7), at("4", 5), at("8", 2)]);
            assert!(layers.iter().all(|l| l.weight_norm > 0.0 && l.gradient_norm > 0.0));
            assert!(layers.iter().all(|l| l.saturated_share.is_none()));
            assert_eq!(layers.iter().filter(|l| l.dead_share.is_some()).count(), 2);
        }
    }

    #[test]
    fn rows_until_counts_the_evaluations() {
        let trainer = trainer(&config());
        let counts: Vec<u64> = [0, 5, 6, 11, 12, 13].map(|s| trainer.rows_until(s)).to_vec();
        assert_eq!(counts, [1, 1, 2, 2, 3, 4]);
    }

    #[test]
    fn an_exploding_network_diverges_with_its_step() {
        let mut config = config();
        config.optimizer = OptimizerConfig::Sgd(crate::optim::SgdConfig {
            learning_rate: 1e30,
            weight_decay: 0.0,
        });
        let mut steps = 0;
        let outcome = trainer(&config).run(&mut |event, _| {
            steps += u64::from(matches!(event, Event::Step | Event::Epoch));
            Ok(Flow::Continue)
        });
        assert_eq!(outcome.unwrap(), Outcome::Diverged { step: steps + 1 });
    }

    #[test]
    fn errors_of_the_caller_end_the_run() {
        let outcome = trainer(&config())
            .run(&mut |_, _| Err(crate::Error::Unexpected("disk full".to_owned())));
        assert_eq!(outcome.unwrap_err().to_string(), "disk full");
    }
}
