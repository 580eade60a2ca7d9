//! `diff`: two runs against one another, from their folders to the first epoch that differs.

use serde_json::Value;

use crate::experiments::{dropout_grid, optimizer_grid, trial};
use crate::workspace::Workspace;

fn diff(workspace: &Workspace, a: &str, b: &str) -> Value {
    let text = workspace.succeed(&["diff", a, b, "--format", "json"]);
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn text_of_two_configs() {
    let workspace = Workspace::with(&dropout_grid(2));
    workspace.succeed(&["run", "experiment.toml"]);
    let ids = workspace.ids("experiment.toml");
    let text = workspace.succeed(&["diff", &ids[0], &ids[2]]);
    insta::assert_snapshot!(text);
    let again = workspace.succeed(&["diff", &ids[0], &ids[0][..11]]);
    assert!(again.contains("a and b are the same run"), "{again}");
    assert!(again.contains("equal to the last digit in all 3 epochs"), "{again}");
}

#[test]
fn a_longer_run_is_the_same_until_the_shorter_ends() {
    let workspace = Workspace::with(&trial(2));
    workspace.write("longer.toml", trial(4));
    workspace.succeed(&["run", "experiment.toml", "longer.toml"]);
    let (short, long) =
        (workspace.ids("experiment.toml").remove(0), workspace.ids("longer.toml").remove(0));
    let differences = diff(&workspace, &short, &long);
    let curves = &differences["curves"];
    assert_eq!(curves["first_difference"], Value::Null, "{curves}");
    assert_eq!((&curves["a_last_epoch"], &curves["b_last_epoch"]), (&2.into(), &4.into()));
    assert_eq!(differences["settings"].as_array().expect("a list").len(), 1);
    let text = workspace.succeed(&["diff", &short, &long]);
    assert!(text.contains("a ends at epoch 2, b continues to 4"), "{text}");
}

#[test]
fn seeds_are_replicates_that_part_before_the_first_step() {
    let workspace = Workspace::with(&optimizer_grid(1, "[1, 2]", &["adam"]));
    workspace.succeed(&["run", "experiment.toml"]);
    let ids = workspace.ids("experiment.toml");
    let differences = diff(&workspace, &ids[0], &ids[1]);
    assert!(differences["replicates_of"].is_string(), "{differences}");
    assert_eq!(differences["curves"]["first_difference"]["epoch"], 0);
}

#[test]
fn targets_name_one_run_each() {
    let workspace = Workspace::with(&dropout_grid(1));
    workspace.succeed(&["run", "experiment.toml"]);
    assert_eq!(workspace.run(&["diff", "latest", "experiment.toml"]).code, Some(2));
    assert_eq!(workspace.run(&["diff", "latest", "nothing"]).code, Some(4));
    assert_eq!(workspace.run(&["diff", "latest"]).code, Some(2));
}
