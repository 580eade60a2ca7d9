//! Which rows and columns the table has, and in which order.

use super::*;
use crate::runs::metrics::StoppedEarly;

#[test]
fn user_sorts_by_any_column() {
    let first = |sort: &str| {
        let options = CompareOptions { sort: Some(sort.to_owned()), ..CompareOptions::default() };
        let records = dropout_runs();
        let comparison = compare(&records, &options).unwrap();
        comparison.table.rows[0][0].shown()
    };
    assert_eq!(first("gap"), "dropout 0.5");
    assert_eq!(first("-gap"), "baseline");
    assert_eq!(first("train"), "baseline");
    assert_eq!(first("network.dropout"), "baseline");
    assert_eq!(first("-dropout"), "dropout 0.5");
    assert_eq!(first("best test (chosen on test)"), "dropout 0.2");
    insta::assert_snapshot!(shown(&dropout_runs(), Some("gap")));
}

#[test]
fn unknown_sort_lists_the_columns() {
    let options = CompareOptions { sort: Some("accuracy".to_owned()), ..CompareOptions::default() };
    let error = compare(&dropout_runs(), &options).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    insta::assert_snapshot!(error);
}

#[test]
fn nothing_finished_is_an_answer_too() {
    let mut record = run(trial(&[], 1), row(3, 0.3, None, 0.3), row(3, 0.3, None, 0.3));
    record.state = RunState::Running;
    insta::assert_snapshot!(shown(&[record], None));
    assert!(compare(&[], &CompareOptions::default()).unwrap().table.rows.is_empty());
}

#[test]
fn csv_and_json_have_raw_numbers() {
    let records = dropout_runs();
    let comparison = compare(&records, &CompareOptions::default()).unwrap();
    insta::assert_snapshot!(comparison.table.render(Format::Csv, None).unwrap());
    insta::assert_snapshot!(comparison.table.render(Format::Json, None).unwrap());
    insta::assert_snapshot!(comparison.table.render(Format::Markdown, None).unwrap());
}

#[test]
fn same_run_twice_counts_once() {
    let records = [dropout_runs(), dropout_runs()].concat();
    assert_eq!(shown(&records, None), shown(&dropout_runs(), None));
}

#[test]
fn ten_thousand_configs_are_compared() {
    let record = |i: u32| {
        let rate = json!(f64::from(i) * 1e-4);
        let last = row(200, 0.9, None, 0.4 + 1e-5 * i as f32);
        run(trial(&[("optimizer.learning_rate", rate)], u64::from(i % 3)), last, last)
    };
    let records: Vec<RunRecord> = (0..10_000).map(record).collect();
    let comparison = compare(&records, &CompareOptions::default()).unwrap();
    assert_eq!(comparison.table.rows.len(), 10_000);
    assert!(comparison.notes.len() < 10);
}

#[test]
fn narrow_terminals_keep_numbers_whole() {
    let at = |init: &str, decay: f64, test| {
        let changes = [("network.weight_init", json!(init)), (DECAY, json!(decay))];
        seeds_with_val(&changes, [0.9, test, test], 0.003)
    };
    let records = [at("he", 0.01, 0.5), at("lecun", 0.0, 0.4)].concat();
    let comparison = compare(&records, &CompareOptions::default()).unwrap();
    let at_width = |width| comparison.table.render(Format::Table, Some(width)).unwrap();
    insta::assert_snapshot!(at_width(100));
    insta::assert_snapshot!(at_width(60));
}

#[test]
fn columns_are_those_asked_for_in_their_order() {
    let asked = "config,n,test,train_loss,test_loss,dropout,learning_rate,evaluation.test,seconds,seeds,ids,experiment,epoch,best_epoch";
    let options = options(|o| o.columns = words(asked));
    insta::assert_snapshot!(shown_with(&grid(), &options));
    let records = grid();
    let comparison = compare(&records, &options).unwrap();
    insta::assert_snapshot!(comparison.table.render(Format::Csv, None).unwrap());
}

