//! Files that extend each other, variants, and the comparison with the baseline, as a user meets them.

use serde_json::Value;

use crate::experiments::trial;
use crate::workspace::Workspace;

const VARIANTS: &str = r#"extends = "base.toml"
baseline_seeds = 3
training.seeds = 2

[[variant]]
name = "more dropout"
network.dropout = 0.6

[[variant]]
optimizer.weight_decay = 0.01
"#;

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("base.toml", trial(2));
    workspace.write("experiment.toml", VARIANTS);
    workspace
}

#[test]
fn configs_are_named_after_what_they_change_in_every_command() {
    let workspace = workspace();
    let table = workspace.succeed(&["run", "experiment.toml"]);
    assert!(table.starts_with("Baseline: "), "{table}");
    assert!(table.contains("(the file without its changes)"), "{table}");
    for name in ["baseline ", "more dropout ", "weight decay 0.01 "] {
        assert!(table.lines().any(|line| line.starts_with(name)), "{name}: {table}");
    }
    assert!(table.contains("Against the baseline (test "), "{table}");
    assert_eq!(workspace.succeed(&["compare", "experiment.toml"]), table);
    assert_eq!(workspace.succeed(&["compare", "runs"]), table, "the runs remember their names");
    let list = workspace.succeed(&["list"]);
    assert!(list.contains("more dropout, seed 1") && list.contains("baseline, seed 2"), "{list}");
    let plan = workspace.succeed(&["plan", "experiment.toml"]);
    assert!(plan.contains("weight decay 0.01, seed 0"), "{plan}");
}

#[test]
fn programs_get_the_changes_the_verdict_and_every_setting() {
    let workspace = workspace();
    workspace.succeed(&["run", "experiment.toml"]);
    let json = workspace.succeed(&["compare", "experiment.toml", "--format", "json"]);
    let rows: Vec<Value> = serde_json::from_str(&json).expect("JSON");
    let of = |label: &str| {
        let row = rows.iter().find(|row| row["label"] == label);
        row.unwrap_or_else(|| panic!("{label}: {json}"))
    };
    let (baseline, more) = (of("baseline"), of("more dropout"));
    assert_eq!((&baseline["n"], &more["n"]), (&Value::from(3), &Value::from(2)));
    assert_eq!(more["network.dropout"], 0.6);
    assert_eq!(baseline["verdict"], Value::Null);
    assert!(more["verdict"].is_string(), "{json}");
    let mean = |row: &Value| row["test_accuracy_mean"].as_f64().expect("a mean");
    let change = more["test_accuracy_change"].as_f64().expect("a change");
    assert!((change - (mean(more) - mean(baseline))).abs() < 1e-6, "{json}");
    let end = |name: &str| more[name].as_f64().expect("an end");
    assert!(end("test_accuracy_change_low") < change && change < end("test_accuracy_change_high"));
}

#[test]
fn a_run_that_another_file_has_trained_is_called_as_the_file_that_is_asked() {
    let workspace = workspace();
    workspace.succeed(&["run", "experiment.toml"]);
    workspace.write("other.toml", VARIANTS.replace("more dropout", "a lot"));
    let table = workspace.succeed(&["run", "other.toml"]);
    assert!(table.lines().any(|line| line.starts_with("a lot ")), "{table}");
}

#[test]
fn an_error_in_the_extended_file_points_there() {
    let workspace = workspace();
    workspace.write("base.toml", trial(2).replace("epochs", "epoch"));
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.err.contains("base.toml:") && ran.err.contains("training.epoch"), "{}", ran.err);
    workspace.write("base.toml", "extends = \"experiment.toml\"\n");
    let circle = workspace.run(&["plan", "experiment.toml"]);
    assert_eq!(circle.code, Some(3), "{}", circle.err);
    assert!(circle.err.contains("a file cannot extend itself"), "{}", circle.err);
}
