//! Files that extend each other, variants, and lists that go together.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::error::Result;
use crate::experiment::{Experiment, MAX_TRIALS};

const BASE: &str = r#"
    dataset = { kind = "cifar10" }
    network = { kind = "mlp", hidden_sizes = [10], dropout = 0.1 }
    optimizer = { kind = "adagrad", weight_decay = 0.5 }
    training = { epochs = 2 }
"#;

/// Reads `main.toml` of a folder of files.
fn read(files: &[(&str, &str)], sets: &[&str]) -> Result<Experiment> {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    Experiment::read(&folder.path().join("main.toml"), &sets, MAX_TRIALS, false)
}

/// Some keys of each trial of `BASE` with `text`.
fn rows(text: &str, sets: &[&str], keys: &[&str]) -> Vec<String> {
    let experiment = read(&[("main.toml", &format!("{BASE}{text}"))], sets);
    shown(&experiment.unwrap_or_else(|error| panic!("{error}")), keys)
}

fn shown(experiment: &Experiment, keys: &[&str]) -> Vec<String> {
    let value = |json: &serde_json::Value, key: &str| {
        let pointer = format!("/{}", key.replace('.', "/"));
        json.pointer(&pointer).map_or("-".to_owned(), ToString::to_string)
    };
    let row = |json| keys.iter().map(|key| value(&json, key)).collect::<Vec<_>>().join(" ");
    experiment.trials.iter().map(|trial| row(trial.to_json())).collect()
}

fn problem(text: &str) -> String {
    read(&[("main.toml", &format!("{BASE}{text}"))], &[]).unwrap_err().to_string()
}

const DROPOUT: &str = "network.dropout";
const DECAY: &str = "optimizer.weight_decay";
const KIND: &str = "network.kind";
const RATE: &str = "optimizer.learning_rate";

#[test]
fn false_takes_a_setting_away() {
    let keys = ["training.ema_decay", "augmentation.random_crop.padding"];
    let base = format!(
        "{BASE}\naugmentation = {{ random_crop = {{ padding = 4 }} }}\n[training]\nepochs = 2\nema_decay = 0.9\n"
    )
    .replace("training = { epochs = 2 }", "");
    let of = |text: &str, sets: &[&str]| {
        let experiment = read(&[("base.toml", &base), ("main.toml", text)], sets);
        shown(&experiment.unwrap_or_else(|error| panic!("{error}")), &keys)
    };
    let extends = "extends = 'base.toml'\n";
    assert_eq!(of(extends, &[]), ["0.9 4"]);
    assert_eq!(of(&format!("{extends}training.ema_decay = false"), &[]), ["- 4"]);
    assert_eq!(of(extends, &["augmentation.random_crop=false"]), ["0.9 -"]);
    assert_eq!(of(extends, &["augmentation=false"]), ["0.9 -"]);
    let variant = "[[variant]]\ntraining.ema_decay = false\naugmentation.random_crop = false";
    assert_eq!(of(&format!("{extends}{variant}"), &[]), ["0.9 4", "- -"]);
    let grid = "[grid]\ntraining.ema_decay = [false, 0.5]";
    assert_eq!(of(&format!("{extends}{grid}"), &[]), ["- 4", "0.5 4"]);
    let problem =
        read(&[("base.toml", &base), ("main.toml", "extends = 'base.toml'\nnetwork = false")], &[]);
    assert!(problem.unwrap_err().to_string().contains("`network` has the wrong type"));
}

#[test]
fn the_file_itself_stands_before_its_variants() {
    let text = "[[variant]]\nname = 'more'\nnetwork.dropout = 0.2\n\
        [[variant]]\n\"optimizer.weight_decay\" = 0\noptimizer.learning_rate = 0.5";
    let all = rows(text, &[], &[DROPOUT, DECAY, RATE]);
    assert_eq!(all, ["0.1 0.5 0.01", "0.2 0.5 0.01", "0.1 0.0 0.5"]);
}

