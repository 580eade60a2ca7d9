//! A smaller network.

use crate::experiment::Trial;
use crate::nn::NetworkConfig;
use crate::remedies::remedy::{Proposal, Remedy, simple_convnet};
use crate::remedies::situation::{Advised, Situation};

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

/// What is left of the network: a half, and a quarter.
const DIVISORS: [usize; 2] = [2, 4];

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    match &baseline.network {
        NetworkConfig::Mlp(mlp) => smaller_sizes(baseline, &mlp.hidden_sizes),
        NetworkConfig::Resnet(resnet) => fewer_blocks(baseline, resnet.depth),
        NetworkConfig::DeepConvnet(_) | NetworkConfig::Airbench94(_) => {
            simple_convnet(baseline).into_iter().collect()
        }
        // `simple_convnet` has one size, and whoever lists layers knows which ones to make smaller.
        NetworkConfig::SimpleConvnet(_) | NetworkConfig::Layers(_) => Vec::new(),
    }
}

fn smaller_sizes(baseline: &Trial, sizes: &[usize]) -> Vec<Proposal> {
    let divided = |divisor: usize| sizes.iter().map(|size| (size / divisor).max(1)).collect();
    let mut smaller: Vec<Vec<usize>> = DIVISORS.into_iter().map(divided).collect();
    smaller.dedup();
    let proposal = |hidden_sizes: Vec<usize>| {
        let change = ("network.hidden_sizes", format!("{hidden_sizes:?}"));
        let words: Vec<String> = hidden_sizes.iter().map(usize::to_string).collect();
        Proposal::of(baseline, format!("hidden sizes {}", words.join("-")), [change])
    };
    smaller.into_iter().filter_map(proposal).collect()
}

fn fewer_blocks(baseline: &Trial, depth: usize) -> Vec<Proposal> {
    let blocks = depth.saturating_sub(2) / 6;
    let mut fewer: Vec<usize> = DIVISORS.into_iter().map(|divisor| blocks / divisor).collect();
    fewer.dedup();
    let proposal = |count: usize| {
        let fewer_layers = 6 * count + 2;
        Proposal::of(
            baseline,
            format!("depth {fewer_layers}"),
            [("network.depth", fewer_layers.to_string())],
        )
    };
    fewer.into_iter().filter(|count| *count > 0).filter_map(proposal).collect()
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
