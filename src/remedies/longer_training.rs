//! More epochs.

use crate::experiment::Trial;
use crate::remedies::length::in_steps;
use crate::remedies::remedy::{Proposal, Remedy};
use crate::remedies::situation::{Advised, Expected, LearningRateFault, Situation};

pub(super) const REMEDY: Remedy = Remedy {
    name: "longer training",
    why: "A network whose accuracy still rises when training ends has not learnt what it can. Accuracy \
        grows about as the logarithm of the epochs, so doubling them adds some three times what the \
        last fifth of them added. It is the first thing to try for a network that underfits, since it \
        changes nothing else. It is the last thing to try for one that memorises: there more epochs \
        only widen the gap, and test accuracy may fall. With a schedule that lowers the learning rate \
        towards the end, a longer training is a new one, not the old one continued. (Goodfellow et \
        al., 2016, Deep Learning, sections 7.8 and 11.4, https://www.deeplearningbook.org)",
    proposals: |_| Vec::new(), // without curves nobody knows whether training was too short
    advise,
};

/// What twice the epochs add, as a multiple of what the last fifth added. For a curve that grows with the logarithm
/// of the epochs it is ln 2 / ln (0.9 / 0.7): the mean of the last fifth lies at 0.9 of them, that of the fifth
/// before it at 0.7.
const GAIN: f64 = 2.76;

fn advise(baseline: &Trial, situation: &Situation) -> Vec<Advised> {
    if situation.rate == LearningRateFault::TooHigh {
        return Vec::new();
    }
    let changes = match baseline.training.epochs {
        Some(epochs) => vec![("training.epochs", epochs.saturating_mul(2).to_string())],
        None => in_steps(baseline, 2.0),
    };
    let twice = Proposal::of(baseline, "twice as long", changes);
    let gain = situation.within_room(GAIN * situation.late_gain);
    Advised::each(twice.into_iter().collect(), Expected::about(gain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remedies::tests::{baseline, underfitting};

    #[test]
    fn the_length_is_doubled_as_the_file_states_it() {
        let network = "kind = 'mlp', hidden_sizes = [9]";
        let change = |length: &str| {
            let trial = baseline("dataset.kind = 'synthetic'", network, length);
            advise(&trial, &underfitting()).remove(0).proposal.changes.remove(0)
        };
        let text = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(change("training.epochs = 7"), text("training.epochs", "14"));
        assert_eq!(change("training.steps = 300"), text("training.steps", "600"));
    }
}
