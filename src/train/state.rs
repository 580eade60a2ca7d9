//! Everything that training changes, to a checkpoint and back; only bytes, no files.

mod names;

use std::collections::HashMap;

use safetensors::tensor::Dtype;
use serde::{Deserialize, Serialize};

use names::{average_name, best_name, slow_name, state_name, statistics_name};

use super::average::Average;
use super::checkpoint::{Checkpoint, CheckpointError, Header};
use super::companions::Companions;
use super::config::TrainerConfig;
use super::lookahead::Lookahead;
use super::numerics_version;
use super::tensors::{
    Expected, Heads, Saved, TensorError, copy_bytes, expected_of, load_weights_except, tensors_of,
    to_safetensors,
};
use super::watchers::Watchers;
use super::whitening::whiten;
use crate::data::Splits;
use crate::error::Error;
use crate::memory;
use crate::nn::layers::TensorMut;
use crate::nn::{Network, param_places};
use crate::optim::{Grouping, Optimizer};

/// Network, optimizer and position in the training.
pub struct TrainState {
    pub(super) network: Network,
    pub(super) optimizer: Box<dyn Optimizer>,
    grouping: Grouping,
    pub(super) progress: Progress,
    pub(super) watchers: Watchers,
    pub(super) average: Option<Average>,
    pub(super) lookahead: Option<Lookahead>,
    best: Vec<(String, Saved)>, // the model of the best evaluation; empty unless kept
    numerics: u32,
}

/// Position in the training; random streams are functions of it and of the seed.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Progress {
    /// Optimizer updates made.
    pub(super) step: u64,
    /// Whether the row of epoch 0 was reported.
    pub(super) evaluated_start: bool,
    /// Bits of the sum of the batch losses of the epoch's steps so far, an `f64`.
    loss_sum: u64,
    /// Steps in that sum.
    loss_steps: u64,
}

impl Progress {
    pub(super) fn counts_more_losses_than_steps(&self) -> bool {
        self.loss_steps > self.step
    }

    pub(super) fn add(&mut self, batch_loss: f64) {
        self.loss_sum = (f64::from_bits(self.loss_sum) + batch_loss).to_bits();
        self.loss_steps += 1;
    }

    /// The mean batch loss since the last call.
    pub(super) fn take_batch_loss(&mut self) -> f32 {
        let mean = f64::from_bits(self.loss_sum) / self.loss_steps as f64;
        (self.loss_sum, self.loss_steps) = (0, 0);
        mean as f32
    }
}

impl TrainState {
    pub(super) fn new(
        config: &TrainerConfig<'_>,
        splits: &Splits,
        seed: u64,
        max_batch: usize,
    ) -> Result<TrainState, Error> {
        let dataset = splits.dataset();
        let classes = dataset.class_names.len();
        let shape = dataset.shape.into();
        let mut network = Network::build(config.network, shape, classes, seed, max_batch)?;
        let optimizer = config.optimizer.build();
        network.visit_params(&mut |_, param| param.keep_state(optimizer.state_names().len()));
        let total_steps = config.training.length(splits.train.len()).total_steps;
        let modules = config.network.modules(shape, classes).unwrap_or_default(); // it was built from them
        let places = param_places(&modules);
        let grouping = config.optimizer.grouping(&places);
        whiten(&mut network, &modules, splits)?;
        let lookahead = config.training.lookahead;
        let lookahead = lookahead.map(|config| Lookahead::new(&mut network, config, total_steps));
        let average = Average::new(&mut network, config.training);
        Ok(TrainState {
            network,
            optimizer,
            grouping,
            progress: Progress::default(),
            watchers: Watchers::new(config),
            average,
            lookahead,
            best: Vec::new(),
            numerics: numerics_version(config.dataset, config.network),
        })
    }

    /// Decides which parameters learn in the epoch numbered `epoch`, from 0.
    pub(super) fn begin_epoch(&mut self, epoch: u64) {
        self.grouping.begin_epoch(&mut self.network, epoch);
    }

