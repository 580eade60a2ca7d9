//! Label smoothing.

use crate::experiment::Trial;
use crate::remedies::remedy::{Proposal, Remedy};
use crate::remedies::situation::unforeseen;

pub(super) const REMEDY: Remedy = Remedy {
    name: "label smoothing",
    why: "With label smoothing the target is not \"certainly this class\" but, for example, 90 % \
        this class and the rest spread over all classes. Cross-entropy with hard targets is \
        never content: it goes on pushing the weights up to make a right answer more certain. \
        Smoothed targets have a finite optimum, so the network stays less certain, its test loss \
        hardly rises late in training, and a wrong label costs less. Accuracy gains little, \
        often half a point and with few classes nothing. The train loss looks worse than before, \
        because it is computed with hard targets, and confidences are too low if the network was \
        well calibrated already. (Szegedy et al., 2016, https://arxiv.org/abs/1512.00567, \
        section 7; when it helps: Mueller et al., 2019, https://arxiv.org/abs/1906.02629)",
    proposals,
    advise: unforeseen,
};

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    Proposal::strengths(baseline, "label smoothing", "training.label_smoothing", [0.1])
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn it_is_not_proposed_to_a_baseline_that_has_it() {
        let of = |more: &str| {
            let network = "kind = 'mlp', hidden_sizes = [9]";
            names(super::proposals, "dataset.kind = 'synthetic'", network, more)
        };
        assert_eq!(of(""), ["label smoothing 0.1"]);
        assert_eq!(of("training.label_smoothing = 0.2"), ["label smoothing 0.1"]);
        assert_eq!(of("training.label_smoothing = 0.1"), [""; 0]);
    }
}
