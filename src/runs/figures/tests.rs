//! Every figure has one name, and the value that the files show.

use std::collections::BTreeSet;

use crate::runs::evaluation::{JudgedExample, Judgement};
use crate::runs::figures::*;
use crate::runs::samples::seeds_with_val;

#[test]
fn figures_are_the_decimals_of_the_files() {
    let record = seeds_with_val(&[], [0.94, 0.47, 0.48], 0.0).remove(0);
    let of = |name| Figure::named(name).unwrap().of(&record);
    assert_eq!((of("train"), of("val_accuracy"), of("test")), (Some(0.94), Some(0.47), Some(0.48)));
    let progress = (of("best_epoch"), of("epoch"), of("seconds"));
    assert_eq!(progress, (Some(30.0), Some(200.0), Some(1234.5)));
    assert!((of("gap").unwrap() - 0.46).abs() < 1e-12);
    assert!((of("val_gap").unwrap() - 0.47).abs() < 1e-12);
    assert!((of("fall").unwrap() - 0.008).abs() < 1e-6);
    assert_eq!(Figure::named("accuracy"), None);
}

#[test]
fn every_figure_has_its_names_to_itself() {
    let mut names = BTreeSet::new();
    for figure in Figure::ALL {
        let kind = figure.kind();
        let own: BTreeSet<&str> = [kind.name, kind.short].into();
        assert!(own.into_iter().all(|name| names.insert(name)), "{}", kind.name);
        let is_asked = kind.of_run.is_some() || kind.of_evaluation.is_some();
        assert_eq!(Figure::named(kind.name).is_some(), is_asked, "{}", kind.name);
        assert!(kind.scikit_learn.is_none() || kind.of_evaluation.is_some(), "{}", kind.name);
    }
}

#[test]
fn the_docs_name_every_figure_that_can_be_asked_for() {
    let docs = include_str!("../../../docs/comparing.md");
    let lacks = |figure: &Figure| !docs.contains(&format!("`{}`", figure.name()));
    assert_eq!(Figure::asked().filter(lacks).map(Figure::name).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn what_a_run_lacks_is_absent() {
    let mut record = seeds_with_val(&[], [0.94, 0.47, 0.48], 0.0).remove(0);
    record.last.as_mut().unwrap().val_accuracy = None;
    assert_eq!(Figure::ValAccuracy.of(&record), None);
    (record.last, record.best) = (None, None);
    let left: Vec<&str> =
        Figure::asked().filter(|f| f.of(&record).is_some()).map(Figure::name).collect();
    assert_eq!(left, ["seconds"]);
}

/// Where the test set is sealed, the validation split is judged.
#[test]
fn figures_of_rare_classes_have_the_name_of_the_split_that_was_judged() {
    let example = |class, predicted| JudgedExample { class, predicted, confidence: 0.9 };
    let of = |split| {
        let examples = vec![example(0, 0), example(0, 0), example(0, 1), example(1, 1)];
        let judgement = Judgement { split, loss: 0.1, accuracy: 0.75, examples, test_time: None };
        let names = ["often".to_owned(), "rare".to_owned()];
        Figure::evaluated(&Evaluation::new(&judgement, &names))
    };
    let names = |split| of(split).into_keys().collect::<Vec<_>>();
    assert_eq!(names(HeldOutSplit::Test), ["balanced_accuracy", "macro_f1"]);
    assert_eq!(names(HeldOutSplit::Validation), ["val_balanced_accuracy", "val_macro_f1"]);
    assert_eq!(of(HeldOutSplit::Validation)["val_balanced_accuracy"], (2.0 / 3.0 + 1.0) / 2.0);
}
