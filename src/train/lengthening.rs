//! The states that a training shares with a longer one that differs only in length. Anything that
//! depends on the length of the training must be checked here.

use super::config::{TrainerConfig, TrainingConfig};
use crate::optim::TrainingLength;

/// A training, and a longer one in which nothing depends on the length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lengthening {
    steps_per_epoch: u64,
    every_epochs: u64,
    shorter_steps: u64,
    longer_steps: u64,
    is_watched: bool, // evaluations affect the following training
}

impl Lengthening {
    /// From a training of `epochs` or `steps` to that of `longer`, on `examples` training examples.
    /// None if `longer` is not longer, or if its length changes the training from the first step
    /// on.
    pub fn new(
        longer: &TrainerConfig<'_>,
        epochs: Option<u64>,
        steps: Option<u64>,
        examples: usize,
    ) -> Option<Lengthening> {
        let TrainerConfig { schedule, training, evaluation, .. } = longer;
        let shorter = TrainingConfig { epochs, steps, ..(*training).clone() };
        let TrainingLength { steps_per_epoch, total_steps } = training.length(examples);
        let shorter_steps = shorter.length(examples).total_steps;
        let is_usable = shorter_steps <= total_steps && !longer.depends_on_length();
        is_usable.then_some(Lengthening {
            steps_per_epoch: steps_per_epoch.max(1),
            every_epochs: evaluation.every_epochs,
            shorter_steps,
            longer_steps: total_steps,
            is_watched: schedule.kind.as_kind().plateau().is_some()
                || training.early_stopping.is_some(),
        })
    }

    /// Optimizer updates of the whole shorter training.
    pub fn shorter_steps(&self) -> u64 {
        self.shorter_steps
    }

    /// Whether the longer training passes through the exact state that the shorter one has after
    /// `step` steps. The state at its end may be unique to it: an epoch is cut short, or is
    /// evaluated only because it is the last, which the schedule or early stopping has seen.
    pub fn shares_state(&self, step: u64) -> bool {
        let ends_alike = self.shorter_steps == self.longer_steps
            || step.is_multiple_of(self.steps_per_epoch)
                && (self.shares_row(step) || !self.is_watched);
        step > 0 && step <= self.shorter_steps && (step < self.shorter_steps || ends_alike)
    }

    /// Whether the longer training also evaluates after `step` steps, as the shorter one did.
    pub fn shares_row(&self, step: u64) -> bool {
        let between = self.steps_per_epoch.saturating_mul(self.every_epochs);
        step.is_multiple_of(between) || step == self.longer_steps
    }

