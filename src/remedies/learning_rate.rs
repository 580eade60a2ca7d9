//! A lower and a higher learning rate.

use crate::experiment::Trial;
use crate::optim::UpdateRule;
use crate::remedies::remedy::{Proposal, Remedy, rounded};
use crate::remedies::situation::{Advised, Expected, LearningRateFault, Situation};

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
    advise,
};

/// About half an order of magnitude.
const FACTOR: f64 = 3.0;

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    let rate = baseline.optimizer.learning_rate();
    let rates = [rounded(rate / FACTOR), rounded(rate * FACTOR)];
    Proposal::strengths(baseline, "learning rate", "optimizer.learning_rate", rates)
}

/// Where the curves show that the rate is wrong.
const FAR: f64 = 10.0;
/// What ten times the rate does to a loss that falls in a straight line, as a multiple of what the last fifth
/// of the epochs added: about that of ten times the epochs, for a curve that grows with their logarithm.
const GAIN_OF_FAR: f64 = 9.0;
/// The same for three times the rate.
const GAIN_OF_FACTOR: f64 = 4.0;
/// Of what is still to learn, where a high rate kept it from being learnt.
const SHARE_OF_UNLEARNT: f64 = 0.3;

fn advise(baseline: &Trial, situation: &Situation) -> Vec<Advised> {
    let rate = baseline.optimizer.learning_rate();
    let is_plain_sgd = matches!(baseline.optimizer.rule, UpdateRule::Sgd(_));
    let (to, gain) = match situation.rate {
        LearningRateFault::TooHigh => (rate / FAR, SHARE_OF_UNLEARNT * situation.unlearnt()),
        LearningRateFault::TooLow => (rate * FAR, GAIN_OF_FAR * situation.late_gain),
        // Other optimizers take larger steps than their rate says, so a little more may be too much.
        LearningRateFault::None if !is_plain_sgd || situation.is_memorising() => return Vec::new(),
        LearningRateFault::None => (rate * FACTOR, GAIN_OF_FACTOR * situation.late_gain),
    };
    let key = "optimizer.learning_rate";
    let one = Proposal::strengths(baseline, "learning rate", key, [rounded(to)]);
    Advised::each(one, Expected::about(situation.within_room(gain)))
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