#[test]
fn unknown_columns_list_what_there_is() {
    let error = |column: &str| {
        compare(&grid(), &options(|o| o.columns = words(column))).unwrap_err().to_string()
    };
    insta::assert_snapshot!(
        [error("colour"), error("droput"), error("n,kind"), error("\u{1b}")].join("\n\n")
    );
}

#[test]
fn top_says_what_is_not_shown() {
    insta::assert_snapshot!(shown_with(&grid(), &options(|o| o.top = Some(2))));
    let all = shown_with(&grid(), &options(|o| o.top = Some(4)));
    assert_eq!(all, shown_with(&grid(), &CompareOptions::default()));
}

#[test]
fn sort_takes_columns_that_are_not_shown() {
    let options = options(|o| o.sort = Some("-test_loss".to_owned()));
    let records = grid();
    let comparison = compare(&records, &options).unwrap();
    let first = comparison.table.rows[0][0].shown();
    assert!(first.contains("sgd") || first == "baseline", "{first}");
    assert!(comparison.notes[0].starts_with("sorted by test_loss"), "{:?}", comparison.notes);
}

#[test]
fn rows_of_a_group_name_no_effect() {
    let by = |keys: &str| options(|o| o.group_by = words(keys));
    insta::assert_snapshot!(shown_with(&grid(), &by("dropout")));
    let unbalanced = &grid()[..8];
    insta::assert_snapshot!(shown_with(unbalanced, &by("optimizer.kind")));
    let both = shown_with(&grid(), &by("optimizer.kind,network.dropout"));
    assert!(!both.contains("is a mean over configs"), "{both}");
    let mixed = options(|o| {
        (o.group_by, o.columns) = (words("dropout"), words("dropout,optimizer.kind,batch_norm"))
    });
    let table = compare(&grid(), &mixed).unwrap().table;
    let cells: Vec<String> = table.rows[0].iter().map(|cell| cell.shown()).collect();
    assert_eq!(cells, ["0.2", "several", "true"]);
    let error = |keys| compare(&grid(), &by(keys)).unwrap_err().to_string();
    assert_eq!(error("seed"), "--group-by takes settings, and `seed` is not one");
    assert_eq!(error("droput"), "--group-by: unknown name `droput`: did you mean `dropout`?");
}

#[test]
fn best_epoch_is_headed_by_what_chose_it() {
    let mut records = grid();
    records.iter_mut().for_each(|record| record.last = record.best);
    insta::assert_snapshot!(shown_with(&records, &options(|o| o.epoch = EpochChoice::Best)));
    let at = shown_with(&grid(), &options(|o| o.epoch = EpochChoice::At(200)));
    assert!(at.contains("\nfigures are those of epoch 200\n"), "{at}");
}

#[test]
fn latex_and_its_evidence() {
    let init = json!({"normal": {"std": 0.01}});
    let mut records = [
        seeds(&[("network.weight_init", init)], 0.94, 0.48, 0.003),
        seeds(&[("network.weight_init", json!("he_100%"))], 0.67, 0.53, 0.003),
    ]
    .concat();
    (records[0].state, records[0].result_sha256) = (RunState::Running, None);
    let comparison = compare(&records, &options(|o| o.evidence = true)).unwrap();
    let table = comparison.table.render(Format::Latex, None).unwrap();
    insta::assert_snapshot!(table + &Format::Latex.comment(&comparison.evidence));
    let evil = ["--> <script> --!> a\nb".to_owned()];
    assert_eq!(Format::Markdown.comment(&evil), "<!--\n--&gt; <script> --!&gt; a\\u{a}b\n-->\n");
}