#[test]
fn variants_multiply_with_the_grid_and_the_seeds() {
    let text = "[[variant]]\nnetwork.dropout = 0.2\n[grid]\noptimizer.weight_decay = [0, 1]";
    let all = rows(text, &["training.seeds=2"], &[DROPOUT, DECAY, "training.seeds"]);
    assert_eq!(
        all,
        [
            "0.1 0.0 [0]",
            "0.1 0.0 [1]",
            "0.1 1.0 [0]",
            "0.1 1.0 [1]",
            "0.2 0.0 [0]",
            "0.2 0.0 [1]",
            "0.2 1.0 [0]",
            "0.2 1.0 [1]"
        ]
    );
}

#[test]
fn a_table_whose_kind_changes_is_replaced_and_lists_are() {
    let text = "[[variant]]\nnetwork = { kind = 'simple_convnet' }\n\
        [[variant]]\nnetwork = { kind = 'mlp', hidden_sizes = [5, 6] }";
    let all = rows(text, &[], &[KIND, DROPOUT, "network.hidden_sizes"]);
    assert_eq!(all[1], r#""simple_convnet" 0.0 -"#, "{all:?}");
    assert_eq!(all[2], r#""mlp" 0.1 [5,6]"#);
}

#[test]
fn a_variant_reaches_layers_by_number_and_by_name() {
    let layers = r#"network = { kind = "layers", layers = [
        { kind = "flatten" }, { kind = "linear", name = "first", units = 8 }, { kind = "relu" },
        { kind = "linear", units = 10 } ] }
        [[variant]]
        network.layers.first.units = 9
        [[variant]]
        network.layers.2 = { kind = "elu" }"#;
    let text = format!("{}{layers}", BASE.replace("network =", "#"));
    let experiment = read(&[("main.toml", &text)], &[]).unwrap();
    let keys = ["network.layers.1.units", "network.layers.2.kind"];
    assert_eq!(shown(&experiment, &keys), [r#"8 "relu""#, r#"9 "relu""#, r#"8 "elu""#]);
    let wrong = text.replace("layers.first.units", "layers.frist.units");
    let error = read(&[("main.toml", &wrong)], &[]).unwrap_err().to_string();
    assert!(error.contains("did you mean `layers.first`?"), "{error}");
}

#[test]
fn names_and_the_baseline_are_known_by_config() {
    let text =
        "[[variant]]\nname = 'more'\nnetwork.dropout = 0.2\n[[variant]]\nnetwork.dropout = 0.3";
    let path = [("main.toml", &*format!("{BASE}{text}"))];
    let experiment = read(&path, &["training.seeds=2"]).unwrap();
    let ids: Vec<String> = experiment.trials.iter().map(|trial| trial.config_id()).collect();
    assert_eq!(experiment.baseline.as_ref(), Some(&ids[0]));
    assert_eq!(experiment.variants[&ids[2]].variant.as_deref(), Some("more"));
    assert_eq!(experiment.variants.len(), 1);
}

#[test]
fn a_point_of_a_search_is_the_baseline_only_where_the_file_asks_for_one() {
    let search = "[search]\nkind = 'sobol'\ntrials = 8\nspace.network.dropout = [0.1, 0.2]";
    let roles = |text: &str| {
        let experiment = read(&[("main.toml", &format!("{text}{BASE}{search}"))], &[]).unwrap();
        let roles = experiment.trials.iter().map(|trial| experiment.role_of(trial));
        roles.map(|role| (role.is_baseline, role.drawn)).collect::<Vec<_>>()
    };
    let drawn = || (false, vec!["network.dropout".to_owned()]);
    assert_eq!(roles(""), [drawn(), drawn()]); // one of them is the file without its search
    let mut with_baseline = roles("baseline_seeds = 2\n");
    with_baseline.sort();
    assert_eq!(with_baseline, [drawn(), (true, Vec::new()), (true, Vec::new())]);
}

#[test]
fn a_name_decides_nothing() {
    let ids = |name: &str| {
        let text = format!("{BASE}[[variant]]\n{name}\nnetwork.dropout = 0.2");
        let experiment = read(&[("main.toml", &text)], &[]).unwrap();
        experiment.trials.iter().map(|trial| trial.id()).collect::<Vec<_>>()
    };
    assert_eq!(ids("name = 'a'"), ids(""));
}

#[test]
fn a_variant_that_is_nothing_new_is_refused() {
    let same = problem("[[variant]]\nname = 'same'\nnetwork.dropout = 0.1");
    assert!(same.contains("variant `same` adds no trial"), "{same}");
    let twice = "[[variant]]\nnetwork.dropout = 0.2\n[[variant]]\nnetwork = { dropout = 0.2 }";
    assert!(problem(twice).contains("this variant adds no trial"));
    let empty = problem("[[variant]]\nname = 'empty'");
    assert!(empty.contains("a variant without a change"), "{empty}");
    let names = "[[variant]]\nname = 'a'\nnetwork.dropout = 0.2\n[[variant]]\nname = 'a'\nnetwork.dropout = 0.3";
    assert!(problem(names).contains("two variants have the name `a`"));
}

#[test]
fn a_key_that_varies_in_the_grid_cannot_be_changed_by_a_variant() {
    let text = "[[variant]]\nnetwork.dropout = 0.2\n[grid]\nnetwork.dropout = [0, 0.5]";
    let error = problem(text);
    assert!(error.contains("`network.dropout` varies by itself"), "{error}");
    assert!(error.contains("it varies here"), "{error}");
}

#[test]
fn lists_of_a_zip_go_together_and_multiply_with_the_rest() {
    let text = "[grid]\nnetwork.hidden_sizes = [[5], [6]]\n[[grid.zip]]\n\
        network.dropout = [0, 0.5]\n\"optimizer.weight_decay\" = [1, 2]";
    let all = rows(text, &[], &["network.hidden_sizes", DROPOUT, DECAY]);
    assert_eq!(all, ["[5] 0.0 1.0", "[5] 0.5 2.0", "[6] 0.0 1.0", "[6] 0.5 2.0"]);
    let fixed = rows(text, &["network.dropout=0.3"], &["network.hidden_sizes", DROPOUT, DECAY]);
    assert_eq!(fixed, ["[5] 0.3 1.0", "[5] 0.3 2.0", "[6] 0.3 1.0", "[6] 0.3 2.0"]);
}

#[test]
fn lists_of_different_lengths_do_not_go_together() {
    let text = "[[grid.zip]]\nnetwork.dropout = [0, 0.5]\noptimizer.weight_decay = [1, 2, 3]";
    let error = problem(text);
    assert!(error.contains("lists that go together have different lengths"), "{error}");
    assert!(error.contains("`network.dropout` has 2"), "{error}");
}

#[test]
fn a_file_states_only_what_differs_from_the_one_that_it_extends() {
    let main = "extends = 'folder/base.toml'\noptimizer = { kind = 'sgd', learning_rate = 0.5 }\n\
        network.hidden_sizes = [7]\n[[variant]]\nnetwork.dropout = 0.2";
    let base = format!("name = 'base'\nextends = 'root.toml'\n{}", BASE.replace("epochs = 2", ""));
    let root = "training.epochs = 9\noptimizer.weight_decay = 3";
    let files = [("main.toml", main), ("folder/base.toml", &base), ("folder/root.toml", root)];
    let experiment = read(&files, &[]).unwrap();
    assert_eq!(experiment.name, "main");
    let keys = [DROPOUT, "network.hidden_sizes", "optimizer.kind", DECAY, "training.epochs"];
    let expected = ["0.1 [7] \"sgd\" 0.0 9", "0.2 [7] \"sgd\" 0.0 9"];
    assert_eq!(shown(&experiment, &keys), expected);
    let whole = "dataset = { kind = 'cifar10' }\noptimizer = { kind = 'sgd', learning_rate = 0.5 }\n\
        network = { kind = 'mlp', hidden_sizes = [7], dropout = 0.1 }\ntraining.epochs = 9";
    let whole = read(&[("main.toml", whole)], &[]).unwrap();
    assert_eq!(whole.trials[0].id(), experiment.trials[0].id());
}

/// Of keys that say the same in other units, only one may be there.
#[test]
fn a_length_in_steps_replaces_one_in_epochs() {
    let length = |text: &str, sets: &[&str]| {
        let text = format!("{BASE}schedule = {{ kind = 'cosine', warmup_epochs = 1 }}\n{text}");
        let experiment = read(&[("main.toml", &text)], sets)?;
        Ok::<_, crate::error::Error>(shown(&experiment, &["training.epochs", "training.steps"]))
    };
    let of_variant = length("[[variant]]\ntraining.steps = 700", &[]).unwrap();
    assert_eq!(of_variant, ["2 -", "- 700"]);
    assert_eq!(length("", &["training.steps=700", "schedule.warmup_steps=3"]).unwrap(), ["- 700"]);
    let both_in_variant = "[[variant]]\ntraining = { steps = 700, epochs = 3 }";
    let both_set = ["training.steps=700", "training.epochs=3"];
    for both in [length(both_in_variant, &[]), length("", &both_set)] {
        let error = both.unwrap_err().to_string();
        assert!(error.contains("`training` has both `epochs` and `steps`"), "{error}");
    }
}

#[test]
fn errors_point_into_the_file_where_the_value_stands() {
    let files = [
        ("main.toml", "extends = 'base.toml'\nnetwork.dropuot = 0.2"),
        ("base.toml", &BASE.replace("epochs = 2", "epochs = -2")),
    ];
    let error = read(&files, &[]).unwrap_err().to_string();
    let at = |text: &str| assert!(error.contains(text), "{text} in {error}");
    at("main.toml:2:9");
    at("base.toml:5:27");
    at("2 errors in ");
}

#[test]
fn paths_begin_at_the_file_that_states_them() {
    let csv = "a,b,label\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n";
    let base = "dataset = { kind = 'csv', path = 'own.csv', label = 'label', test_examples = 1 }\n\
        network = { kind = 'mlp', hidden_sizes = [3] }\noptimizer = { kind = 'sgd' }\n\
        training = { epochs = 1, batch_size = 1 }";
    let files = [
        ("main.toml", "extends = 'below/base.toml'\ntraining.epochs = 2"),
        ("below/base.toml", base),
        ("below/own.csv", csv),
    ];
    let experiment = read(&files, &[]).unwrap_or_else(|error| panic!("{error}"));
    let path = experiment.trials[0].dataset.source.path().unwrap().to_owned();
    assert!(Path::new(&path).ends_with("below/own.csv"), "{path}");
}

#[test]
fn a_circle_and_a_missing_file_are_errors_at_the_key() {
    let circle = [("main.toml", "extends = 'b.toml'"), ("b.toml", "\nextends = 'main.toml'")];
    let error = read(&circle, &[]).unwrap_err().to_string();
    assert!(error.contains("a file cannot extend itself"), "{error}");
    assert!(error.contains("b.toml:2:11"), "{error}");
    let missing = [("main.toml", "extends = 'none.toml'")];
    let error = read(&missing, &[]).unwrap_err().to_string();
    assert!(error.contains("cannot read ") && error.contains("none.toml"), "{error}");
    assert!(error.contains("main.toml:1:11"), "{error}");
}

#[test]
fn a_list_of_grids_is_replaced_by_a_grid() {
    let base = format!("{BASE}[[grid]]\nnetwork.dropout = [0, 1]");
    let main = "extends = 'base.toml'\n[grid]\noptimizer.weight_decay = [1, 2]";
    let experiment = read(&[("main.toml", main), ("base.toml", &base)], &[]).unwrap();
    assert_eq!(shown(&experiment, &[DROPOUT, DECAY]), ["0.1 1.0", "0.1 2.0"]);
}
