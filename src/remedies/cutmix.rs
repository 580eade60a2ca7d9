//! Pasting a box of another image.

use crate::experiment::Trial;
use crate::remedies::remedy::{Proposal, Remedy, amount, image_side};
use crate::remedies::situation::unforeseen;

pub(super) const REMEDY: Remedy = Remedy {
    name: "cutmix",
    why: "CutMix replaces a box of each training image by the same box of another, and asks for both \
        classes in the shares of their areas. Like cutout it makes the network look at more than \
        the most telling part; unlike cutout it wastes no pixels, and unlike mixup what it sees \
        are pieces of real images, so it also learns where things are. On CIFAR-100 it took more \
        off the error of deep convolutional networks than either. It wants long trainings and \
        networks that would otherwise fit the training images perfectly; with few epochs, small \
        networks or fully connected ones it rather harms, and a box can miss the object of which \
        it carries the label. (Yun et al., 2019, https://arxiv.org/abs/1905.04899)",
    proposals,
    advise: unforeseen,
};

const KEY: &str = "augmentation.cutmix.alpha";
const PROBABILITY: &str = "augmentation.cutmix.probability";

/// The reader refuses it next to mixup.
fn proposals(baseline: &Trial) -> Vec<Proposal> {
    if image_side(baseline).is_none() || amount(baseline, KEY) > 0.0 {
        return Vec::new();
    }
    // The paper's: 1 for ImageNet, 0.5 for CIFAR.
    let strength = |probability: f64| {
        let changes = [(KEY, "1.0".to_owned()), (PROBABILITY, probability.to_string())];
        Proposal::of(baseline, format!("cutmix {probability}"), changes)
    };
    [0.5, 1.0].into_iter().filter_map(strength).collect()
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn it_is_proposed_at_two_strengths_unless_images_are_mixed_already() {
        let of = |more: &str| {
            let network = "kind = 'mlp', hidden_sizes = [9]";
            names(super::proposals, "dataset.kind = 'synthetic'", network, more)
        };
        assert_eq!(of(""), ["cutmix 0.5", "cutmix 1"]);
        assert_eq!(of("augmentation.cutmix.alpha = 0.4"), [""; 0]);
        assert_eq!(of("augmentation.mixup.alpha = 0.4"), [""; 0]);
    }
}
