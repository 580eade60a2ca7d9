//! What the training loop reports of an evaluation: its figures, and how long it and the training before it took.
//! Apart from the loop, which only fills them in.

use crate::runs::layers::LayerRow;
use crate::runs::metrics::MetricsRow;
use crate::runs::timing::Timing;

/// What an evaluation found.
pub(super) struct EvaluatedEpoch {
    /// The scores of the splits.
    pub(super) row: MetricsRow,
    /// The figures of each linear layer and convolution, in order.
    pub(super) layers: Vec<LayerRow>,
    /// What it took.
    pub(super) seconds: f64,
}

/// The training since the evaluation before; nothing at epoch 0.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stretch {
    /// What it took.
    pub(super) seconds: f64,
    /// Examples trained.
    pub(super) examples: usize,
}

impl Stretch {
    /// The timing of it and of the evaluation after it.
    pub(super) fn timing(self, evaluation_seconds: f64) -> Timing {
        let examples_per_second = match self.examples {
            0 => 0.0,
            examples => examples as f64 / self.seconds,
        };
        Timing { train_seconds: self.seconds, evaluation_seconds, examples_per_second }
    }
}
