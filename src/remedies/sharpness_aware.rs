//! Sharpness-aware steps.

use crate::experiment::Trial;
use crate::remedies::remedy::{Proposal, Remedy};
use crate::remedies::situation::unforeseen;

pub(super) const REMEDY: Remedy = Remedy {
    name: "sharpness-aware steps",
    why: "Sharpness-aware minimisation (SAM) asks for weights whose whole neighbourhood has a low \
        loss, not only themselves: each step first climbs a little way to where the loss is \
        worst nearby, and then goes down by the gradient found there. Sharp minima, which fit the \
        training examples and little else, become unattractive. Gains of half a point to a point are \
        usual for convolutional networks, more where labels are wrong; a network that underfits \
        gains nothing. Every step computes two gradients, so training takes twice as long, and \
        twice as many plain epochs are the fair comparison. (Foret et al., 2021, \
        https://arxiv.org/abs/2010.01412)",
    proposals,
    advise: unforeseen,
};

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    Proposal::strengths(baseline, "SAM", "training.sam.rho", [0.05])
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn it_is_proposed_at_the_strengths_that_the_baseline_has_not() {
        let of = |more: &str| {
            let network = "kind = 'mlp', hidden_sizes = [9]";
            names(super::proposals, "dataset.kind = 'synthetic'", network, more)
        };
        assert_eq!(of(""), ["SAM 0.05"]);
        assert_eq!(of("training.sam.rho = 0.05"), [""; 0]);
    }
}
