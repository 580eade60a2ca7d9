//! A convolutional network in place of a fully connected one.

use crate::experiment::Trial;
use crate::nn::NetworkConfig;
use crate::remedies::remedy::{Proposal, Remedy, has_photographs, image_side, simple_convnet};
use crate::remedies::situation::{Advised, Expected, LearningRateFault, Situation};

pub(super) const REMEDY: Remedy = Remedy {
    name: "convolutional network",
    why: "To a fully connected network an image is a row of numbers in no order: shift it by a \
        pixel, and it is another row. A convolution looks at small neighbourhoods and does so \
        with the same few weights everywhere, so what it learns at one place it knows at all \
        others. This is knowledge about images that needs no examples, and it is worth more than \
        any regularisation: on CIFAR-10 a small convolutional network tests 10 points or more \
        above a fully connected one. It takes many times the arithmetic. It does not help where \
        neighbouring numbers have nothing to do with each other, as in most tables. (LeCun et \
        al., 1998, Gradient-based learning applied to document recognition; Goodfellow et al., \
        2016, Deep Learning, chapter 9, https://www.deeplearningbook.org)",
    proposals,
    advise,
};

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    if !matches!(baseline.network, NetworkConfig::Mlp(_)) || image_side(baseline).is_none() {
        return Vec::new();
    }
    simple_convnet(baseline).into_iter().collect()
}

/// Of what held-out accuracy is above a guess: what is hard for one network is hard for the other too.
const SHARE_OF_LEARNT: f64 = 0.25;
/// Of what it lacks, where the fully connected network does not get going.
const SHARE_OF_ROOM: f64 = 0.15;
/// A fit below this is hardly more than a guess.
const STUCK: f64 = 0.1;

fn advise(baseline: &Trial, situation: &Situation) -> Vec<Advised> {
    // A rate that throws one network about throws the other about too.
    if !has_photographs(baseline) || situation.rate == LearningRateFault::TooHigh {
        return Vec::new();
    }
    let learnt = situation.held_out_accuracy - situation.guess_accuracy;
    let gain = match situation.fit() < STUCK {
        true => SHARE_OF_ROOM * situation.room(),
        false => SHARE_OF_LEARNT * learnt,
    };
    Advised::each(proposals(baseline), Expected::about(situation.within_room(gain)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remedies::tests::{baseline, names};

    #[test]
    fn fully_connected_networks_on_images_become_convolutional_and_keep_the_rest() {
        let of = |network: &str| names(proposals, "dataset.kind = 'cifar10'", network, "");
        assert_eq!(of("kind = 'mlp', hidden_sizes = [9]"), ["simple_convnet"]);
        assert_eq!(of("kind = 'deep_convnet'"), [""; 0]);
        let network = "kind = 'mlp', hidden_sizes = [9], batch_norm = true, dropout = 0.25";
        let trial = baseline("dataset.kind = 'mnist'", network, "");
        let Proposal { changes, cost, .. } = proposals(&trial).remove(0);
        let changed = trial.changed(changes.iter().map(|(key, value)| (&**key, &**value))).unwrap();
        let network = changed.to_json()["network"].to_string();
        assert!(network.contains("\"batch_norm\":true,\"dropout\":0.25"), "{network}");
        assert!(cost > 5.0, "{cost}");
    }
}
