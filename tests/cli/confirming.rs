//! `confirm`: fresh seeds for the best configs of a search, trained once, and how much of the lead was
//! luck.

use std::collections::BTreeSet;

use rustix::process::Signal;
use serde_json::Value;

use crate::experiments::{diverging_grid, trial};
use crate::workspace::Workspace;

/// Four configs with one seed each, and a validation split.
fn search(epochs: u32) -> String {
    let held_out = "train_examples = 330\nvalidation_examples = 80";
    trial(epochs).replace("train_examples = 300", held_out)
        + "[grid]\nnetwork.dropout = [0.0, 0.2, 0.4, 0.6]\n"
}

fn searched(experiment: &str) -> Workspace {
    let workspace = Workspace::with(experiment);
    workspace.succeed(&["run", "experiment.toml"]);
    workspace
}

/// The seeds of the runs that confirmations trained.
fn fresh_seeds(workspace: &Workspace) -> BTreeSet<u64> {
    let runs = workspace.runs().into_iter().map(|run| workspace.record(&format!("runs/{run}")));
    let fresh = runs.filter(|run| run["experiments"][0] == "experiment (confirm)");
    fresh.map(|run| run["trial"]["training"]["seeds"][0].as_u64().expect("a seed")).collect()
}

#[test]
fn best_configs_are_trained_again_once() {
    let workspace = searched(&search(12));
    let before = workspace.succeed(&["compare", "experiment.toml"]);
    let confirm = ["confirm", "experiment.toml", "--top", "2", "--fresh-seeds", "3"];
    let first = workspace.run(&confirm);
    assert_eq!(first.code, Some(0), "{}", first.err);
    let said = "confirming the best 2 of 4 configs with seeds 8 to 10\n";
    assert!(first.err.starts_with(said), "{}", first.err);
    insta::assert_snapshot!(first.out);
    assert_eq!(workspace.runs().len(), 4 + 6);
    assert_eq!(fresh_seeds(&workspace), BTreeSet::from([8, 9, 10]));
    assert_eq!(
        workspace.succeed(&["compare", "experiment.toml"]),
        before,
        "the search is the same"
    );

    // Everything is there, whatever names the search.
    let attempts = workspace.attempts_logged();
    for target in ["experiment.toml", "runs"] {
        let again = workspace.succeed(&["confirm", target, "--top", "2", "--fresh-seeds", "3"]);
        assert_eq!(again, first.out, "{target}");
    }
    assert_eq!(workspace.attempts_logged(), attempts, "nothing is trained twice");

    // More seeds, more configs: only the rest is trained.
    workspace.succeed(&["confirm", "experiment.toml", "--top=3", "--fresh-seeds=4"]);
    assert_eq!(workspace.attempts_logged(), attempts + 2 + 4);
    assert_eq!(fresh_seeds(&workspace), BTreeSet::from([8, 9, 10, 11]));
}

#[test]
fn compare_of_all_runs_has_the_fresh_ones_as_replicates() {
    let workspace = searched(&search(2));
    workspace.succeed(&["confirm", "experiment.toml", "--top=1", "--fresh-seeds=2"]);
    let table = workspace.succeed(&["compare", "runs", "--format=csv", "--columns=n,experiments"]);
    assert!(table.contains("3,experiment experiment (confirm)\n"), "{table}");
    assert_eq!(table.matches("1,experiment\n").count(), 3, "{table}");
}

#[test]
fn interrupted_confirmation_goes_on_with_the_same_seeds() {
    let workspace = searched(&search(30));
    let confirm =
        ["confirm", "experiment.toml", "--fresh-seeds=40", "--jobs=1", "--checkpoint-seconds=0"];
    let before = workspace.attempts_logged();
    let mut running = workspace.start(&confirm);
    workspace.wait_for_attempt(before, &mut running);
    running.signal(Signal::INT);
    let ran = running.wait();
    assert_eq!((ran.code, ran.out.as_str()), (Some(130), ""), "{}", ran.err);
    assert!(
        ran.err.contains("`runner confirm` with the same arguments continues all of them"),
        "{}",
        ran.err
    );
    assert!(workspace.runs().len() < 4 + 3 * 40, "it was stopped on its way");
    // Again with fewer seeds: they are the first ones, of which some are there.
    let out = workspace.succeed(&["confirm", "experiment.toml", "--fresh-seeds=2"]);
    assert!(out.contains("fresh seeds 8 to 9, the same for all"), "{out}");
    assert!(fresh_seeds(&workspace).is_superset(&BTreeSet::from([8, 9])));
    let resumed = workspace.run(&["resume", "--all"]);
    assert_eq!(resumed.code, Some(0), "{}", resumed.err);
}

