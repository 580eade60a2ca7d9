//! Everything that training changes, as a checkpoint and back; bytes only, no files.

use std::collections::HashMap;

use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensors, serialize};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::average::Average;
use super::companions::Companions;
use super::config::TrainerConfig;
use super::numerics_version;
use super::watchers::{WatcherStates, Watchers};
use crate::data::Splits;
use crate::error::Error;
use crate::memory;
use crate::nn::{Network, TensorMut};
use crate::optim::Optimizer;

/// The only key of a checkpoint's metadata: one key, because the order of several is not defined.
pub(super) const HEADER_KEY: &str = "runner_checkpoint";

/// Network, optimizer and position in the training.
pub struct TrainState {
    pub(super) network: Network,
    pub(super) optimizer: Box<dyn Optimizer>,
    pub(super) progress: Progress,
    pub(super) watchers: Watchers,
    pub(super) average: Option<Average>,
    best: Vec<(String, Saved)>, // the model of the best evaluation; empty unless it is kept
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

/// What a checkpoint says besides its tensors.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    layout: u32,
    pub(super) numerics: u32,
    pub(super) trial: String,
    pub(super) progress: Progress,
    #[serde(default, skip_serializing_if = "WatcherStates::is_empty")]
    watchers: WatcherStates,
    sha256: String,
    /// Not part of the checksum: with another one of these, the checkpoint is not used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    companions: Option<Companions>,
}

/// Version of the checkpoint's layout.
const LAYOUT: u32 = 1;
/// Name of the averages of the parameters, by position.
const AVERAGE: &str = "average";
/// Name of the model of the best evaluation, by the names of its tensors.
const BEST: &str = "best";

impl Progress {
    pub(super) fn add(&mut self, batch_loss: f64) {
        self.loss_sum = (f64::from_bits(self.loss_sum) + batch_loss).to_bits();
        self.loss_steps += 1;
    }

    /// The mean batch loss since it was last taken.
    pub(super) fn take_batch_loss(&mut self) -> f32 {
        let mean = f64::from_bits(self.loss_sum) / self.loss_steps as f64;
        (self.loss_sum, self.loss_steps) = (0, 0);
        mean as f32
    }
}

/// A tensor copied out of the state.
#[derive(Clone)]
struct Saved {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
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
        let average = config.training.ema_decay.map(|decay| Average::new(&mut network, decay));
        Ok(TrainState {
            network,
            optimizer,
            progress: Progress::default(),
            watchers: Watchers::new(config),
            average,
            best: Vec::new(),
            numerics: numerics_version(config.dataset, config.network),
        })
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

    /// The result of `work` on the network as it is evaluated: with the averages of the parameters,
    /// where there are such.
    pub(super) fn evaluated<T>(&mut self, work: impl FnOnce(&mut Network) -> T) -> T {
        let Self { network, average, .. } = self;
        let Some(average) = average else { return work(network) };
        average.swap(network);
        let result = work(network);
        average.swap(network);
        result
    }

    /// Keeps the model as it is for [`TrainState::restore_best`].
    pub(super) fn keep_best(&mut self) {
        self.best = self.model_tensors();
    }

