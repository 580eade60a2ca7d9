//! Sizes of a network's parameters, known without building it.

use super::{MlpConfig, NetworkConfig};

/// How large a network is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NetworkSize {
    /// Elements of each parameter, in PyTorch's order.
    pub params: Vec<usize>,
    /// Elements of all weight matrices: each is one multiply-add per example and pass.
    pub weights: usize,
    /// Linear layers.
    pub layers: usize,
    /// Elements of the first weight matrix, whose input needs no gradient.
    pub first_weights: usize,
    /// Features that all layers put out per example.
    pub activations: usize,
}

impl NetworkConfig {
    /// The size of the network for this many inputs and classes.
    pub fn size(&self, in_features: usize, classes: usize) -> NetworkSize {
        match self {
            NetworkConfig::Mlp(mlp) => mlp_size(mlp, in_features, classes),
        }
    }
}

fn mlp_size(config: &MlpConfig, in_features: usize, classes: usize) -> NetworkSize {
    let mut size = NetworkSize::default();
    let mut fan_in = in_features;
    let modules = 2 + usize::from(config.batch_norm) + usize::from(config.dropout > 0.0);
    for &units in &config.hidden_sizes {
        size.params.extend([fan_in * units, units]);
        if config.batch_norm {
            size.params.extend([units, units]);
        }
        size.weights += fan_in * units;
        size.activations += modules * units;
        fan_in = units;
    }
    size.params.extend([fan_in * classes, classes]);
    size.weights += fan_in * classes;
    size.activations += classes;
    size.layers = config.hidden_sizes.len() + 1;
    size.first_weights = size.params[0];
    size
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Network, WeightInit};

    #[test]
    fn sizes_are_those_of_the_network_that_is_built() {
        for (batch_norm, dropout) in [(true, 0.5), (false, 0.0)] {
            let config = NetworkConfig::Mlp(MlpConfig {
                hidden_sizes: vec![7, 5],
                activation: Activation::Relu,
                weight_init: WeightInit::He,
                batch_norm,
                dropout,
            });
            let mut built = NetworkSize::default();
            let mut network = Network::build(&config, 12, 3, 0, 1);
            network.visit_params(&mut |_, param| {
                built.params.push(param.len());
                built.weights += if param.decay { param.len() } else { 0 };
            });
            let size = config.size(12, 3);
            assert_eq!((size.params, size.weights), (built.params, built.weights));
            assert_eq!(size.layers, network.linear_layers());
            assert_eq!(size.first_weights, 12 * 7);
        }
    }
}
