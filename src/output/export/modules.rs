//! The modules of a run's network, with the tensors that each keeps: the required names and shapes
//! in a weights file.

use std::path::Path;

use crate::error::{Error, Result};
use crate::experiment::read_network;
use crate::nn::{LayerMisfit, Module, Shape};
use crate::runs::folder::file;
use crate::runs::record::RunRecord;

/// Names and shapes of the tensors of 32-bit floats of a module, without those of modules within it.
pub(super) fn tensors(module: &Module) -> Vec<(String, Vec<usize>)> {
    let tensors = module.tensors().into_iter();
    tensors.map(|tensor| (format!("{}.{}", module.path, tensor.name), tensor.shape)).collect()
}

/// The modules of the run in `folder`, from its `trial.toml`, for the input and the classes that its
/// record names.
///
/// # Errors
/// If `trial.toml` cannot be read, is another trial than the record's, or does not fit to them.
pub(super) fn modules(record: &RunRecord, folder: &Path) -> Result<Vec<Module>> {
    let path = folder.join(file::TRIAL);
    let network = read_network(&path)?;
    let damaged = |problem: String| Error::Damaged { path: path.clone(), problem };
    let as_json = serde_json::to_value(&network).expect("configs are tables of plain values");
    if Some(&as_json) != record.trial.get("network") {
        return Err(damaged("has a different network than run.json in the same folder".to_owned()));
    }
    // Nothing is allocated by these sizes before the weights file is known to match.
    let modules = network.modules(Shape::from(record.input.shape), record.class_names.len());
    modules.map_err(|LayerMisfit { key, title, label, .. }| {
        damaged(format!(
            "does not match run.json in the same folder: {title}: network.{key} {label}"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::layers::Shortcut;
    use crate::nn::{MlpConfig, Network, NetworkConfig, ResnetConfig, SimpleConvnetConfig};

    #[test]
    fn tensors_are_those_that_the_network_saves() {
        let mlp = |batch_norm, dropout| {
            let hidden_sizes = vec![5, 4];
            NetworkConfig::Mlp(MlpConfig {
                hidden_sizes,
                batch_norm,
                dropout,
                ..Default::default()
            })
        };
        let projection =
            ResnetConfig { depth: 8, shortcut: Shortcut::Projection, ..Default::default() };
        let configs = [
            mlp(true, 0.2),
            mlp(false, 0.0),
            NetworkConfig::SimpleConvnet(SimpleConvnetConfig::default()),
            NetworkConfig::Resnet(projection),
        ];
        let input = Shape { channels: 3, height: 8, width: 8 };
        for config in configs {
            let modules = config.modules(input, 3).unwrap();
            let expected = modules.iter().flat_map(Module::all).flat_map(tensors);
            let mut saved = Vec::new();
            let mut network = Network::build(&config, input, 3, 0, 2).unwrap();
            network
                .visit_state(&mut |name, shape, _| saved.push((name.to_owned(), shape.to_vec())));
            saved.retain(|(name, _)| !name.ends_with("num_batches_tracked"));
            assert_eq!(expected.collect::<Vec<_>>(), saved);
        }
    }
}
