//! Messages between the training loop and its caller.

use super::state::TrainState;
use crate::error::Result;
use crate::runs::layers::LayerRow;
use crate::runs::metrics::MetricsRow;
use crate::runs::timing::Timing;

/// Messages from the loop to its caller.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// A step was made.
    Step,
    /// A step ended an epoch that is not evaluated.
    Epoch,
    /// An epoch was evaluated; the state is the one before the next epoch's first step. With the
    /// figures of each linear layer, in order.
    Evaluated(MetricsRow, Timing, &'a [LayerRow]),
}

/// The caller's answers to the loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    Continue,
    /// Stop here; the state is complete.
    Stop,
}

/// How training ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All steps were made, or early stopping skipped the rest.
    Finished,
    /// The caller said [`Flow::Stop`].
    Stopped,
    /// The loss of this step, or of an evaluation after it, is NaN or infinite.
    Diverged {
        /// Number of the step, from 1.
        step: u64,
    },
}

/// Called after each step and evaluation with the state to save.
pub type OnEvent<'a> = dyn FnMut(Event<'_>, &mut TrainState) -> Result<Flow> + 'a;
