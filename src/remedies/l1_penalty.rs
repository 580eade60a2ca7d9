//! L1 penalty.

use crate::experiment::Trial;
use crate::remedies::remedy::{Proposal, Remedy};
use crate::remedies::situation::unforeseen;

pub(super) const REMEDY: Remedy = Remedy {
    name: "L1 penalty",
    why: "An L1 penalty pulls every weight towards zero by the same amount at each step, however small \
        the weight is already. Weights that earn nothing end at zero, so the network uses fewer inputs and \
        connections and has less room to memorise. It suits data with many useless inputs, such as \
        tables with columns of noise. For images, where every pixel tells a little, weight decay and \
        augmentation do more. Too much of it and nothing is learnt. (Tibshirani, 1996, Regression \
        shrinkage and selection via the lasso; Goodfellow et al., 2016, Deep Learning, section 7.1.2)",
    proposals,
    advise: unforeseen,
};

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    Proposal::strengths(baseline, "L1", "training.l1_penalty", [0.0001])
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
        assert_eq!(of(""), ["L1 0.0001"]);
        assert_eq!(of("training.l1_penalty = 0.0001"), [""; 0]);
    }
}
