//! Which units an activation is of.

use crate::nn::layers::{LayerConfig, NamedLayer};

/// Whether an activation follows a weight whose units are others by then, or lie in another order. The
/// number of classes is taken to be no layer's number of units.
pub(super) fn are_blurred(layers: &[NamedLayer]) -> bool {
    let (mut units, mut is_blurred, mut is_vector) = (None, false, false);
    for (i, named) in layers.iter().enumerate() {
        match &named.layer {
            LayerConfig::Conv2d(_) | LayerConfig::Linear(_) => {
                (units, is_blurred) = (units_of(&named.layer), false);
                is_vector = matches!(named.layer, LayerConfig::Linear(_));
            }
            LayerConfig::GlobalAveragePool {} => is_vector = true,
            LayerConfig::Residual(block) => {
                if are_blurred(&block.layers) {
                    return true;
                }
                let out = block.layers.iter().rev().find_map(|inner| units_of(&inner.layer));
                is_blurred |= out.is_some_and(|out| out != units.unwrap_or(out));
            }
            LayerConfig::Flatten {} => {
                is_blurred |= !is_vector && !linear_follows(&layers[i + 1..]);
                is_vector = true;
            }
            layer if is_activation(layer) => {
                if is_blurred && units.is_some() {
                    return true;
                }
                (units, is_blurred) = (None, false);
            }
            _ => {}
        }
    }
    false
}

/// The last number of units that a layer makes; none if it leaves it as it is.
fn units_of(layer: &LayerConfig) -> Option<usize> {
    match layer {
        LayerConfig::Conv2d(conv) => Some(conv.filters),
        LayerConfig::Linear(linear) => Some(linear.units.unwrap_or(usize::MAX)),
        LayerConfig::Residual(block) => {
            block.layers.iter().rev().find_map(|inner| units_of(&inner.layer))
        }
        _ => None,
    }
}

fn is_activation(layer: &LayerConfig) -> bool {
    matches!(
        layer,
        LayerConfig::Relu {}
            | LayerConfig::LeakyRelu(_)
            | LayerConfig::Gelu {}
            | LayerConfig::Sigmoid {}
            | LayerConfig::Tanh {}
    )
}

/// Whether no number moves because the weights of a linear layer do instead.
fn linear_follows(layers: &[NamedLayer]) -> bool {
    let is_elementwise = |layer: &LayerConfig| {
        is_activation(layer) || matches!(layer, LayerConfig::Dropout(_) | LayerConfig::Flatten {})
    };
    let next = layers.iter().find(|named| !is_elementwise(&named.layer));
    next.is_some_and(|named| matches!(named.layer, LayerConfig::Linear(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::layers::{Conv2dConfig, LayersConfig, LinearConfig, ResidualConfig, Shortcut};
    use crate::nn::{Network, NetworkConfig, Shape, WeightInit};

    fn conv(filters: usize) -> LayerConfig {
        let (kernel_size, stride, padding, bias) = (1, 1, 0, true);
        LayerConfig::Conv2d(Conv2dConfig { filters, kernel_size, stride, padding, bias })
    }

    fn block(layers: Vec<LayerConfig>) -> LayerConfig {
        let layers = layers.into_iter().map(NamedLayer::from).collect();
        LayerConfig::Residual(ResidualConfig { shortcut: Shortcut::Projection, layers })
    }

    /// Whether the ids of such a network moved, and which of its weights have a share of dead units.
    fn of(layers: Vec<LayerConfig>) -> (bool, Vec<bool>) {
        let linear = LayerConfig::Linear(LinearConfig { units: None, bias: true });
        let layers = layers.into_iter().chain([linear]).map(NamedLayer::from).collect();
        let config = NetworkConfig::Layers(LayersConfig { weight_init: WeightInit::He, layers });
        let shape = Shape { channels: 3, height: 4, width: 4 };
        let mut network = Network::build(&config, shape, 2, 1, 8).unwrap();
        let figures = network.layer_figures(8);
        (config.blurs_units(), figures.iter().map(|layer| layer.dead_share.is_some()).collect())
    }

    #[test]
    fn units_are_followed_to_their_activation_and_no_further_than_they_are_the_same() {
        use LayerConfig::*;
        let (relu, flatten) = (|| Relu {}, || Flatten {});
        let same = [true, false, false];
        assert_eq!(of(vec![conv(4), relu(), flatten()]), (false, vec![true, false]));
        assert_eq!(of(vec![conv(4), flatten(), relu()]), (false, vec![true, false]));
        let projected =
            |out| vec![conv(4), block(vec![conv(out)]), BatchNorm {}, relu(), flatten()];
        // Weights: before the block, within it, its shortcut, the classes.
        assert_eq!(of(projected(4)), (false, [&same[..], &[false]].concat()));
        assert_eq!(of(projected(6)), (true, vec![false; 4]));
        let first = vec![conv(4), relu(), block(vec![conv(6)]), relu(), flatten()];
        assert_eq!(of(first), (false, [&same[..], &[false]].concat()));
        let within =
            vec![conv(4), relu(), block(vec![conv(5), block(vec![conv(6)]), relu()]), flatten()];
        assert!(of(within).0);
        let moved = vec![conv(4), flatten(), BatchNorm {}, relu()];
        assert_eq!(of(moved), (true, vec![false, false]));
        let pooled = vec![conv(4), GlobalAveragePool {}, flatten(), BatchNorm {}, relu()];
        assert_eq!(of(pooled), (false, vec![true, false]));
    }
}
