//! Whether the figures of several runs are measured on the same examples, so that they can be
//! ranked. The records of the runs decide this, never the columns of a table.

mod measured_on;

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

pub(super) use self::measured_on::{DATA_SHA256, difference, numbered};
use self::measured_on::{FOLD, first_difference};
use crate::runs::held_out::HeldOutSplit;
use crate::runs::record::{RunRecord, RunState};
use crate::runs::trial_tables::REPLICATE_KEYS;

/// Keys of `[dataset]` that locate the user's own data: the same data may lie elsewhere.
pub(super) const PLACES: [&str; 2] = ["path", "test_path"];

const OTHER_TEST: &str = "the configs are tested on different data";
const OTHER_CHOICE: &str =
    "the best epochs of some configs are chosen on test, those of others on validation";
const OTHER_VALIDATION: &str = "the configs hold out different validation examples";

/// Keys of `[dataset]` that decide the training and validation examples but not the test examples.
const TRAINING_SIDE: [&str; 9] = [
    "train_examples",
    "train_fraction",
    "subset_seed",
    "label_noise",
    "validation_examples",
    "split_seed",
    "folds",
    "fold",
    "scaling",
];

/// Whether a key of `[dataset]` (given without the table's name) decides which examples exist,
/// before they are split.
pub(super) fn makes_the_data(key: &str) -> bool {
    key != "test_examples" && !TRAINING_SIDE.contains(&key)
}

/// Which figures of several runs are measured on the same examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Comparability {
    test: Option<&'static str>,       // the first key in which two runs differ
    validation: Option<&'static str>, // the same for the runs that have such figures
    /// Whether best epochs were chosen on validation in some runs and on test in others. The latter
    /// report their own maximum, so the figures of these epochs cannot be compared.
    pub(super) choices_differ: bool,
    /// Whether train figures are measured on the same number of examples: on all, or on the first
    /// ones.
    pub(super) train: bool,
    /// Whether as many labels are noisy: train accuracy is that of the labels that are trained on.
    pub(super) labels: bool,
}

/// Why the runs cannot be ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Incomparable {
    /// After "because".
    pub(crate) why: &'static str,
    /// The column that shows it.
    pub(crate) key: &'static str,
}

impl Comparability {
    /// For runs whose figures are all measured on the same examples.
    pub(super) const EQUAL: Comparability = Comparability {
        test: None,
        validation: None,
        choices_differ: false,
        train: true,
        labels: true,
    };

    /// For the finished ones among `runs`: the figures of others do not count.
    pub(super) fn of<'a>(runs: impl Iterator<Item = &'a RunRecord> + Clone) -> Comparability {
        let finished = runs.clone().filter(|run| run.state == RunState::Finished);
        Comparability::of_some(runs, finished)
    }

    /// For all `runs` with figures, finished or not.
    pub(crate) fn of_all<'a>(runs: impl Iterator<Item = &'a RunRecord> + Clone) -> Comparability {
        Comparability::of_some(runs.clone(), runs)
    }

    /// For those of `all` runs that count: the ones with figures.
    fn of_some<'a>(
        all: impl Iterator<Item = &'a RunRecord> + Clone,
        counted: impl Iterator<Item = &'a RunRecord> + Clone,
    ) -> Comparability {
        let runs = counted.filter(|run| run.last.is_some());
        let has_val = |run: &&RunRecord| run.last.is_some_and(|last| last.val_accuracy.is_some());
        let with_val = runs.clone().filter(has_val);
        let folds = || folds_differ(all, with_val.clone()).then_some(FOLD);
        let are_alike = |key: fn(&RunRecord) -> Option<f64>| {
            let mut values = runs.clone().map(key);
            values.next().is_none_or(|first| values.all(|other| other == first))
        };
        Comparability {
            test: first_difference(runs.clone(), HeldOutSplit::Test),
            validation: first_difference(with_val.clone(), HeldOutSplit::Validation).or_else(folds),
            choices_differ: false,
            train: are_alike(measured_train_examples),
            labels: are_alike(|run| Some(label_noise(run))),
        }
    }

    /// The same for the figures of these runs' best epochs.
    pub(super) fn of_best_epochs<'a>(
        self,
        runs: impl Iterator<Item = &'a RunRecord>,
    ) -> Comparability {
        let finished = runs.filter(|run| run.state == RunState::Finished);
        let mut choices =
            finished.filter_map(|run| Some(run.best.or(run.last)?.val_accuracy.is_some()));
        let first = choices.next();
        Comparability { choices_differ: choices.any(|other| Some(other) != first), ..self }
    }

    /// Why the runs cannot be ranked by their accuracy on `split`, if they cannot.
    pub(crate) fn problem(self, split: HeldOutSplit) -> Option<Incomparable> {
        if self.choices_differ {
            return Some(Incomparable { why: OTHER_CHOICE, key: "dataset.validation_examples" });
        }
        let of_test = self.test.map(|key| Incomparable { why: OTHER_TEST, key });
        let of_validation = self.validation.map(|key| Incomparable { why: OTHER_VALIDATION, key });
        match split {
            HeldOutSplit::Test => of_test,
            HeldOutSplit::Validation => of_test.or(of_validation),
        }
    }
}

/// Why figures of these runs, finished or not, cannot be compared, if they cannot.
pub fn incomparable(records: &[RunRecord]) -> Option<&'static str> {
    let mut rows = records.iter().filter_map(|run| run.last);
    let split = match rows.all(|row| row.val_accuracy.is_some()) {
        true => HeldOutSplit::Validation,
        false => HeldOutSplit::Test,
    };
    Comparability::of_all(records.iter()).problem(split).map(|problem| problem.why)
}

/// As many training examples as train figures are measured on; all where it is not said.
fn measured_train_examples(run: &RunRecord) -> Option<f64> {
    run.trial.pointer("/evaluation/train_examples").and_then(Value::as_f64)
}

/// The share of the training labels that are drawn anew.
pub(super) fn label_noise(run: &RunRecord) -> f64 {
    run.trial.pointer("/dataset/label_noise").and_then(Value::as_f64).unwrap_or(0.0)
}

/// Whether the configs of `counted` runs have other folds than each other. A fold of which a run exists counts: that a
/// run without figures is left out is said elsewhere.
fn folds_differ<'a>(
    all: impl Iterator<Item = &'a RunRecord>,
    counted: impl Iterator<Item = &'a RunRecord> + Clone,
) -> bool {
    if counted.clone().all(|run| run.trial.fold().is_none()) {
        return false;
    }
    let mut folds_of: HashMap<String, BTreeSet<u64>> = HashMap::new();
    for run in all {
        folds_of.entry(config_of(run)).or_default().extend(run.trial.fold());
    }
    let mut sets = counted.filter_map(|run| folds_of.get(&config_of(run)));
    sets.next().is_some_and(|first| sets.any(|other| other != first))
}

/// What the replicates of a config have in common, wherever its data lies.
fn config_of(run: &RunRecord) -> String {
    let mut trial = run.trial.value();
    let mut forget = |table: &str, key: &str| {
        trial.get_mut(table).and_then(Value::as_object_mut).map(|table| table.remove(key));
    };
    REPLICATE_KEYS.into_iter().for_each(|(table, key)| forget(table, key));
    PLACES.into_iter().for_each(|key| forget("dataset", key));
    trial.to_string()
}

#[cfg(test)]
mod tests;
