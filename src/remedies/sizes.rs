//! The same network in another size: hidden layers of more or fewer units, or more or fewer residual blocks.

use crate::experiment::Trial;
use crate::nn::NetworkConfig;
use crate::remedies::remedy::Proposal;

/// The baseline `factor` times as wide, or as deep where depth is what its kind has; sizes are rounded down, to at least
/// one. None if its kind has one size, or that would be the baseline itself.
pub fn resized(baseline: &Trial, factor: f64) -> Option<Proposal> {
    let times = |count: usize| (count as f64 * factor) as usize;
    match &baseline.network {
        NetworkConfig::Mlp(mlp) => {
            let sizes: Vec<usize> =
                mlp.hidden_sizes.iter().map(|size| times(*size).max(1)).collect();
            let words: Vec<String> = sizes.iter().map(usize::to_string).collect();
            let change = ("network.hidden_sizes", format!("{sizes:?}"));
            Proposal::of(baseline, format!("hidden sizes {}", words.join("-")), [change])
        }
        NetworkConfig::Resnet(resnet) => {
            let blocks = times(resnet.depth.saturating_sub(2) / 6);
            let depth = 6 * blocks + 2;
            let change = ("network.depth", depth.to_string());
            let proposal = || Proposal::of(baseline, format!("depth {depth}"), [change]);
            (blocks > 0).then(proposal).flatten()
        }
        // These have one size, and whoever lists layers knows which ones to make smaller.
        NetworkConfig::DeepConvnet(_)
        | NetworkConfig::Airbench94(_)
        | NetworkConfig::SimpleConvnet(_)
        | NetworkConfig::Layers(_) => None,
    }
}
