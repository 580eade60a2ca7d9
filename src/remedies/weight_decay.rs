//! Weight decay.

use crate::experiment::Trial;
use crate::optim::UpdateRule;
use crate::remedies::remedy::{Proposal, Remedy, amount, rounded};
use crate::remedies::situation::{Advised, Expected, Situation};

pub(super) const REMEDY: Remedy = Remedy {
    name: "weight decay",
    why: "Weight decay pulls every weight a little towards zero at each step, so a weight stays \
        large only if the examples keep asking for it. Large weights make the output change \
        steeply between examples, which is what fitting their noise takes. Too much of it holds \
        back what should be learnt: train and test accuracy then fall together. The right \
        strength depends on the optimizer. In adagrad, rmsprop and adam the penalty is part of \
        the gradient, whose size they divide out, so it acts unevenly there; adamw and lion take \
        the decay out of the gradient and bear far larger values. In front of batch norm the \
        size of the weights does not change the output: there decay acts through the learning \
        rate alone. (Krogh & Hertz, 1992, A simple weight decay can improve generalization; \
        Loshchilov & Hutter, 2019, https://arxiv.org/abs/1711.05101; with batch norm: van \
        Laarhoven, 2017, https://arxiv.org/abs/1706.05350)",
    proposals,
    advise,
};

const KEY: &str = "optimizer.weight_decay";

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    let now = amount(baseline, KEY);
    let strengths = match &baseline.optimizer.rule {
        _ if now > 0.0 => [rounded(now / 10.0), rounded(now * 10.0)],
        UpdateRule::Sgd(_) | UpdateRule::Momentum(_) | UpdateRule::Nesterov(_) => [0.0005, 0.005],
        UpdateRule::Adagrad(_) => [0.001, 0.01],
        UpdateRule::Rmsprop(_) | UpdateRule::Adam(_) => [0.0001, 0.001],
        UpdateRule::Adamw(_) => [0.01, 0.1],
        UpdateRule::Lion(_) => [0.1, 1.0],
        UpdateRule::Muon(_) => [0.01, 0.1],
    };
    Proposal::strengths(baseline, "weight decay", KEY, strengths)
}

/// Of what is still to learn, where weight decay keeps it from being learnt.
const SHARE_WITHOUT: f64 = 0.1;

/// On its own it seldom adds a point of test accuracy; too much of it costs many.
fn advise(baseline: &Trial, situation: &Situation) -> Vec<Advised> {
    let now = amount(baseline, KEY);
    if now == 0.0 || !situation.is_held_back() {
        return Vec::new();
    }
    let less = Proposal::strengths(baseline, "weight decay", KEY, [rounded(now / 10.0)]);
    let gain = situation.within_room(SHARE_WITHOUT * situation.unlearnt());
    Advised::each(less, Expected::about(gain))
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn strength_depends_on_the_optimizer_and_on_what_there_is() {
        let of = |optimizer: &str| {
            let network = "kind = 'mlp', hidden_sizes = [9]";
            let optimizer = format!("optimizer = {{ {optimizer} }}");
            names(super::proposals, "dataset.kind = 'synthetic'", network, &optimizer)
        };
        assert_eq!(of("kind = 'sgd'"), ["weight decay 0.0005", "weight decay 0.005"]);
        assert_eq!(of("kind = 'adamw'"), ["weight decay 0.01", "weight decay 0.1"]);
        let stronger = of("kind = 'adam', weight_decay = 0.003");
        assert_eq!(stronger, ["weight decay 0.0003", "weight decay 0.03"]);
    }
}
