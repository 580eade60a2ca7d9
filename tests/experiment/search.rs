//! `[search]`: which trials its points become, and its errors as users see them.

use runner::experiment::{Experiment, MAX_TRIALS};

use super::read;

const BASE: &str = r#"
[dataset]
kind = "synthetic"

[network]
kind = "mlp"
hidden_sizes = [10]

[optimizer]
kind = "sgd"

[training]
epochs = 2
"#;

const SPACE: &str = r#"
[search]
kind = "random"
trials = 4

[search.space]
"optimizer.learning_rate" = { min = 1e-4, max = 0.1, scale = "log" }
"network.dropout" = { min = 0.0, max = 0.5 }
"training.batch_size" = { min = 16, max = 256, scale = "log", integer = true }
"network.activation" = ["relu", "tanh"]
"#;

const KEYS: [&str; 4] =
    ["/optimizer/learning_rate", "/network/dropout", "/training/batch_size", "/network/activation"];

/// The values of some keys in every trial.
fn drawn(text: &str, sets: &[&str], keys: &[&str]) -> Vec<String> {
    let text = format!("{BASE}{text}");
    let trials = read(text.as_bytes(), sets).unwrap_or_else(|error| panic!("{error}")).trials;
    let value = |json: &serde_json::Value, key: &str| json.pointer(key).expect(key).to_string();
    let row =
        |json: &serde_json::Value| keys.iter().map(|key| value(json, key)).collect::<Vec<_>>();
    trials.iter().map(|trial| row(&trial.to_json()).join(" ")).collect()
}

/// The rendered errors, which there have to be.
fn errors(text: &str, sets: &[&str]) -> String {
    let text = format!("{BASE}{text}");
    read(text.as_bytes(), sets).expect_err("the file is invalid").to_string()
}

fn sobol(text: &str) -> String {
    text.replace("random", "sobol")
}

/// A change here moves the ids of every searched trial.
#[test]
fn points_are_pinned() {
    let points = [SPACE, &sobol(SPACE)].map(|text| drawn(text, &[], &KEYS).join("\n"));
    insta::assert_snapshot!(points.join("\n\n"));
}

#[test]
fn more_trials_keep_the_points_and_so_the_runs_of_fewer() {
    for text in [SPACE, &sobol(SPACE)] {
        let few = drawn(text, &[], &KEYS);
        let many = drawn(text, &["search.trials=32"], &KEYS);
        assert_eq!((few.len(), many.len()), (4, 32));
        assert_eq!(many[..4], few);
        assert_ne!(drawn(text, &["search.seed=1"], &KEYS), few);
        assert_eq!(drawn(text, &["search.seed=0"], &KEYS), few);
    }
}

#[test]
fn another_random_axis_changes_no_value_that_is_drawn_already() {
    let more = SPACE.replace("space]", "space]\n\"optimizer.weight_decay\" = { min = 0, max = 1 }");
    assert_eq!(drawn(&more, &[], &KEYS), drawn(SPACE, &[], &KEYS));
    // A Sobol dimension is a place in the file.
    let last = format!("{}\"optimizer.weight_decay\" = {{ min = 0, max = 1 }}", sobol(SPACE));
    assert_eq!(drawn(&last, &[], &KEYS), drawn(&sobol(SPACE), &[], &KEYS));
}

#[test]
fn quoted_dotted_and_nested_keys_draw_the_same() {
    let search = "[search]\nkind = \"random\"\ntrials = 3\n";
    let quoted = "[search.space]\n\"network.dropout\" = { min = 0, max = 0.5 }";
    let quoted = drawn(&format!("{search}{quoted}"), &[], &KEYS);
    for space in [
        "[search.space]\nnetwork.dropout = { min = 0, max = 0.5 }",
        "[search.space.network]\ndropout = { min = 0, max = 0.5 }",
        "[search.space.network.dropout]\nmin = 0\nmax = 0.5",
        "[search.space]\nnetwork = { dropout = { min = 0, max = 0.5 } }",
    ] {
        assert_eq!(drawn(&format!("{search}{space}"), &[], &KEYS), quoted, "{space}");
    }
}

