//! Erasing a rectangle of an image.

use crate::experiment::Trial;
use crate::remedies::remedy::{Proposal, Remedy, amount, image_side};
use crate::remedies::situation::{Advised, Situation};

pub(super) const REMEDY: Remedy = Remedy {
    name: "random erasing",
    why: "Random erasing blanks out a rectangle in some of the training images, of a size and shape that \
        are drawn anew each time. Like cutout it keeps the network from deciding by one telling \
        part, and makes it robust where objects are partly hidden. The sizes are more varied than \
        those of cutout, and half of the images stay whole, so it disturbs less. On CIFAR-10 it \
        took the error of small residual networks from 7.2 to 6.7 percent, together with flips \
        and crops. It belongs to networks that fit their training images well; one that underfits \
        gets worse. Where a large part of the image is background it often erases nothing that \
        matters. (Zhong et al., 2017, https://arxiv.org/abs/1708.04896)",
    proposals,
    advise,
};

const KEY: &str = "augmentation.random_erasing.probability";

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    if image_side(baseline).is_none() || amount(baseline, KEY) > 0.0 {
        return Vec::new();
    }
    Proposal::strengths(baseline, "random erasing", KEY, [0.25, 0.5])
}

/// Alone it adds little: crops and flips come first.
fn advise(_: &Trial, _: &Situation) -> Vec<Advised> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn it_is_proposed_at_two_strengths_for_images() {
        let of = |dataset: &str, more: &str| {
            names(super::proposals, dataset, "kind = 'mlp', hidden_sizes = [9]", more)
        };
        let both = ["random erasing 0.25", "random erasing 0.5"];
        assert_eq!(of("dataset.kind = 'mnist'", ""), both);
        let erased = "augmentation.random_erasing.probability = 0.1";
        assert_eq!(of("dataset.kind = 'mnist'", erased), [""; 0]);
    }
}
