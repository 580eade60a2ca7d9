//! The network whose answers are learnt.

use super::from_run::DistillConfig;
use super::tensors::{TensorError, load_weights};
use crate::data::Dataset;
use crate::error::Result;
use crate::kernel::BlockedMut;
use crate::memory;
use crate::nn::layers::{Mode, Pass};
use crate::nn::{Network, NetworkConfig, Shape, SoftTargets};

/// The teacher, and its answers for the loaded batch.
pub(super) struct Teacher {
    network: Network,
    logits: Vec<f32>, // [max_batch, classes]
    row: Vec<f32>,    // [features]
    temperature: f32,
    weight: f32,
}

impl Teacher {
    /// The network of `config` with the weights of `model` for batches of at most `max_batch`.
    pub(super) fn new(
        distill: &DistillConfig,
        config: &NetworkConfig,
        model: &[u8],
        dataset: &Dataset,
        max_batch: usize,
    ) -> Result<Result<Teacher, TensorError>> {
        let (shape, classes) = (Shape::from(dataset.shape), dataset.class_names.len());
        let mut network = Network::to_load(config, shape, classes, max_batch)?;
        let loaded = load_weights(&mut network, model);
        Ok(loaded.map(|()| Teacher {
            network,
            logits: memory::filled(max_batch * classes, 0.0),
            row: memory::filled(shape.features(), 0.0),
            temperature: distill.temperature as f32,
            weight: distill.weight as f32,
        }))
    }

    /// Answers the batch in `input`.
    pub(super) fn answer(&mut self, input: &mut BlockedMut<'_>, pass: &Pass) {
        let Self { network, logits, row, .. } = self;
        let mut own = network.input_mut(pass.batch);
        for i in 0..pass.batch {
            for (first, piece) in input.row(i) {
                row[first..first + piece.len()].copy_from_slice(piece);
            }
            for (first, piece) in own.row(i) {
                piece.copy_from_slice(&row[first..first + piece.len()]);
            }
        }
        let answers = network.forward(&Pass { mode: Mode::Evaluate, ..*pass });
        logits[..answers.len()].copy_from_slice(answers);
    }

    /// Its answers as targets for the loaded batch.
    pub(super) fn targets(&self) -> SoftTargets<'_> {
        let Teacher { logits, temperature, weight, .. } = self;
        SoftTargets { logits, temperature: *temperature, weight: *weight }
    }
}