    /// Makes the model that of the best evaluation, if it was kept. Nothing can be trained after it.
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
                if param.decay {
                    first.get_or_insert_with(|| (param.shape.clone(), param.value()));
                }
            });
        });
        first.unwrap_or_default()
    }

    /// The `state_dict` of the network as it is evaluated as safetensors, under PyTorch's names.
    pub fn model(&mut self) -> Vec<u8> {
        self.expect_room(1);
        let format = HashMap::from([("format".to_owned(), "pt".to_owned())]);
        to_safetensors(&self.model_tensors(), format)
    }

    /// The complete state as safetensors with a checksum, marked with the trial's id and with what is known
    /// of the files beside it.
    pub fn checkpoint(&mut self, trial: &str, companions: Option<Companions>) -> Vec<u8> {
        self.expect_room(1 + self.optimizer.state_names().len());
        let tensors = self.all_tensors();
        let header = Header {
            layout: LAYOUT,
            numerics: self.numerics,
            trial: trial.to_owned(),
            progress: self.progress,
            watchers: self.watchers.states(),
            sha256: checksum(&tensors, self.progress, self.watchers.states()),
            companions,
        };
        let header = serde_json::to_string(&header).expect("numbers and strings become JSON");
        to_safetensors(&tensors, HashMap::from([(HEADER_KEY.to_owned(), header)]))
    }

    /// Takes the state of a checkpoint over. Returns what it says of the files beside it; those of 0.1.0 say
    /// nothing.
    ///
    /// # Errors
    /// Says what is wrong if it is damaged or of another trial; the state may then be partly
    /// overwritten and must be rebuilt.
    pub fn restore(&mut self, bytes: &[u8], trial: &str) -> Result<Option<Companions>, String> {
        let header = read_header(bytes)?;
        if header.layout != LAYOUT {
            return Err(format!("has layout {}, this program reads {LAYOUT}", header.layout));
        }
        if header.numerics != self.numerics {
            let (found, own) = (header.numerics, self.numerics);
            return Err(format!("has numerics {found}, this program has {own}"));
        }
        if header.trial != trial {
            return Err(format!("is of run {:?}, not of {trial}", header.trial));
        }
        let tensors = SafeTensors::deserialize(bytes).map_err(|e| e.to_string())?;
        let mut problem = None;
        let mut load = |name: &str, shape: &[usize], target: TensorMut<'_>| {
            if let Err(error) = copy_from(&tensors, name, shape, target) {
                problem.get_or_insert(error);
            }
        };
        self.network.visit_state(&mut load);
        let names = self.optimizer.state_names();
        self.network.visit_params(&mut |position, param| {
            for (tensor, name) in names.iter().enumerate() {
                let mut values = param.state(tensor);
                let shape = [values.len()];
                load(&state_name(name, position), &shape, TensorMut::F32(&mut values));
                param.set_state(tensor, &values);
            }
        });
        if let Some(average) = &mut self.average {
            average.swap(&mut self.network);
            self.network.visit_params(&mut |position, param| {
                let mut values = param.value();
                let name = format!("{AVERAGE}.{position}");
                load(&name, &[values.len()], TensorMut::F32(&mut values));
                param.set_value(&values);
            });
            average.swap(&mut self.network);
        }
        if let Some(problem) = problem {
            return Err(problem);
        }
        self.watchers.restore(header.watchers)?;
        self.restore_kept(&tensors)?;
        if header.progress.loss_steps > header.progress.step {
            return Err("counts more losses than steps".to_owned());
        }
        self.progress = header.progress;
        let fits = checksum(&self.all_tensors(), self.progress, header.watchers) == header.sha256;
        if !fits && !cfg!(feature = "fuzzing") {
            return Err("its checksum does not fit its content".to_owned());
        }
        Ok(header.companions)
    }

    /// Takes over the weights of a model as [`TrainState::model`] writes it.
    ///
    /// # Errors
    /// Says what is wrong if it is damaged or of another network; the weights may then be partly
    /// overwritten.
    pub fn load_model(&mut self, bytes: &[u8]) -> Result<(), String> {
        load_weights(&mut self.network, bytes)?;
        if let Some(average) = &mut self.average {
            average.begin(&mut self.network);
        }
        Ok(())
    }

    /// Refuses here, where it ends one trial, the memory for a copy of so many numbers for each parameter
    /// and the file that it becomes.
    fn expect_room(&mut self, numbers: usize) {
        let mut params = 0;
        self.network.visit_params(&mut |_, param| params += param.len());
        let copies = numbers + usize::from(self.average.is_some());
        memory::expect(2 * size_of::<f32>() * params * copies);
    }

    fn model_tensors(&mut self) -> Vec<(String, Saved)> {
        self.evaluated(tensors_of)
    }

    /// Reads the model of the best evaluation, if there has to be one.
    fn restore_kept(&mut self, tensors: &SafeTensors<'_>) -> Result<(), String> {
        self.best.clear();
        if !self.watchers.keep_weights() {
            return Ok(());
        }
        for (name, like) in tensors_of(&mut self.network) {
            let saved = Saved::read(tensors, &format!("{BEST}.{name}"), &like)?;
            self.best.push((name, saved));
        }
        Ok(())
    }

    fn all_tensors(&mut self) -> Vec<(String, Saved)> {
        let mut tensors = tensors_of(&mut self.network);
        let names = self.optimizer.state_names();
        self.network.visit_params(&mut |position, param| {
            for (tensor, name) in names.iter().enumerate() {
                let mut values = param.state(tensor);
                let saved = Saved::new(&[values.len()], TensorMut::F32(&mut values));
                tensors.push((state_name(name, position), saved));
            }
        });
        if self.average.is_some() {
            self.evaluated(|network| {
                network.visit_params(&mut |position, param| {
                    let mut values = param.value();
                    let saved = Saved::new(&[values.len()], TensorMut::F32(&mut values));
                    tensors.push((format!("{AVERAGE}.{position}"), saved));
                });
            });
        }
        let best = self.best.iter();
        tensors.extend(best.map(|(name, saved)| (format!("{BEST}.{name}"), saved.clone())));
        tensors
    }
}

