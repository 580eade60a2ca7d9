//! Which trials a file makes.

use crate::experiment::{Experiment, MAX_TRIALS};

const BASE: &str = r#"
    dataset = { kind = "cifar10" }
    network = { kind = "mlp", hidden_sizes = [10], batch_norm = true }
    optimizer = { kind = "adagrad" }
    training = { epochs = 2 }
"#;

/// The values of some keys in every trial of `BASE` with a grid and overrides.
fn expanded(grid: &str, sets: &[&str], keys: &[&str]) -> Vec<String> {
    let text = format!("{BASE}{grid}");
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    let path = std::path::Path::new("test.toml");
    let experiment = Experiment::from_bytes(path, text.as_bytes(), &sets, MAX_TRIALS, false)
        .unwrap_or_else(|error| panic!("{error}"));
    let value = |json: &serde_json::Value, key: &str| {
        json.pointer(&format!("/{}", key.replace('.', "/")))
            .map_or("-".to_owned(), |v| v.to_string())
    };
    let row = |json| keys.iter().map(|key| value(&json, key)).collect::<Vec<_>>().join(" ");
    experiment.trials.iter().map(|trial| row(trial.to_json())).collect()
}

const DROPOUT: &str = "network.dropout";
const DECAY: &str = "optimizer.weight_decay";
const RATE: &str = "optimizer.learning_rate";
const SEEDS: &str = "training.seeds";
const SIZES: &str = "network.hidden_sizes";

#[test]
fn a_table_is_a_product_with_the_first_axis_slowest_and_seeds_innermost() {
    let grid = "[grid]\nnetwork.dropout = [0, 0.5]\n\"optimizer.weight_decay\" = [1, 0]";
    assert_eq!(
        expanded(grid, &["training.seeds=2"], &[DROPOUT, DECAY, SEEDS]),
        [
            "0.0 1.0 [0]",
            "0.0 1.0 [1]",
            "0.0 0.0 [0]",
            "0.0 0.0 [1]",
            "0.5 1.0 [0]",
            "0.5 1.0 [1]",
            "0.5 0.0 [0]",
            "0.5 0.0 [1]",
        ]
    );
}

#[test]
fn quoted_dotted_and_nested_axes_mean_the_same() {
    let quoted = expanded("[grid]\n\"network.dropout\" = [0, 0.5]", &[], &[DROPOUT]);
    assert_eq!(quoted, ["0.0", "0.5"]);
    assert_eq!(expanded("[grid]\nnetwork.dropout = [0, 0.5]", &[], &[DROPOUT]), quoted);
    assert_eq!(expanded("[grid.network]\ndropout = [0, 0.5]", &[], &[DROPOUT]), quoted);
    assert_eq!(expanded("[grid]\nnetwork = { dropout = [0, 0.5] }", &[], &[DROPOUT]), quoted);
}

#[test]
fn grid_tables_are_joined_and_the_same_trial_is_there_once() {
    let grid = "[[grid]]\nnetwork.dropout = [0, 0.5]\n[[grid]]\noptimizer.weight_decay = [0, 0.1]";
    assert_eq!(expanded(grid, &[], &[DROPOUT, DECAY]), ["0.0 0.0", "0.5 0.0", "0.0 0.1"]);
}

#[test]
fn whole_tables_replace_and_longer_keys_refine_them() {
    let grid = r#"[grid]
        "optimizer.learning_rate" = [0.1, 0.2]
        optimizer = [{ kind = "sgd", weight_decay = 0.5 }, { kind = "adam" }]"#;
    assert_eq!(
        expanded(grid, &[], &["optimizer.kind", RATE, DECAY]),
        ["\"sgd\" 0.1 0.5", "\"adam\" 0.1 0.0", "\"sgd\" 0.2 0.5", "\"adam\" 0.2 0.0"]
    );
}

#[test]
fn exclude_drops_points_that_match_all_its_keys_before_their_errors_count() {
    let grid = r#"[grid]
        optimizer.kind = ["sgd", "momentum"]
        optimizer.momentum = [0.5, 0.9]
        [[exclude]]
        optimizer.kind = "sgd""#;
    let keys = ["optimizer.kind", "optimizer.momentum"];
    assert_eq!(expanded(grid, &[], &keys), ["\"momentum\" 0.5", "\"momentum\" 0.9"]);
}

#[test]
fn exclude_compares_defaults_and_single_seeds() {
    let grid = "[grid]\noptimizer.weight_decay = [0, 0.1]\ntraining.seeds = [3, 4]\n\
        [[exclude]]\nnetwork.dropout = 0\noptimizer.weight_decay = 0.1\ntraining.seeds = 4";
    assert_eq!(expanded(grid, &[], &[DECAY, SEEDS]), ["0.0 [3]", "0.0 [4]", "0.1 [3]"]);
}

