//! Whether the figures of several runs are measured on the same examples, so that they can be
//! ranked. The records of the runs decide this, never the columns of a table.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use crate::data::has_equal_classes;
use crate::runs::held_out::HeldOutSplit;
use crate::runs::record::{RunRecord, RunState};
use crate::runs::shared::Shared;
use crate::runs::trial_tables::REPLICATE_KEYS;

/// The content of the user's own data.
pub(super) const DATA_SHA256: &str = "dataset.sha256";
/// Keys of `[dataset]` that locate the user's own data: the same data may lie elsewhere.
pub(super) const PLACES: [&str; 2] = ["path", "test_path"];
/// The part of `dataset.folds` that validates.
const FOLD: &str = "dataset.fold";

const OTHER_TEST: &str = "the configs are tested on different data";
const OTHER_CHOICE: &str =
    "the best epochs of some configs are chosen on test, those of others on validation";
const OTHER_VALIDATION: &str = "the configs hold out different validation examples";

/// The first numerics version that draws validation examples in proportion to classes of unequal
/// size: with the same settings, earlier runs held out other examples.
const IN_PROPORTION: u32 = 4;

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

/// The examples that a run's figures of one split are measured on. Figures with equal examples can
/// be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct MeasuredOn<'a> {
    kind: Option<&'a str>,
    data_sha256: &'a str,
    class_names: &'a Shared<Vec<String>>,
    chosen: Chosen,
}

/// Which of the data's examples they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chosen {
    /// The first ones of the test examples, or all.
    Test { first: Option<u64> },
    /// This many of the first (or of all) training examples, drawn with a seed.
    Validation {
        of_first: Option<u64>,
        count: u64,
        folds: Option<u64>, // whichever of them: a config has several, see `folds_differ`
        seed: u64,
        is_in_proportion: bool,
    },
}

impl MeasuredOn<'_> {
    /// What the figures of `split` are measured on; defined for validation even if there is none.
    fn of(run: &RunRecord, split: HeldOutSplit) -> MeasuredOn<'_> {
        let dataset = run.trial.get("dataset");
        let value = |key: &str| dataset.and_then(|dataset| dataset.get(key));
        let number = |key: &str| value(key).and_then(Value::as_u64);
        MeasuredOn {
            kind: value("kind").and_then(Value::as_str),
            data_sha256: &run.provenance.data_sha256,
            class_names: &run.class_names,
            chosen: match split {
                HeldOutSplit::Test => Chosen::Test { first: number("test_examples") },
                HeldOutSplit::Validation => Chosen::Validation {
                    of_first: number("train_examples"),
                    count: number("validation_examples").unwrap_or(0),
                    folds: number("folds"),
                    seed: number("split_seed").unwrap_or(0),
                    is_in_proportion: run.provenance.numerics >= IN_PROPORTION
                        && !has_equal_classes(
                            value("kind").and_then(Value::as_str).unwrap_or_default(),
                            number("train_examples").and_then(|n| usize::try_from(n).ok()),
                        ),
                },
            },
        }
    }
}

/// A number for each config, given by its runs (at least one), equal if the figures of `split` are measured on the
/// same examples.
pub(super) fn numbered<'a>(
    configs: impl Iterator<Item = &'a [&'a RunRecord]>,
    split: HeldOutSplit,
) -> Vec<usize> {
    let mut known: Vec<(MeasuredOn, BTreeSet<u64>)> = Vec::new();
    let number = |runs: &'a [&'a RunRecord]| {
        let folds = match split {
            HeldOutSplit::Test => BTreeSet::new(),
            HeldOutSplit::Validation => runs.iter().filter_map(|run| run.trial.fold()).collect(),
        };
        let examples = (MeasuredOn::of(runs[0], split), folds);
        known.iter().position(|seen| *seen == examples).unwrap_or_else(|| {
            known.push(examples);
            known.len() - 1
        })
    };
    configs.map(number).collect()
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

/// The key in which one of the runs differs from the first, so that its figures of `split` are
/// measured on other examples.
fn first_difference<'a>(
    mut runs: impl Iterator<Item = &'a RunRecord>,
    split: HeldOutSplit,
) -> Option<&'static str> {
    let first = runs.next()?;
    let of_first = MeasuredOn::of(first, split);
    let other =
        runs.find(|run| !has_same_data(run, first) && MeasuredOn::of(run, split) != of_first)?;
    difference_of_configs(first, other, split)
}

