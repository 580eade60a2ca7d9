//! Turning and scaling images.

use crate::experiment::Trial;
use crate::remedies::remedy::{Proposal, Remedy, amount, image_side};
use crate::remedies::situation::unforeseen;

pub(super) const REMEDY: Remedy = Remedy {
    name: "rotation and scaling",
    why: "Turning each training image by a few degrees and making it a little larger or smaller, anew in \
        each epoch, shows the network that neither matters. Shifts and flips cover few of the \
        ways in which two images of one thing differ. The gain is largest for fully connected \
        networks, which know nothing about space: such deformations took one on CIFAR-10 from \
        about 70 to 78 percent, and are behind the best results of simple networks on \
        handwritten digits. Interpolation blurs the images slightly, and black corners appear, \
        so the angle should stay small, at 10 to 15 degrees. Training takes more epochs; a \
        network that underfits gets worse. (Simard et al., 2003, \
        https://doi.org/10.1109/ICDAR.2003.1227801; Lin et al., 2015, \
        https://arxiv.org/abs/1511.02580)",
    proposals,
    advise: unforeseen,
};

const DEGREES: &str = "augmentation.random_rotation.degrees";
const MIN_FACTOR: &str = "augmentation.random_scaling.min_factor";
const MAX_FACTOR: &str = "augmentation.random_scaling.max_factor";

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    if image_side(baseline).is_none() {
        return Vec::new();
    }
    let (is_turned, is_scaled) = (
        amount(baseline, DEGREES) > 0.0,
        baseline.augmentation.random_scaling != Default::default(),
    );
    let turned = || vec![(DEGREES, "15".to_owned())];
    let scaled = || vec![(MIN_FACTOR, "0.85".to_owned()), (MAX_FACTOR, "1.15".to_owned())];
    let proposal = |name: &str, changes| Proposal::of(baseline, name, changes);
    let found = match (is_turned, is_scaled) {
        (true, true) => vec![],
        (true, false) => vec![proposal("scaling", scaled())],
        (false, true) => vec![proposal("rotation 15", turned())],
        (false, false) => {
            let both: Vec<(&str, String)> = turned().into_iter().chain(scaled()).collect();
            vec![proposal("rotation 15", turned()), proposal("rotation + scaling", both)]
        }
    };
    found.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn what_the_baseline_has_is_not_proposed_again() {
        let of = |more: &str| {
            let network = "kind = 'mlp', hidden_sizes = [9]";
            names(super::proposals, "dataset.kind = 'mnist'", network, more)
        };
        assert_eq!(of(""), ["rotation 15", "rotation + scaling"]);
        assert_eq!(of("augmentation.random_rotation.degrees = 5"), ["scaling"]);
        assert_eq!(of("augmentation.random_scaling.min_factor = 0.9"), ["rotation 15"]);
        let both = "augmentation = { random_rotation.degrees = 5, random_scaling.max_factor = 2 }";
        assert_eq!(of(both), [""; 0]);
    }
}
