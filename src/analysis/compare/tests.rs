//! What a user sees of a comparison: the table, its notes and the answer.

use serde_json::{Value, json};

use super::*;
use crate::runs::record::RunState;
use crate::runs::samples::{row, run, seeds, seeds_with_val, set, trial};
use crate::table::Format;

const DROPOUT: &str = "network.dropout";
const DECAY: &str = "optimizer.weight_decay";

mod data;
mod table;

/// Everything that a user sees, as one string.
fn shown(records: &[RunRecord], sort: Option<&str>) -> String {
    let sort = sort.map(str::to_owned);
    shown_with(records, &CompareOptions { sort, ..CompareOptions::default() })
}

fn shown_with(records: &[RunRecord], options: &CompareOptions) -> String {
    let comparison = compare(records, options).unwrap();
    let table = comparison.table.render(Format::Table, None).unwrap();
    let notes = comparison.notes.join("\n");
    let Comparison { heading, verdicts, legend, answer, .. } = comparison;
    let above = if heading.is_empty() { String::new() } else { format!("{heading}\n\n") };
    let verdicts: String = verdicts.iter().map(|line| format!("{line}\n")).collect();
    format!("{above}{table}\n{verdicts}{legend}\n{notes}\n\n{}\n", answer.join(" "))
}

fn dropout_runs() -> Vec<RunRecord> {
    [
        seeds(&[(DROPOUT, json!(0.0))], 0.94, 0.482, 0.004),
        seeds(&[(DROPOUT, json!(0.2))], 0.67, 0.532, 0.003),
        seeds(&[(DROPOUT, json!(0.5))], 0.537, 0.492, 0.002),
    ]
    .concat()
}

fn options(change: impl FnOnce(&mut CompareOptions)) -> CompareOptions {
    let mut options = CompareOptions::default();
    change(&mut options);
    options
}

fn words(text: &str) -> Vec<String> {
    text.split(',').map(str::to_owned).collect()
}

/// Two optimizers, two values of Dropout, three seeds each.
fn grid() -> Vec<RunRecord> {
    let at = |optimizer: &str, dropout: f64, train, test| {
        let changes = [("optimizer.kind", json!(optimizer)), (DROPOUT, json!(dropout))];
        seeds(&changes, train, test, 0.003)
    };
    [
        at("adagrad", 0.0, 0.94, 0.48),
        at("adagrad", 0.2, 0.67, 0.53),
        at("sgd", 0.0, 0.9, 0.44),
        at("sgd", 0.2, 0.6, 0.5),
    ]
    .concat()
}

#[test]
fn test_accuracy_ranks_where_nothing_is_held_out() {
    insta::assert_snapshot!(shown(&dropout_runs(), None));
}

#[test]
fn standard_deviations_are_shown_where_they_are_asked_for() {
    let options = CompareOptions { spread: Spread::Std, ..CompareOptions::default() };
    insta::assert_snapshot!(shown_with(&dropout_runs(), &options));
}

#[test]
fn validation_ranks_and_test_is_reported() {
    let records = [
        seeds_with_val(&[(DROPOUT, json!(0.0))], [0.94, 0.47, 0.480], 0.004),
        seeds_with_val(&[(DROPOUT, json!(0.2))], [0.67, 0.54, 0.532], 0.003),
        seeds_with_val(&[(DROPOUT, json!(0.5))], [0.537, 0.53, 0.535], 0.002),
    ];
    insta::assert_snapshot!(shown(&records.concat(), None));
}

#[test]
fn two_axes_name_each_single_effect() {
    let at = |dropout: f64, decay: f64, train, test| {
        seeds(&[(DROPOUT, json!(dropout)), (DECAY, json!(decay))], train, test, 0.003)
    };
    let records = [
        at(0.0, 0.0, 0.94, 0.48),
        at(0.0, 0.01, 0.93, 0.481),
        at(0.2, 0.0, 0.67, 0.53),
        at(0.2, 0.01, 0.66, 0.533),
    ];
    insta::assert_snapshot!(shown(&records.concat(), None));
}

