//! Which settings vary, and their names.

use serde_json::json;

use super::*;
use crate::runs::trial_tables::TrialTables;
use crate::table::value::toml_text;

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
fn tables_that_may_be_left_out_are_one_choice() {
    let stopping = json!({"patience": 5, "min_delta": 0.0, "monitor": "val_loss"});
    let all = all(&[
        json!({"training": {"epochs": 3}}),
        json!({"training": {"epochs": 3, "early_stopping": stopping}}),
    ]);
    let varied = varied_keys(&all);
    assert_eq!(varied, ["training.early_stopping.patience"]);
    assert_eq!(label(&all[0], &varied), "no early stopping");
    assert_eq!(label(&all[1], &varied), "patience 5");
    let cosine = json!({"kind": "cosine", "final_fraction": 0.0, "warmup_start_fraction": 0.0});
    let all = self::all(&[json!({}), json!({"schedule": cosine})]);
    let varied = varied_keys(&all);
    assert_eq!(varied, ["schedule.kind"]);
    assert_eq!([0, 1].map(|i| label(&all[i], &varied)), ["constant", "cosine"]);
    let all = self::all(&[
        json!({"training": {"label_smoothing": 0.1}}),
        json!({"training": {"clip_norm": 1.0}}),
    ]);
    let labels = [0, 1].map(|i| label(&all[i], &varied_keys(&all)));
    assert_eq!(labels, ["no clip norm, label smoothing 0.1", "clip norm 1, no label smoothing"]);
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
        let differing = DifferingKeys::between(some.iter());
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
    let mut differing = DifferingKeys::between(trials[..2].iter());
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

fn network(layers: &Value) -> Value {
    json!({"network": {"kind": "layers", "layers": layers}})
}

#[test]
fn elements_that_differ_are_keys_by_name_or_number() {
    let layers = |filters: u32, rate: f64| {
        network(&json!([
            {"kind": "conv2d", "name": "conv1", "filters": filters},
            {"kind": "relu"},
            {"kind": "dropout", "rate": rate},
        ]))
    };
    let all = all(&[layers(30, 0.0), layers(60, 0.0), layers(60, 0.5)]);
    let varied = varied_keys(&all);
    assert_eq!(varied, ["network.layers.2.rate", "network.layers.conv1.filters"]);
    assert_eq!(label(&all[0], &varied), "no rate, filters 30");
    assert_eq!(short_key(&varied[1], &varied).as_deref(), Some("filters"));
}

#[test]
fn keys_of_elements_are_as_long_as_it_takes() {
    let keys = ["conv1.filters", "conv2.filters", "2.rate", "10.rate", "conv1.kind"];
    let keys = keys.map(|key| format!("network.layers.{key}"));
    let short = keys.each_ref().map(|key| short_key(key, &keys).unwrap());
    let expected = ["conv1.filters", "conv2.filters", "layers.2.rate", "layers.10.rate"];
    assert_eq!(short[..4], expected);
    assert_eq!(short[4], "conv1.kind");
    let settings = Settings::from([(keys[2].clone(), json!(0.5)), (keys[0].clone(), json!(30))]);
    assert_eq!(
        label(&settings, &keys[..4]),
        "conv1 filters 30, default conv2 filters, \
        layers 2 rate 0.5, default layers 10 rate"
    );
}

#[test]
fn lists_of_other_lengths_are_one_key_or_elements_by_number() {
    let trials = [
        network(&json!([{"kind": "linear", "units": 5}, {"kind": "relu", "name": "last"}])),
        network(&json!([{"kind": "relu", "name": "last"}])),
        network(&json!([{"kind": "relu", "name": "other"}])),
    ];
    let whole = all(&trials);
    assert_eq!(varied_keys(&whole), ["network.layers"]);
    let text = value_text(&whole[0]["network.layers"]);
    assert_eq!(text, "[linear(units=5), relu]");
    let text = toml_text(&whole[0]["network.layers"]);
    assert_eq!(text, r#"[{ kind = "linear", units = 5 }, { kind = "relu" }]"#);
    let each = flatten_each(trials.iter());
    let keys: Vec<&str> = each[0].keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "network.kind",
            "network.layers.0.kind",
            "network.layers.0.units",
            "network.layers.1.kind",
        ]
    );
    let renamed = all(&trials[1..]);
    assert!(varied_keys(&renamed).is_empty());
    assert_eq!(flatten_one(&trials[1])["network.layers.0.name"], json!("last"));
}