/// Whether all figures are measured on the same examples; fast for runs that share their parts.
fn has_same_data(a: &RunRecord, b: &RunRecord) -> bool {
    a.provenance == b.provenance
        && a.class_names == b.class_names
        && a.trial.has_same(&b.trial, "dataset")
}

/// The column key that best explains why the figures of two runs are measured on different
/// examples; none if they are not.
pub(super) fn difference(
    a: &RunRecord,
    b: &RunRecord,
    split: HeldOutSplit,
) -> Option<&'static str> {
    let of_part =
        || (split == HeldOutSplit::Validation && a.trial.fold() != b.trial.fold()).then_some(FOLD);
    difference_of_configs(a, b, split).or_else(of_part)
}

/// The same, whichever fold each of them validates on.
fn difference_of_configs(
    a: &RunRecord,
    b: &RunRecord,
    split: HeldOutSplit,
) -> Option<&'static str> {
    let [of_a, of_b] = [a, b].map(|run| MeasuredOn::of(run, split));
    if of_a == of_b {
        return None;
    }
    let is_own = a.trial.pointer("/dataset/sha256").is_some();
    Some(match () {
        () if of_a.kind != of_b.kind => "dataset.kind",
        () if of_a.data_sha256 != of_b.data_sha256 && is_own => DATA_SHA256,
        () if of_a.data_sha256 != of_b.data_sha256 => "dataset.data_sha256",
        () if of_a.class_names != of_b.class_names => "class names",
        () => of_a.chosen.key_of_difference(of_b.chosen),
    })
}

