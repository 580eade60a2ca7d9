//! Runs on other data, or evaluated on other examples, are not ranked against each other.

use super::*;

#[test]
fn different_datasets_have_no_best() {
    let records = [
        seeds(&[], 0.94, 0.47, 0.003),
        seeds(&[("dataset.kind", json!("cifar100"))], 0.6, 0.2, 0.003),
    ];
    insta::assert_snapshot!(shown(&records.concat(), None));
}

/// Two configs of three seeds on the user's own data, with these keys of `[dataset]` and this content.
fn on_own_data(sides: [(&[(&str, Value)], &str); 2]) -> Vec<RunRecord> {
    let side = |(keys, content): (&[(&str, Value)], &str)| {
        let mut changes = vec![("dataset.kind", json!("csv")), ("dataset.path", json!("/a.csv"))];
        changes.extend_from_slice(keys);
        let mut records = seeds_with_val(&changes, [0.9, 0.5, 0.5], 0.003);
        for (table, value) in keys {
            let (table, key) = table.split_once('.').unwrap();
            records.iter_mut().for_each(|run| set(run, table, key, value.clone()));
        }
        for run in &mut records {
            run.provenance.data_sha256 = content.repeat(32);
            set(run, "dataset", "sha256", json!(content.repeat(32)));
        }
        records
    };
    let mut records: Vec<RunRecord> = sides.into_iter().flat_map(side).collect();
    (0..).zip(&mut records).for_each(|(place, run)| run.id = format!("{place:012x}"));
    records
}

const NO_BEST: &str = "No best is named: the configs are tested on different data.";

#[test]
fn different_data_has_no_best_whatever_else_differs() {
    for (key, value) in [
        ("validation_examples", json!(600)),
        ("split_seed", json!(1)),
        ("scaling", json!("unit")),
        ("train_examples", json!(900)),
        ("test_seed", json!(1)),
        ("path", json!("/b.csv")),
    ] {
        let key = format!("dataset.{key}");
        let mut keys = vec![(key.as_str(), value)];
        if key != "dataset.path" {
            keys.push(("dataset.path", json!("/b.csv")));
        }
        let records = on_own_data([(&[], "ab"), (&keys, "cd")]);
        let comparison = compare(&records, &CompareOptions::default()).unwrap();
        assert_eq!(comparison.answer, [NO_BEST], "{key}");
        assert!(comparison.varied.contains(&"dataset.sha256".to_owned()), "{key}");
        assert!(comparison.marks.iter().all(|mark| *mark == RowMark::Plain), "{key}");
        let order = "sorted by validation accuracy, but the configs are tested on different data";
        assert_eq!(comparison.notes[0], order, "{key}");
        assert!(!comparison.notes.iter().any(|note| note.contains("seeds")), "{key}");
    }
}

#[test]
fn content_is_a_column_unless_the_settings_that_make_it_tell_it() {
    let varied = |keys: &[(&str, Value)]| {
        let records = on_own_data([(&[], "ab"), (keys, "cd")]);
        let comparison = compare(&records, &CompareOptions::default()).unwrap();
        assert_eq!(comparison.answer, [NO_BEST]);
        comparison.varied
    };
    // One file, read in two ways.
    assert_eq!(varied(&[("dataset.test_seed", json!(1))]), ["dataset.test_seed"]);
    let two = varied(&[("dataset.test_seed", json!(1)), ("dataset.path", json!("/b.csv"))]);
    assert_eq!(two, ["dataset.sha256", "dataset.test_seed"]);
    let labels = |records: &[RunRecord]| {
        let comparison = compare(records, &CompareOptions::default()).unwrap();
        comparison.configs.into_iter().map(|config| config.label).collect::<Vec<_>>()
    };
    let records = on_own_data([(&[], "ab"), (&[], "cd")]);
    assert_eq!(labels(&records), ["sha256 abababababab", "sha256 cdcdcdcdcdcd"]);
}

