//! Networks as lists of layers: axes and overrides that reach into them, and their errors.

use runner::experiment::Trial;
use serde_json::Value;

use super::read;

const EXPERIMENT: &str = r#"
dataset.kind = "synthetic"
optimizer.kind = "sgd"
training.epochs = 2

[network]
kind = "layers"

[[network.layers]]
name = "conv1"
kind = "conv2d"
filters = 4
kernel_size = 3
padding = 1

[[network.layers]]
kind = "dropout"
rate = 0.0

[[network.layers]]
name = "block"
kind = "residual"
layers = [{ kind = "conv2d", filters = 4, kernel_size = 3, padding = 1 }, { kind = "relu", name = "act" }]

[[network.layers]]
kind = "flatten"

[[network.layers]]
kind = "linear"
"#;

/// The values at some pointers into `network.layers` of each trial.
fn values(grid: &str, sets: &[&str], pointers: &[&str]) -> Vec<String> {
    let experiment = read(format!("{EXPERIMENT}{grid}").as_bytes(), sets);
    let trials = experiment.unwrap_or_else(|error| panic!("{error}")).trials;
    let value = |json: &Value, pointer: &&str| {
        let value = json.pointer(&format!("/network/layers{pointer}"));
        value.map_or("-".to_owned(), Value::to_string)
    };
    let row = |trial: &Trial| {
        let json = trial.to_json();
        pointers.iter().map(|pointer| value(&json, pointer)).collect::<Vec<_>>().join(" ")
    };
    trials.iter().map(row).collect()
}

fn errors(grid: &str, sets: &[&str]) -> String {
    let experiment = read(format!("{EXPERIMENT}{grid}").as_bytes(), sets);
    experiment.expect_err("the file is invalid").to_string()
}

