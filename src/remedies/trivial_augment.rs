//! One random operation on each image.

use crate::experiment::Trial;
use crate::remedies::remedy::{Proposal, Remedy, has_photographs};
use crate::remedies::situation::unforeseen;

pub(super) const REMEDY: Remedy = Remedy {
    name: "trivial augment",
    why: "TrivialAugment changes each training image by one of 14 operations, such as a shear, another \
        brightness or fewer colours, of a random strength. Policies that were searched for, as \
        AutoAugment, cost thousands of trainings and turned out to be no better than drawing \
        evenly. It has nothing to tune and is part of the recipes with which torchvision trains \
        its networks. It goes with flips and crops, and suits large networks and long trainings \
        on photographs: they see hardly any image twice. It is strong: a training of few epochs, \
        or a network that does not fit the unchanged images, gets worse, and colours are lost \
        where they may be what tells classes apart. (Mueller & Hutter, 2021, \
        https://arxiv.org/abs/2103.10158)",
    proposals,
    advise: unforeseen,
};

const KEY: &str = "augmentation.trivial_augment";

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    if !has_photographs(baseline) || baseline.augmentation.trivial_augment {
        return Vec::new();
    }
    Proposal::of(baseline, "trivial augment", [(KEY, "true".to_owned())]).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn it_is_for_photographs() {
        let of = |dataset: &str, more: &str| {
            names(super::proposals, dataset, "kind = 'mlp', hidden_sizes = [9]", more)
        };
        assert_eq!(of("dataset.kind = 'cifar10'", ""), ["trivial augment"]);
        assert_eq!(of("dataset.kind = 'mnist'", ""), [""; 0]);
        assert_eq!(of("dataset.kind = 'cifar10'", "augmentation.trivial_augment = true"), [""; 0]);
    }
}
