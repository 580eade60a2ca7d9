//! `dataset.folds`: a trial for each part, replicates as seeds are, with intervals that allow for what folds share.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::workspace::Workspace;

/// Points of two classes.
fn points() -> String {
    let point = |i: u32| {
        let (x, y) = (f64::from(i * 37 % 30) / 3.0, f64::from(i * 11 % 20) / 2.0);
        format!("{x:.3},{y:.3},{}\n", if y > x { "up" } else { "down" })
    };
    (0..150).fold("a,b,label\n".to_owned(), |text, i| text + &point(i))
}

/// Three folds and two seeds of two configs, on few examples.
const FOLDED: &str = r#"
[dataset]
kind = "csv"
path = "points.csv"
label = "label"
test_fraction = 0.3
train_examples = 100
folds = 3

[network]
kind = "mlp"
hidden_sizes = [6]

[optimizer]
kind = "adam"
learning_rate = 0.01

[training]
epochs = 3
batch_size = 20
seeds = [1, 2]

[grid]
network.dropout = [0.0, 0.3]
"#;

fn folded(experiment: &str) -> Workspace {
    let workspace = Workspace::with(experiment);
    workspace.write("points.csv", points());
    workspace
}

/// The class counts of the validation split, and how many train.
fn divided(workspace: &Workspace, run: &str) -> (Vec<u64>, u64) {
    let counts = &workspace.record(&format!("runs/{run}"))["class_counts"];
    let of = |part: &str| -> Vec<u64> {
        counts[part].as_array().expect("counts").iter().filter_map(Value::as_u64).collect()
    };
    (of("validation"), of("train").iter().sum())
}

#[test]
fn every_fold_is_a_trial_and_folds_are_replicates() {
    let workspace = folded(FOLDED);
    workspace.succeed(&["run", "experiment.toml"]);
    let runs = workspace.runs();
    assert_eq!(runs.len(), 12);
    let mut seen = BTreeSet::new();
    for run in &runs {
        let record = workspace.record(&format!("runs/{run}"));
        let fold = record["trial"]["dataset"]["fold"].as_u64().expect("a fold");
        let (validation, train) = divided(&workspace, run);
        // 100 examples: the first of three parts has one more.
        let size = if fold == 0 { 34 } else { 33 };
        assert_eq!((validation.iter().sum::<u64>(), train), (size, 100 - size));
        let counts = &record["class_counts"]["train"];
        for (class, held_out) in validation.iter().enumerate() {
            let all = held_out + counts[class].as_u64().expect("a count");
            assert!((all / 3..=all.div_ceil(3)).contains(held_out), "{validation:?} {counts}");
        }
        let metrics = workspace.read(&format!("runs/{run}/metrics.csv"));
        assert!(seen.insert(metrics), "each fold and each seed trains its own network");
    }
    let ids = workspace.ids_with("experiment.toml", &["--set", "dataset.fold=1"]);
    assert!(ids.len() == 4 && ids.iter().all(|id| runs.contains(id)), "one fold is part of all");
    assert_eq!(workspace.run(&["verify", &runs[0]]).code, Some(0));

    let compared = workspace.run(&["compare", "experiment.toml"]);
    insta::assert_snapshot!("compared", compared.out);
    let json = workspace.succeed(&["compare", "experiment.toml", "--format", "json"]);
    let rows: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(rows.as_array().map(Vec::len), Some(2), "{json}");
    let listed = workspace.succeed(&["list", "runs"]);
    assert!(listed.contains("seed 2, fold 0"), "{listed}");
    let exported = workspace.succeed(&["export", "runs", "--to", "csv"]);
    assert!(exported.starts_with("id,config,seed,fold,experiment,state,"), "{exported}");
    let diff = workspace.succeed(&["diff", &ids[0], &workspace.ids("experiment.toml")[0]]);
    assert!(diff.contains("only the fold differs: replicates of config"), "{diff}");

    for key in ["fold", "training.seeds"] {
        let ran = workspace.run(&["compare", "runs", "--group-by", key]);
        let said = format!("`{key}` tells the runs of one config apart");
        assert!(ran.code == Some(2) && ran.err.contains(&said), "{}", ran.err);
    }

    // A missing fold is said.
    std::fs::remove_dir_all(workspace.path(&format!("runs/{}", ids[0]))).expect("removable");
    let compared = workspace.succeed(&["compare", "runs"]);
    assert!(compared.contains("has no run with seed 1, fold 1, unlike others"), "{compared}");
}

