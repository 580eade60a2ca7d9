//! What expressions mean, and their errors word for word.

use serde_json::json;

use super::*;
use crate::runs::record::RunState;
use crate::runs::samples::{seeds, seeds_with_val, set};

/// Adam and SGD, three seeds each; SGD has a validation split, one of its runs diverged.
fn records() -> Vec<RunRecord> {
    let adam = json!({"kind": "adam", "learning_rate": 0.001, "beta1": 0.9});
    let sgd = json!({"kind": "sgd", "learning_rate": 0.1});
    let mut records = seeds(&[("optimizer", adam)], 0.94, 0.53, 0.01);
    let init = json!({"normal": {"std": 0.01}});
    let sgd = [("optimizer", sgd), ("network.weight_init", init)];
    records.extend(seeds_with_val(&sgd, [0.7, 0.5, 0.49], 0.0));
    (records[5].state, records[5].last) = (RunState::Diverged, None);
    records[0].experiments.push("second".to_owned());
    records
}

/// Which of the six runs match the expression, such as `012...`.
#[track_caller]
fn kept(text: &str) -> String {
    let records = records();
    let filter = match Filter::parse(text, &records, false) {
        Ok(filter) => filter,
        Err(error) => panic!("{error}"),
    };
    let mark = |(at, run)| if filter.holds(run) { format!("{at}") } else { ".".to_owned() };
    records.iter().enumerate().map(mark).collect()
}

#[track_caller]
fn error(text: &str) -> String {
    let error = Filter::parse(text, &records(), false).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    error.to_string()
}

#[test]
fn settings_figures_and_words_are_compared() {
    assert_eq!(kept("optimizer.kind == \"adam\""), "012...");
    assert_eq!(kept("optimizer.kind == 'adam' && test_accuracy > 0.53"), "..2...");
    assert_eq!(kept("test_accuracy >= 53%"), ".12...");
    assert_eq!(kept("learning_rate < 0.01"), "012...");
    assert_eq!(kept("seed == 1 || state == \"diverged\""), "0..3.5");
    assert_eq!(kept("seed in [1, 3] and not optimizer.kind == 'sgd'"), "0.2...");
    assert_eq!(kept("seed not in [1, 3]"), ".1..4.");
    assert_eq!(kept("batch_norm"), "012345");
    assert_eq!(kept("!batch_norm || false"), "......");
    assert_eq!(kept("network.hidden_sizes == [100, 100, 50]"), "012345");
    assert_eq!(kept("hidden_sizes in [[100], [50, 50]]"), "......");
    assert_eq!(kept("experiment == 'second'"), "0.....");
    assert_eq!(kept("experiment != 'second'"), ".12345");
    assert_eq!(kept("evaluation.test == 'every'"), "012345", "a default that trials leave out");
    assert_eq!(kept("train_loss < test_loss"), "01234.");
    assert_eq!(kept("0.3 < gap"), "012...");
    assert_eq!(kept("std == 0.01"), "...345");
    assert_eq!(kept(&format!("id == '{}'", records()[4].id)), "....4.");
}

#[test]
fn and_binds_stronger_than_or_and_not_strongest() {
    assert_eq!(kept("seed == 1 || seed == 2 && optimizer.kind == 'sgd'"), "0..34.");
    assert_eq!(kept("(seed == 1 || seed == 2) && optimizer.kind == 'sgd'"), "...34.");
    assert_eq!(kept("!(seed == 1) && !!(seed != 2)"), "..2..5");
}

#[test]
fn what_a_run_does_not_have_equals_nothing() {
    assert_eq!(kept("optimizer.beta1 == 0.9"), "012...");
    assert_eq!(kept("optimizer.beta1 != 0.9"), "...345", "the opposite of ==");
    assert_eq!(kept("optimizer.beta1 < 1 || optimizer.beta1 >= 1"), "012...");
    assert_eq!(kept("val_accuracy > 0.1"), "...34.");
    assert_eq!(kept("optimizer.momentum == 0.9"), "......", "a key of another optimizer");
    assert_eq!(kept("weight_init == 'lecun'"), "012...");
}

#[test]
fn errors_point_at_what_is_wrong() {
    let wrong = [
        "network.droput > 0.1 && test_acuracy > 0.5",
        "kind == 'adam'",
        "optimizer.kind < 3",
        "optimizer.kind == 3",
        "\"a\" < 3",
        "test_accuracy > 53.2",
        "state == 'finishd'",
        "seed in [1, 'two']",
        "dropout",
        "optimizer.kind = 'adam'",
        "optimizer.kind == 'adam",
        "0.1 < dropout < 0.5",
        "(seed == 1",
        "seed == 1 seed == 2",
        "seed ==",
        "seed in 1",
        "seed not 1",
        "",
        "a\u{1b}[31m == 1",
        "seed == 1\n  && sed == 2",
    ];
    let shown = wrong.map(|text| format!("{}\n", error(text)));
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn depth_is_limited_and_long_chains_are_not() {
    let nested = |n| format!("{}seed == 1{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(kept(&nested(60)), "0..3..");
    assert!(error(&nested(100_000)).contains("nested too deep"));
    assert!(error(&format!("hidden_sizes == {}", "[".repeat(100_000))).contains("nested too deep"));
    let chain = vec!["seed == 1"; 10_000].join(" && ");
    assert_eq!(kept(&chain), "0..3..");
    assert_eq!(kept(&format!("{}batch_norm", "!".repeat(100_000))), "012345");
}

#[test]
fn no_text_makes_it_panic() {
    let parts = [
        "seed", "==", "'", "\"", "(", ")", "[", "]", ",", "1e", "-", "!", "&&", "in", "ä", "\\",
        "%",
    ];
    let records = records();
    // Every text of three parts, truncated at every byte.
    for first in parts {
        for second in parts {
            for third in parts {
                let text = format!("{first}{second} {third}");
                let _ = Filter::parse(&text, &records[..1], false);
            }
        }
    }
}

#[test]
fn nothing_left_is_an_error_that_says_so() {
    assert_eq!(keep_where(records(), "seed == 2", false).unwrap().len(), 2);
    let error = keep_where(records(), "seed == 9", false).unwrap_err();
    assert_eq!(error.exit_code(), 4);
    assert_eq!(error.to_string(), "none of the 6 runs matches --where 'seed == 9'");
}

#[test]
fn whole_numbers_are_compared_by_all_of_their_digits() {
    let mut records = seeds(&[], 0.9, 0.5, 0.0);
    for (record, seed) in records.iter_mut().zip(9_007_199_254_740_992_u64..) {
        set(record, "training", "seeds", json!([seed]));
        set(record, "dataset", "split_seed", json!(seed));
    }
    let kept = |text: &str| {
        let filter = Filter::parse(text, &records, false).unwrap();
        records.iter().map(|run| if filter.holds(run) { 'x' } else { '.' }).collect::<String>()
    };
    for name in ["seed", "split_seed"] {
        assert_eq!(kept(&format!("{name} == 9007199254740993")), ".x.");
        assert_eq!(kept(&format!("{name} > 9007199254740992")), ".xx");
        assert_eq!(kept(&format!("{name} in [9007199254740992, 9007199254740994]")), "x.x");
        assert_eq!(kept(&format!("{name} >= 9007199254740992.0")), "xxx");
    }
}
