//! A smaller network.

use crate::experiment::Trial;
use crate::nn::NetworkConfig;
use crate::remedies::remedy::{Proposal, Remedy, simple_convnet};
use crate::remedies::situation::{Advised, Situation};
use crate::remedies::sizes::resized;

pub(super) const REMEDY: Remedy = Remedy {
    name: "less capacity",
    why: "A network with fewer weights has less room to store single examples and has to make do \
        with what many of them share, so train accuracy comes down towards test accuracy. It \
        also saves time. But a narrower gap is not better testing: usually both accuracies fall, \
        and a large network that is held back by dropout, decay or augmentation beats a small \
        one without. Very large networks even tend to test better again. So take it for what it \
        shows: whether test accuracy suffers at all when the network is halved. If it does not, \
        the network is larger than its data needs. (Geman et al., 1992, Neural networks and the \
        bias/variance dilemma; against the simple picture: Belkin et al., 2019, \
        https://arxiv.org/abs/1812.11118)",
    proposals,
    advise,
};

/// What is left of the network.
const FACTORS: [f64; 2] = [0.5, 0.25];

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    if let NetworkConfig::DeepConvnet(_) | NetworkConfig::Airbench94(_) = &baseline.network {
        return simple_convnet(baseline).into_iter().collect();
    }
    let mut smaller: Vec<Proposal> =
        FACTORS.into_iter().filter_map(|factor| resized(baseline, factor)).collect();
    smaller.dedup();
    smaller
}

/// It narrows the gap, but it is not expected to raise test accuracy.
fn advise(_: &Trial, _: &Situation) -> Vec<Advised> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn networks_are_halved_and_quartered() {
        let of = |network: &str| names(super::proposals, "dataset.kind = 'synthetic'", network, "");
        let mlp = |sizes: &str| of(&format!("kind = 'mlp', hidden_sizes = {sizes}"));
        assert_eq!(mlp("[100, 50]"), ["hidden sizes 50-25", "hidden sizes 25-12"]);
        assert_eq!(mlp("[3, 2]"), ["hidden sizes 1-1"]);
        assert_eq!(mlp("[1]"), [""; 0]);
        assert_eq!(mlp("[]"), [""; 0]);
        assert_eq!(of("kind = 'resnet', depth = 110"), ["depth 56", "depth 26"]);
        assert_eq!(of("kind = 'resnet'"), ["depth 8"]);
        assert_eq!(of("kind = 'deep_convnet', batch_norm = true"), ["simple_convnet"]);
    }
}
