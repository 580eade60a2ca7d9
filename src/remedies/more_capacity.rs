//! A larger network.

use crate::experiment::Trial;
use crate::nn::NetworkConfig;
use crate::remedies::remedy::{Proposal, Remedy};
use crate::remedies::situation::{Advised, Expected, LearningRateFault, Situation};

pub(super) const REMEDY: Remedy = Remedy {
    name: "more capacity",
    why: "A network that cannot even fit its training examples may be too small for them: with a handful \
        of units there are few shapes that it can draw. More units let it learn more, and test accuracy \
        follows as long as the gap stays small. It does not help a network that is held back by \
        something else, such as a wrong learning rate, too few epochs or too much regularisation. \
        (Goodfellow et al., 2016, Deep Learning, section 5.2, https://www.deeplearningbook.org)",
    proposals: |_| Vec::new(), // without curves nobody knows whether the network is too small
    advise,
};

/// As many times the units.
const FACTOR: usize = 4;
/// Networks with more units than this in their narrowest layer are held back by something else.
const NARROW: usize = 40;
/// Of what is left to learn.
const SHARE_OF_UNLEARNT: f64 = 0.1;

fn advise(baseline: &Trial, situation: &Situation) -> Vec<Advised> {
    let NetworkConfig::Mlp(mlp) = &baseline.network else { return Vec::new() };
    let is_narrow = mlp.hidden_sizes.iter().any(|size| *size <= NARROW);
    let is_right = situation.rate == LearningRateFault::None;
    if !is_narrow || !is_right || !situation.is_held_back() {
        return Vec::new();
    }
    let sizes: Vec<usize> = mlp.hidden_sizes.iter().map(|size| size * FACTOR).collect();
    let words: Vec<String> = sizes.iter().map(usize::to_string).collect();
    let change = ("network.hidden_sizes", format!("{sizes:?}"));
    let wider = Proposal::of(baseline, format!("hidden sizes {}", words.join("-")), [change]);
    let expected = Expected::about(SHARE_OF_UNLEARNT * situation.unlearnt());
    Advised::each(wider.into_iter().collect(), expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remedies::tests::{baseline, underfitting};

    #[test]
    fn narrow_networks_that_underfit_become_wider() {
        let of = |network: &str, situation: Situation| {
            let trial = baseline("dataset.kind = 'synthetic'", network, "");
            let advised = advise(&trial, &situation).into_iter();
            advised.map(|advised| advised.proposal.name).collect::<Vec<_>>()
        };
        let narrow = "kind = 'mlp', hidden_sizes = [6, 5]";
        assert_eq!(of(narrow, underfitting()), ["hidden sizes 24-20"]);
        let memorising = Situation { train_accuracy: 1.0, ..underfitting() };
        assert_eq!(of(narrow, memorising), [""; 0]);
        assert_eq!(of("kind = 'mlp', hidden_sizes = [100]", underfitting()), [""; 0]);
        assert_eq!(of("kind = 'simple_convnet'", underfitting()), [""; 0]);
    }
}
