//! Stochastic depth.

use crate::experiment::Trial;
use crate::nn::NetworkConfig;
use crate::remedies::remedy::{Proposal, Remedy};
use crate::remedies::situation::unforeseen;

pub(super) const REMEDY: Remedy = Remedy {
    name: "stochastic depth",
    why: "In training, each example passes only some of the residual blocks: a block's own part is \
        dropped at random, later blocks more often, and its shortcut is left. So the network is trained as \
        many shallower ones that share their weights, and no block can rely on the one before it. Deep \
        residual networks gain a point or more; one of 20 layers has few blocks to spare and may lose. \
        Training should last longer than without it. (Huang et al., 2016, \
        https://arxiv.org/abs/1603.09382)",
    proposals,
    advise: unforeseen,
};

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    match baseline.network {
        NetworkConfig::Resnet(_) => {
            Proposal::strengths(baseline, "stochastic depth", "network.stochastic_depth", [0.2])
        }
        _ => Vec::new(), // other networks have no shortcuts
    }
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn only_residual_networks_have_blocks_to_drop() {
        let of = |network: &str| names(super::proposals, "dataset.kind = 'cifar10'", network, "");
        assert_eq!(of("kind = 'resnet'"), ["stochastic depth 0.2"]);
        assert_eq!(of("kind = 'resnet', stochastic_depth = 0.2"), [""; 0]);
        assert_eq!(of("kind = 'mlp', hidden_sizes = [9]"), [""; 0]);
    }
}