#[test]
fn configs_that_a_search_stopped_are_left_out_and_the_others_keep_their_labels() {
    let mut records = dropout_runs();
    let labels = |records: &[RunRecord]| {
        let comparison = compare(records, &CompareOptions::default()).unwrap();
        let labels: Vec<String> = comparison.configs.iter().map(|c| c.label.clone()).collect();
        let note = comparison.notes.iter().find(|note| note.contains("stopped at a rung"));
        (labels, note.cloned())
    };
    let (all, none) = labels(&records);
    assert_eq!((all.len() > 2, none), (true, None));
    let is_kept = |record: &RunRecord| record.id == records[0].id;
    let kept = records.iter().position(is_kept).unwrap();
    let trial = records[kept].trial.get("network").cloned();
    for record in &mut records {
        if record.trial.get("network").cloned() != trial {
            record.state = RunState::Paused;
        }
    }
    let (left, note) = labels(&records);
    assert_eq!(left.len(), 1);
    assert!(all.contains(&left[0]), "{left:?}");
    let expected = format!("left out: {} configs that a search stopped at a rung", all.len() - 1);
    assert_eq!(note, Some(expected));
    records.iter_mut().for_each(|record| record.state = RunState::Paused);
    assert_eq!(labels(&records), (labels(&records).0, None));
}

/// Files that differ in much are called by their names; in little, by what differs.
#[test]
fn configs_of_several_files_that_differ_in_much_are_called_after_them() {
    let many: Vec<(String, Value)> =
        (0..8).map(|i| (format!("network.setting_{i}"), json!(i))).collect();
    let of_file = |name: &str, count: usize| {
        let changes: Vec<(&str, Value)> =
            many[..count].iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
        let mut records = seeds(&changes, 0.9, 0.5 + 0.01 * count as f32, 0.003);
        records.iter_mut().for_each(|record| record.experiments = vec![name.to_owned()]);
        records
    };
    let labels = |records: &[RunRecord]| {
        let comparison = compare(records, &CompareOptions::default()).unwrap();
        let labels = comparison.configs.iter().map(|config| config.label.clone());
        (labels.collect::<Vec<String>>(), comparison.heading)
    };
    let (steps, heading) = labels(&[of_file("1 start", 0), of_file("2 deeper", 8)].concat());
    assert_eq!(steps, ["2 deeper", "1 start"]);
    assert!(heading.starts_with("Baseline: 1 start (the config that"), "{heading}");
    let (alike, _) = labels(&[of_file("1 start", 0), of_file("2 deeper", 1)].concat());
    assert!(alike.contains(&"baseline".to_owned()), "{alike:?}");
    let (shared, _) = labels(&[of_file("1 start", 0), of_file("1 start", 8)].concat());
    assert!(shared.contains(&"baseline".to_owned()), "{shared:?}");
}

#[test]
fn of_equal_points_the_first_one_is_the_best_as_in_the_search() {
    // The same figures in another order: their sums differ in the last digit.
    let of = |dropout: f64, tests: [f32; 3]| {
        let run_of = |(seed, test): (u64, f32)| {
            let last = row(200, 0.9, None, test);
            let mut run = run(trial(&[(DROPOUT, json!(dropout))], seed), last, last);
            run.role.drawn = vec![DROPOUT.to_owned()];
            run
        };
        (1..).zip(tests).map(run_of).collect::<Vec<_>>()
    };
    let best = |records: &[RunRecord]| {
        compare(records, &CompareOptions::default()).unwrap().configs[0].label.clone()
    };
    let [low, high] = [of(0.1, [0.7, 0.1, 0.2]), of(0.3, [0.2, 0.1, 0.7])];
    assert_eq!(best(&[high.clone(), low.clone()].concat()), "dropout 0.3");
    assert_eq!(best(&[low, high].concat()), "dropout 0.1");
}

#[test]
fn averages_that_never_began_are_told() {
    let note = |start: u64, end: Option<u64>| {
        let last = row(3, 0.5, None, 0.4);
        let swa = [("training.swa", serde_json::json!({ "start_epoch": start }))];
        let stopped_early = end.map(|epoch| StoppedEarly { epoch, step: 1 });
        let records = [RunRecord { stopped_early, ..run(trial(&swa, 1), last, last) }];
        let comparison = compare(&records, &CompareOptions::default()).unwrap();
        comparison.notes.into_iter().find(|note| note.contains("with swa"))
    };
    assert_eq!(note(3, None), None);
    assert_eq!(note(2, Some(3)), None);
    let expected = "early stopping ended 1 of 1 runs with swa before its first average: their weights are those \
                    without it";
    assert_eq!(note(3, Some(3)).as_deref(), Some(expected));
}