    /// Optimizer updates made.
    pub fn step(&self) -> u64 {
        self.progress.step
    }

    /// Whether the row of epoch 0 was reported.
    pub fn has_started(&self) -> bool {
        self.progress.evaluated_start
    }

    /// Number of linear layers and convolutions.
    pub fn weight_layers(&mut self) -> usize {
        self.network.weight_layers()
    }

    /// Whether early stopping has ended the training.
    pub fn has_stopped(&self) -> bool {
        self.watchers.have_stopped()
    }

    /// The result of `work` on the network as evaluated: with the averages of the parameters, if
    /// there are any.
    pub(super) fn evaluated<T>(&mut self, work: impl FnOnce(&mut Network) -> T) -> T {
        let Self { network, average, .. } = self;
        let Some(average) = average else { return work(network) };
        average.swap(network);
        let result = work(network);
        average.swap(network);
        result
    }

    /// Keeps the current model for [`TrainState::restore_best`].
    pub(super) fn keep_best(&mut self) {
        self.best = self.model_tensors();
    }

    /// Restores the model of the best evaluation, if it was kept. Training cannot continue after
    /// this.
    pub(super) fn restore_best(&mut self) {
        let best = std::mem::take(&mut self.best);
        let mut kept = best.iter();
        self.network.visit_state(&mut |_, _, target| {
            if let Some((_, saved)) = kept.next() {
                saved.write_to(target);
            }
        });
        if let Some(average) = self.average.as_mut().filter(|_| !best.is_empty()) {
            average.begin(&mut self.network);
        }
        self.best = best;
    }

    /// The first layer's weight, `[units, features]` or `[filters, channels, height, width]`, with its
    /// shape.
    pub fn first_weight(&mut self) -> (Vec<usize>, Vec<f32>) {
        let mut first = None;
        self.evaluated(|network| {
            network.visit_params(&mut |_, param| {
                if param.is_weight {
                    first.get_or_insert_with(|| (param.shape.clone(), param.value()));
                }
            });
        });
        first.unwrap_or_default()
    }

    /// The `state_dict` of the evaluated network as safetensors, under PyTorch's names.
    pub fn model(&mut self) -> Vec<u8> {
        self.expect_room(1);
        let format = HashMap::from([("format".to_owned(), "pt".to_owned())]);
        to_safetensors(&self.model_tensors(), format)
    }

    /// The complete state as safetensors with a checksum, the trial's id and the hashes of its
    /// companion files.
    pub fn checkpoint(&mut self, trial: &str, companions: Option<Companions>) -> Vec<u8> {
        self.expect_room(1 + self.optimizer.state_names().len());
        let tensors = self.all_tensors();
        let (progress, watchers) = (self.progress, self.watchers.states());
        let header = Header::new(self.numerics, trial, progress, watchers);
        header.encode(&tensors, companions.as_ref())
    }

