use serde_json::json;

use super::measured_on::IN_PROPORTION;
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