#[test]
fn axes_overrides_and_exclusions_reach_layers() {
    let grid = "[grid]\nnetwork.layers.conv1.filters = [4, 8]\nnetwork.layers.1.rate = [0, 0.5]\n\
        [[exclude]]\nnetwork.layers.0.filters = 8\nnetwork.layers.1.rate = 0.5\n\
        network.layers.0.bias = true";
    let pointers = ["/0/filters", "/1/rate"];
    // The block has to have as many channels as conv1.
    let sets = ["network.layers.block.shortcut=projection"];
    assert_eq!(values(grid, &sets, &pointers), ["4 0.0", "4 0.5", "8 0.0"]);
    let sets = ["network.layers.0.filters=4", "network.layers.block.layers.act.kind=tanh"];
    let pointers = ["/0/filters", "/1/rate", "/2/layers/1/kind"];
    assert_eq!(values(grid, &sets, &pointers), [r#"4 0.0 "tanh""#, r#"4 0.5 "tanh""#]);
}

#[test]
fn layers_that_the_list_has_not_and_keys_that_layers_have_not_are_errors() {
    let grid = r#"
[grid]
"network.layers.7.rate" = [0.1]
"network.layers.conv2.filters" = [2]
"network.layers.1.rat" = [0.1]
"network.layers.3.rate" = [0.1]
"network.layers.block.layers.0.stride" = [0]
"network.hidden_sizes" = [[5]]
"#;
    insta::assert_snapshot!(errors(grid, &["network.layers.blok.shortcut=pad"]));
}

#[test]
fn a_layer_that_does_not_fit_at_a_grid_point_is_an_error_there() {
    insta::assert_snapshot!(errors("[grid]\nnetwork.layers.conv1.filters = [4, 8]", &[]));
}

#[test]
fn names_of_layers_are_unique_names() {
    let sets = ["network.layers.1.name=conv1", "network.layers.3.name=\"4\""];
    insta::assert_snapshot!(errors("", &sets));
}

#[test]
fn trial_toml_of_a_list_reads_back_as_the_same_trial() {
    let grid = r#"[[grid]]
        "network.layers.conv1.filters" = [4]
        "network.layers.1" = [{ kind = "batch_norm" }, { kind = "leaky_relu", negative_slope = 0.2 }]
        "network.weight_init" = ["he", { normal = { std = 0.1 } }]
        [[grid]]
        "network.layers" = [[{ kind = "flatten" }, { kind = "linear" }]]"#;
    let experiment = read(format!("{EXPERIMENT}{grid}").as_bytes(), &[]);
    let trials = experiment.unwrap_or_else(|error| panic!("{error}")).trials;
    assert_eq!(trials.len(), 5);
    for trial in trials {
        let text = trial.to_toml();
        let again = read(text.as_bytes(), &[]).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(again.trials, std::slice::from_ref(&trial));
        assert_eq!(again.trials[0].id(), trial.id());
    }
}

#[test]
fn id_is_of_the_layers_in_their_order_whatever_they_are_called() {
    let id = |sets: &[&str]| {
        let experiment = read(EXPERIMENT.as_bytes(), sets);
        experiment.unwrap_or_else(|error| panic!("{error}")).trials[0].id()
    };
    assert_eq!(id(&[]), id(&["network.layers.0.name=other"]));
    let swapped = |kinds: [&str; 2]| {
        let sets = [1, 2].map(|i| format!("network.layers.{i}={{ kind = \"{}\" }}", kinds[i - 1]));
        id(&sets.each_ref().map(String::as_str))
    };
    assert_ne!(swapped(["relu", "tanh"]), swapped(["tanh", "relu"]));
}

/// The errors of a list of layers for images of 3 x 32 x 32 and 10 classes.
fn misfit(layers: &str) -> String {
    let (before, _) = EXPERIMENT.split_once("[[network.layers]]").expect("it has layers");
    let text = format!("{before}layers = [\n{layers}\n]\n");
    read(text.as_bytes(), &[]).expect_err("the file is invalid").to_string()
}

#[test]
fn layers_that_do_not_fit_are_errors_at_their_lines_with_both_shapes() {
    let cases = [
        "    { kind = \"linear\" },",
        "    { kind = \"max_pool\", kernel_size = 2 },\n    { kind = \"conv2d\", filters = 4, kernel_size = 17 },\n    \
         { kind = \"flatten\" },\n    { kind = \"linear\" },",
        "    { kind = \"flatten\" },\n    { kind = \"linear\", units = 12 },",
        "    { kind = \"conv2d\", filters = 4, kernel_size = 3 },",
        "    { kind = \"residual\", layers = [\n        { kind = \"conv2d\", filters = 4, kernel_size = 3 },\n    ] },\n    \
         { kind = \"flatten\" },\n    { kind = \"linear\" },",
        "    { kind = \"residual\", shortcut = \"pad\", layers = [\n        { kind = \"relu\" },\n        \
         { kind = \"conv2d\", filters = 4, kernel_size = 40 },\n    ] },\n    { kind = \"flatten\" },\n    { kind = \"linear\" },",
        "    { kind = \"residual\", shortcut = \"pad\", layers = [\n        { kind = \"conv2d\", filters = 4, kernel_size = 3 },\n    \
         ] },\n    { kind = \"flatten\" },\n    { kind = \"linear\" },",
        "    { kind = \"average_pool\", kernel_size = 2, padding = 2 },\n    { kind = \"flatten\" },\n    { kind = \"linear\" },",
        "    { kind = \"conv2d\", filters = 1_000_000, kernel_size = 4000, padding = 4096 },\n    { kind = \"flatten\" },\n    \
         { kind = \"linear\" },",
    ];
    insta::assert_snapshot!(cases.map(misfit).join("\n\n----\n\n"));
}

#[test]
fn presets_say_what_does_not_fit() {
    let error = |network: &str| {
        let (before, _) = EXPERIMENT.split_once("[network]").expect("it has a network");
        let text = format!("{before}network = {network}\n");
        read(text.as_bytes(), &[]).expect_err("the file is invalid").to_string()
    };
    let cases = [
        "{ kind = \"resnet\", depth = 21 }",
        "{ kind = \"resnet\", depth = 20, shortcut = \"identity\" }",
        "{ kind = \"simple_convnet\", filters = 3 }",
        "{ kind = \"deep_convnt\" }",
    ];
    insta::assert_snapshot!(cases.map(error).join("\n\n----\n\n"));
}