    /// Reads and checks a whole checkpoint, without changing the state.
    ///
    /// # Errors
    /// If it is damaged or of another trial.
    pub fn decode<'a>(
        &mut self,
        bytes: &'a [u8],
        trial: &str,
    ) -> Result<Checkpoint<'a>, CheckpointError> {
        Checkpoint::decode(bytes, |header| {
            if header.numerics != self.numerics {
                let (found, own) = (header.numerics, self.numerics);
                return Err(CheckpointError::Numerics { found, own });
            }
            if header.trial != trial {
                let (found, own) = (header.trial.clone(), trial.to_owned());
                return Err(CheckpointError::OtherTrial { found, own });
            }
            self.watchers.check(header.watchers)?;
            let watchers = self.watchers.with(header.watchers);
            Ok(self.expected(watchers.keep_weights()))
        })
    }

    /// The most bytes of a checkpoint of this trial.
    pub fn most_checkpoint_bytes(&mut self) -> u64 {
        self.expect_room(1);
        const OF_HEADER: usize = 1 << 16; // the position and the hashes of the companion files
        let of_tensor = |tensor: &Expected| {
            let elements: usize = tensor.shape.iter().product();
            // The header holds its name, shape and offsets.
            elements * size_of::<i64>() + tensor.name.len() + 256
        };
        let tensors: usize = self.expected(true).iter().map(of_tensor).sum();
        (OF_HEADER + tensors) as u64
    }

    /// Restores a checkpoint of this trial that [`TrainState::decode`] read.
    pub fn restore(&mut self, checkpoint: &Checkpoint<'_>) {
        let Checkpoint { header, tensors, .. } = checkpoint;
        let load = |name: &str, target: TensorMut<'_>| {
            let view = tensors.tensor(name).expect("every tensor was found when it was decoded");
            copy_bytes(view.data(), target);
        };
        self.network.visit_state(&mut |name, _, target| load(name, target));
        let names = self.optimizer.state_names();
        self.network.visit_params(&mut |position, param| {
            for (tensor, name) in names.iter().enumerate() {
                let mut values = param.state(tensor);
                load(&state_name(name, position), TensorMut::F32(&mut values));
                param.set_state(tensor, &values);
            }
        });
        if let Some(average) = &mut self.average {
            average.swap(&mut self.network);
            self.network.visit_params(&mut |position, param| {
                let mut values = param.value();
                load(&average_name(position), TensorMut::F32(&mut values));
                param.set_value(&values);
            });
            average.swap(&mut self.network);
        }
        let model = expected_of(&mut self.network);
        if let Some(lookahead) = &mut self.lookahead {
            let floats = model.iter().filter(|tensor| tensor.dtype == Dtype::F32);
            for (slow, tensor) in lookahead.slow.iter_mut().zip(floats) {
                load(&slow_name(&tensor.name), TensorMut::F32(slow));
            }
        }
        let statistics = self.average.iter_mut().flat_map(|average| &mut average.statistics);
        for (position, values) in statistics.enumerate() {
            load(&statistics_name(position), TensorMut::F32(values));
        }
        self.watchers = self.watchers.with(header.watchers);
        self.best.clear();
        if self.watchers.keep_weights() {
            for expected in expected_of(&mut self.network) {
                let view = tensors.tensor(&best_name(&expected.name));
                let view = view.expect("every tensor was found when it was decoded");
                self.best.push((expected.name.clone(), Saved::read(&expected, view.data())));
            }
        }
        self.progress = header.progress;
    }

    /// Restores the weights of a model written by [`TrainState::model`].
    ///
    /// # Errors
    /// If it is damaged or of another network; the weights are as they were then.
    pub fn load_model(&mut self, bytes: &[u8]) -> Result<(), TensorError> {
        self.start_from(bytes, Heads::default())
    }

    /// Starts from the weights of another network's model, written by [`TrainState::model`], without those of
    /// the `heads`.
    ///
    /// # Errors
    /// If it is damaged or does not fit; the weights are as they were then.
    pub fn start_from(&mut self, bytes: &[u8], heads: Heads<'_>) -> Result<(), TensorError> {
        load_weights_except(&mut self.network, bytes, heads)?;
        if let Some(average) = &mut self.average {
            average.begin(&mut self.network);
        }
        if let Some(lookahead) = &mut self.lookahead {
            lookahead.begin(&mut self.network);
        }
        Ok(())
    }

    /// Checks here, where a failure ends only one trial, for the memory of a copy with this many
    /// numbers per parameter and of its file.
    fn expect_room(&mut self, numbers: usize) {
        let mut params = 0;
        self.network.visit_params(&mut |_, param| params += param.len());
        let more = usize::from(self.average.is_some()) + usize::from(self.lookahead.is_some());
        let copies = numbers + more;
        memory::expect(2 * size_of::<f32>() * params * copies);
    }

    fn model_tensors(&mut self) -> Vec<(String, Saved)> {
        self.evaluated(tensors_of)
    }
}

#[cfg(test)]
mod tests;