#[test]
fn exclude_compares_defaults_that_trials_leave_out() {
    for default in
        ["schedule.kind = 'constant'", "evaluation.test = 'every'", "training.label_smoothing = 0"]
    {
        let grid = format!(
            "[grid]\noptimizer.weight_decay = [0, 0.1]\n\
             [[exclude]]\noptimizer.weight_decay = 0\n{default}"
        );
        assert_eq!(expanded(&grid, &[], &[DECAY]), ["0.1"], "{default}");
    }
}

#[test]
fn an_axis_of_lists_gives_each_list() {
    let grid = "[grid]\nnetwork.hidden_sizes = [[], [5], [5, 6]]";
    assert_eq!(expanded(grid, &[], &[SIZES]), ["[]", "[5]", "[5,6]"]);
}

#[test]
fn overrides_fix_or_relist_an_axis() {
    let grid = "[grid]\nnetwork.dropout = [0, 0.5]\noptimizer.weight_decay = [0, 0.1]";
    let keys = [DROPOUT, DECAY];
    let one = expanded(grid, &["network.dropout=0.3"], &keys);
    assert_eq!(one, ["0.3 0.0", "0.3 0.1"]);
    let list = expanded(grid, &["network.dropout=[0.1, 0.2]", "optimizer.weight_decay = 0"], &keys);
    assert_eq!(list, ["0.1 0.0", "0.2 0.0"]);
}

#[test]
fn an_override_of_a_list_key_is_a_value_unless_it_lists_lists() {
    let grid = "[grid]\nnetwork.hidden_sizes = [[5], [6]]";
    assert_eq!(expanded(grid, &["network.hidden_sizes=[7, 8]"], &[SIZES]), ["[7,8]"]);
    assert_eq!(expanded(grid, &["network.hidden_sizes=[[7], [8]]"], &[SIZES]), ["[7]", "[8]"]);
    let seeds = expanded("[grid]\ntraining.seeds = [3, 4]", &["training.seeds=2"], &[SEEDS]);
    assert_eq!(seeds, ["[0]", "[1]"]);
}

#[test]
fn an_override_wins_over_an_axis_of_whole_tables() {
    let grid = r#"[grid]
        optimizer = [{ kind = "sgd", learning_rate = 0.5 }, { kind = "adam" }]"#;
    let sets = ["optimizer.learning_rate=0.1"];
    assert_eq!(expanded(grid, &sets, &["optimizer.kind", RATE]), ["\"sgd\" 0.1", "\"adam\" 0.1"]);
}

#[test]
fn bare_words_in_overrides_are_strings() {
    assert_eq!(
        expanded("", &["optimizer.kind=adam", "name = x"], &["optimizer.kind"]),
        ["\"adam\""]
    );
}

#[test]
fn too_many_trials_are_refused_before_they_are_expanded() {
    let values: Vec<String> = (1..1000).map(|n| n.to_string()).collect();
    let values = values.join(", ");
    let text = format!(
        "{BASE}[grid]\ntraining.epochs = [{values}]\ntraining.batch_size = [{values}]\n\
         dataset.split_seed = [{values}]\nevaluation.every_epochs = [{values}]\n"
    );
    let path = std::path::Path::new("test.toml");
    let read = |text: &str, sets: &[String], most| {
        Experiment::from_bytes(path, text.as_bytes(), sets, most, false).map_err(|e| e.to_string())
    };
    let error = read(&text, &[], MAX_TRIALS).unwrap_err();
    assert!(error.contains("more than 100000 trials"), "{error}");
    let error = read(BASE, &["training.seeds=4".to_owned()], 3).unwrap_err();
    assert!(error.contains("more than 3 trials"), "{error}");
    assert!(read(BASE, &["training.seeds=3".to_owned()], 3).is_ok());
}

#[test]
fn excluding_nearly_every_seed_takes_its_time_once() {
    let read = |seeds: u32, excluded: &str, most| {
        let text = BASE.replace("epochs = 2", &format!("epochs = 2, seeds = {seeds}"));
        let text = format!("{text}[[exclude]]\nnetwork.dropout = 0.0\n{excluded}");
        let path = std::path::Path::new("test.toml");
        let read = Experiment::from_bytes(path, text.as_bytes(), &[], most, false);
        read.map(|experiment| experiment.trials.len()).map_err(|e| e.to_string())
    };
    let all_but_first: Vec<u32> = (1..100).collect();
    let all_but_first = format!("training.seeds = {all_but_first:?}");
    assert_eq!(read(30, &all_but_first, 3), Ok(1));
    assert!(read(31, &all_but_first, 3).unwrap_err().contains("more than 3 trials"));
    // The cost of a seed must not grow with their number: this took half a minute once.
    assert_eq!(read(20_000, "training.seeds = 5", MAX_TRIALS), Ok(19_999));
}
