//! Names of configs, and which of them is the baseline.

use serde_json::{Value, json};

use super::*;
use crate::analysis::settings::flatten_all;
use crate::runs::samples::trial;

type Change = (&'static str, Value);

/// The names of trials with these changes, and the baseline.
fn named(changes: &[&[Change]], roles: &[ConfigRole]) -> (Vec<String>, Option<Baseline>) {
    let trials: Vec<Value> = changes.iter().map(|changes| trial(changes, 0)).collect();
    let settings = flatten_all(trials.iter());
    let varied = varied_keys(&settings);
    let plain = ConfigRole::default();
    let roles = roles.iter().chain(std::iter::repeat(&plain));
    let configs: Vec<Unnamed<'_>> =
        settings.iter().zip(roles).map(|(settings, role)| Unnamed { settings, role }).collect();
    let baseline = find_baseline(&configs, &varied);
    (names(&configs, &varied, baseline.map(|found| found.index)), baseline)
}

fn dropout(rate: f64) -> Change {
    ("network.dropout", json!(rate))
}

fn decay(strength: f64) -> Change {
    ("optimizer.weight_decay", json!(strength))
}

fn variant(name: &str) -> ConfigRole {
    ConfigRole { variant: Some(name.to_owned()), ..ConfigRole::default() }
}

#[test]
fn what_differs_from_the_rest_in_one_setting_is_compared_with_the_rest() {
    let changes: [&[Change]; 3] = [&[decay(0.1)], &[], &[dropout(0.2)]];
    let (names, baseline) = named(&changes, &[]);
    assert_eq!(names, ["weight decay 0.1", "baseline", "dropout 0.2"]);
    assert_eq!(baseline, Some(Baseline { index: 1, choice: BaselineChoice::MostShared }));
}

#[test]
fn the_file_says_which_config_is_the_baseline() {
    let of_file = ConfigRole { is_baseline: true, ..ConfigRole::default() };
    let changes: [&[Change]; 3] = [&[], &[dropout(0.2)], &[dropout(0.5)]];
    let (names, baseline) = named(&changes, &[ConfigRole::default(), of_file]);
    assert_eq!(names, ["no dropout", "baseline", "dropout 0.5"]);
    assert_eq!(baseline, Some(Baseline { index: 1, choice: BaselineChoice::File }));
}

#[test]
fn of_a_whole_product_the_config_that_uses_the_least_is_the_baseline() {
    let changes: [&[Change]; 4] =
        [&[dropout(0.2)], &[], &[dropout(0.2), decay(0.1)], &[decay(0.1)]];
    let (names, _) = named(&changes, &[]);
    assert_eq!(
        names,
        ["dropout 0.2", "baseline", "dropout 0.2, weight decay 0.1", "weight decay 0.1"]
    );
}

#[test]
fn variants_have_their_names_and_those_of_a_grid_say_their_point_too() {
    let changes: [&[Change]; 4] =
        [&[], &[dropout(0.2)], &[decay(0.1)], &[dropout(0.2), decay(0.1)]];
    let roles = [ConfigRole::default(), variant("more"), ConfigRole::default(), variant("more")];
    let (names, _) = named(&changes, &roles);
    assert_eq!(
        names,
        ["baseline", "more, no weight decay", "weight decay 0.1", "more, weight decay 0.1"]
    );
}

#[test]
fn counts_of_examples_are_said_beside_those_of_the_baseline() {
    let examples = |count: u64| ("dataset.train_examples", json!(count));
    let changes: [&[Change]; 3] =
        [&[examples(10_000)], &[examples(10_000), dropout(0.2)], &[examples(45_000)]];
    let (names, _) = named(&changes, &[]);
    assert_eq!(names[2], "45,000 training examples instead of 10,000");
}

#[test]
fn shares_and_all_of_the_examples_are_said_in_words() {
    let share = |share: f64| ("dataset.train_fraction", json!(share));
    let changes: [&[Change]; 4] = [&[share(0.1)], &[share(0.07)], &[], &[dropout(0.2)]];
    let of_file = ConfigRole { is_baseline: true, ..ConfigRole::default() };
    let (names, _) = named(&changes, &[of_file]);
    assert_eq!(names[1], "7 % of the training examples");
    assert_eq!(names[2], "all 50,000 training examples");
    assert_eq!(names[3], "all 50,000 training examples, dropout 0.2");
}

#[test]
fn points_of_a_search_have_no_baseline() {
    let changes: Vec<Vec<Change>> = (0..20).map(|n| vec![dropout(f64::from(n) / 40.0)]).collect();
    let changes: Vec<&[Change]> = changes.iter().map(Vec::as_slice).collect();
    let (names, baseline) = named(&changes, &[]);
    assert_eq!(baseline, None);
    assert_eq!(names[1], "dropout 0.025");
}

#[test]
fn no_two_configs_share_a_name() {
    let same = [variant("a"), variant("a"), ConfigRole::default()];
    let changes: [&[Change]; 3] = [&[dropout(0.2)], &[dropout(0.3)], &[]];
    let (names, _) = named(&changes, &same);
    assert_eq!(names, ["a, dropout 0.2", "a, dropout 0.3", "baseline"]);
}

#[test]
fn the_baseline_is_described_by_what_varies_and_not_at_length() {
    let share = |part: f64| ("dataset.train_fraction", json!(part));
    let described = |changes: &[&[Change]]| {
        let trials: Vec<Value> = changes.iter().map(|changes| trial(changes, 0)).collect();
        let settings = flatten_all(trials.iter());
        in_words(&settings[0], &varied_keys(&settings))
    };
    assert_eq!(described(&[&[], &[dropout(0.5)], &[decay(0.1)]]), "no dropout, no weight decay");
    let shares: [&[Change]; 2] = [&[share(1.0)], &[share(0.1)]];
    assert_eq!(described(&shares), "all 50,000 training examples");
    let keys = ["a", "b", "c", "d", "e", "f", "g"].map(|key| format!("network.{key}"));
    let settings: Settings = keys.iter().map(|key| (key.clone(), json!(1))).collect();
    assert_eq!(in_words(&settings, &keys), "a 1, b 1, c 1, d 1 and 3 more settings");
}

#[test]
fn points_of_a_search_have_no_baseline_however_few_they_are() {
    let drawn =
        || ConfigRole { drawn: vec!["network.dropout".to_owned()], ..ConfigRole::default() };
    let changes: [&[Change]; 3] = [&[], &[dropout(0.2)], &[dropout(0.5)]];
    let roles = [drawn(), drawn(), drawn()];
    assert_eq!(
        named(&changes, &roles),
        (["no dropout", "dropout 0.2", "dropout 0.5"].map(str::to_owned).to_vec(), None)
    );
    // One that the file asks for besides is what they are compared with.
    let of_file = ConfigRole { is_baseline: true, ..ConfigRole::default() };
    let (names, baseline) = named(&changes, &[of_file, drawn(), drawn()]);
    assert_eq!(names, ["baseline", "dropout 0.2", "dropout 0.5"]);
    assert_eq!(baseline, Some(Baseline { index: 0, choice: BaselineChoice::File }));
}

#[test]
fn a_point_is_called_after_what_was_drawn_alone() {
    let changes: [&[Change]; 4] = [
        &[dropout(0.1), decay(0.1)],
        &[dropout(0.1), decay(0.2)],
        &[dropout(0.3), decay(0.1)],
        &[dropout(0.3), decay(0.2)],
    ];
    let trials: Vec<Value> = changes.iter().map(|changes| trial(changes, 0)).collect();
    let of = |drawn: &str| drawn_label(&trials, 2, &[drawn.to_owned()]);
    assert_eq!((&*of("network.dropout"), &*of("network")), ("dropout 0.3", "dropout 0.3"));
    assert_eq!((&*of("network.drop"), &*of("training.epochs")), ("", ""));
}