#[test]
fn two_things_at_once_are_no_single_effect() {
    let attempt = |init: &str, dropout: f64, decay: f64, train, test| {
        let changes = [
            ("network.weight_init", json!(init)),
            (DROPOUT, json!(dropout)),
            (DECAY, json!(decay)),
        ];
        seeds(&changes, train, test, 0.003)
    };
    let records = [attempt("he", 0.5, 0.01, 0.54, 0.49), attempt("lecun", 0.0, 0.1, 0.60, 0.52)];
    insta::assert_snapshot!(shown(&records.concat(), None));
}

#[test]
fn one_seed_shows_no_spread() {
    let records = dropout_runs();
    let first_seeds: Vec<RunRecord> = records.into_iter().step_by(3).collect();
    insta::assert_snapshot!(shown(&first_seeds, None));
}

#[test]
fn differences_within_the_noise_are_called_that() {
    let records = [
        seeds(&[(DROPOUT, json!(0.0))], 0.94, 0.500, 0.010),
        seeds(&[(DROPOUT, json!(0.1))], 0.93, 0.503, 0.010),
    ];
    insta::assert_snapshot!(shown(&records.concat(), None));
}

#[test]
fn best_with_the_smallest_gap_is_one_statement() {
    let records = [
        seeds(&[(DROPOUT, json!(0.0))], 0.94, 0.48, 0.003),
        seeds(&[(DROPOUT, json!(0.2))], 0.60, 0.53, 0.003),
    ];
    insta::assert_snapshot!(shown(&records.concat(), None));
}

#[test]
fn smallest_gap_within_the_noise_of_the_next_is_called_that() {
    let mut records = [
        seeds(&[(DROPOUT, json!(0.0))], 0.64, 0.48, 0.003),
        seeds(&[(DROPOUT, json!(0.2))], 0.68, 0.53, 0.003),
    ]
    .concat();
    for (seed, record) in records.iter_mut().enumerate() {
        let last = record.last.as_mut().unwrap();
        last.train_accuracy += 0.03 * (seed % 3) as f32;
    }
    let text = shown(&records, None);
    let end = "(test 48.0 %, gap 19.0 points, n=3), dropout 0.2 adds 5.0 points of test accuracy \
               [4.2, 5.8]; its gap of 18.0 is not shown to shrink.\n";
    assert!(text.ends_with(end), "{text}");
}

#[test]
fn a_config_that_differs_in_two_settings_is_called_after_both() {
    let at = |dropout: f64, decay: f64, test| {
        seeds(&[(DROPOUT, json!(dropout)), (DECAY, json!(decay))], 0.9, test, 0.003)
    };
    let records = [at(0.2, 0.01, 0.53), at(0.2, 0.0, 0.48), at(0.0, 0.0, 0.52)].concat();
    let labels = |records: &[RunRecord]| {
        let configs = compare(records, &CompareOptions::default()).unwrap().configs;
        configs.into_iter().map(|config| config.label).collect::<Vec<_>>()
    };
    assert_eq!(labels(&records), ["weight decay 0.01", "no dropout", "baseline"]);
    let two = [at(0.2, 0.01, 0.53), at(0.0, 0.0, 0.52)].concat();
    assert_eq!(labels(&two), ["dropout 0.2, weight decay 0.01", "baseline"]);
}

#[test]
fn mean_of_those_that_did_not_diverge_may_flatter() {
    let mut records = dropout_runs();
    records[0].state = RunState::Diverged;
    let notes = compare(&records, &CompareOptions::default()).unwrap().notes;
    let line = "1 of 3 runs of baseline diverged: left out, which may flatter its mean";
    assert!(notes.iter().any(|note| note == line), "{notes:?}");
}

