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
    let said =
        none.err.split_once("--budget is too small for any change; allow ").expect("a budget").1;
    let budget = said.split(' ').next().expect("a budget");
    assert_ne!(budget, "0");
    workspace.succeed(&["whatif", "experiment.toml", "--plan", "--budget", budget]);
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

#[test]
fn more_seeds_than_a_file_holds_are_refused() {
    let workspace = Workspace::with(&trial(1));
    let with =
        |seeds: &str| workspace.run(&["whatif", "experiment.toml", "--plan", "--seeds", seeds]);
    for (seeds, words) in [
        ("18446744073709551615", "18446744073709551615 is not in 1..=10000"),
        ("10000", "--seeds 10000 is too many: with "),
    ] {
        let ran = with(seeds);
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        assert!(ran.err.contains(words), "{}", ran.err);
        assert!(!workspace.path("experiment-whatif.toml").exists());
    }
}

/// The file that was written has the experiment with these settings as its baseline.
#[track_caller]
fn assert_has_baseline(workspace: &Workspace, set: &[&str]) {
    let one_seed = ["--set", "training.seeds=[0]"];
    let baseline = workspace.ids_with("experiment.toml", &[set, &one_seed].concat());
    let [baseline] = &baseline[..] else { panic!("{baseline:?}") };
    let first = &workspace.ids("experiment-whatif.toml")[0];
    assert_eq!(first, baseline, "{}", workspace.read("experiment-whatif.toml"));
}

#[test]
fn what_is_set_is_in_the_file_that_it_writes() {
    let workspace = Workspace::with(&trial(2));
    let sets = ["--set", "training.epochs=3", "--set", "network.activation=gelu"];
    let whatif = ["whatif", "experiment.toml", "--plan", "--seeds", "2"];
    let ran = workspace.run(&[&whatif[..], &sets].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let written = workspace.read("experiment-whatif.toml");
    let expected =
        "extends = \"experiment.toml\"\ntraining.epochs = 3\nnetwork.activation = \"gelu\"\n";
    assert!(written.contains(expected), "{written}");
    assert_has_baseline(&workspace, &sets);
}

#[test]
fn what_a_file_cannot_say_by_extending_is_written_in_full() {
    let workspace = Workspace::with(&dropout_grid(2));
    let sets: [&[&str]; 2] = [
        &["--set", "network.dropout=0.3"],
        &[
            "--set",
            "network={ kind = \"mlp\", hidden_sizes = [5] }",
            "--set",
            "network.dropout=0.1",
        ],
    ];
    for set in sets {
        let ran = workspace.run(&[&["whatif", "experiment.toml", "--plan"], set].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let written = workspace.read("experiment-whatif.toml");
        assert!(!written.contains("extends") && written.contains("\nseeds = 3\n"), "{written}");
        assert_has_baseline(&workspace, set);
    }
}

#[test]
fn what_cannot_be_set_is_said_as_by_run() {
    let workspace = Workspace::with(&trial(2));
    let set = ["--set", "training.epoch=3"];
    let whatif = workspace.run(&[&["whatif", "experiment.toml"], &set[..]].concat());
    let run = workspace.run(&[&["run", "experiment.toml"], &set[..]].concat());
    assert_eq!((whatif.code, &whatif.err), (run.code, &run.err));
    let seeds = workspace.run(&["whatif", "experiment.toml", "--set", "training.seeds=5"]);
    assert_eq!(seeds.code, Some(2), "{}", seeds.err);
    assert!(
        seeds.err.contains("`training.seeds` cannot be set here: use --seeds"),
        "{}",
        seeds.err
    );
}
