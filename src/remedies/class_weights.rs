//! Making every class count the same.

use crate::experiment::Trial;
use crate::remedies::remedy::{Proposal, Remedy};
use crate::remedies::situation::{Advised, Situation};

pub(super) const REMEDY: Remedy = Remedy {
    name: "class weights",
    why: "Where one class has many more examples than another, the loss is mostly about the large one, \
        and answering it too often costs little. Balanced weights multiply the loss of each \
        example by a number that is larger for rarer classes, so that every class counts the \
        same. Rare classes are then found more often, and recall averaged over classes rises. \
        Plain accuracy usually falls, because the test set has the large class in the majority, \
        too: judge it by macro recall or F1. Networks that fit their training examples perfectly \
        hardly notice the weights; few examples of a class stay few, and those that are \
        mislabelled count more. It is not proposed where the classes are about equally large. \
        (King & Zeng, 2001, https://doi.org/10.1093/oxfordjournals.pan.a004868; Byrd & Lipton, \
        2019, https://arxiv.org/abs/1812.03372)",
    proposals,
    advise,
};

const KEY: &str = "training.class_weights";
/// Examples of the largest class, as a multiple of those of the smallest, for which weights pay off.
const IMBALANCE: f64 = 1.5;

fn proposals(baseline: &Trial) -> Vec<Proposal> {
    let is_unbalanced = imbalance(baseline).is_some_and(|ratio| ratio >= IMBALANCE);
    if !is_unbalanced || baseline.training.class_weights.is_some() {
        return Vec::new();
    }
    let change = (KEY, "\"balanced\"".to_owned());
    Proposal::of(baseline, "balanced class weights", [change]).into_iter().collect()
}

/// The training examples of the largest class, as a multiple of those of the smallest; none for published
/// data, whose classes are equally large or nearly so.
fn imbalance(baseline: &Trial) -> Option<f64> {
    let dataset = &baseline.dataset.source.own()?.dataset;
    let mut counts = vec![0_usize; dataset.class_names.len()];
    dataset.train.labels.iter().for_each(|label| counts[usize::from(*label)] += 1);
    let (least, most) = (counts.iter().min()?, counts.iter().max()?);
    Some(*most as f64 / (*least).max(1) as f64)
}

/// It is not for plain accuracy, which it usually lowers.
fn advise(_: &Trial, _: &Situation) -> Vec<Advised> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use crate::remedies::tests::names;

    #[test]
    fn published_data_needs_none() {
        let of = |dataset: &str| {
            names(super::proposals, dataset, "kind = 'mlp', hidden_sizes = [9]", "")
        };
        assert_eq!(of("dataset.kind = 'cifar10'"), [""; 0]);
        assert_eq!(of("dataset.kind = 'mnist'"), [""; 0]);
    }

    #[test]
    fn it_is_for_classes_of_different_sizes() {
        let folder = tempfile::TempDir::new().unwrap();
        let of = |first: usize, more: &str| {
            let file = folder.path().join(format!("{first}.csv"));
            let rows = (0..60).map(|i| format!("{i},{}\n", if i < first { "a" } else { "b" }));
            std::fs::write(&file, format!("x,label\n{}", rows.collect::<String>())).unwrap();
            let dataset = format!(
                "dataset = {{ kind = 'csv', path = {file:?}, label = 'label', test_fraction = 0.2 }}"
            );
            let network = "kind = 'mlp', hidden_sizes = [9]";
            names(
                super::proposals,
                &dataset,
                network,
                &format!("training = {{ epochs = 3, batch_size = 10{more} }}"),
            )
        };
        assert_eq!(of(45, ""), ["balanced class weights"]);
        assert_eq!(of(45, ", class_weights = [1, 3]"), [""; 0]);
        assert_eq!(of(32, ""), [""; 0]);
    }
}