#[test]
fn thousands_of_configs_with_seeds_are_compared() {
    let record = |i: u32| {
        let rate = json!(f64::from(i / 2) * 1e-4);
        let test = 0.4 + 1e-5 * (i / 2) as f32 + 2e-2 * (i % 2) as f32;
        let last = row(200, 0.9, None, test);
        run(trial(&[("optimizer.learning_rate", rate)], u64::from(i % 2)), last, last)
    };
    let records: Vec<RunRecord> = (0..10_000).map(record).collect();
    let comparison = compare(&records, &CompareOptions::default()).unwrap();
    let line = "with these seeds, the best cannot be told apart from: ";
    assert!(comparison.notes.iter().any(|note| note.starts_with(line)));
    let line = "these seeds cannot show any difference from the best, however large"; // and not how many show 0.0
    assert!(comparison.notes.iter().any(|note| note == line), "{:?}", comparison.notes);
}

#[test]
fn evaluation_and_seeds_are_no_effects() {
    for (key, values) in [
        ("evaluation.every_epochs", [1, 2]),
        ("dataset.split_seed", [0, 1]),
        ("training.batch_seed", [0, 1]),
    ] {
        let records = [
            seeds(&[(key, json!(values[0]))], 0.94, 0.48, 0.003),
            seeds(&[(key, json!(values[1]))], 0.93, 0.50, 0.003),
        ];
        let text = shown(&records.concat(), None);
        let none = "no other config differs from it in a single training setting, so no effect";
        assert!(text.contains(none), "{text}");
    }
}

#[test]
fn no_gap_is_no_achievement() {
    let last_line = |train, test| {
        let records = [
            seeds(&[(DROPOUT, json!(0.2))], 0.67, 0.53, 0.003),
            seeds(&[(DROPOUT, json!(0.5))], train, test, 0.003),
        ];
        shown(&records.concat(), None).lines().last().unwrap().to_owned()
    };
    let ends = |line: String, end: &str| assert!(line.ends_with(end), "{line}");
    ends(
        last_line(0.10, 0.11),
        "n=3), dropout 0.5 lowers test accuracy by 42.0 points [-42.8, -41.2].",
    );
    ends(
        last_line(0.54, 0.55),
        "points of test accuracy [1.2, 2.8] and leaves no gap: train is 1.0 points below test.",
    );
}

#[test]
fn unfinished_failed_and_diverged_runs_are_in_no_mean() {
    let mut records = dropout_runs();
    let nan = row(3, f32::NAN, None, f32::NAN);
    records[1].state = RunState::Interrupted;
    records[2].state = RunState::Lost;
    (records[4].state, records[4].last) = (RunState::Failed, None);
    for record in &mut records[6..] {
        (record.state, record.last) = (RunState::Diverged, Some(nan));
    }
    insta::assert_snapshot!(shown(&records, None));
}

#[test]
fn finished_run_with_nan_is_last_and_never_best() {
    let mut records = dropout_runs();
    // 0/0 at run time on x86-64: the sign bit is set.
    let negative_nan = f32::from_bits(f32::NAN.to_bits() | 1 << 31);
    records[0].last = Some(row(200, negative_nan, None, negative_nan));
    insta::assert_snapshot!(shown(&records, None));
}

#[test]
fn missing_seeds_are_said() {
    let mut records = dropout_runs();
    records.truncate(7);
    insta::assert_snapshot!(shown(&records, None));
}

#[test]
fn single_config_tells_what_was_lost_after_the_best_epoch() {
    let mut records = seeds(&[], 0.94, 0.47, 0.003);
    records[0].experiments = vec!["cifar10_baseline".to_owned()];
    records.truncate(1);
    insta::assert_snapshot!(shown(&records, None));
    let three = seeds_with_val(&[], [0.94, 0.47, 0.48], 0.003);
    insta::assert_snapshot!(shown(&three, None));
}

