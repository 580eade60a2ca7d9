//! Counts how many examples of each class the parts of a trial have.

use super::division::Division;
use super::draw::class_counts;
use super::{Dataset, DatasetConfig, Splits};
use crate::error::Result;
use crate::runs::class_counts::ClassCounts;

impl ClassCounts {
    /// Counts the examples of `splits`; of the training examples, `evaluated` are measured.
    pub fn of(splits: &Splits, evaluated: Option<usize>) -> ClassCounts {
        let labels = [&splits.train, &splits.validation, &splits.test]
            .map(|split| splits.labels(split).collect::<Vec<u16>>());
        count(labels.each_ref().map(|labels| &labels[..]), splits.dataset(), evaluated)
    }

    /// Counts the splits that [`Splits::new`] would make from `dataset`, using only the labels.
    ///
    /// # Errors
    /// If a class would be left without an example to train on.
    pub fn planned(
        dataset: &Dataset,
        config: &DatasetConfig,
        evaluated: Option<usize>,
    ) -> Result<ClassCounts> {
        let Division { train, validation, test_examples } = Division::new(dataset, config)?;
        let [train, validation] = [train, validation].map(|positions| {
            let of = |position: &u32| dataset.train.labels[*position as usize];
            positions.iter().map(of).collect::<Vec<u16>>()
        });
        let test = &dataset.test.labels[..test_examples];
        Ok(count([&train, &validation, test], dataset, evaluated))
    }
}

fn count(labels: [&[u16]; 3], dataset: &Dataset, evaluated: Option<usize>) -> ClassCounts {
    let count = |of_split: &[u16]| match of_split {
        [] => Vec::new(),
        _ => class_counts(of_split.iter().copied(), dataset.class_names.len()),
    };
    let [train, validation, test] = labels;
    let evaluated = evaluated.filter(|wanted| *wanted < train.len());
    ClassCounts {
        train: count(train),
        evaluated: evaluated.map_or(Vec::new(), |wanted| count(&train[..wanted])),
        validation: count(validation),
        test: count(test),
    }
}

/// Whether some split may lack a class, as far as the config tells: if not, the dataset need not be
/// read.
pub fn may_lack_classes(config: &DatasetConfig, evaluated: Option<usize>) -> bool {
    let classes = config.source.facts().classes;
    let kind = config.source.as_kind();
    let Some(least) = kind.enough_for_all_classes(config.held_out()) else { return true };
    let share = Some(config.train_sizes().1).filter(|_| config.train_fraction < 1.0);
    let parts = [config.train_examples, share, config.test_examples, evaluated];
    let is_small = parts.into_iter().flatten().any(|examples| examples < least);
    is_small || (1..classes).contains(&config.held_out())
}