#[test]
fn each_point_meets_every_point_of_the_grid_with_seeds_innermost() {
    let text = format!("{SPACE}[grid]\noptimizer.weight_decay = [0.0, 0.5]\n");
    let keys = [KEYS[1], "/optimizer/weight_decay", "/training/seeds/0"];
    let rows = drawn(&text, &["training.seeds=2", "search.trials=2"], &keys);
    let dropouts = drawn(SPACE, &["search.trials=2"], &[KEYS[1]]);
    let expected = dropouts.iter().flat_map(|dropout| {
        ["0.0 0", "0.0 1", "0.5 0", "0.5 1"].map(|rest| format!("{dropout} {rest}"))
    });
    assert_eq!(rows, expected.collect::<Vec<_>>());
}

#[test]
fn overrides_fix_relist_and_redraw_a_key_of_the_space_and_leave_the_others() {
    for text in [SPACE, &sobol(SPACE)] {
        let before = drawn(text, &[], &KEYS[1..]);
        let fixed = drawn(text, &["optimizer.learning_rate=0.01"], &KEYS);
        let expected: Vec<String> = before.iter().map(|rest| format!("0.01 {rest}")).collect();
        assert_eq!(fixed, expected);
        let set = ["optimizer.learning_rate=[0.25, 0.5]", "search.trials=20"];
        let mut listed = drawn(text, &set, &KEYS[..1]);
        listed.sort();
        listed.dedup();
        assert_eq!(listed, ["0.25", "0.5"]);
        let set = ["optimizer.learning_rate={ min = 1, max = 9, integer = true }"];
        let ranged = drawn(text, &set, &KEYS[..1]);
        let rates = ranged.iter().map(|rate| rate.parse::<f64>().expect("a number"));
        assert!(rates.into_iter().all(|rate| (1.0..=9.0).contains(&rate) && rate.fract() == 0.0));
    }
    let all = ["optimizer.learning_rate=1", "network.dropout=0", "training.batch_size=8"];
    let all = [&all[..], &["network.activation=gelu"]].concat();
    assert_eq!(drawn(SPACE, &all, &KEYS), ["1.0 0.0 8 \"gelu\""]);
}

#[test]
fn points_that_are_the_same_trial_are_one_trial() {
    let text = "[search]\nkind = \"sobol\"\ntrials = 16\n[search.space]\n\
        network.activation = [\"relu\", \"tanh\"]\nnetwork.batch_norm = [true, false]";
    assert_eq!(drawn(text, &[], &KEYS[3..]).len(), 4);
}

#[test]
fn exclusions_drop_drawn_points() {
    let text = format!("{SPACE}[[exclude]]\nnetwork.activation = \"tanh\"\n");
    let left = drawn(&text, &["search.trials=16"], &KEYS);
    let all = drawn(SPACE, &["search.trials=16"], &KEYS);
    let expected: Vec<String> = all.into_iter().filter(|row| row.ends_with("\"relu\"")).collect();
    assert_eq!(left, expected);
    assert!((1..16).contains(&left.len()), "{}", left.len());
}

#[test]
fn whole_tables_are_chosen_and_longer_keys_refine_them() {
    let text = r#"
[search]
kind = "sobol"
trials = 8
[search.space]
"optimizer.learning_rate" = { min = 0.25, max = 0.5 }
optimizer = [{ kind = "adam", learning_rate = 9.0 }, { kind = "sgd", weight_decay = 0.5 }]
"#;
    let rows = drawn(text, &[], &["/optimizer/kind", KEYS[0]]);
    assert_eq!(rows.iter().filter(|row| row.starts_with("\"adam\" 0.")).count(), 4, "{rows:?}");
    assert_eq!(rows.iter().filter(|row| row.starts_with("\"sgd\" 0.")).count(), 4, "{rows:?}");
}

#[test]
fn layers_are_drawn_by_name_and_number() {
    let base = BASE.replace(
        "kind = \"mlp\"\nhidden_sizes = [10]",
        "kind = \"layers\"\nlayers = [{ kind = \"flatten\" }, { kind = \"linear\", units = 5, name = \"in\" },\
         { kind = \"dropout\", rate = 0.1 }, { kind = \"linear\" }]",
    );
    let text = "[search]\nkind = \"random\"\ntrials = 5\n[search.space]\n\
        network.layers.in.units = { min = 50, max = 59, integer = true }\n\
        network.layers.2.rate = { min = 0.5, max = 0.9 }";
    let trials = read(format!("{base}{text}").as_bytes(), &[]).expect("valid").trials;
    for json in trials.iter().map(|trial| trial.to_json()) {
        let number = |key| json.pointer(key).and_then(serde_json::Value::as_f64).expect("a number");
        assert!((50.0..=59.0).contains(&number("/network/layers/1/units")));
        assert!((0.5..=0.9).contains(&number("/network/layers/2/rate")));
    }
}

