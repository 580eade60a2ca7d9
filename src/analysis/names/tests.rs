//! What names mean.

use serde_json::json;

use super::*;
use crate::runs::samples::seeds;

fn names() -> Names {
    let init = json!({"normal": {"std": 0.01}});
    let records =
        [seeds(&[], 0.9, 0.5, 0.0), seeds(&[("network.weight_init", init)], 0.9, 0.5, 0.0)];
    Names::of(&records.concat())
}

fn key(name: &str) -> Name {
    Name::Setting(name.to_owned())
}

#[test]
fn whole_keys_figures_words_and_ends_of_keys_are_names() {
    let names = names();
    let resolved = |name| names.resolve(name).unwrap();
    assert_eq!(resolved("network.dropout"), key("network.dropout"));
    assert_eq!(resolved("dropout"), key("network.dropout"));
    assert_eq!(resolved("std"), key("network.weight_init.normal.std"));
    assert_eq!(resolved("normal.std"), key("network.weight_init.normal.std"));
    assert_eq!(resolved("gap"), Name::Figure(Figure::Gap));
    assert_eq!(resolved("test"), Name::Figure(Figure::TestAccuracy));
    assert_eq!(resolved("evaluation.test"), key("evaluation.test"));
    assert_eq!(resolved("beta1"), key("optimizer.beta1"), "a key that none of the runs has");
    assert_eq!(resolved("seed"), Name::Seed);
}

#[test]
fn elements_of_lists_are_named_by_number_and_by_name() {
    let layers = json!([{"kind": "conv2d", "name": "conv1", "filters": 30}, {"rate": 0.5}]);
    let records = seeds(&[("network.layers", layers)], 0.9, 0.5, 0.0);
    let names = Names::of(&records);
    for name in ["network.layers.0.filters", "network.layers.conv1.filters"] {
        assert_eq!(names.resolve(name), Ok(key(name)));
        assert_eq!(names.kinds(&key(name)), ValueTypes::NUMBER);
        assert_eq!(setting(&records[0].trial, name), Some(&json!(30)));
    }
    assert_eq!(names.resolve("filters"), Ok(key("network.layers.0.filters")));
    assert_eq!(names.resolve("conv1.filters"), Ok(key("network.layers.conv1.filters")));
    assert_eq!(names.resolve("layers.1.rate"), Ok(key("network.layers.1.rate")));
    assert_eq!(names.kinds(&key("network.layers")), ValueTypes::LIST);
    for name in ["network.layers.9.rate", "network.layers.conv2.rate", "network.layers.-1"] {
        assert_eq!(setting(&records[0].trial, name), None);
    }
}

#[test]
fn types_are_those_of_all_runs() {
    let names = names();
    let words = |name: &str| names.kinds(&names.resolve(name).unwrap()).words();
    assert_eq!(words("weight_init"), "text or a table");
    assert_eq!(words("dropout"), "a number");
    assert_eq!(words("batch_norm"), "true or false");
    assert_eq!(words("hidden_sizes"), "a list");
    assert_eq!(names.kinds(&key("optimizer.beta1")), ValueTypes::ANY);
}

#[test]
fn unknown_and_ambiguous_names_say_what_is_meant() {
    let names = names();
    let help = |name: &str| names.resolve(name).unwrap_err().help;
    assert_eq!(help("droput"), "did you mean `dropout`?");
    assert_eq!(help("network.droput"), "did you mean `network.dropout`?");
    assert_eq!(help("test_acuracy"), "did you mean `test_accuracy`?");
    assert_eq!(
        help("kind"),
        "write the whole key: `dataset.kind`, `network.kind`, `optimizer.kind`"
    );
    assert!(help("flavour").starts_with("a name is a setting such as"), "{}", help("flavour"));
    assert!(help("").starts_with("a name is"));
    let accuracy = "did you mean `test_accuracy`? (or `train_accuracy`, `val_accuracy`)";
    assert_eq!(help("accuracy"), accuracy);
    assert_eq!(help("lr"), "did you mean `optimizer.learning_rate`?");
    assert_eq!(help("network.learning_rate"), "did you mean `optimizer.learning_rate`?");
}
