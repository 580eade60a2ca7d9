//! A larger network.

use crate::experiment::Trial;
use crate::nn::NetworkConfig;
use crate::remedies::remedy::{Remedy, amount, has_photographs};
use crate::remedies::situation::{Advised, Expected, LearningRateFault, Situation};
use crate::remedies::sizes::resized;

pub(super) const REMEDY: Remedy = Remedy {
    name: "more capacity",
    why: "A network that cannot even fit its training examples may be too small for them: with a handful \
        of units there are few shapes that it can draw. More units let it learn more, and test \
        accuracy follows as long as the gap stays small. Even a network that memorises its images \
        often tests a little better when it is much wider, because among the many ways to fit them \
        all, training then finds a smoother one. It does not help a network that is held back by \
        something else, such as a wrong learning rate, too few epochs or too much regularisation, \
        and its cost grows with the square of the width. (Goodfellow et al., 2016, Deep Learning, \
        section 5.2, https://www.deeplearningbook.org; Belkin et al., 2019, \
        https://arxiv.org/abs/1812.11118)",
    proposals: |_| Vec::new(), // without curves nobody knows whether the network is too small
    advise,
};

/// Half of the units missing at each step.
const MUCH_DROPOUT: f64 = 0.5;
/// As many times the units.
const FACTOR: f64 = 4.0;
/// A layer with fewer units than this is a bottleneck.
const NARROW: usize = 16;
/// Of what is left to learn, with a bottleneck and without.
const SHARES_OF_UNLEARNT: [f64; 2] = [0.1, 0.05];
/// Of the gap: networks that memorise few photographs test better when they are wider.
const SHARE_OF_GAP: f64 = 0.05;

fn advise(baseline: &Trial, situation: &Situation) -> Vec<Advised> {
    let NetworkConfig::Mlp(mlp) = &baseline.network else { return Vec::new() };
    // A network that Dropout or the learning rate keeps from learning does not learn more with more units.
    let is_dropped = amount(baseline, "network.dropout") >= MUCH_DROPOUT;
    if is_dropped || situation.rate == LearningRateFault::TooHigh {
        return Vec::new();
    }
    let is_narrow = mlp.hidden_sizes.iter().any(|size| *size < NARROW);
    let share = SHARES_OF_UNLEARNT[usize::from(!is_narrow)];
    let gain = match () {
        () if situation.is_held_back() => share * situation.unlearnt(),
        () if situation.is_memorising() && has_photographs(baseline) => {
            SHARE_OF_GAP * situation.gap()
        }
        () => return Vec::new(),
    };
    let expected = Expected::about(situation.within_room(gain));
    Advised::each(resized(baseline, FACTOR).into_iter().collect(), expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remedies::tests::{baseline, underfitting};

    #[test]
    fn networks_that_underfit_become_wider() {
        let of = |network: &str, situation: Situation| {
            let trial = baseline("dataset.kind = 'synthetic'", network, "");
            let advised = advise(&trial, &situation).into_iter();
            advised.map(|advised| advised.proposal.name).collect::<Vec<_>>()
        };
        let narrow = "kind = 'mlp', hidden_sizes = [6, 5]";
        assert_eq!(of(narrow, underfitting()), ["hidden sizes 24-20"]);
        let memorising = Situation { train_accuracy: 1.0, ..underfitting() };
        assert_eq!(of(narrow, memorising), ["hidden sizes 24-20"]);
        let between = Situation { train_accuracy: 0.5, ..underfitting() };
        assert_eq!(of(narrow, between), [""; 0]);
        let rate = LearningRateFault::TooHigh;
        assert_eq!(of(narrow, Situation { rate, ..underfitting() }), [""; 0]);
        assert_eq!(of("kind = 'simple_convnet'", underfitting()), [""; 0]);
    }
}