#[test]
fn the_interval_is_that_of_nadeau_and_bengio() {
    let text = FOLDED.replace("[1, 2]", "[1]").replace("[0.0, 0.3]", "[0.3]");
    let workspace = folded(&text);
    workspace.succeed(&["run", "experiment.toml"]);
    let accuracy = |run: &String| {
        let last = &workspace.record(&format!("runs/{run}"))["last"];
        last["val_accuracy"].as_f64().expect("an accuracy")
    };
    let values: Vec<f64> = workspace.runs().iter().map(accuracy).collect();
    let mean = values.iter().sum::<f64>() / 3.0;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / 2.0;
    // t of 2 degrees of freedom; 1/3 + 1/2 in place of 1/3.
    let half = 4.302_652_729_911_275 * (variance * (1.0 / 3.0 + 0.5)).sqrt();
    let columns = ["--columns", "val", "--format", "json"];
    let json = workspace.succeed(&[&["compare", "runs"][..], &columns].concat());
    let rows: Value = serde_json::from_str(&json).expect("JSON");
    let shown = rows[0]["val_accuracy_ci95"].as_f64().expect("an interval");
    assert!((shown - half).abs() < 1e-6, "{shown} {half}: {json}");
}

#[test]
fn fresh_seeds_of_a_confirmation_have_every_fold() {
    let workspace = folded(FOLDED);
    workspace.succeed(&["run", "experiment.toml"]);
    let confirmed =
        workspace.succeed(&["confirm", "experiment.toml", "--top", "2", "--fresh-seeds", "1"]);
    assert_eq!(workspace.runs().len(), 12 + 6);
    assert!(confirmed.contains("leads are paired by seed and fold"), "{confirmed}");
    assert!(confirmed.contains("With 1 fresh seed its lead is"), "{confirmed}");
}

#[test]
fn folds_go_with_shares_noise_and_early_stopping() {
    let workspace = folded(FOLDED);
    let sets = [
        "dataset.train_fraction=0.5",
        "dataset.label_noise=0.2",
        "training.early_stopping.patience=1",
        "evaluation.test=\"sealed\"",
        "network.dropout=0.1",
        "training.seeds=1",
    ];
    let sets = sets.iter().flat_map(|set| ["--set", *set]);
    let arguments: Vec<&str> = ["run", "experiment.toml"].into_iter().chain(sets).collect();
    workspace.succeed(&arguments);
    let mut trained: Vec<u64> =
        workspace.runs().iter().map(|run| divided(&workspace, run).1).collect();
    trained.sort_unstable();
    assert_eq!(trained, [33, 34, 34], "half of 66, 67 and 67");
}

#[test]
fn what_starts_from_one_split_asks_for_one_fold() {
    let workspace = folded(&FOLDED.replace("[0.0, 0.3]", "[0.3]"));
    for command in ["study", "whatif"] {
        let ran = workspace.run(&[command, "experiment.toml"]);
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        assert!(ran.err.contains("validates on each of 3 folds in turn"), "{}", ran.err);
        assert!(ran.err.contains("--set dataset.fold=0"), "{}", ran.err);
        let planned = [command, "experiment.toml", "--plan", "--set", "dataset.fold=0"];
        let planned = workspace.run(&planned);
        assert_eq!(planned.code, Some(0), "{}", planned.err);
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    let workspace = folded(FOLDED);
    let rows: String = (0..9).map(|row| format!("{row},{}\n", ["a", "b"][row % 2])).collect();
    workspace.write("own.csv", format!("x,y\n{rows}9,c\n"));
    workspace.write("own_test.csv", "x,y\n1,a\n2,b\n3,c\n");
    let own = "dataset={kind='csv',path='own.csv',test_path='own_test.csv',label='y',folds=2}";
    let refused = [
        &["dataset.validation_examples=20"][..],
        &["dataset.fold=3"],
        &["dataset.folds=1"],
        &["dataset.folds=50"],
        &["dataset.train_examples=2"],
        &["dataset={kind='synthetic',fold=1}"],
        &[own, "training.batch_size=2"],
    ];
    let said = refused.map(|sets| {
        let sets = sets.iter().flat_map(|set| ["--set", *set]);
        let arguments: Vec<&str> = ["plan", "experiment.toml"].into_iter().chain(sets).collect();
        let ran = workspace.run(&arguments);
        assert_eq!(ran.code, Some(3), "{}", ran.out);
        ran.err
    });
    insta::assert_snapshot!("refused", said.join("\n"));
}