/// Everything in PyTorch's `state_dict`.
fn tensors_of(network: &mut Network) -> Vec<(String, Saved)> {
    let mut tensors = Vec::new();
    network.visit_state(&mut |name, shape, tensor| {
        tensors.push((name.to_owned(), Saved::new(shape, tensor)));
    });
    tensors
}

/// [`TrainState::load_model`] of a network alone.
pub(super) fn load_weights(network: &mut Network, bytes: &[u8]) -> Result<(), String> {
    let tensors = SafeTensors::deserialize(bytes).map_err(|e| e.to_string())?;
    let mut problem = None;
    network.visit_state(&mut |name, shape, target| {
        if let Err(error) = copy_from(&tensors, name, shape, target) {
            problem.get_or_insert(error);
        }
    });
    problem.map_or(Ok(()), Err)
}

fn state_name(name: &str, position: usize) -> String {
    format!("optimizer.{name}.{position}")
}

impl Saved {
    fn new(shape: &[usize], tensor: TensorMut<'_>) -> Saved {
        let (dtype, bytes) = match tensor {
            TensorMut::F32(values) => {
                (Dtype::F32, values.iter().flat_map(|x| x.to_le_bytes()).collect())
            }
            TensorMut::I64(value) => (Dtype::I64, value.to_le_bytes().to_vec()),
        };
        Saved { dtype, shape: shape.to_vec(), bytes }
    }

    /// A tensor out of a file, which has to have type and shape of `like`.
    fn read(tensors: &SafeTensors<'_>, name: &str, like: &Saved) -> Result<Saved, String> {
        let view = tensors.tensor(name).map_err(|e| format!("tensor {name}: {e}"))?;
        fits(&view, name, like.dtype, &like.shape)?;
        Ok(Saved { bytes: view.data().to_vec(), ..like.clone() })
    }

    fn write_to(&self, target: TensorMut<'_>) {
        copy_bytes(&self.bytes, target);
    }
}

fn to_safetensors(tensors: &[(String, Saved)], metadata: HashMap<String, String>) -> Vec<u8> {
    let views = tensors.iter().map(|(name, saved)| {
        let view = TensorView::new(saved.dtype, saved.shape.clone(), &saved.bytes);
        (name, view.expect("a layer's shape fits its elements"))
    });
    serialize(views, Some(metadata)).expect("a network's header is smaller than 100 MB")
}

fn read_header(bytes: &[u8]) -> Result<Header, String> {
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|e| e.to_string())?;
    let header = metadata.metadata().as_ref().and_then(|map| map.get(HEADER_KEY));
    let header = header.ok_or("is no checkpoint of this program")?;
    serde_json::from_str(header).map_err(|e| e.to_string())
}

fn copy_from(
    tensors: &SafeTensors<'_>,
    name: &str,
    shape: &[usize],
    target: TensorMut<'_>,
) -> Result<(), String> {
    let view = tensors.tensor(name).map_err(|e| format!("tensor {name}: {e}"))?;
    let dtype = match target {
        TensorMut::F32(_) => Dtype::F32,
        TensorMut::I64(_) => Dtype::I64,
    };
    fits(&view, name, dtype, shape)?;
    copy_bytes(view.data(), target);
    Ok(())
}

fn fits(view: &TensorView<'_>, name: &str, dtype: Dtype, shape: &[usize]) -> Result<(), String> {
    if view.shape() == shape && view.dtype() == dtype {
        return Ok(());
    }
    let found = view.shape();
    Err(format!("tensor {name} has shape {found:?}, this trial's has {shape:?}"))
}

fn copy_bytes(bytes: &[u8], target: TensorMut<'_>) {
    match target {
        TensorMut::F32(values) => {
            for (value, bytes) in values.iter_mut().zip(bytes.as_chunks::<4>().0) {
                *value = f32::from_le_bytes(*bytes);
            }
        }
        TensorMut::I64(value) => {
            if let [bytes] = bytes.as_chunks::<8>().0 {
                *value = i64::from_le_bytes(*bytes);
            }
        }
    }
}

/// States that no trial had before there were watchers are left out, so that older checkpoints read.
fn checksum(tensors: &[(String, Saved)], progress: Progress, watchers: WatcherStates) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{progress:?}\n"));
    if !watchers.is_empty() {
        hash.update(format!("{watchers:?}\n"));
    }
    for (name, saved) in tensors {
        hash.update(format!("{name} {:?} {}\n", saved.shape, saved.bytes.len()));
        hash.update(&saved.bytes);
    }
    crate::run_dir::hex(&hash.finalize())
}

#[cfg(test)]
mod tests;
