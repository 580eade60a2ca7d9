//! Watches the evaluations and changes the following training; its state is part of a checkpoint.

use serde::{Deserialize, Serialize};

use super::checkpoint::CheckpointError;
use super::config::TrainerConfig;
use super::stopping::{EarlyStopping, StoppingState};
use crate::optim::{Plateau, PlateauState};
use crate::runs::metrics::MetricsRow;

/// The schedule that watches the validation split, and early stopping, if the trial has them.
#[derive(Debug, Clone)]
pub(super) struct Watchers {
    plateau: Option<Plateau>,
    stopping: Option<EarlyStopping>,
}

/// What a checkpoint saves of [`Watchers`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct WatcherStates {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    plateau: Option<PlateauState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stopping: Option<StoppingState>,
}

impl Watchers {
    pub(super) fn new(config: &TrainerConfig<'_>) -> Watchers {
        let base = config.optimizer.learning_rate();
        let plateau = config.schedule.kind.as_kind().plateau();
        let plateau = plateau.map(|plateau| Plateau::new(plateau, base));
        let stopping = config.training.early_stopping.as_ref().map(EarlyStopping::new);
        Watchers { plateau, stopping }
    }

    /// Takes an evaluation after the first step into account, unless the rate still warms up;
    /// returns whether to keep its weights.
    pub(super) fn observe(&mut self, row: &MetricsRow, warmup_steps: u64) -> bool {
        if let Some(plateau) = &mut self.plateau
            && let Some(value) = plateau.monitor().in_row(row)
            && row.step > warmup_steps
        {
            plateau.observe(value);
        }
        let Some(stopping) = &mut self.stopping else { return false };
        stopping.observe(row) && stopping.restores_best()
    }

    /// The base rate after reductions by evaluations.
    pub(super) fn reduced_rate(&self) -> Option<f64> {
        self.plateau.as_ref().map(Plateau::rate)
    }

    /// Whether training is over before its last step.
    pub(super) fn have_stopped(&self) -> bool {
        self.stopping.as_ref().is_some_and(EarlyStopping::has_stopped)
    }

    /// The epoch of the best evaluation, if there is early stopping.
    pub(super) fn best_epoch(&self) -> Option<u64> {
        self.stopping.as_ref()?.best_epoch()
    }

    /// Whether the weights of [`Watchers::best_epoch`] must exist.
    pub(super) fn keep_weights(&self) -> bool {
        let keeps =
            |stopping: &EarlyStopping| stopping.restores_best() && stopping.best_epoch().is_some();
        self.stopping.as_ref().is_some_and(keeps)
    }

    pub(super) fn states(&self) -> WatcherStates {
        WatcherStates {
            plateau: self.plateau.as_ref().map(Plateau::state),
            stopping: self.stopping.as_ref().map(EarlyStopping::state),
        }
    }

    /// Whether a checkpoint has states for exactly these watchers.
    pub(super) fn check(&self, states: WatcherStates) -> Result<(), CheckpointError> {
        if states.plateau.is_some() != self.plateau.is_some() {
            return Err(CheckpointError::Schedule);
        }
        if states.stopping.is_some() != self.stopping.is_some() {
            return Err(CheckpointError::EarlyStopping);
        }
        Ok(())
    }

    /// The same with the states from a checkpoint.
    pub(super) fn with(&self, states: WatcherStates) -> Watchers {
        let mut with = self.clone();
        with.plateau.iter_mut().zip(states.plateau).for_each(|(own, state)| own.set_state(state));
        with.stopping.iter_mut().zip(states.stopping).for_each(|(own, state)| own.set_state(state));
        with
    }
}

impl WatcherStates {
    pub(super) fn is_empty(&self) -> bool {
        *self == WatcherStates::default()
    }
}
