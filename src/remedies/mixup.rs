//! Mixing pairs of examples.

use crate::experiment::Trial;
use crate::remedies::remedy::{Proposal, Remedy, amount, image_side};
use crate::remedies::situation::unforeseen;

pub(super) const REMEDY: Remedy = Remedy {
    name: "mixup",
    why: "Mixup trains on weighted means of two images with the same mean of their targets: 70 % \
        cat and 30 % ship should be answered with 70 % cat and 30 % ship. So the network is \
        asked to change evenly from one example to another instead of jumping somewhere between \
        them, and never sees the same input twice, which makes memorising, even of wrong labels, \
        hard. Test accuracy and calibration gain on networks that would otherwise fit the \
        training examples perfectly. Training accuracy falls and training should last longer; \
        with a small network or few epochs it rather harms. 0.2 is a light touch; 1 is what the \
        paper takes for CIFAR-10. (Zhang et al., 2018, https://arxiv.org/abs/1710.09412; \
        calibration: Thulasidasan et al., 2019, https://arxiv.org/abs/1905.11001)",
    proposals,
    advise: unforeseen,
};

const KEY: &str = "augmentation.mixup.alpha";

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    if image_side(baseline).is_none() || amount(baseline, KEY) > 0.0 {
        return Vec::new();
    }
    Proposal::strengths(baseline, "mixup", KEY, [0.2, 1.0])
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn it_is_proposed_at_two_strengths_unless_it_is_there() {
        let of = |more: &str| {
            let network = "kind = 'mlp', hidden_sizes = [9]";
            names(super::proposals, "dataset.kind = 'synthetic'", network, more)
        };
        assert_eq!(of(""), ["mixup 0.2", "mixup 1"]);
        assert_eq!(of("augmentation.mixup.alpha = 0.4"), [""; 0]);
    }
}
