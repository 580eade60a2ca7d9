//! Which of a dataset's examples a trial trains on, validates on and is tested on, from the labels
//! alone.

use super::draw::{class_counts, draw};
use super::folds::{fold_counts, in_fold};
use super::held_out::held_out;
use super::subset::{SmallShare, draw_subset, lacking_class, share_of};
use super::{Dataset, DatasetConfig};
use crate::error::{Error, Result};
use crate::rng::Purpose;

/// Positions among the dataset's training examples, and a number of test examples; each in the order of
/// the file.
pub(super) struct Division {
    pub(super) train: Vec<u32>,
    pub(super) validation: Vec<u32>,
    pub(super) test_examples: usize,
}

impl Division {
    /// Takes the first examples, as `config` says, and holds out validation examples in proportion
    /// to the classes, or a part of `folds`, drawn with `split_seed`; of the rest, trains on a share that is drawn with
    /// `subset_seed`.
    ///
    /// # Errors
    /// If a class would be left without an example to train on.
    pub(super) fn new(dataset: &Dataset, config: &DatasetConfig) -> Result<Division> {
        let first = |wanted: Option<usize>, there: usize| wanted.map_or(there, |n| n.min(there));
        let labels = &dataset.train.labels[..first(config.train_examples, dataset.train.len())];
        let counts = class_counts(labels.iter().copied(), dataset.class_names.len());
        let HeldOut { is_drawn, wanted } = HeldOut::of(labels, &counts, dataset, config)?;
        let (validation, rest): (_, Vec<u32>) =
            (0..labels.len() as u32).partition(|&position| is_drawn[position as usize]);
        let left: Vec<usize> =
            counts.iter().zip(wanted).map(|(count, wanted)| count - wanted).collect();
        if let Some(lacking) = lacking_class(&left, config.train_fraction) {
            return Err(too_small(config, dataset, lacking));
        }
        let share = share_of(config.train_fraction, rest.len());
        let train = draw_subset(labels, rest, share, config.subset_seed);
        let test_examples = first(config.test_examples, dataset.test.len());
        Ok(Division { train, validation, test_examples })
    }
}

/// The examples that validate: which they are, and how many of each class.
struct HeldOut {
    is_drawn: Vec<bool>,
    wanted: Vec<usize>,
}

impl HeldOut {
    fn of(
        labels: &[u16],
        counts: &[usize],
        dataset: &Dataset,
        config: &DatasetConfig,
    ) -> Result<HeldOut> {
        if let Some([folds, fold]) = config.part() {
            if let Some(class) = counts.iter().position(|count| *count == 1) {
                return Err(too_few_to_divide(folds, &dataset.class_names[class]));
            }
            let wanted = fold_counts(labels, counts.len(), folds, fold);
            let is_drawn = in_fold(labels, counts.len(), [folds, fold], config.split_seed);
            return Ok(HeldOut { is_drawn, wanted });
        }
        let wanted = held_out(dataset, counts, config.validation_examples);
        let wanted = wanted.ok_or_else(|| too_many(config, counts))?;
        let is_drawn = match dataset.validation {
            0 => draw(labels, &wanted, config.split_seed, Purpose::ValidationSplit),
            given => (0..labels.len()).map(|position| position < given).collect(),
        };
        Ok(HeldOut { is_drawn, wanted })
    }
}

fn too_few_to_divide(folds: usize, class: &str) -> Error {
    Error::Experiment(format!(
        "error: dataset.folds = {folds} leaves class {class:?} without a training example: it has one, which one of \
         the parts holds out; give it another, or leave it out of the data"
    ))
}

fn too_small(config: &DatasetConfig, dataset: &Dataset, lacking: SmallShare) -> Error {
    let SmallShare { class, smallest } = lacking;
    Error::Experiment(format!(
        "error: dataset.train_fraction = {} leaves class {:?} without a training example: the smallest \
         share that has one is {smallest}",
        config.train_fraction, dataset.class_names[class]
    ))
}

fn too_many(config: &DatasetConfig, counts: &[usize]) -> Error {
    if config.source.own().is_some_and(|own| own.dataset.validation > 0) {
        return Error::Experiment(format!(
            "error: dataset.train_examples = {} leaves a class without a training example, because the \
             {} validation examples are the first of them: raise it",
            config.train_examples.unwrap_or_default(),
            config.validation_examples
        ));
    }
    let most: usize = counts.iter().map(|count| count.saturating_sub(1)).sum();
    let train: usize = counts.iter().sum();
    Error::Experiment(format!(
        "error: dataset.validation_examples = {} leaves a class without a training example: hold \
         out at most {most} of the first {train}, so that one of each class is left; lower it, or \
         raise dataset.train_examples",
        config.validation_examples
    ))
}
