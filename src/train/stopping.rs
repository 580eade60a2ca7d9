//! Stopping when the validation split shows no more progress (Prechelt, 1998, "Early stopping, but
//! when?"). Patience counts as in Keras: the n-th evaluation in a row without progress is the last
//! one.

use serde::{Deserialize, Serialize};

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, flag, number, whole, word};
use crate::optim::Monitor;
use crate::runs::metrics::MetricsRow;

config! {
    /// The table `[training.early_stopping]`.
    pub struct EarlyStoppingConfig {
        /// Evaluations in a row without progress after which training stops; the one of epoch 0
        /// does not count.
        pub patience: u64 = whole(1).required("10"),
        /// Only a change of more than this is progress.
        pub min_delta: f64 = number(Range::NOT_NEGATIVE).or(0.0),
        /// The figure that should improve.
        pub monitor: Monitor = word().or(Monitor::ValLoss),
        /// Whether `model.safetensors` holds the weights of the last evaluation that improved by
        /// more than `min_delta`, instead of the final weights; also if training ran to its end.
        pub restore_best: bool = flag().or(false),
    }
}

/// Follows the evaluations.
#[derive(Debug, Clone)]
pub(super) struct EarlyStopping {
    config: EarlyStoppingConfig,
    state: StoppingState,
}

/// What a checkpoint saves of an [`EarlyStopping`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct StoppingState {
    best: Option<u64>, // bits of an `f64`; none before the first evaluation
    best_epoch: u64,
    without_progress: u64, // evaluations since the best one
    has_stopped: bool,
}

impl EarlyStopping {
    pub(super) fn new(config: &EarlyStoppingConfig) -> EarlyStopping {
        EarlyStopping { config: config.clone(), state: StoppingState::default() }
    }

    /// Takes an evaluation into account; returns whether it is progress, and so the best one so far.
    pub(super) fn observe(&mut self, row: &MetricsRow) -> bool {
        let EarlyStoppingConfig { patience, min_delta, monitor, .. } = self.config;
        let Some(value) = monitor.in_row(row) else { return false };
        let bound = self.state.best.map(|best| monitor.bound(f64::from_bits(best), min_delta));
        let is_best = bound.is_none_or(|bound| monitor.better().is_better(value, bound));
        if is_best {
            self.state.best = Some(value.to_bits());
            (self.state.best_epoch, self.state.without_progress) = (row.epoch, 0);
        } else {
            self.state.without_progress += 1;
            self.state.has_stopped = self.state.without_progress >= patience;
        }
        is_best
    }

    pub(super) fn has_stopped(&self) -> bool {
        self.state.has_stopped
    }

    /// The epoch of the best evaluation: the last one that improved by more than `min_delta`, as in
    /// Keras. A smaller improvement does not count.
    pub(super) fn best_epoch(&self) -> Option<u64> {
        self.state.best.map(|_| self.state.best_epoch)
    }

    /// Whether the weights of the best evaluation are wanted at the end.
    pub(super) fn restores_best(&self) -> bool {
        self.config.restore_best
    }

    pub(super) fn state(&self) -> StoppingState {
        self.state
    }

    pub(super) fn set_state(&mut self, state: StoppingState) {
        self.state = state;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(epoch: u64, val_loss: f32) -> MetricsRow {
        MetricsRow {
            epoch,
            step: epoch,
            learning_rate: 0.1,
            batch_loss: None,
            train_loss: 0.0,
            train_accuracy: 0.0,
            val_loss: Some(val_loss),
            val_accuracy: Some(1.0 - val_loss),
            test_loss: None,
            test_accuracy: None,
            gap: None,
            train_clean_accuracy: None,
            train_noisy_accuracy: None,
        }
    }

    /// The epoch after which it stops, and the best one.
    fn stop(patience: u64, min_delta: f64, monitor: Monitor, losses: &[f32]) -> (u64, Option<u64>) {
        let config = EarlyStoppingConfig { patience, min_delta, monitor, restore_best: false };
        let mut stopping = EarlyStopping::new(&config);
        let mut epoch = 0;
        while (epoch as usize) < losses.len() && !stopping.has_stopped() {
            stopping.observe(&row(epoch + 1, losses[epoch as usize]));
            epoch += 1;
        }
        (epoch, stopping.best_epoch())
    }

    #[test]
    fn it_stops_after_its_patience_and_knows_the_best_epoch() {
        let losses = [0.9, 0.5, 0.5, 0.6, 0.4, 0.41, 0.42, 0.43, 0.1];
        for monitor in [Monitor::ValLoss, Monitor::ValAccuracy] {
            assert_eq!(stop(1, 0.0, monitor, &losses), (3, Some(2)));
            assert_eq!(stop(2, 0.0, monitor, &losses), (4, Some(2)));
            assert_eq!(stop(3, 0.0, monitor, &losses), (8, Some(5)));
            assert_eq!(stop(4, 0.0, monitor, &losses), (9, Some(9)), "to the end");
            // 0.4 is too small an improvement: the best evaluation stays that of 0.5, as in Keras.
            assert_eq!(stop(3, 0.2, monitor, &losses), (5, Some(2)));
            assert_eq!(stop(5, 0.0, monitor, &[]), (0, None));
        }
    }
}
