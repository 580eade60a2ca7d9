//! Sizes of a network, known without building it.

use super::build::{FirstReads, first_reads, has_layer};
use super::workspace::{LayerUse, workspace};
use super::{Module, NetworkConfig, Shape};
use crate::nn::layers::Role;

/// The size of a network. A network with a layer that does not fit has no size;
/// [`NetworkConfig::modules`] says which layer that is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NetworkSize {
    /// Elements of each parameter, in PyTorch's order.
    pub params: Vec<usize>,
    /// Elements of all weights of linear layers and convolutions.
    pub weights: usize,
    /// Linear layers and convolutions.
    pub layers: usize,
    /// Floating-point operations in the products of a forward pass of one example; a multiply-add
    /// counts as two. These are the operations really made: for transformed convolutions they are
    /// fewer than [`Module::flops`].
    pub flops: u64,
    /// Of those, the operations of the first product, whose input needs no gradient.
    pub first_flops: u64,
    /// Numbers per example in the outputs of all layers that do not work in place.
    pub outputs: usize,
    /// Numbers per example that are in memory at a time: outputs and their gradients.
    pub workspace: usize,
}

impl NetworkConfig {
    /// The size of the network for this input and number of classes.
    pub fn size(&self, input: Shape, classes: usize) -> NetworkSize {
        let modules = self.modules(input, classes).unwrap_or_default();
        let channel_last = first_reads(&modules) == FirstReads::Images;
        let (outputs, workspace) = row_sizes(&modules, input, channel_last);
        let mut size = NetworkSize { outputs, workspace, ..Default::default() };
        for module in modules.iter().flat_map(Module::all) {
            for param in module.params() {
                let elements = param.elements();
                size.params.push(elements);
                if param.is_weight() {
                    size.weights = size.weights.saturating_add(elements);
                    size.layers += 1;
                    let flops = flops_made(module);
                    size.flops = size.flops.saturating_add(flops);
                    if size.layers == 1 {
                        size.first_flops = flops;
                    }
                }
            }
        }
        size
    }
}

fn flops_made(module: &Module) -> u64 {
    match module.role() {
        Role::Product { convolution: Some(conv), .. } => {
            let made = conv.geometry(module.input).multiply_adds_made();
            (made as u64).saturating_mul(2)
        }
        _ => module.flops(),
    }
}

/// Working memory of convolutions besides their operands, in elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScratchSize {
    /// What the network keeps.
    pub kept: usize,
    /// What each working thread has.
    pub per_thread: usize,
}

/// The working memory of the convolutions of `modules`, for batches of at most `max_batch`.
pub fn scratch_size(modules: &[Module], max_batch: usize) -> ScratchSize {
    let mut size = ScratchSize { kept: 0, per_thread: 0 };
    for module in modules.iter().flat_map(Module::all) {
        if let Role::Product { convolution: Some(conv), .. } = module.role() {
            let geometry = conv.geometry(module.input);
            size.kept = size.kept.saturating_add(geometry.scratch_len(max_batch));
            size.per_thread = size.per_thread.max(geometry.thread_scratch_len());
        }
    }
    size
}

/// [`NetworkSize::outputs`] and [`NetworkSize::workspace`] of a sequence of layers for `input`.
fn row_sizes(modules: &[Module], input: Shape, channel_last: bool) -> (usize, usize) {
    let (mut outputs, mut inner) = (0_usize, 0_usize);
    let mut layers = Vec::with_capacity(modules.len());
    for (i, module) in modules.iter().enumerate() {
        for within in [&module.body, &module.shortcut].into_iter().filter(|row| !row.is_empty()) {
            let (own, workspace) = row_sizes(within, module.input, true);
            (outputs, inner) = (outputs.saturating_add(own), inner.saturating_add(workspace));
        }
        if has_layer(modules, i, channel_last) {
            let role = module.role();
            layers.push(LayerUse {
                features: module.output.features(),
                works_in_place: role.works_in_place(),
                reads_input: role.reads_input(),
                reads_output: role.reads_output(),
            });
        }
    }
    if layers.is_empty() {
        layers.push(LayerUse::of_copy(input.features()));
    }
    let workspace = workspace(&layers);
    let own = workspace.places.iter().map(|place| place.output.features);
    (own.fold(outputs, usize::saturating_add), inner.saturating_add(workspace.len))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{DeepConvnetConfig, MlpConfig, Network, ResnetConfig, SimpleConvnetConfig};

    fn mlp(batch_norm: bool, dropout: f64) -> NetworkConfig {
        let hidden_sizes = vec![7, 5];
        NetworkConfig::Mlp(MlpConfig { hidden_sizes, batch_norm, dropout, ..Default::default() })
    }

    #[test]
    fn sizes_are_those_of_the_network_that_is_built() {
        let configs = [
            mlp(true, 0.5),
            mlp(false, 0.0),
            NetworkConfig::SimpleConvnet(SimpleConvnetConfig::default()),
            NetworkConfig::DeepConvnet(DeepConvnetConfig::default()),
            NetworkConfig::Resnet(ResnetConfig { depth: 8, ..ResnetConfig::default() }),
        ];
        let input = Shape { channels: 3, height: 8, width: 8 };
        for config in configs {
            let mut built = NetworkSize::default();
            let mut network = Network::build(&config, input, 3, 0, 1).unwrap();
            network.visit_params(&mut |_, param| {
                built.params.push(param.len());
                built.weights += if param.is_weight { param.len() } else { 0 };
            });
            let size = config.size(input, 3);
            assert_eq!((size.params, size.weights), (built.params, built.weights));
            assert_eq!(size.layers, network.weight_layers());
            assert_eq!(size.workspace, network.buffer_elements(), "{config:?}");
        }
        let size = mlp(true, 0.0).size(Shape::vector(12), 3);
        assert_eq!(size.first_flops, 2 * 12 * 7);
        assert_eq!(size.flops, 2 * (12 * 7 + 7 * 5 + 5 * 3));
    }
}
