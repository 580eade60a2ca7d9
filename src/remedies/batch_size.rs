//! Smaller and larger batches.

use crate::experiment::Trial;
use crate::remedies::length::in_steps;
use crate::remedies::remedy::{Proposal, Remedy};
use crate::remedies::situation::{Advised, Expected, LearningRateFault, Situation};

pub(super) const REMEDY: Remedy = Remedy {
    name: "batch size",
    why: "A gradient of fewer examples is noisier, and that noise keeps the weights from settling \
        where only the training examples are fitted well: small batches often test a little \
        better. In the same number of epochs half the size also makes twice as many steps, so \
        the network gets further, and part of what looks like an effect of the noise is just \
        that. Larger batches make better use of the CPU and give smoother curves, and usually \
        want a larger learning rate: with the rate unchanged, as here, doubling the batch is \
        much like halving the rate. Batch norm needs batches that are not too small, because it \
        estimates means and variances from them. (Keskar et al., 2017, \
        https://arxiv.org/abs/1609.04836; Smith et al., 2018, https://arxiv.org/abs/1711.00489; \
        Masters & Luschi, 2018, https://arxiv.org/abs/1804.07612)",
    proposals,
    advise,
};

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    let now = baseline.training.batch_size;
    let proposal = |size: usize| {
        let same_examples = in_steps(baseline, now as f64 / size as f64);
        let changes = [("training.batch_size", size.to_string())].into_iter().chain(same_examples);
        Proposal::of(baseline, format!("batch size {size}"), changes)
    };
    let sizes = [now / 2, now.saturating_mul(2)];
    sizes.into_iter().filter(|size| *size > 0).filter_map(proposal).collect()
}

/// What half the batch size adds, as a multiple of what the last fifth of the epochs added: it makes twice as many
/// steps of the same size.
const GAIN: f64 = 2.0;

fn advise(baseline: &Trial, situation: &Situation) -> Vec<Advised> {
    if situation.rate == LearningRateFault::TooHigh {
        return Vec::new();
    }
    let halved = proposals(baseline).into_iter().take(1).collect();
    Advised::each(halved, Expected::about(situation.within_room(GAIN * situation.late_gain)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remedies::tests::{baseline, names};

    const DATA: &str = "dataset = { kind = 'synthetic', train_examples = 351 }";
    const MLP: &str = "kind = 'mlp', hidden_sizes = [9], batch_norm = true";

    #[test]
    fn the_number_of_examples_seen_stays() {
        let steps = |more: &str| {
            let found = proposals(&baseline(DATA, MLP, more));
            found.into_iter().map(|proposal| proposal.changes).collect::<Vec<_>>()
        };
        let change = |key: &str, value: &str| (format!("training.{key}"), value.to_owned());
        assert_eq!(steps(""), [[change("batch_size", "200")]]); // 351 in batches of 50 leave one
        assert_eq!(
            steps("training = { steps = 90, batch_size = 64 }"),
            [
                [change("batch_size", "32"), change("steps", "180")],
                [change("batch_size", "128"), change("steps", "45")],
            ]
        );
    }

    #[test]
    fn no_batch_is_larger_than_the_training_split() {
        let of = |size: usize| {
            names(
                proposals,
                DATA,
                MLP,
                &format!("training = {{ epochs = 3, batch_size = {size} }}"),
            )
        };
        assert_eq!(of(200), ["batch size 100"]);
        assert_eq!(of(299), ["batch size 149"]);
        assert_eq!(of(4), ["batch size 8"]); // 2 leave one, too
    }
}
