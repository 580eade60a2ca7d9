//! Blanking out a square of each image.

use crate::experiment::Trial;
use crate::remedies::remedy::{Proposal, Remedy, amount, image_side};
use crate::remedies::situation::{Advised, Situation};

pub(super) const REMEDY: Remedy = Remedy {
    name: "cutout",
    why: "Cutout blanks out a square at a random place of each training image. The network then \
        cannot decide by one telling part, say the eyes of a cat, and has to know several. It is \
        dropout of whole regions of the input, which works where dropout of single pixels does \
        not: neighbouring pixels give those away. Together with flips and crops it took half a \
        point to a point off the error of good convolutional networks on CIFAR-10 and CIFAR-100. \
        The square must leave enough to see: half of the side suits few classes that look \
        different, a quarter suits many classes or small objects. A network that underfits gets \
        worse. (DeVries & Taylor, 2017, https://arxiv.org/abs/1708.04552)",
    proposals,
    advise,
};

const KEY: &str = "augmentation.cutout.size";

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    let Some(side) = image_side(baseline) else { return Vec::new() };
    if amount(baseline, KEY) > 0.0 {
        return Vec::new();
    }
    let sizes = [side / 4, side / 2].map(|size| size as f64);
    Proposal::strengths(baseline, "cutout", KEY, sizes.into_iter().filter(|size| *size > 1.0))
}

/// Alone it adds little: crops and flips come first.
fn advise(_: &Trial, _: &Situation) -> Vec<Advised> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn squares_are_a_quarter_and_half_of_the_side() {
        let of = |dataset: &str, more: &str| {
            names(super::proposals, dataset, "kind = 'mlp', hidden_sizes = [9]", more)
        };
        assert_eq!(of("dataset.kind = 'cifar10'", ""), ["cutout 8", "cutout 16"]);
        assert_eq!(of("dataset.kind = 'mnist'", ""), ["cutout 7", "cutout 14"]);
        assert_eq!(of("dataset.kind = 'mnist'", "augmentation.cutout.size = 9"), [""; 0]);
    }
}
