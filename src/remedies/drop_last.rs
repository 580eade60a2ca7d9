//! Leaving out the smaller last batch of each epoch.

use crate::experiment::Trial;
use crate::remedies::remedy::{Proposal, Remedy};
use crate::remedies::situation::{Advised, Situation};
use crate::train::Batches;

pub(super) const REMEDY: Remedy = Remedy {
    name: "drop last",
    why: "If the batch size does not divide the number of training examples, the last batch of each \
        epoch is smaller than the others and yet makes a step of the same size: its few examples \
        count more than all others, its gradient is noisier, and batch norm takes means and \
        variances from it that are far off. Leaving it out costs nothing lasting, because other \
        examples are left out in each epoch. It matters where the last batch is tiny, learning \
        rates are large, or batch norm is used; otherwise there is no difference to see. With few \
        batches an epoch it leaves out a noticeable share of the examples, and makes fewer steps \
        in the same number of epochs. (PyTorch's DataLoader has it as drop_last, \
        https://docs.pytorch.org/docs/stable/data.html; large batches and batch norm: Goyal et \
        al., 2017, https://arxiv.org/abs/1706.02677)",
    proposals,
    advise,
};

/// The last batch must be at most this part of the others.
const PART: usize = 2;

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    let training = &baseline.training;
    let (_, examples) = baseline.dataset.train_sizes();
    let last = examples % training.batch_size.max(1);
    let is_small = last > 0 && last <= training.batch_size / PART;
    if !is_small || training.batches == Batches::WithReplacement {
        return Vec::new();
    }
    let change = ("training.drop_last", "true".to_owned());
    Proposal::of(baseline, "drop last", [change]).into_iter().collect()
}

/// What it adds is too little to be said beforehand.
fn advise(_: &Trial, _: &Situation) -> Vec<Advised> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn it_is_for_a_last_batch_that_is_much_smaller() {
        let of = |training: &str| {
            let dataset = "dataset = { kind = 'synthetic', train_examples = 430 }";
            let more = format!("training = {{ epochs = 3, {training} }}");
            names(super::proposals, dataset, "kind = 'mlp', hidden_sizes = [9]", &more)
        };
        assert_eq!(of("batch_size = 100"), ["drop last"]);
        assert_eq!(of("batch_size = 90"), [""; 0]); // the last one has 70
        assert_eq!(of("batch_size = 43"), [""; 0]);
        assert_eq!(of("batch_size = 100, drop_last = true"), [""; 0]);
        assert_eq!(of("batch_size = 100, batches = 'with_replacement'"), [""; 0]);
    }
}
