//! The modules of a run's network, as `torch.nn.Sequential` would have them, with the tensors that
//! each keeps: what names and shapes in a weights file have to be.

use std::path::Path;

use super::super::record::RunRecord;
use crate::error::{Error, Result};
use crate::experiment::read_network;
use crate::nn::{Activation, MlpConfig, NetworkConfig};
use crate::run_dir::file;

/// One module; its place in the list is its number in tensor names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Module {
    /// Fully connected.
    Linear { size_in: usize, size_out: usize },
    /// Batch normalisation over the batch.
    BatchNorm { size: usize },
    /// An activation function.
    Activation(Activation),
    /// Dropout with this probability.
    Dropout(f64),
}

impl Module {
    /// Names and shapes of its tensors of 32-bit floats.
    pub(super) fn tensors(self) -> Vec<(&'static str, Vec<usize>)> {
        match self {
            Module::Linear { size_in, size_out } => {
                vec![("weight", vec![size_out, size_in]), ("bias", vec![size_out])]
            }
            Module::BatchNorm { size } => ["weight", "bias", "running_mean", "running_var"]
                .map(|name| (name, vec![size]))
                .to_vec(),
            Module::Activation(_) | Module::Dropout(_) => Vec::new(),
        }
    }
}

/// The modules of the run in `folder`, from its `trial.toml`, for the input and the classes that its
/// record names.
///
/// # Errors
/// If `trial.toml` cannot be read or is another trial than the record's.
pub(super) fn modules(record: &RunRecord, folder: &Path) -> Result<Vec<Module>> {
    let path = folder.join(file::TRIAL);
    let network = read_network(&path)?;
    let as_json = serde_json::to_value(&network).expect("configs are tables of plain values");
    if Some(&as_json) != record.trial.get("network") {
        let problem = "has another network than run.json beside it".to_owned();
        return Err(Error::Damaged { path, problem });
    }
    // Nothing is allocated by these sizes before the weights file has tensors of them.
    let features = record.input.shape.iter().fold(1_usize, |size, n| size.saturating_mul(*n));
    let classes = record.class_names.len();
    match &network {
        NetworkConfig::Mlp(mlp) => Ok(mlp_modules(mlp, features, classes)),
    }
}

fn mlp_modules(mlp: &MlpConfig, features: usize, classes: usize) -> Vec<Module> {
    let mut modules = Vec::new();
    let mut size_in = features;
    for &size in &mlp.hidden_sizes {
        modules.push(Module::Linear { size_in, size_out: size });
        modules.extend(mlp.batch_norm.then_some(Module::BatchNorm { size }));
        modules.push(Module::Activation(mlp.activation));
        modules.extend((mlp.dropout > 0.0).then_some(Module::Dropout(mlp.dropout)));
        size_in = size;
    }
    modules.push(Module::Linear { size_in, size_out: classes });
    modules
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Network;

    #[test]
    fn tensors_are_those_that_the_network_saves() {
        for (batch_norm, dropout) in [(true, 0.2), (true, 0.0), (false, 0.2), (false, 0.0)] {
            let hidden_sizes = vec![5, 4];
            let mlp = MlpConfig { hidden_sizes, batch_norm, dropout, ..MlpConfig::default() };
            let modules = mlp_modules(&mlp, 6, 3);
            let tensors = modules.iter().enumerate().flat_map(|(index, module)| {
                let name = move |(name, shape)| (format!("{index}.{name}"), shape);
                module.tensors().into_iter().map(name)
            });
            let mut saved = Vec::new();
            let mut network = Network::build(&NetworkConfig::Mlp(mlp), 6, 3, 0, 2);
            network
                .visit_state(&mut |name, shape, _| saved.push((name.to_owned(), shape.to_vec())));
            saved.retain(|(name, _)| !name.ends_with("num_batches_tracked"));
            assert_eq!(tensors.collect::<Vec<_>>(), saved);
        }
    }
}
