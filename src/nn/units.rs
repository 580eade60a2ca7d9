//! Which units an activation belongs to.

use crate::nn::layers::{NamedLayer, Role};

/// Whether an activation follows a weight but has other units, or has them in another order. The
/// number of classes is assumed to differ from every layer's number of units.
pub(super) fn are_blurred(layers: &[NamedLayer]) -> bool {
    let (mut units, mut is_blurred, mut is_vector) = (None, false, false);
    for (i, named) in layers.iter().enumerate() {
        match named.layer.role() {
            role @ Role::Product { .. } => {
                (units, is_blurred) = (units_of(role), false);
                is_vector = role.is_linear();
            }
            Role::Pool { is_global: true, .. } => is_vector = true,
            Role::Block(within) => {
                if are_blurred(within) {
                    return true;
                }
                let out = within.iter().rev().find_map(|inner| units_of(inner.layer.role()));
                is_blurred |= out.is_some_and(|out| out != units.unwrap_or(out));
            }
            Role::Flatten => {
                is_blurred |= !is_vector && !linear_follows(&layers[i + 1..]);
                is_vector = true;
            }
            Role::Activation { .. } => {
                if is_blurred && units.is_some() {
                    return true;
                }
                (units, is_blurred) = (None, false);
            }
            Role::Pool { is_global: false, .. }
            | Role::Norm { .. }
            | Role::Drop { .. }
            | Role::Scale => {}
        }
    }
    false
}

/// The last number of units that a layer makes; none if it keeps the number.
fn units_of(role: Role<'_>) -> Option<usize> {
    match role {
        Role::Product { units, .. } => Some(units.unwrap_or(usize::MAX)),
        Role::Block(within) => within.iter().rev().find_map(|inner| units_of(inner.layer.role())),
        _ => None,
    }
}

/// Whether a linear layer follows whose weights are reordered, so that the numbers need not be.
fn linear_follows(layers: &[NamedLayer]) -> bool {
    let next = layers.iter().find(|named| !named.layer.role().is_elementwise());
    next.is_some_and(|named| named.layer.role().is_linear())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::layers::{
        BatchNormConfig, Conv2dConfig, FlattenConfig, GlobalAveragePoolConfig, LayerConfig,
        LayersConfig, LinearConfig, ReluConfig, ResidualConfig, Shortcut,
    };
    use crate::nn::{Network, NetworkConfig, Shape, WeightInit};

    fn conv(filters: usize) -> LayerConfig {
        let (kernel_size, stride, padding, bias) = (1, 1, 0, true);
        Conv2dConfig { stride, bias, ..Conv2dConfig::new(filters, kernel_size, padding) }.into()
    }

    fn block(layers: Vec<LayerConfig>) -> LayerConfig {
        let layers = layers.into_iter().map(NamedLayer::of).collect();
        ResidualConfig { shortcut: Shortcut::Projection, layers }.into()
    }

    /// Whether the ids of such a network changed, and which of its weights have a share of dead
    /// units.
    fn of(layers: Vec<LayerConfig>) -> (bool, Vec<bool>) {
        let linear = LayerConfig::from(LinearConfig::default());
        let layers = layers.into_iter().chain([linear]).map(NamedLayer::of).collect();
        let config = NetworkConfig::Layers(LayersConfig { weight_init: WeightInit::He, layers });
        let shape = Shape { channels: 3, height: 4, width: 4 };
        let mut network = Network::build(&config, shape, 2, 1, 8).unwrap();
        let figures = network.layer_figures(8);
        (config.blurs_units(), figures.iter().map(|layer| layer.dead_share.is_some()).collect())
    }

    #[test]
    fn units_are_followed_to_their_activation_and_no_further_than_they_are_the_same() {
        let relu = || LayerConfig::from(ReluConfig {});
        let flatten = || LayerConfig::from(FlattenConfig {});
        let norm = || LayerConfig::from(BatchNormConfig::default());
        let mean = LayerConfig::from(GlobalAveragePoolConfig {});
        let same = [true, false, false];
        assert_eq!(of(vec![conv(4), relu(), flatten()]), (false, vec![true, false]));
        assert_eq!(of(vec![conv(4), flatten(), relu()]), (false, vec![true, false]));
        let projected = |out| vec![conv(4), block(vec![conv(out)]), norm(), relu(), flatten()];
        // Weights: before the block, within it, its shortcut, the classes.
        assert_eq!(of(projected(4)), (false, [&same[..], &[false]].concat()));
        assert_eq!(of(projected(6)), (true, vec![false; 4]));
        let first = vec![conv(4), relu(), block(vec![conv(6)]), relu(), flatten()];
        assert_eq!(of(first), (false, [&same[..], &[false]].concat()));
        let within =
            vec![conv(4), relu(), block(vec![conv(5), block(vec![conv(6)]), relu()]), flatten()];
        assert!(of(within).0);
        let moved = vec![conv(4), flatten(), norm(), relu()];
        assert_eq!(of(moved), (true, vec![false, false]));
        let pooled = vec![conv(4), mean, flatten(), norm(), relu()];
        assert_eq!(of(pooled), (false, vec![true, false]));
    }
}
