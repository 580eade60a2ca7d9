//! Averages of the weights over the steps.

use crate::experiment::Trial;
use crate::remedies::remedy::{Proposal, Remedy};
use crate::remedies::situation::unforeseen;

pub(super) const REMEDY: Remedy = Remedy {
    name: "weight average",
    why: "At a constant learning rate the weights never come to rest: they wander about a good \
        place, and where they happen to be at the last step is a matter of luck. The mean of the \
        weights over the last part of training lies nearer to the middle. It tests better than \
        its parts, and epochs and seeds differ less. It is as if the learning rate had been \
        lowered at the end, so where a schedule does that already, little is left to gain. A \
        mean over more steps than training has still contains the first, poor weights, so the \
        decay is chosen to look back over a tenth of the steps at most. It does not keep a \
        network from memorising. (Polyak & Juditsky, 1992, Acceleration of stochastic \
        approximation by averaging; Izmailov et al., 2018, https://arxiv.org/abs/1803.05407)",
    proposals,
    advise: unforeseen,
};

/// The average looks back over 1 / (1 - decay) steps.
const DECAYS: [(u64, f64); 4] = [(10_000, 0.9999), (1000, 0.999), (100, 0.99), (10, 0.9)];
/// At most this part of all steps.
const PART: u64 = 10;

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    let (_, examples) = baseline.dataset.train_sizes();
    let steps = baseline.training.length(examples).total_steps;
    let decay = DECAYS.into_iter().find(|(window, _)| window * PART <= steps);
    let decay = decay.map(|(_, decay)| decay).filter(|_| baseline.training.ema_decay.is_none());
    Proposal::strengths(baseline, "weight average", "training.ema_decay", decay)
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn it_looks_back_over_a_tenth_of_the_training_at_most() {
        let of = |more: &str| {
            let network = "kind = 'mlp', hidden_sizes = [9]";
            names(super::proposals, "dataset.kind = 'synthetic'", network, more)
        };
        assert_eq!(of("training.steps = 100_000"), ["weight average 0.9999"]);
        assert_eq!(of("training.epochs = 20"), ["weight average 0.99"]);
        assert_eq!(of("training.steps = 99"), [""; 0]);
        assert_eq!(of("training.ema_decay = 0.5"), [""; 0]);
    }
}
