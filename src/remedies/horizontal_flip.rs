//! Mirroring images left to right.

use crate::data::{DatasetSource, HorizontalFlip};
use crate::experiment::Trial;
use crate::remedies::remedy::{Proposal, Remedy, image_side};
use crate::remedies::situation::{Advised, Situation};

pub(super) const REMEDY: Remedy = Remedy {
    name: "horizontal flip",
    why: "A mirrored cat is a cat. Mirroring half of the images, newly drawn in each epoch, shows \
        the network twice as many different ones, and tells it which difference does not matter. \
        It costs almost nothing and is a part of nearly every recipe for photographs. It is \
        wrong where left and right carry the class: a mirrored digit or letter is another sign \
        or not a sign at all, so it is not proposed for MNIST; think about it before you take it \
        for pictures of your own. A fully connected network gains less than a convolutional one, \
        because to it a mirrored image is an entirely new one that it has to learn as well. \
        (Krizhevsky et al., 2012, ImageNet classification with deep convolutional neural \
        networks, section 4.1; Shorten & Khoshgoftaar, 2019, \
        https://doi.org/10.1186/s40537-019-0197-0)",
    proposals,
    advise,
};

pub(super) const KEY: &str = "augmentation.horizontal_flip";
/// Half of the images.
pub(super) const PROBABILITY: f64 = 0.5;

/// Whether mirrored images may belong to the class of the image, and none are mirrored yet.
pub(super) fn fits(baseline: &Trial) -> bool {
    let are_digits = matches!(baseline.dataset.source, DatasetSource::Mnist(_));
    let is_off = baseline.augmentation.horizontal_flip == HorizontalFlip::Probability(0.0);
    image_side(baseline).is_some() && !are_digits && is_off
}

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    if !fits(baseline) {
        return Vec::new();
    }
    Proposal::of(baseline, "flip", [(KEY, PROBABILITY.to_string())]).into_iter().collect()
}

/// Alone it adds little: it is advised together with crops.
fn advise(_: &Trial, _: &Situation) -> Vec<Advised> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn digits_are_not_mirrored() {
        let of = |dataset: &str, more: &str| {
            names(super::proposals, dataset, "kind = 'mlp', hidden_sizes = [9]", more)
        };
        assert_eq!(of("dataset.kind = 'cifar10'", ""), ["flip"]);
        assert_eq!(of("dataset.kind = 'fashion_mnist'", ""), ["flip"]);
        assert_eq!(of("dataset.kind = 'mnist'", ""), [""; 0]);
        let mirrored = "augmentation.horizontal_flip = 0.3";
        assert_eq!(of("dataset.kind = 'cifar10'", mirrored), [""; 0]);
        let alternating = "augmentation.horizontal_flip = 'alternating'";
        assert_eq!(of("dataset.kind = 'cifar10'", alternating), [""; 0]);
    }
}
