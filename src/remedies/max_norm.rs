//! Max-norm limit.

use crate::experiment::Trial;
use crate::remedies::remedy::{Proposal, Remedy};
use crate::remedies::situation::unforeseen;

pub(super) const REMEDY: Remedy = Remedy {
    name: "max-norm limit",
    why: "After every step, the incoming weights of each unit are scaled down to a given length if they \
        are longer. No unit can shout down the others, and large learning rates cannot make weights explode. \
        It was found to go well with Dropout, which has noisy gradients and likes large steps. Alone, it \
        changes little: with a length that few units reach it does nothing, with one that all reach it \
        keeps the network from being certain of anything. Under batch norm only the effective learning \
        rate changes, because the norm divides the length out again. (Srivastava et al., 2014, \
        https://jmlr.org/papers/v15/srivastava14a.html, section 5.1)",
    proposals,
    advise: unforeseen,
};

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    Proposal::strengths(baseline, "max norm", "training.max_norm", [2.0])
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
        assert_eq!(of(""), ["max norm 2"]);
        assert_eq!(of("training.max_norm = 2.0"), [""; 0]);
    }
}
