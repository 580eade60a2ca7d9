//! Dropout.

use crate::experiment::Trial;
use crate::nn::NetworkConfig;
use crate::remedies::remedy::{Proposal, Remedy, amount, has_photographs};
use crate::remedies::situation::{Advised, Expected, Situation};

pub(super) const REMEDY: Remedy = Remedy {
    name: "dropout",
    why: "Dropout switches off a random part of the hidden units at every training step, so a unit \
        cannot rely on particular others being there. It works like training very many thinned \
        networks that share their weights, and testing with their average, which memorises less \
        than any one of them. It helps a network that fits its training examples far better than \
        others. It harms one that does not even fit those: a small network loses units that it \
        needs. Training becomes noisier, so it takes more epochs, and next to batch norm, which \
        is noisy itself, there is often little left to gain. (Srivastava et al., 2014, Dropout: \
        a simple way to prevent neural networks from overfitting, \
        https://jmlr.org/papers/v15/srivastava14a.html; with batch norm: Li et al., 2019, \
        https://arxiv.org/abs/1801.05134)",
    proposals,
    advise,
};

const KEY: &str = "network.dropout";

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    // Networks without the key are left alone, and so is one without a hidden unit to drop.
    if matches!(&baseline.network, NetworkConfig::Mlp(mlp) if mlp.hidden_sizes.is_empty()) {
        return Vec::new();
    }
    Proposal::strengths(baseline, "dropout", KEY, [0.2, 0.5])
}

/// What memorising networks are advised to try.
const RATE: f64 = 0.3;
/// Of the gap.
const SHARE_OF_GAP: f64 = 0.05;
/// Of what is still to learn, where Dropout keeps it from being learnt.
const SHARE_WITHOUT: f64 = 0.1;

fn advise(baseline: &Trial, situation: &Situation) -> Vec<Advised> {
    let now = amount(baseline, KEY);
    if now > 0.0 && situation.is_held_back() {
        let without = Proposal::strengths(baseline, "dropout", KEY, [0.0]);
        let gain = situation.within_room(SHARE_WITHOUT * situation.unlearnt());
        return Advised::each(without, Expected::about(gain));
    }
    // Convolutional networks share their weights: Dropout in their one hidden layer adds little.
    let is_mlp = matches!(baseline.network, NetworkConfig::Mlp(_));
    if now > 0.0 || !is_mlp || !situation.has_memorised() || !has_photographs(baseline) {
        return Vec::new();
    }
    let some = Proposal::strengths(baseline, "dropout", KEY, [RATE]);
    Advised::each(some, Expected::about(SHARE_OF_GAP * situation.gap()))
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    const DATA: &str = "dataset.kind = 'synthetic'";

    #[test]
    fn only_networks_with_hidden_units_that_can_be_dropped_get_it() {
        let of = |network: &str| names(super::proposals, DATA, network, "");
        assert_eq!(of("kind = 'mlp', hidden_sizes = [9]"), ["dropout 0.2", "dropout 0.5"]);
        assert_eq!(of("kind = 'mlp', hidden_sizes = [9], dropout = 0.5"), ["dropout 0.2"]);
        assert_eq!(of("kind = 'deep_convnet'"), ["dropout 0.2"]);
        assert_eq!(of("kind = 'mlp', hidden_sizes = []"), [""; 0]);
        assert_eq!(of("kind = 'resnet'"), [""; 0]);
    }
}
