//! `diagnose`: findings of real runs, and what it prints for people and programs.

use serde_json::Value;

use crate::experiments::{diverging_grid, dropout_grid};
use crate::workspace::Workspace;

#[test]
fn memorising_grid_is_told_with_the_effects_of_its_settings() {
    let grid = dropout_grid(20) + "optimizer.weight_decay = [0.0, 0.01]\n";
    let workspace = Workspace::with(&grid);
    workspace.succeed(&["run", "experiment.toml"]);
    insta::assert_snapshot!(workspace.succeed(&["diagnose", "experiment.toml"]));
    let json = workspace.succeed(&["diagnose", "runs", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["configs"].as_array().expect("configs").len(), 4);
    assert_eq!(json["effects"]["settings"][0]["key"], "network.dropout");
    let markdown = workspace.succeed(&["diagnose", "runs", "--format", "markdown"]);
    assert!(markdown.starts_with("## baseline: 2 runs\n"), "{markdown}");
}

#[test]
fn diverged_run_is_a_problem_with_a_learning_rate_to_try() {
    let workspace = Workspace::with(&diverging_grid());
    workspace.run(&["run", "experiment.toml"]);
    let text = workspace.succeed(&["diagnose", "experiment.toml"]);
    assert!(text.contains("  problem  diverged: "), "{text}");
    assert!(text.contains("a tenth of the learning rate"), "{text}");
}

#[test]
fn what_names_no_run_and_damaged_files_are_errors() {
    let workspace = Workspace::with(&dropout_grid(1));
    assert_eq!(workspace.run(&["diagnose", "experiment.toml"]).code, Some(4));
    workspace.succeed(&["run", "experiment.toml"]);
    let run = format!("runs/{}", workspace.runs()[0]);
    workspace.write(&format!("{run}/metrics.csv"), "epoch\nx\n");
    let ran = workspace.run(&["diagnose", &run]);
    assert!(ran.code == Some(1) && ran.err.contains("metrics.csv"), "{:?} {}", ran.code, ran.err);
}
