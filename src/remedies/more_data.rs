//! More training examples; and fewer, which show what more would bring.

use crate::data::DatasetConfig;
use crate::experiment::Trial;
use crate::remedies::length::in_steps;
use crate::remedies::remedy::{Proposal, Remedy};
use crate::remedies::situation::{Advised, Expected, Situation};
use crate::table::value::thousands;

pub(super) const REMEDY: Remedy = Remedy {
    name: "more data",
    why: "More examples are the surest remedy: what many examples share stays, and what is \
        peculiar to single ones gets too much to memorise, so train accuracy falls, test \
        accuracy rises and the gap closes from both sides. Where there are more in the data set, \
        take them. Where there are not, training on a half and on a quarter shows the slope. \
        Each doubling tends to take away a similar share of the remaining error, so if the step \
        from a half to all still gained 3 points, collecting twice as many will gain nearly that \
        again; if it gained nothing, do not collect, for the network or its training is the \
        limit. The smaller shares are no remedies themselves: they are there to be worse. (Banko \
        & Brill, 2001, https://aclanthology.org/P01-1005; Hestness et al., 2017, \
        https://arxiv.org/abs/1712.00409)",
    proposals,
    advise,
};

/// The points of the learning curve besides the baseline.
const SHARES: [f64; 2] = [0.5, 0.25];

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    let dataset = &baseline.dataset;
    let all = dataset.source.facts().train_examples;
    let proposals = match dataset.train_examples {
        Some(first) => {
            let more = [first.saturating_mul(2).min(all), all];
            let count = if more[0] == all { 1 } else { 2 };
            more[..count].iter().map(|count| of_first(baseline, first, *count)).collect()
        }
        None => {
            let now = dataset.train_fraction;
            let whole = (now < 1.0).then(|| share(baseline, 1.0));
            let smaller = SHARES.into_iter().map(|part| share(baseline, now * part));
            whole.into_iter().chain(smaller).collect::<Vec<_>>()
        }
    };
    proposals.into_iter().flatten().collect()
}

/// The same number of passes over the first `count` examples instead of the first `before`.
fn of_first(baseline: &Trial, before: usize, count: usize) -> Option<Proposal> {
    let left = |count: usize| {
        let dataset = DatasetConfig { train_examples: Some(count), ..baseline.dataset.clone() };
        dataset.before_share() as f64
    };
    let [before, now] = [before, count].map(left);
    let change = ("dataset.train_examples", count.to_string());
    let changes = [change].into_iter().chain(in_steps(baseline, now / before));
    let name = format!("{} training examples", thousands(count as u64));
    Proposal::of(baseline, name, changes)
}

/// The same number of passes over a share of the examples.
fn share(baseline: &Trial, fraction: f64) -> Option<Proposal> {
    let fraction: f64 = format!("{fraction:.2e}").parse().unwrap_or(fraction); // three digits
    let change = ("dataset.train_fraction", fraction.to_string());
    let same_passes = in_steps(baseline, fraction / baseline.dataset.train_fraction);
    let percent = (1e4 * fraction).round() / 100.0;
    let name = format!("{percent} % of the training examples");
    Proposal::of(baseline, name, [change].into_iter().chain(same_passes))
}

/// Taking all of a large data set at once would often take longer than all else together.
const MOST_COST: f64 = 10.0;
/// What each doubling adds, as a share of the gap.
const SHARE_OF_GAP: f64 = 0.07;

fn advise(baseline: &Trial, situation: &Situation) -> Vec<Advised> {
    let now = examples(baseline);
    let more = proposals(baseline).into_iter().filter_map(|proposal| {
        let texts = proposal.changes.iter().map(|(key, value)| (&**key, &**value));
        let then = examples(&baseline.changed(texts).ok()?);
        let doublings = libm::log2(then / now);
        let gain = SHARE_OF_GAP * situation.gap() * doublings;
        let is_worth_it = doublings > 0.0 && proposal.cost <= MOST_COST;
        is_worth_it
            .then_some(Advised { proposal, expected: Expected::about(situation.within_room(gain)) })
    });
    more.collect()
}

/// Examples that are trained on.
fn examples(trial: &Trial) -> f64 {
    trial.dataset.train_sizes().1 as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remedies::tests::{baseline, names};

    const MLP: &str = "kind = 'mlp', hidden_sizes = [9]";

    fn of(keys: &str) -> Vec<String> {
        names(proposals, &format!("dataset = {{ kind = 'cifar10', {keys} }}"), MLP, "")
    }

    #[test]
    fn whoever_has_all_data_gets_a_learning_curve() {
        let curve = ["50 % of the training examples", "25 % of the training examples"];
        assert_eq!(of("validation_examples = 5000"), curve);
        let of_half =
            ["100 %", "25 %", "12.5 %"].map(|share| format!("{share} of the training examples"));
        assert_eq!(of("train_fraction = 0.5"), of_half);
    }

    #[test]
    fn whoever_has_the_first_examples_gets_more_of_them() {
        let of_few = ["10,000 training examples", "50,000 training examples"];
        assert_eq!(of("train_examples = 5000"), of_few);
        assert_eq!(of("train_examples = 30_000"), ["50,000 training examples"]);
    }

    #[test]
    fn passes_stay_the_same() {
        let dataset =
            "dataset = { kind = 'cifar10', train_examples = 3000, validation_examples = 1000 }";
        let found = proposals(&baseline(dataset, MLP, "training.steps = 400"));
        assert_eq!(found[0].changes[1], ("training.steps".to_owned(), "1000".to_owned()));
        assert!((found[0].cost - 2.5).abs() < 1e-9);
    }
}
