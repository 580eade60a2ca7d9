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

/// The runs without figures of the test set.
fn sealed(mut records: Vec<RunRecord>) -> Vec<RunRecord> {
    for run in &mut records {
        set(run, "evaluation", "test", json!("sealed"));
        for row in [&mut run.last, &mut run.best].into_iter().flatten() {
            (row.test_accuracy, row.test_loss, row.gap) = (None, None, None);
        }
    }
    records
}

#[test]
fn a_config_without_validation_does_not_make_the_others_comparable() {
    let with_seed = |seed: u64, val| {
        sealed(seeds_with_val(&[("dataset.split_seed", json!(seed))], [0.9, val, 0.5], 0.003))
    };
    let open = seeds(&[(DROPOUT, json!(0.4))], 0.8, 0.5, 0.003);
    let records = [with_seed(0, 0.5), with_seed(4, 0.68), open.clone()].concat();
    let comparison = compare(&records, &CompareOptions::default()).unwrap();
    let none = "No best is named: the configs hold out different validation examples.";
    assert_eq!(comparison.answer, [none]);
    assert_eq!(comparison.heading, "");
    assert!(comparison.marks.iter().all(|mark| *mark == RowMark::Plain));
    // Beside one that shares its examples, it is the only one with a test accuracy.
    let records = [with_seed(0, 0.5), open].concat();
    let answer = compare(&records, &CompareOptions::default()).unwrap().answer.join(" ");
    assert!(!answer.contains("has finished runs"), "{answer}");
}

#[test]
fn noisy_labels_make_train_accuracy_and_gap_another_measure() {
    let noisy = |noise: f64, train, test| {
        seeds(&[("dataset.label_noise", json!(noise))], train, test, 0.003)
    };
    let records = [noisy(0.0, 0.94, 0.50), noisy(0.1, 0.84, 0.505)].concat();
    let text = shown(&records, None);
    assert!(!text.contains("narrow"), "{text}");
    let note = "\nno gap change where dataset.label_noise is not the baseline's: train accuracy counts the noisy labels";
    assert!(text.contains(note), "{text}");
    let comparison = compare(&records, &CompareOptions::default()).unwrap();
    let gap = &comparison.changes.as_ref().unwrap().list[0].gap;
    assert!(gap.mean.is_nan() && gap.interval.is_none() && gap.seeds.is_empty(), "{gap:?}");
    // Without a baseline, too.
    let drawn = |mut records: Vec<RunRecord>| {
        records.iter_mut().for_each(|run| run.role.drawn = vec!["dataset.label_noise".to_owned()]);
        records
    };
    let text = shown(&drawn(records), None);
    let none = "No smallest gap is named: train accuracy counts noisy labels, and not all configs have as many";
    assert!(text.contains(none), "{text}");
    // A higher score with other labels says nothing of the gap.
    let records = [noisy(0.0, 0.94, 0.50), noisy(0.1, 0.84, 0.55)].concat();
    let text = shown(&records, None);
    assert!(text.contains("[4.2, 5.8]; its gap is not compared."), "{text}");
}

#[test]
fn a_gap_below_zero_that_grows_is_not_called_narrower() {
    let at = |dropout: f64, train, test| seeds(&[(DROPOUT, json!(dropout))], train, test, 0.003);
    // From 10 points to 8 the other way round.
    let text = shown(&[at(0.0, 0.60, 0.50), at(0.2, 0.62, 0.70)].concat(), None);
    assert!(text.contains("and leaves no gap: train is 8.0 points below test.\n"), "{text}");
    // From 2 points below test to 8.
    let text = shown(&[at(0.0, 0.48, 0.50), at(0.2, 0.62, 0.70)].concat(), None);
    assert!(text.contains("raises test accuracy, gap not shown to shrink: dropout 0.2"), "{text}");
    assert!(text.contains("; train is 8.0 points below test.\n"), "{text}");
    // From 8 points below it to 2.
    let text = shown(&[at(0.0, 0.42, 0.50), at(0.2, 0.68, 0.70)].concat(), None);
    assert!(!text.contains("widens"), "{text}");
}
