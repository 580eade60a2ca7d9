//! How many examples of each class validate.

use super::Dataset;
use super::draw::{class_counts, proportional};

/// How many examples of each class are held out for validation; none if a class would have nothing
/// left. `counts` are the examples of each class, those for validation among them.
pub(super) fn held_out(dataset: &Dataset, counts: &[usize], wanted: usize) -> Option<Vec<usize>> {
    if dataset.validation == 0 {
        return proportional(counts, wanted);
    }
    let given = dataset.train.labels.iter().take(dataset.validation).copied();
    let given = class_counts(given, counts.len());
    let keeps_some = |(count, held_out): (&usize, &usize)| *count == 0 || count > held_out;
    counts.iter().zip(&given).all(keeps_some).then_some(given)
}