#[test]
fn published_data_of_other_content_has_no_best_beside_other_settings() {
    let mut other = seeds(&[("dataset.train_examples", json!(500))], 0.6, 0.5, 0.003);
    other.iter_mut().for_each(|run| run.provenance.data_sha256 = "ef".repeat(32));
    let records = [seeds(&[], 0.94, 0.47, 0.003), other].concat();
    let comparison = compare(&records, &CompareOptions::default()).unwrap();
    assert_eq!(comparison.answer, [NO_BEST]);
    assert_eq!(comparison.varied, ["dataset.data_sha256", "dataset.train_examples"]);
}

#[test]
fn shares_of_the_training_examples_are_a_setting_like_any_other() {
    let share = seeds(&[("dataset.train_fraction", json!(0.25))], 0.6, 0.5, 0.003);
    let records = [seeds(&[], 0.94, 0.47, 0.003), share].concat();
    let comparison = compare(&records, &CompareOptions::default()).unwrap();
    assert_eq!(comparison.varied, ["dataset.train_fraction"]);
}

#[test]
fn validation_ranks_only_configs_that_hold_out_the_same_examples() {
    let with = |key: &str, value: Value| {
        let records = on_own_data([(&[], "ab"), (&[(key, value)], "ab")]);
        compare(&records, &CompareOptions::default()).unwrap().answer.join(" ")
    };
    let none = "No best is named: the configs hold out different validation examples.";
    assert_eq!(with("dataset.validation_examples", json!(100)), none);
    assert_eq!(with("dataset.split_seed", json!(3)), none);
    assert_eq!(with("dataset.train_examples", json!(800)), none);
    assert!(
        with("dataset.scaling", json!("standardize")).starts_with("Against the baseline (test ")
    );
    assert!(with("dataset.train_fraction", json!(0.5)).starts_with("Against the baseline (test "));
    // Test accuracies are still measured on the same examples.
    let records: Vec<RunRecord> = [0, 1]
        .into_iter()
        .flat_map(|seed| seeds(&[("dataset.train_examples", json!(500 + seed))], 0.9, 0.5, 0.003))
        .collect();
    let answer = compare(&records, &CompareOptions::default()).unwrap().answer.join(" ");
    assert!(answer.starts_with("Against the baseline (test "), "{answer}");
}

#[test]
fn gaps_of_train_accuracies_on_other_numbers_of_examples_are_not_ranked() {
    let records = [
        seeds(&[(DROPOUT, json!(0.2))], 0.67, 0.53, 0.003),
        seeds(&[("evaluation.train_examples", json!(100))], 0.60, 0.50, 0.003),
    ];
    let text = shown(&records.concat(), None);
    let end = "No smallest gap is named: train accuracy is measured on different numbers of examples \
               (evaluation.train_examples).\n";
    assert!(text.ends_with(end) && text.contains("\nBest: "), "{text}");
}

#[test]
fn rows_of_a_group_are_ranked_only_over_the_same_examples() {
    let on = |content: &str, dropout: f64, test| {
        let mut records = seeds(&[(DROPOUT, json!(dropout))], 0.9, test, 0.003);
        for run in &mut records {
            run.provenance.data_sha256 = content.repeat(32);
            run.id = format!("{}{content}", &run.id[..10]);
        }
        records
    };
    let all = [on("ab", 0.0, 0.5), on("ab", 0.2, 0.6), on("cd", 0.0, 0.7), on("cd", 0.2, 0.8)];
    let by = |records: &[RunRecord], key: &str| {
        let options = options(|o| o.group_by = words(key));
        compare(records, &options).unwrap().answer.remove(0)
    };
    let highest = by(&all.concat(), "dropout");
    assert!(highest.starts_with("Highest mean test accuracy: dropout 0.2, 70.0 %"), "{highest}");
    let none = "No row is named: the configs are tested on different data.";
    assert_eq!(by(&all[..3].concat(), "dropout"), none);
}
