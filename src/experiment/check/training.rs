//! Checks that schedule and early stopping fit the training and its data.

use super::Checker;
use crate::optim::{LastTime, PlateauConfig};
use crate::train::ClassWeights;

/// Class weights may be so many times as large as others.
const MOST_RATIO: f64 = 1e6;
/// The largest class weight, and one by the smallest.
const MOST_WEIGHT: f64 = 1e20;

impl Checker<'_> {
    /// The times in a schedule must lie within the training on `left` examples.
    pub(super) fn schedule(&self, left: usize) {
        let schedule = &self.trial.schedule;
        let length = self.trial.training.length(left);
        let total = format!("the training has {} steps", length.total_steps);
        let kind = schedule.kind.as_kind();
        if let Some(LastTime { key, epochs, help }) = kind.last_time()
            && length.steps_of(epochs) >= length.total_steps
        {
            let title = format!("`schedule.{key}` is beyond the end of training");
            let label = format!("step {}; {total}", length.steps_of(epochs));
            self.report(&format!("schedule.{key}"), &title, label, Some(help.to_owned()));
        }
        if let Some(config) = kind.plateau() {
            self.plateau(config);
        }
        let warmup_steps = schedule.build(length).warmup_steps();
        if let Some(key) = schedule.warmup_key()
            && warmup_steps >= length.total_steps
        {
            let title = format!("`schedule.{key}` is not shorter than the training");
            let label = format!("{warmup_steps} steps; {total}");
            self.report(&format!("schedule.{key}"), &title, label, None);
        }
    }

    fn plateau(&self, config: &PlateauConfig) {
        self.needs_validation("schedule.kind", "`reduce_on_plateau` needs a validation split");
        if config.min_learning_rate >= self.trial.optimizer.learning_rate() {
            let key = "schedule.min_learning_rate";
            let title = format!("`{key}` is not below `optimizer.learning_rate`");
            let rate = self.trial.optimizer.learning_rate();
            self.report(key, &title, format!("the rate starts at {rate}"), None);
        }
    }

    /// Every class has a weight.
    pub(super) fn class_weights(&self) {
        let classes = self.trial.dataset.source.facts().classes;
        let Some(ClassWeights::Listed(weights)) = &self.trial.training.class_weights else {
            return;
        };
        if weights.len() != classes {
            let title = "`training.class_weights` needs a weight for each class";
            let label = format!("{} weights, but there are {classes} classes", weights.len());
            let help = "`class_weights = \"balanced\"` makes each class count the same".to_owned();
            self.report("training.class_weights", title, label, Some(help));
        }
    }

    /// Sums of 32-bit numbers lose what is far smaller, and end where numbers are too large or too small.
    pub(super) fn ratios_of_class_weights(&self) {
        let Some(ClassWeights::Listed(weights)) = &self.trial.training.class_weights else {
            return;
        };
        let least = weights.iter().copied().fold(f64::INFINITY, f64::min);
        let most = weights.iter().copied().fold(0.0, f64::max);
        let label = format!("the smallest is {least:?} and the largest {most:?}");
        let key = "training.class_weights";
        if most > MOST_RATIO * least {
            let title = "`training.class_weights` are too far apart";
            let help = format!("the largest may be {MOST_RATIO:.0} times the smallest");
            self.report(key, title, label, Some(help));
        } else if least < 1.0 / MOST_WEIGHT || most > MOST_WEIGHT {
            let title = "`training.class_weights` are too small or too large";
            let help = "only their ratios matter: divide all of them by the largest".to_owned();
            self.report(key, title, label, Some(help));
        }
    }

    /// The slow weights must move, or nothing of the training is left at its end.
    pub(super) fn lookahead(&self, left: usize) {
        let total_steps = self.trial.training.length(left).total_steps;
        if self.trial.training.lookahead.is_some_and(|config| config.every_steps > total_steps) {
            let key = "training.lookahead.every_steps";
            let title = format!("`{key}` is more than the training has");
            let label = format!("the training has {total_steps} steps");
            let help =
                "state fewer: the network ends as its slow weights, which move every so many steps";
            self.report(key, &title, label, Some(help.to_owned()));
        }
    }

    pub(super) fn early_stopping(&self) {
        if self.trial.training.early_stopping.is_some() {
            let title = "early stopping needs a validation split";
            self.needs_validation("training.early_stopping", title);
        }
    }

    /// At least one epoch must count.
    pub(super) fn swa(&self, left: usize) {
        let training = &self.trial.training;
        let length = training.length(left);
        let epochs = length.total_steps.div_ceil(length.steps_per_epoch.max(1));
        if training.swa.is_some_and(|swa| swa.start_epoch >= epochs) {
            let key = "training.swa.start_epoch";
            let title = format!("`{key}` leaves no epoch to average");
            self.report(key, &title, format!("the training has {epochs} epochs"), None);
        }
    }

    /// Progress must not be measured on the test set.
    fn needs_validation(&self, key: &str, title: &str) {
        if self.trial.dataset.held_out() == 0 {
            let label = "the test set must not choose anything".to_owned();
            let help = "hold out examples: `dataset.validation_examples = 5000`, for example";
            self.report(key, title, label, Some(help.to_owned()));
        }
    }
}
