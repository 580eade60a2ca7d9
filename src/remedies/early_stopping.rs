//! Stopping when the validation split shows no more progress.

use crate::experiment::Trial;
use crate::remedies::remedy::{Proposal, Remedy};
use crate::remedies::situation::{Advised, Expected, Situation};
use crate::table::value::thousands;

pub(super) const REMEDY: Remedy = Remedy {
    name: "early stopping",
    why: "A network learns first what many examples share, and later the peculiarities of single \
        ones. Early stopping watches examples that are not trained on and keeps the weights of \
        the epoch that was best on them. For networks it acts much as weight decay does, and \
        finds the strength by itself. The validation loss turns before the accuracy, because the \
        network becomes too certain of its errors: stopping at the loss keeps the gap small and \
        the confidences honest, stopping at the accuracy usually tests better. What it costs are \
        the examples held out, which are missing in training: with few examples that can be more \
        than it gains. If the curve of the validation split still rises at the end, there is \
        nothing to stop. (Prechelt, 1998, Early stopping, but when?; Goodfellow et al., 2016, \
        Deep Learning, section 7.8, https://www.deeplearningbook.org)",
    proposals,
    advise,
};

/// One in so many training examples is held out if none are.
const SHARE: usize = 10;
/// Fewer validation examples tell nothing about an epoch.
const LEAST: usize = 50;
/// Evaluations without progress: a tenth of all, within these limits.
const PATIENCE: [u64; 2] = [3, 20];

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    let held_out = match baseline.dataset.held_out() {
        0 => baseline.dataset.train_sizes().1 / SHARE,
        _ => 0, // more
    };
    let has_split = baseline.dataset.held_out() > 0;
    if baseline.training.early_stopping.is_some() || !has_split && held_out < LEAST {
        return Vec::new();
    }
    let evaluations = baseline.epochs() / baseline.evaluation.every_epochs;
    let patience = (evaluations / 10).clamp(PATIENCE[0], PATIENCE[1]);
    let proposal = |monitor: &str| {
        let mut name = format!("early stopping on {monitor}");
        let mut changes = vec![
            ("training.early_stopping.patience", patience.to_string()),
            ("training.early_stopping.monitor", format!("\"{monitor}\"")),
            ("training.early_stopping.restore_best", "true".to_owned()),
        ];
        if held_out > 0 {
            let count = thousands(held_out as u64);
            name.push_str(&format!(" + {count} validation examples"));
            changes.push(("dataset.validation_examples", held_out.to_string()));
        }
        Proposal::of(baseline, name, changes)
    };
    ["val_loss", "val_accuracy"].into_iter().filter_map(proposal).collect()
}

/// What the examples held out cost, where none are yet.
const COST_OF_SPLIT: f64 = 0.01;

/// The number is what the stopped run will score, not the best epoch's.
fn advise(baseline: &Trial, situation: &Situation) -> Vec<Advised> {
    let has_split = baseline.dataset.held_out() > 0;
    let cost = if has_split { 0.0 } else { COST_OF_SPLIT };
    // The loss turns before the accuracy: stopping at the accuracy tests better.
    let of_accuracy = proposals(baseline).into_iter().skip(1).collect();
    Advised::each(of_accuracy, Expected::about(situation.fall - cost))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remedies::tests::{baseline, names};

    const MLP: &str = "kind = 'mlp', hidden_sizes = [9]";

    #[test]
    fn a_validation_split_is_added_where_there_is_none_and_the_name_says_so() {
        let of = |dataset: &str, more: &str| names(proposals, dataset, MLP, more);
        assert_eq!(
            of("dataset.kind = 'cifar10'", ""),
            [
                "early stopping on val_loss + 5,000 validation examples",
                "early stopping on val_accuracy + 5,000 validation examples",
            ]
        );
        let split = "dataset = { kind = 'cifar10', validation_examples = 1000 }";
        let both = ["early stopping on val_loss", "early stopping on val_accuracy"];
        assert_eq!(of(split, ""), both);
        assert_eq!(of(split, "training.early_stopping.patience = 5"), [""; 0]);
        let few = "dataset = { kind = 'cifar10', train_examples = 400 }";
        assert_eq!(of(few, ""), [""; 0]);
    }

    #[test]
    fn patience_is_a_tenth_of_the_evaluations() {
        let patience = |length: &str| {
            let dataset = "dataset = { kind = 'cifar10', validation_examples = 1000 }";
            proposals(&baseline(dataset, MLP, length))[0].changes[0].1.clone()
        };
        assert_eq!(patience("training.epochs = 100"), "10");
        assert_eq!(patience("training.epochs = 5"), "3");
        assert_eq!(patience("training.steps = 1_000_000"), "20");
        assert_eq!(patience("training.epochs = 100\nevaluation.every_epochs = 2"), "5");
    }
}
