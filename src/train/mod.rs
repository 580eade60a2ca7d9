//! The one training loop, evaluation, metrics and checkpoint state; touches no files.

mod augmented;
mod average;
mod batches;
mod checkpoint;
mod class_weights;
mod classifier;
mod companions;
mod config;
mod evaluate;
mod event;
mod fit;
mod from_run;
mod judge;
mod lengthening;
mod lookahead;
mod noise_parts;
#[cfg(test)]
mod parity;
mod plan;
mod position;
mod probe;
mod report;
mod sam;
mod state;
mod stopping;
mod teacher;
mod tensors;
mod test_time;
#[cfg(test)]
mod testing;
mod trainer;
mod update;
mod watchers;
mod whitening;
mod workers;

pub use augmented::{AugmentedExample, augmented_examples};
pub use average::SwaConfig;
pub use checkpoint::{Checkpoint, CheckpointError};
pub use class_weights::ClassWeights;
pub use classifier::{ClassProbability, Classifier};
pub use companions::Companions;
pub use config::{Batches, EvaluationConfig, TestReads, TrainerConfig, TrainingConfig};
pub use event::{Event, Flow, OnEvent, Outcome};
pub use fit::{fits, head_of};
pub use from_run::{DistillConfig, StartFromConfig};
pub use lengthening::Lengthening;
pub use lookahead::LookaheadConfig;
pub use position::Position;
pub use sam::SamConfig;
pub use state::TrainState;
pub use stopping::EarlyStoppingConfig;
pub use tensors::{Heads, TensorError};
pub use test_time::view_count;
pub use trainer::Trainer;
pub use workers::{Busy, Workers};

use crate::data::DatasetConfig;
use crate::nn::NetworkConfig;

/// Version of everything that decides the bits of a result of `network` on `dataset`; part of every
/// run id. Raised when a trial would give different bits, and only for such trials: the ids of
/// others stay.
///
/// 6: convolutions may use Winograd's transforms, in tiles of 4 x 4 pixels too. 5: dead units of a layer are not counted after a residual block with other channels, or after a
/// flattening that moves numbers. 4: validation examples are drawn in proportion to the classes, or
/// images that are vectors are flattened. 3, until 6 took its place: convolutions may use Winograd's
/// transforms. 2: all others.
pub fn numerics_version(dataset: &DatasetConfig, network: &NetworkConfig) -> u32 {
    if network.may_transform() {
        6
    } else if network.blurs_units() {
        5
    } else if dataset.draws_in_proportion() || network.flattens_images_of_vectors() {
        4
    } else {
        2
    }
}