#[test]
fn a_drawn_seed_is_that_very_seed() {
    let text = "[search]\nkind = \"random\"\ntrials = 3\n[search.space]\n\
        training.seeds = { min = 100, max = 9999, integer = true }";
    let seeds = drawn(text, &[], &["/training/seeds/0"]);
    assert_eq!(seeds.len(), 3);
    assert!(seeds.iter().all(|seed| seed.len() > 2), "{seeds:?}");
}

#[test]
fn all_errors_of_a_search_are_reported_at_once() {
    insta::assert_snapshot!(errors(
        r#"
[search]
kind = "sobl"
trials = 0
seed = -1
points = 5

[search.space]
"optimizer.learning_rat" = { min = 1e-4, max = 0.1 }
"optimizer.learning_rate" = { min = 0.1, max = 0.1 }
"optimizer.weight_decay" = { min = 0.0, max = 0.1, scale = "log" }
"optimizer.momentum" = 0.9
"network.dropout" = { min = nan, max = "0.5" }
"network.activation" = []
"training.batch_size" = { min = 1.5, max = 10, integer = true }
"training.label_smoothing" = { mni = 0.0, max = 0.1, scale = "cubic", integer = 1 }
"network.batch_norm" = { from = 1 }
name = ["a", "b"]

[search.space.dataset]
seed = { min = 1, max = 1e20, integer = true }
"#,
        &[]
    ));
}

#[test]
fn what_is_missing_is_said() {
    insta::assert_snapshot!(
        [
            errors("[search]", &[]),
            errors("[search]\nkind = \"random\"\ntrials = 5\nspace = {}", &[]),
            errors("[search]\nkind = \"random\"\ntrials = 5\nspace = 5", &[]),
            errors("", &["search=5"]),
            errors("", &["search.trials=5"]),
        ]
        .join("\n\n")
    );
}

#[test]
fn a_key_varies_in_the_grid_or_in_the_space() {
    let grid =
        "\n[grid]\nnetwork.dropout = [0.1]\n[search.space.optimizer]\nlearning_rate = [0.1]\n";
    insta::assert_snapshot!(errors(&format!("{SPACE}{grid}"), &[]));
}

#[test]
fn drawn_values_that_a_key_does_not_take_are_underlined_once() {
    insta::assert_snapshot!(errors(
        r#"
[search]
kind = "random"
trials = 50

[search.space]
optimizer.learning_rate = { min = -0.1, max = 0.1 }
training.batch_size = { min = 16, max = 256, scale = "log" }
network.hidden_sizes = { min = 1, max = 9 }
network.activation = ["relu", "relo"]
dataset.validation_examples = { min = 4_980, max = 4_999, integer = true }
"#,
        &["optimizer.weight_decay={ min = 0, max = 1 }"]
    ));
}

#[test]
fn a_sobol_sequence_ends() {
    insta::assert_snapshot!(errors(&sobol(SPACE), &["search.trials=65537"]));
}

#[test]
fn more_points_than_the_limit_are_refused_before_they_are_drawn() {
    let path = std::path::Path::new("test.toml");
    let text = |grid: &str| format!("{BASE}{SPACE}{grid}");
    let read = |text: &str, sets: &[&str], most| {
        let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
        Experiment::from_bytes(path, text.as_bytes(), &sets, most, false)
    };
    let grid = "[grid]\noptimizer.weight_decay = [0.0, 0.1]";
    let refused = [
        read(&text(""), &["search.trials=9000000000000000000"], MAX_TRIALS),
        read(&text(grid), &[], 7),
        read(&text(""), &["training.seeds=3"], 11),
    ];
    insta::assert_snapshot!(
        refused.map(|read| read.expect_err("too many").to_string()).join("\n\n")
    );
    assert_eq!(read(&text(grid), &[], 8).map(|e| e.trials.len()).ok(), Some(8));
    assert_eq!(read(&text(""), &["training.seeds=3"], 12).map(|e| e.trials.len()).ok(), Some(12));
}