#[test]
fn whole_table_axis_shows_what_is_chosen() {
    let optimizer = |table: Value, train, test| seeds(&[("optimizer", table)], train, test, 0.003);
    let sgd = json!({"kind": "sgd", "learning_rate": 0.1, "weight_decay": 0.0});
    let momentum = |momentum: f64| json!({"kind": "momentum", "learning_rate": 0.1, "momentum": momentum, "weight_decay": 0.0});
    let adam = json!({"kind": "adam", "learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999,
                      "eps": 1e-8, "weight_decay": 0.0});
    let records = [
        optimizer(sgd, 0.8, 0.50),
        optimizer(momentum(0.8), 0.85, 0.51),
        optimizer(momentum(0.9), 0.9, 0.52),
        optimizer(adam, 0.95, 0.49),
    ];
    insta::assert_snapshot!(shown(&records.concat(), None));
}

#[test]
fn seeds_that_agree_are_no_certainty() {
    let agreeing = |dropout: f64, test: f32| seeds(&[(DROPOUT, json!(dropout))], 0.9, test, 0.0);
    let records = [agreeing(0.0, 0.5), agreeing(0.2, 0.6)].concat();
    let text = shown(&records, None);
    let answer = "dropout 0.2 comes out highest in test accuracy (+10.0), but the seeds show no spread to judge \
                  it by: no change is shown.\n";
    assert!(text.ends_with(answer), "{text}");
    assert!(!text.contains("± 0") && !text.contains("points from the best are within"), "{text}");
    assert!(text.contains("over n seeds, no ± where they agree\n"), "{text}");
    // A config with a spread still has an interval, from its own spread.
    let lively = seeds(&[(DROPOUT, json!(0.5))], 0.9, 0.55, 0.1);
    let text = shown(&[records, lively].concat(), None);
    assert!(text.contains("none of 2 changes is shown to raise test accuracy"), "{text}");
}

#[test]
fn figures_say_of_which_weights_they_are() {
    let notes = |change: &dyn Fn(&mut RunRecord)| {
        let mut records = dropout_runs();
        records[..2].iter_mut().for_each(change);
        compare(&records, &CompareOptions::default()).unwrap().notes
    };
    let restored = notes(&|run| run.model_epoch = Some(30));
    let line = "restore_best kept the weights of another epoch in 2 of 9 runs: these figures are \
                not those of model.safetensors; `--epoch model` shows those";
    assert!(restored.contains(&line.to_owned()), "{restored:?}");
    let to_the_end = notes(&|run| run.model_epoch = Some(200));
    assert!(!to_the_end.iter().any(|note| note.contains("restore_best")), "{to_the_end:?}");
    let mut averaged = dropout_runs();
    averaged.iter_mut().for_each(|run| set(run, "training", "ema_decay", json!(0.99)));
    let notes = compare(&averaged, &CompareOptions::default()).unwrap().notes;
    let line = "figures are of averages of the weights (ema_decay)";
    assert!(notes.contains(&line.to_owned()), "{notes:?}");
}

#[test]
fn other_data_and_other_numerics_make_no_replicates() {
    let mut records = seeds(&[], 0.94, 0.47, 0.003);
    records[1].provenance.numerics = 2;
    records[2].provenance.data_sha256 = "ef".repeat(32);
    insta::assert_snapshot!(shown(&records, None));
}

/// One program uses different numerics for different networks; that is not a difference between runs.
#[test]
fn networks_with_numerics_of_their_own_are_told_by_their_networks_alone() {
    let mut convnets = seeds(&[("network.kind", json!("deep_convnet"))], 0.9, 0.7, 0.003);
    convnets.iter_mut().for_each(|run| run.provenance.numerics += 1);
    let text = shown(&[seeds(&[], 0.94, 0.47, 0.003), convnets].concat(), None);
    assert!(!text.contains("numerics"), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn some_with_and_some_without_validation_say_which_chose() {
    let with = seeds_with_val(&[], [0.9, 0.47, 0.48], 0.003);
    let records = [seeds(&[], 0.94, 0.47, 0.003), with];
    insta::assert_snapshot!(shown(&records.concat(), None));
}