#[test]
fn seeds_of_trials_without_a_run_are_not_fresh() {
    let workspace = searched(&search(2));
    let more = search(2).replace("seeds = [7]", "seeds = [7, 20]");
    workspace.write("experiment.toml", more);
    let ran = workspace.run(&["confirm", "experiment.toml", "--top=1", "--fresh-seeds=1"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("4 of 8 trials of experiment.toml have no run yet"), "{}", ran.err);
    assert_eq!(fresh_seeds(&workspace), BTreeSet::from([21]));
    assert!(ran.out.contains("fresh seed 21"), "{}", ran.out);
}

#[test]
fn where_chooses_the_search_and_formats_are_those_of_compare() {
    let workspace = searched(&search(2));
    let confirm = |format: &str| {
        let search = ["confirm", "runs", "--where", "dropout < 0.3", "--fresh-seeds=2", "--format"];
        let ran = workspace.run(&[&search[..], &[format]].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran
    };
    let json = confirm("json");
    let rows: Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(rows.as_array().expect("rows").len(), 2, "two of four configs fulfil it");
    assert_eq!((&rows[0]["search_n"], &rows[0]["fresh_n"]), (&Value::from(1), &Value::from(2)));
    let change = rows[0]["change"].as_f64().expect("a number");
    let of = |name: &str| rows[0][name].as_f64().expect("a number");
    let expected = of("fresh_val_accuracy_mean") - of("search_val_accuracy_mean");
    assert!((change - expected).abs() < 1e-5, "{rows}");
    assert!(json.err.contains("2 of 4 runs match dropout < 0.3"), "{}", json.err);
    assert!(json.err.contains("Best of 2 configs in the search: "), "{}", json.err);
    assert!(confirm("csv").out.starts_with("network.dropout,search_n,search_val_accuracy_mean,"));
    for format in ["markdown", "latex"] {
        let text = confirm(format).out;
        assert!(text.contains("Best of 2 configs in the search: "), "{text}");
        assert_eq!(text.matches("run ").count() - text.matches("fresh run ").count(), 6, "{text}");
    }
}

#[test]
fn sealed_test_sets_are_not_read() {
    let sealed = search(2).replace("[grid]", "[evaluation]\ntest = \"sealed\"\n\n[grid]");
    let workspace = searched(&sealed);
    let out = workspace.succeed(&["confirm", "experiment.toml", "--top=2", "--fresh-seeds=2"]);
    assert!(out.contains("val, fresh seeds") && !out.contains("test"), "{out}");
    for run in workspace.runs() {
        assert_eq!(workspace.record(&format!("runs/{run}"))["last"]["test_accuracy"], Value::Null);
    }
}

#[test]
fn configs_that_diverged_are_left_out_and_nothing_left_is_exit_code_4() {
    let workspace = Workspace::with(&diverging_grid());
    assert_eq!(workspace.run(&["run", "experiment.toml"]).code, Some(100));
    let ran = workspace.run(&["confirm", "experiment.toml", "--fresh-seeds=1"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains(" is left out: of 1 run, 1 diverged\n"), "{}", ran.err);
    let fresh = fresh_seeds(&workspace);
    assert_eq!(fresh, BTreeSet::from([8]));
    let ran = workspace.run(&["confirm", "runs", "--where", "state == 'diverged'"]);
    assert_eq!(ran.code, Some(4), "{}", ran.err);
    assert!(ran.err.starts_with("1 of 3 runs match"), "{}", ran.err);
    assert!(ran.err.contains("error: no config to confirm"), "{}", ran.err);
}

#[test]
fn what_cannot_be_confirmed_is_said_before_anything_is_trained() {
    let workspace = searched(&search(1));
    let code = |more: &[&str]| workspace.run(&[&["confirm", "runs"], more].concat()).code;
    assert_eq!(code(&["--top=0"]), Some(2));
    assert_eq!(code(&["--fresh-seeds=0"]), Some(2));
    assert_eq!(code(&["--fresh-seeds=18446744073709551615"]), Some(2));
    assert_eq!(code(&["--where", "dropot > 0"]), Some(2));
    // A trial that was changed after its run is another config.
    let run = workspace.runs().remove(0);
    let trial = workspace.read(&format!("runs/{run}/trial.toml"));
    let changed = trial.replace("learning_rate = 0.01", "learning_rate = 0.02");
    assert_ne!(trial, changed);
    workspace.write(&format!("runs/{run}/trial.toml"), changed);
    let ran = workspace.run(&["confirm", "runs", "--top=4"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("new seeds would train a different config"), "{}", ran.err);
    assert_eq!(workspace.runs().len(), 4);
}