impl Chosen {
    fn key_of_difference(self, other: Chosen) -> &'static str {
        use Chosen::Validation;
        match (self, other) {
            (Validation { folds: a, .. }, Validation { folds: b, .. }) if a != b => "dataset.folds",
            (Validation { count: a, .. }, Validation { count: b, .. }) if a != b => {
                "dataset.validation_examples"
            }
            (Validation { seed: a, .. }, Validation { seed: b, .. }) if a != b => {
                "dataset.split_seed"
            }
            (Validation { of_first: a, .. }, Validation { of_first: b, .. }) if a != b => {
                "dataset.train_examples"
            }
            (Validation { .. }, _) => "numerics",
            _ => "dataset.test_examples",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::runs::samples::{seeds_with_val, set};

    fn run() -> RunRecord {
        seeds_with_val(&[], [0.9, 0.5, 0.5], 0.0).remove(0)
    }

    fn of(change: impl Fn(&mut RunRecord)) -> Comparability {
        let mut other = run();
        change(&mut other);
        Comparability::of([run(), other].iter())
    }

    const EQUAL: Comparability = Comparability::EQUAL;

    #[test]
    fn what_decides_neither_data_nor_evaluation_makes_no_difference() {
        assert_eq!(of(|_| ()), EQUAL);
        let harmless: [fn(&mut RunRecord); 8] = [
            |run| set(run, "dataset", "fold", json!(3)), // configs have all
            |run| set(run, "dataset", "train_fraction", json!(0.5)),
            |run| set(run, "dataset", "subset_seed", json!(3)),
            |run| set(run, "dataset", "scaling", json!("standardize")),
            |run| set(run, "dataset", "path", json!("/elsewhere")),
            |run| set(run, "evaluation", "every_epochs", json!(5)),
            |run| run.provenance.numerics += 1,
            |run| run.provenance.version = "9.9.9".to_owned(),
        ];
        assert!(harmless.into_iter().all(|change| of(change) == EQUAL));
        let empty: [RunRecord; 0] = [];
        assert_eq!(Comparability::of(empty.iter()), EQUAL);
    }

    #[test]
    fn other_data_is_another_test_set_and_another_validation_split() {
        let both = |key| Comparability { test: Some(key), validation: Some(key), ..EQUAL };
        let other = "ef".repeat(32);
        let data = of(|run| run.provenance.data_sha256.clone_from(&other));
        assert_eq!(data, both("dataset.data_sha256"));
        assert_eq!(of(|run| run.class_names.push("third".to_owned())), both("class names"));
        assert_eq!(of(|run| set(run, "dataset", "kind", json!("mnist"))), both("dataset.kind"));
        let mut own = [run(), run()];
        own[1].provenance.data_sha256 = other;
        for run in &mut own {
            set(run, "dataset", "sha256", json!(run.provenance.data_sha256.clone()));
        }
        assert_eq!(Comparability::of(own.iter()), both("dataset.sha256"));
    }

    #[test]
    fn other_examples_are_told_by_split() {
        let few = of(|run| set(run, "dataset", "test_examples", json!(100)));
        assert_eq!(few, Comparability { test: Some("dataset.test_examples"), ..EQUAL });
        for key in [
            "dataset.validation_examples",
            "dataset.folds",
            "dataset.split_seed",
            "dataset.train_examples",
        ] {
            let (table, last) = key.split_once('.').unwrap();
            let other = of(|run| set(run, table, last, json!(7)));
            assert_eq!(other, Comparability { validation: Some(key), ..EQUAL });
            let [test, validation] =
                [HeldOutSplit::Test, HeldOutSplit::Validation].map(|split| other.problem(split));
            assert_eq!((test, validation.unwrap().key), (None, key));
        }
        // With classes of equal size, every version holds out the same examples.
        let newer = |run: &mut RunRecord| run.provenance.numerics = IN_PROPORTION;
        assert_eq!(of(newer), EQUAL);
        let mut own = [run(), run()];
        for run in &mut own {
            set(run, "dataset", "kind", json!("csv"));
        }
        newer(&mut own[1]);
        let draw = Comparability::of(own.iter());
        assert_eq!(draw, Comparability { validation: Some("numerics"), ..EQUAL });
        let train = of(|run| set(run, "evaluation", "train_examples", json!(7)));
        assert_eq!(train, Comparability { train: false, ..EQUAL });
        let labels = of(|run| set(run, "dataset", "label_noise", json!(0.1)));
        assert_eq!(labels, Comparability { labels: false, ..EQUAL });
    }

    #[test]
    fn configs_of_other_folds_hold_out_other_examples() {
        let of = |dropout: f64, folds: &[u64]| {
            let fold = |fold: &u64| {
                let mut run = run();
                set(&mut run, "network", "dropout", json!(dropout));
                set(&mut run, "dataset", "folds", json!(5));
                set(&mut run, "dataset", "fold", json!(fold));
                run
            };
            folds.iter().map(fold).collect::<Vec<_>>()
        };
        let both = |a: &[u64], b: &[u64]| {
            let runs = [of(0.0, a), of(0.2, b)].concat();
            Comparability::of(runs.iter()).problem(HeldOutSplit::Validation)
        };
        for (a, b) in [(&[0][..], &[2][..]), (&[0, 1], &[0, 1, 2])] {
            let problem = both(a, b).unwrap();
            assert_eq!((problem.why, problem.key), (OTHER_VALIDATION, "dataset.fold"));
        }
        assert_eq!(both(&[0, 1], &[1, 0]), None);
        let mut runs = [of(0.0, &[0, 1]), of(0.2, &[0, 1])].concat();
        runs[3].state = RunState::Diverged; // which another note says
        assert_eq!(Comparability::of(runs.iter()), EQUAL);
        let configs: Vec<Vec<&RunRecord>> =
            runs.chunks(2).chain([&runs[..1]]).map(|runs| runs.iter().collect()).collect();
        let configs = || configs.iter().map(Vec::as_slice);
        assert_eq!(numbered(configs(), HeldOutSplit::Validation), [0, 0, 1]);
        assert_eq!(numbered(configs(), HeldOutSplit::Test), [0, 0, 0]);
    }

    #[test]
    fn best_epochs_that_were_chosen_on_different_splits_name_no_best() {
        let mut other = run();
        let without = |run: &mut RunRecord| {
            for row in [&mut run.last, &mut run.best] {
                let row = row.as_mut().unwrap();
                (row.val_accuracy, row.val_loss) = (None, None);
            }
        };
        let of = |runs: &[RunRecord]| EQUAL.of_best_epochs(runs.iter()).problem(HeldOutSplit::Test);
        assert_eq!(of(&[run(), other.clone()]), None);
        without(&mut other);
        assert_eq!(of(&[other.clone(), other.clone()]), None);
        assert_eq!(of(&[run(), other]).unwrap().why, OTHER_CHOICE);
    }

    #[test]
    fn runs_without_figures_have_no_say() {
        let failed = of(|run| {
            (run.state, run.last) = (RunState::Failed, None);
            run.provenance.data_sha256 = "ef".repeat(32);
        });
        assert_eq!(failed, EQUAL);
        // A split without examples has nothing to compare.
        let none = of(|run| {
            set(run, "dataset", "validation_examples", json!(0));
            let last = run.last.as_mut().unwrap();
            (last.val_accuracy, last.val_loss) = (None, None);
        });
        assert_eq!(none, EQUAL);
    }
}