#[test]
fn a_list_that_only_one_kind_has_is_no_choice_of_its_own() {
    let layers = |rate: f64| network(&json!([{"kind": "relu"}, {"kind": "dropout", "rate": rate}]));
    let mlp = json!({"network": {"kind": "mlp", "dropout": 0.5}});
    let one = all(&[mlp.clone(), layers(0.1)]);
    assert_eq!(varied_keys(&one), ["network.kind"]);
    let two = all(&[mlp, layers(0.1), layers(0.2)]);
    let varied = varied_keys(&two);
    assert_eq!(varied, ["network.kind", "network.layers.1.rate"]);
    assert_eq!(keys_that_differ(&two[0], &two[1], &varied), ["network.kind"]);
    assert_eq!(label(&two[0], &varied), "mlp");
    assert_eq!(label(&two[2], &varied), "layers, rate 0.2");
}

#[test]
fn lists_within_elements_are_flat_too() {
    let block = |rate: f64| {
        let inner = json!([{"kind": "dropout", "rate": rate}]);
        network(&json!([{"kind": "residual", "name": "block", "layers": inner}]))
    };
    let trials = [block(0.1), block(0.2)];
    assert_eq!(varied_keys(&all(&trials)), ["network.layers.block.layers.0.rate"]);
    let one = flatten_one(&trials[0]);
    assert_eq!(one["network.layers.0.layers.0.rate"], json!(0.1));
}

#[test]
fn differing_parts_of_lists_are_those_of_the_whole() {
    let layers = |rate: f64, last: &str| {
        network(&json!([{"kind": "dropout", "rate": rate}, {"kind": last, "name": "act"}]))
    };
    let short = network(&json!([{"kind": "relu"}]));
    let trials =
        [layers(0.1, "relu"), layers(0.2, "gelu"), layers(0.1, "gelu"), short, json!({}), json!(5)];
    let trials = trials.map(TrialTables::from);
    for some in [&trials[..2], &trials[..3], &trials[2..4], &trials[..4], &trials[..]] {
        let differing = DifferingKeys::between(some.iter());
        let parts: Vec<Value> = some.iter().map(|trial| differing.part_of(trial)).collect();
        let all = flatten_all(some.iter().map(TrialTables::value));
        assert_eq!(varied_keys(&flatten_all(parts.iter())), varied_keys(&all));
    }
    let all = flatten_all(trials[..2].iter().map(TrialTables::value));
    assert_eq!(varied_keys(&all), ["network.layers.0.rate", "network.layers.act.kind"]);
}

#[test]
fn what_elements_are_called_makes_no_other_config() {
    let layers = |name: &str, rate: f64| {
        network(&json!([{"kind": "dropout", "name": name, "rate": rate}, {"kind": "relu"}]))
    };
    let trials = [layers("a", 0.1), layers("b", 0.1), layers("b", 0.2)].map(TrialTables::from);
    let differing = DifferingKeys::between(trials.iter());
    let parts = trials.each_ref().map(|trial| differing.part_of(trial));
    assert_eq!(parts[0], parts[1]);
    assert_eq!(parts[2], json!({"network": {"layers": {"0": {"rate": 0.2}}}}));
    let whole = [layers("a", 0.1), layers("b", 0.1), json!({"network": 1})].map(TrialTables::from);
    let differing = DifferingKeys::between(whole.iter());
    assert_eq!(differing.part_of(&whole[0]), differing.part_of(&whole[1]));
}
