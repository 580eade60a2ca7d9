//! Shifting images, alone and together with mirroring.

use crate::experiment::Trial;
use crate::remedies::horizontal_flip;
use crate::remedies::remedy::{Proposal, Remedy, amount, has_photographs, image_side};
use crate::remedies::situation::{Advised, Expected, Situation};

pub(super) const REMEDY: Remedy = Remedy {
    name: "random crop",
    why: "A border is added around each image and a window of the old size is cut out at a random \
        place: the object moves by a few pixels, differently in every epoch. So the network \
        cannot memorise single pixels, and learns that position does not matter. On CIFAR-10, \
        shifts of up to 4 pixels together with mirroring are the standard recipe; without them, \
        deep convolutional networks lose several points. It takes more epochs to fit the \
        examples, so a short training, or one that does not fit even the unshifted ones, may get \
        worse; and small centred objects, as digits, should not be pushed out of the image. (Lee \
        et al., 2015, https://arxiv.org/abs/1409.5185; He et al., 2016, \
        https://arxiv.org/abs/1512.03385, section 4.2)",
    proposals,
    advise,
};

pub(super) const KEY: &str = "augmentation.random_crop.padding";
/// A shift by at most this part of the side: 4 of 32 pixels.
const PART_OF_SIDE: usize = 8;

/// The padding for images with this shorter side.
pub(super) fn padding_of(side: usize) -> usize {
    (side / PART_OF_SIDE).max(1)
}

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    let Some(side) = image_side(baseline) else { return Vec::new() };
    if amount(baseline, KEY) > 0.0 {
        return Vec::new();
    }
    let padding = padding_of(side).to_string();
    let crop = || (KEY, padding.clone());
    let both = horizontal_flip::fits(baseline).then(|| {
        let flip = (horizontal_flip::KEY, horizontal_flip::PROBABILITY.to_string());
        Proposal::of(baseline, "flip + crop", [flip, crop()])
    });
    let alone = Proposal::of(baseline, format!("crop {padding}"), [crop()]);
    alone.into_iter().chain(both.flatten()).collect()
}

/// Of the gap.
const SHARE_OF_GAP: f64 = 0.1;

fn advise(baseline: &Trial, situation: &Situation) -> Vec<Advised> {
    if !situation.has_memorised() || !has_photographs(baseline) {
        return Vec::new();
    }
    let with_flip_if_it_fits = proposals(baseline).pop();
    Advised::each(
        with_flip_if_it_fits.into_iter().collect(),
        Expected::about(SHARE_OF_GAP * situation.gap()),
    )
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn a_crop_is_an_eighth_of_the_side_and_joins_a_flip_where_that_fits() {
        let of = |dataset: &str, more: &str| {
            names(super::proposals, dataset, "kind = 'mlp', hidden_sizes = [9]", more)
        };
        assert_eq!(of("dataset.kind = 'cifar10'", ""), ["crop 4", "flip + crop"]);
        assert_eq!(of("dataset.kind = 'mnist'", ""), ["crop 3"]);
        let mirrored = "augmentation.horizontal_flip = 0.5";
        assert_eq!(of("dataset.kind = 'cifar10'", mirrored), ["crop 4"]);
        let cropped = "augmentation.random_crop.padding = 2";
        assert_eq!(of("dataset.kind = 'cifar10'", cropped), [""; 0]);
    }
}