    /// The epoch that ends after `step` steps, if one does.
    pub fn whole_epoch(&self, step: u64) -> Option<u64> {
        step.is_multiple_of(self.steps_per_epoch).then_some(step / self.steps_per_epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optim::{
        ConstantConfig, CosineConfig, ExponentialConfig, LinearDecayConfig, Monitor,
        MultiStepConfig, OneCycleConfig, PlateauConfig, ScheduleKind, StepConfig,
    };
    use crate::train::testing::{TrainerParts, config, with_trainer_config};
    use crate::train::{EarlyStoppingConfig, EvaluationConfig};

    /// How long the shorter training is.
    #[derive(Clone, Copy)]
    enum Shorter {
        Epochs(u64),
        Steps(u64),
    }

    /// 24 examples in batches of 10: epochs of 3 steps.
    fn lengthening(
        config: &mut TrainerParts,
        shorter: Shorter,
        longer_epochs: u64,
        every_epochs: u64,
    ) -> Option<Lengthening> {
        (config.training.epochs, config.training.steps) = (Some(longer_epochs), None);
        let (epochs, steps) = match shorter {
            Shorter::Epochs(epochs) => (Some(epochs), None),
            Shorter::Steps(steps) => (None, Some(steps)),
        };
        let evaluation = EvaluationConfig { every_epochs, ..EvaluationConfig::default() };
        with_trainer_config(config, &evaluation, |longer| {
            Lengthening::new(longer, epochs, steps, 24)
        })
    }

    fn shared(lengthening: Lengthening) -> Vec<u64> {
        (0..100).filter(|step| lengthening.shares_state(*step)).collect()
    }

    #[test]
    fn every_state_is_shared_up_to_an_end_that_the_longer_one_comes_by() {
        let all = |last: u64| (1..=last).collect::<Vec<_>>();
        let states = |length, every| shared(lengthening(&mut config(), length, 9, every).unwrap());
        assert_eq!(states(Shorter::Epochs(4), 2), all(12));
        assert_eq!(states(Shorter::Steps(12), 2), all(12), "the same in steps");
        assert_eq!(states(Shorter::Epochs(5), 2), all(15), "its last row has to go");
        assert_eq!(states(Shorter::Steps(13), 1), all(12), "its last epoch is short");
        assert_eq!(states(Shorter::Steps(27), 2), all(27), "as long as the other");
        assert_eq!(lengthening(&mut config(), Shorter::Epochs(10), 9, 1), None, "longer");
    }

    #[test]
    fn an_end_that_only_the_shorter_one_evaluates_is_not_shared_if_something_has_seen_it() {
        let mut stopping = config();
        let (patience, min_delta, monitor) = (3, 0.0, Monitor::ValLoss);
        let table = EarlyStoppingConfig { patience, min_delta, monitor, restore_best: false };
        stopping.training.early_stopping = Some(table);
        let mut reduced = config();
        reduced.schedule.kind = PlateauConfig::default().into();
        for mut config in [stopping, reduced] {
            let mut last = |epochs| {
                shared(lengthening(&mut config, Shorter::Epochs(epochs), 9, 3).unwrap()).pop()
            };
            assert_eq!([5, 6, 7, 9].map(&mut last), [14, 18, 20, 27].map(Some));
        }
    }

    #[test]
    fn rows_are_those_of_the_longer_one() {
        let five = lengthening(&mut config(), Shorter::Epochs(5), 9, 2).unwrap();
        let rows: Vec<u64> = (0..=27).filter(|step| five.shares_row(*step)).collect();
        assert_eq!(rows, [0, 6, 12, 18, 24, 27]);
        assert_eq!([15, 16].map(|step| five.whole_epoch(step)), [Some(5), None]);
    }

    #[test]
    fn schedules_that_know_the_end_share_nothing() {
        let kinds: [(ScheduleKind, bool); 8] = [
            (ConstantConfig {}.into(), true),
            (StepConfig { step_epochs: 2, gamma: 0.1 }.into(), true),
            (MultiStepConfig { milestones: vec![1], gamma: 0.1 }.into(), true),
            (ExponentialConfig { gamma: 0.9 }.into(), true),
            (PlateauConfig::default().into(), true),
            (CosineConfig::default().into(), false),
            (LinearDecayConfig::default().into(), false),
            (OneCycleConfig::default().into(), false),
        ];
        for (kind, is_shared) in kinds {
            let mut config = config();
            config.schedule.kind = kind;
            // The rates of all steps of the shorter one, under either length.
            let rates = |epochs: u64| {
                let length = TrainingLength { steps_per_epoch: 3, total_steps: 3 * epochs };
                let schedule = config.schedule.build(length);
                (0..12).map(|step| schedule.rate(step, 0.1).to_bits()).collect::<Vec<_>>()
            };
            assert_eq!(rates(4) == rates(9), is_shared, "{:?}", config.schedule);
            let found = lengthening(&mut config, Shorter::Epochs(4), 9, 1);
            assert_eq!(found.is_some(), is_shared, "{:?}", config.schedule);
        }
    }

    /// Trained to the end of the shorter one, and through the same step on the way to a longer one.
    #[test]
    fn lookahead_ends_with_other_weights_than_a_longer_one_passes_through() {
        let mut config = config();
        config.training.lookahead = Some(crate::train::LookaheadConfig::default());
        assert_eq!(lengthening(&mut config, Shorter::Epochs(4), 9, 1), None);
    }
}
