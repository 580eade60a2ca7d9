//! Runs that early stopping ends: what they say of it, and that everything copes with their length.

use serde_json::{Value, json};

use crate::experiments::trial;
use crate::workspace::Workspace;

/// Nothing is such progress: the first evaluation stays the best one and the third is the last one.
const STOPPING: &str = "early_stopping = { patience = 2, min_delta = 10.0, restore_best = true }";

fn stopping() -> Workspace {
    let experiment = trial(50)
        .replace("train_examples = 300", "train_examples = 330\nvalidation_examples = 50")
        .replace("seeds = [7]", &format!("seeds = [7, 8]\n{STOPPING}"));
    Workspace::with(&experiment)
}

#[test]
fn what_was_left_out_is_told_everywhere() {
    let workspace = stopping();
    let plan = workspace.succeed(&["plan", "experiment.toml"]);
    assert!(plan.contains("takes at most about"), "{plan}");
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains(", stopped early after epoch 3 of 50"), "{}", ran.err);
    let run = &format!("runs/{}", workspace.runs()[0]);
    let record = workspace.record(run);
    assert_eq!(record["state"], "finished");
    assert_eq!(record["stopped_early"], json!({ "epoch": 3, "step": 18 }));
    assert_eq!([&record["model_epoch"], &record["last"]["epoch"]], [&json!(1), &json!(3)]);
    assert_eq!(record["total_epochs"], 50);
    let log = workspace.read(&format!("{run}/log.txt"));
    assert!(log.contains(" stopped early after epoch 3 of 50"), "{log}");
    assert!(log.contains(" model.safetensors has the weights of epoch 1"), "{log}");
    let words = "stopped early after epoch 3 of 50, the model is that of epoch 1";
    let show = workspace.succeed(&["show", &run[5..]]);
    assert!(show.contains(&format!("early stopping  {words}")), "{show}");
    let list = workspace.succeed(&["list", "--format", "csv"]);
    assert!(list.contains(words), "{list}");
    let compare = workspace.succeed(&["compare", "experiment.toml"]);
    assert!(compare.contains("early stopping ended 2 of 2 runs after epoch 3;"), "{compare}");
}

#[test]
fn the_model_and_what_is_judged_are_those_of_the_best_epoch() {
    let workspace = stopping();
    workspace.succeed(&["run", "experiment.toml"]);
    let run = &format!("runs/{}", workspace.runs()[0]);
    let metrics = workspace.read(&format!("{run}/metrics.csv"));
    let first: Vec<&str> = metrics.lines().nth(2).expect("a row").split(',').collect();
    let evaluation = workspace.read(&format!("{run}/evaluation.json"));
    let evaluation: Value = serde_json::from_str(&evaluation).expect("JSON");
    assert_eq!(first[0], "1", "its epoch");
    assert_eq!(evaluation["accuracy"].to_string(), first[9], "its test accuracy");
}

#[test]
fn a_run_that_stopped_early_is_done_and_verified() {
    let workspace = stopping();
    workspace.succeed(&["run", "experiment.toml"]);
    let before = workspace.attempts_logged();
    workspace.succeed(&["run", "experiment.toml"]);
    assert_eq!(workspace.attempts_logged(), before, "it is taken as done");
    let verified = workspace.run(&["verify", &workspace.runs()[0]]);
    assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
}
