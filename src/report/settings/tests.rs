//! Which settings vary, and what they are called.

use serde_json::json;

use super::super::trial_tables::TrialTables;
use super::*;

fn all(trials: &[Value]) -> Vec<Settings> {
    flatten_all(trials.iter())
}

#[test]
fn keys_that_a_kind_brings_along_do_not_vary_by_themselves() {
    let all = all(&[
        json!({"optimizer": {"kind": "sgd", "learning_rate": 0.1}}),
        json!({"optimizer": {"kind": "momentum", "learning_rate": 0.1, "momentum": 0.9}}),
        json!({"optimizer": {"kind": "adagrad", "learning_rate": 0.01, "eps": 1e-10}}),
        json!({"optimizer": {"kind": "adam", "learning_rate": 0.01, "eps": 1e-8}}),
    ]);
    let varied = varied_keys(&all);
    assert_eq!(varied, ["optimizer.kind", "optimizer.learning_rate"]);
    assert_eq!(keys_that_differ(&all[0], &all[1], &varied), ["optimizer.kind"]);
    assert_eq!(keys_that_differ(&all[0], &all[2], &varied).len(), 2);
    assert_eq!(label(&all[1], &varied), "momentum, learning rate 0.1");
}

#[test]
fn chosen_momentum_varies_and_sgd_has_none() {
    let all = all(&[
        json!({"optimizer": {"kind": "sgd"}}),
        json!({"optimizer": {"kind": "momentum", "momentum": 0.8}}),
        json!({"optimizer": {"kind": "momentum", "momentum": 0.9}}),
    ]);
    let varied = varied_keys(&all);
    assert_eq!(varied, ["optimizer.kind", "optimizer.momentum"]);
    assert_eq!(keys_that_differ(&all[0], &all[1], &varied), ["optimizer.kind"]);
    assert_eq!(keys_that_differ(&all[1], &all[2], &varied), ["optimizer.momentum"]);
    assert_eq!(label(&all[0], &varied), "sgd");
}

#[test]
fn plain_value_beside_table_stays_one_key() {
    let all = all(&[
        json!({"network": {"weight_init": "he"}}),
        json!({"network": {"weight_init": {"normal": {"std": 0.01}}}}),
    ]);
    let varied = varied_keys(&all);
    assert_eq!(varied, ["network.weight_init"]);
    assert_eq!(label(&all[0], &varied), "weight init he");
    assert_eq!(label(&all[1], &varied), "weight init normal(std=0.01)");
}

#[test]
fn differing_settings_are_those_of_all_that_are_not_the_same() {
    let trials = [
        json!({"a": {"kind": "x", "same": 1, "init": {"normal": {"std": 0.1}}}, "b": {"c": 1}}),
        json!({"a": {"kind": "x", "same": 1, "init": {"normal": {"std": 0.2}}}, "b": {"c": 1}}),
        json!({"a": {"kind": "y", "same": 1, "init": "he", "more": [1]}, "b": {"c": 1}}),
        json!({}),
    ];
    let trials = trials.map(TrialTables::from);
    let all = |some: &[TrialTables]| flatten_all(some.iter().map(TrialTables::value));
    let flattened = |some: &[TrialTables]| {
        let differing = Differing::between(some.iter());
        let parts: Vec<Value> = some.iter().map(|trial| differing.part_of(trial)).collect();
        flatten_all(parts.iter())
    };
    for some in [&trials[..2], &trials[..3], &trials[..1], &trials[..]] {
        let (few, all) = (flattened(some), all(some));
        assert_eq!(varied_keys(&few), varied_keys(&all));
        for (few, all) in few.iter().zip(&all) {
            assert!(few.iter().all(|(key, value)| all.get(key) == Some(value)), "{few:?}");
        }
    }
    let keys = flattened(&trials[..2]);
    assert_eq!(keys[0].keys().collect::<Vec<_>>(), ["a.init.normal.std"]);
    let mut differing = Differing::between(trials[..2].iter());
    differing.forget("a", "init");
    assert_eq!(differing.part_of(&trials[0]), json!({}));
}

#[test]
fn control_characters_in_keys_are_spelled_out() {
    let settings = flatten_one(&json!({"network": {"batch_n\u{7f}rm": false, "x\u{1b}": 1}}));
    let keys: Vec<String> = settings.keys().cloned().collect();
    assert_eq!(label(&settings, &keys), r"no batch n\u{7f}rm, x\u{1b} 1");
}

#[test]
fn labels_read_like_words() {
    let settings = flatten_one(&json!({
        "network": {"dropout": 0.0, "batch_norm": true, "hidden_sizes": [100, 50]},
        "dataset": {"kind": "synthetic", "seed": 0},
        "optimizer": {"eps": 0.0},
    }));
    let words = |keys: &[&str]| {
        let keys: Vec<String> = keys.iter().map(|k| (*k).to_owned()).collect();
        label(&settings, &keys)
    };
    assert_eq!(words(&["network.dropout", "network.batch_norm"]), "no dropout, batch norm");
    assert_eq!(words(&["network.hidden_sizes"]), "hidden sizes [100, 50]");
    assert_eq!(words(&["dataset.kind", "dataset.seed"]), "synthetic, seed 0");
    assert_eq!(words(&["optimizer.eps"]), "eps 0");
    assert_eq!(words(&["dataset.train_examples"]), "default train examples");
}
