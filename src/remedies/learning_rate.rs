//! A lower and a higher learning rate.

use crate::experiment::Trial;
use crate::remedies::remedy::{Proposal, Remedy, rounded};

pub(super) const REMEDY: Remedy = Remedy {
    name: "learning rate",
    why: "The learning rate is the setting that decides most, and the best one depends on network, \
        data, optimizer and batch size, so it cannot be looked up. Too low, and training ends \
        before it has got anywhere; too high, and the loss jumps about or grows. Below that \
        limit a higher rate often tests better: its noise does not let the weights settle in a \
        narrow minimum that fits only the training examples. A factor of 3 either way shows on \
        which side of the best rate the baseline lies. If one of them is better, go on in its \
        direction before you judge any other remedy: what only makes up for a wrong rate is not \
        a remedy. (Bengio, 2012, https://arxiv.org/abs/1206.5533; Li et al., 2019, \
        https://arxiv.org/abs/1907.04595)",
    proposals,
};

/// About half an order of magnitude.
const FACTOR: f64 = 3.0;

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    let rate = baseline.optimizer.learning_rate();
    let rates = [rounded(rate / FACTOR), rounded(rate * FACTOR)];
    Proposal::strengths(baseline, "learning rate", "optimizer.learning_rate", rates)
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn it_goes_down_and_up_where_the_schedule_allows_it() {
        let of = |more: &str| {
            let dataset = "dataset = { kind = 'synthetic', validation_examples = 100 }";
            names(super::proposals, dataset, "kind = 'mlp', hidden_sizes = [9]", more)
        };
        assert_eq!(
            of("optimizer.learning_rate = 0.01"),
            ["learning rate 0.0033", "learning rate 0.03"]
        );
        let plateau = "optimizer.learning_rate = 0.01\n\
            schedule = { kind = 'reduce_on_plateau', min_learning_rate = 0.005 }";
        assert_eq!(of(plateau), ["learning rate 0.03"]);
    }
}
