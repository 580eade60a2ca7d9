//! The examples that the figures of a run are measured on, and the key that best explains why those of two runs differ.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::data::has_equal_classes;
use crate::runs::held_out::HeldOutSplit;
use crate::runs::record::RunRecord;
use crate::runs::shared::Shared;

/// The content of the user's own data.
pub(in crate::analysis) const DATA_SHA256: &str = "dataset.sha256";

/// The part of `dataset.folds` that validates.
pub(super) const FOLD: &str = "dataset.fold";

/// The first numerics version that draws validation examples in proportion to classes of unequal
/// size: with the same settings, earlier runs held out other examples.
pub(super) const IN_PROPORTION: u32 = 4;

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
pub(in crate::analysis) fn numbered<'a>(
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

/// The key in which one of the runs differs from the first, so that its figures of `split` are
/// measured on other examples.
pub(super) fn first_difference<'a>(
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
pub(in crate::analysis) fn difference(
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
