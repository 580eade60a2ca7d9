//! Batch normalisation on or off.

use crate::experiment::Trial;
use crate::nn::NetworkConfig;
use crate::remedies::remedy::{Proposal, Remedy, amount, setting};
use crate::remedies::situation::{Advised, Expected, LearningRateFault, Situation};

pub(super) const REMEDY: Remedy = Remedy {
    name: "batch norm",
    why: "Batch norm shifts and scales the input of each activation to mean 0 and variance 1 over \
        the batch, and then learns a shift and a scale of its own. Gradients keep their size \
        through many layers, so higher learning rates and other initial weights do as well, and \
        training gets further in the same number of epochs. Because mean and variance depend on \
        the other examples of a batch, it is also a little noisy, which holds memorising back \
        somewhat. But a network that fits faster also memorises sooner: in small fully connected \
        networks the gap may grow with it. Small batches make its estimates bad, and where it is \
        on already, training without it shows what it does here. (Ioffe & Szegedy, 2015, \
        https://arxiv.org/abs/1502.03167; why it works: Santurkar et al., 2018, \
        https://arxiv.org/abs/1805.11604)",
    proposals,
    advise,
};

const KEY: &str = "network.batch_norm";

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    if matches!(&baseline.network, NetworkConfig::Mlp(mlp) if mlp.hidden_sizes.is_empty()) {
        return Vec::new(); // there is nothing before an activation
    }
    let Some(is_on) = setting(baseline, KEY).and_then(|value| value.as_bool()) else {
        return Vec::new();
    };
    let name = if is_on { "no batch norm" } else { "batch norm" };
    Proposal::of(baseline, name, [(KEY, (!is_on).to_string())]).into_iter().collect()
}

/// A fit below this is hardly more than a guess.
const STUCK: f64 = 0.1;
/// Of what is still to learn, where signals die on their way.
const SHARE_OF_UNLEARNT: f64 = 0.3;

/// It gets a network going that does not learn; one that learns may lose by it as well as gain.
fn advise(baseline: &Trial, situation: &Situation) -> Vec<Advised> {
    let is_on = setting(baseline, KEY).and_then(|value| value.as_bool()) == Some(true);
    let signals_die = situation.has_dead_units
        || situation.has_vanishing_gradients
        || situation.rate == LearningRateFault::TooHigh
        || amount(baseline, "network.dropout") > 0.0;
    if is_on || !signals_die || situation.fit() > STUCK {
        return Vec::new();
    }
    let gain = situation.within_room(SHARE_OF_UNLEARNT * situation.unlearnt());
    Advised::each(proposals(baseline), Expected::about(gain))
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn it_is_switched_where_there_is_a_switch() {
        let of = |network: &str| names(super::proposals, "dataset.kind = 'synthetic'", network, "");
        assert_eq!(of("kind = 'mlp', hidden_sizes = [9]"), ["batch norm"]);
        assert_eq!(of("kind = 'mlp', hidden_sizes = [9], batch_norm = true"), ["no batch norm"]);
        assert_eq!(of("kind = 'mlp', hidden_sizes = []"), [""; 0]);
        assert_eq!(of("kind = 'simple_convnet'"), ["batch norm"]);
        assert_eq!(of("kind = 'resnet'"), [""; 0]);
    }
}
