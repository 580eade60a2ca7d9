//! `whatif`: every remedy that fits, one at a time, against the file as it is.

use std::fs;

use crate::experiments::{dropout_grid, trial};
use crate::workspace::Workspace;

#[test]
fn a_plan_writes_the_experiment_and_trains_nothing() {
    let workspace = Workspace::with(&trial(2));
    let ran = workspace.run(&["whatif", "experiment.toml", "--plan"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("changes with 3 seeds each and the baseline with "), "{}", ran.err);
    assert!(ran.err.contains("`runner run experiment-whatif.toml` trains them"), "{}", ran.err);
    let written = workspace.read("experiment-whatif.toml");
    let note = "# Each call writes it anew: to change it, copy it under another name.";
    assert_eq!(written.lines().nth(1), Some(note));
    assert!(written.contains("extends = \"experiment.toml\""), "{written}");
    assert!(written.contains("[[variant]]\nname = \"weight decay "), "{written}");
    assert!(workspace.runs().is_empty());
    let plan = workspace.succeed(&["plan", "experiment-whatif.toml"]);
    assert!(plan.contains("baseline, seed 0"), "{plan}");
    let again = workspace.run(&["whatif", "experiment.toml", "--plan", "--seeds", "2"]);
    assert_eq!(again.code, Some(0), "its own file is replaced: {}", again.err);
}

#[test]
fn a_budget_leaves_the_dearest_out_and_the_rest_is_compared() {
    let workspace = Workspace::with(&trial(1));
    let none = workspace.run(&["whatif", "experiment.toml", "--budget", "0s"]);
    assert_eq!(none.code, Some(2), "{}", none.err);
    assert!(none.err.contains("--budget is too small for any change"), "{}", none.err);
    let all = workspace.run(&["whatif", "experiment.toml", "--seeds", "2"]);
    assert_eq!(all.code, Some(0), "{}", all.err);
    assert!(all.out.starts_with("Baseline: "), "{}", all.out);
    assert!(all.out.contains("Against the baseline (test "), "{}", all.out);
    assert!(all.out.lines().any(|line| line.starts_with("no batch norm ")), "{}", all.out);
}

#[test]
fn it_starts_from_one_config_and_replaces_no_file_of_the_user() {
    let workspace = Workspace::with(&dropout_grid(2));
    let several = workspace.run(&["whatif", "experiment.toml"]);
    assert_eq!(several.code, Some(2), "{}", several.err);
    assert!(several.err.contains("has several configs"), "{}", several.err);
    workspace.write("experiment.toml", trial(2));
    workspace.write("experiment-whatif.toml", "# mine\n");
    let refused = workspace.run(&["whatif", "experiment.toml", "--plan"]);
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert!(
        refused
            .err
            .contains("experiment-whatif.toml exists and was not written by this command: move"),
        "{}",
        refused.err
    );
    assert_eq!(workspace.read("experiment-whatif.toml"), "# mine\n");
    let bytes = b"\xff\xfe# not UTF-8\n";
    workspace.write("experiment-whatif.toml", bytes);
    let refused = workspace.run(&["whatif", "experiment.toml", "--plan"]);
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert_eq!(fs::read(workspace.path("experiment-whatif.toml")).expect("a file"), bytes);
}
