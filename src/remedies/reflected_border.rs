//! Shifting images within a border that mirrors them.

use crate::data::{Border, DatasetSource};
use crate::experiment::Trial;
use crate::remedies::random_crop::{self, padding_of};
use crate::remedies::remedy::{Proposal, Remedy, image_side};
use crate::remedies::situation::{Advised, Situation};

pub(super) const REMEDY: Remedy = Remedy {
    name: "reflected border",
    why: "A random crop needs pixels beyond the image. A black border is an object of its own: its \
        edge is the strongest one in the picture, it never occurs in the test set, and it tells how \
        far the image was moved. Mirroring the image at its edge continues textures and colours \
        instead, so training images look more like test images. For photographs with a background \
        that reaches the edge this is the better border, and recent short recipes for CIFAR-10 \
        use it; the difference is a few tenths of a point at most. Where the background already \
        has one colour, as in digits or clothing, there is nothing to gain, and objects that \
        touch the edge are doubled. (Jordan, 2024, https://arxiv.org/abs/2404.00498, section 3)",
    proposals,
    advise,
};

const BORDER: &str = "augmentation.random_crop.border";

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    let has_one_background =
        matches!(baseline.dataset.source, DatasetSource::Mnist(_) | DatasetSource::FashionMnist(_));
    let Some(side) = image_side(baseline).filter(|_| !has_one_background) else {
        return Vec::new();
    };
    let crop = baseline.augmentation.random_crop;
    if crop.border == Border::Reflect || crop.fill > 0 {
        return Vec::new(); // the fill would have to go
    }
    let border = (BORDER, "\"reflect\"".to_owned());
    let padding = match crop.padding {
        0 => padding_of(side),
        padding => padding,
    };
    let changes = [(random_crop::KEY, padding.to_string()), border];
    Proposal::of(baseline, format!("reflected crop {padding}"), changes).into_iter().collect()
}

/// What it adds to a crop is too little to be said beforehand.
fn advise(_: &Trial, _: &Situation) -> Vec<Advised> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn it_keeps_the_padding_and_is_for_images_without_a_plain_background() {
        let of = |dataset: &str, more: &str| {
            names(super::proposals, dataset, "kind = 'mlp', hidden_sizes = [9]", more)
        };
        assert_eq!(of("dataset.kind = 'cifar10'", ""), ["reflected crop 4"]);
        let cropped = "augmentation.random_crop.padding = 2";
        assert_eq!(of("dataset.kind = 'cifar10'", cropped), ["reflected crop 2"]);
        let filled = "augmentation.random_crop = { padding = 2, fill = 9 }";
        assert_eq!(of("dataset.kind = 'cifar10'", filled), [""; 0]);
        let reflected = "augmentation.random_crop = { padding = 2, border = 'reflect' }";
        assert_eq!(of("dataset.kind = 'cifar10'", reflected), [""; 0]);
        assert_eq!(of("dataset.kind = 'mnist'", ""), [""; 0]);
    }
}
