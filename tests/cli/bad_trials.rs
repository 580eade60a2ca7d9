//! Trials that diverge or fail say why and stop nothing else.

use std::fs;

use crate::experiments::{diverging_grid, dropout_grid};
use crate::workspace::Workspace;

#[test]
fn diverged_trial_ends_with_the_step_and_stops_nothing_else() {
    let workspace = Workspace::with(&diverging_grid());
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert_eq!(ran.code, Some(100), "{}", ran.err);
    assert!(ran.err.contains("1 of 2 trials failed or diverged"), "{}", ran.err);
    let [diverged, finished] = &workspace.ids("experiment.toml")[..] else { panic!("two trials") };
    let record = workspace.record(&format!("runs/{diverged}"));
    assert_eq!(record["state"], "diverged");
    let reason = record["reason"].as_str().expect("a reason");
    assert_eq!(reason, "the loss became NaN or infinite at step 2");
    assert_eq!(workspace.record(&format!("runs/{finished}"))["state"], "finished");
    assert!(ran.err.contains(&format!("diverged: {reason}")), "{}", ran.err);

    let list = workspace.succeed(&["list"]);
    assert!(list.contains("diverged") && list.contains("finished"), "{list}");
    assert!(workspace.succeed(&["show", diverged]).contains(reason));
    let table = workspace.succeed(&["compare", "experiment.toml"]);
    assert!(table.contains("diverged: left out"), "{table}");
    assert_eq!(ran.out, table);
    // It would diverge again: done is done, and said again.
    let again = workspace.run(&["run", "experiment.toml"]);
    assert_eq!(again.code, Some(100));
    assert!(again.err.starts_with("2 trials: all cached\n1 of 2 trials failed or diverged"));
}

#[test]
fn failed_trial_names_the_path_and_stops_nothing_else() {
    let workspace = Workspace::with(&dropout_grid(1));
    let id = workspace.ids("experiment.toml").remove(0);
    workspace.write(&format!("runs/{id}"), "no folder");
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert_eq!(ran.code, Some(100), "{}", ran.err);
    assert!(ran.err.contains(&format!("failed: cannot create runs/{id}: ")), "{}", ran.err);
    assert!(ran.err.contains("1 of 4 trials failed or diverged"), "{}", ran.err);
    let finished = workspace.succeed(&["list", "--state", "finished", "--format", "csv"]);
    assert_eq!(finished.lines().count(), 1 + 3);
    fs::remove_file(workspace.path(&format!("runs/{id}"))).expect("removable");
    assert_eq!(workspace.run(&["run", "experiment.toml"]).code, Some(0));
}

#[test]
fn failure_in_the_middle_is_recorded_and_gone_on_from() {
    let workspace = Workspace::with(&dropout_grid(2));
    let id = workspace.ids("experiment.toml").remove(0);
    // A folder cannot be replaced by a file: writing the model at the end fails.
    workspace.write(&format!("runs/{id}/model.safetensors/file"), "");
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert_eq!(ran.code, Some(100), "{}", ran.err);
    let record = workspace.record(&format!("runs/{id}"));
    assert_eq!(record["state"], "failed");
    let reason = record["reason"].as_str().expect("a reason");
    assert!(reason.starts_with(&format!("cannot replace runs/{id}/model.safetensors: ")));
    assert_eq!(workspace.read(&format!("runs/{id}/error.txt")), format!("{reason}\n"));
    assert!(workspace.succeed(&["show", &id]).contains(reason));

    fs::remove_dir_all(workspace.path(&format!("runs/{id}/model.safetensors"))).expect("removable");
    let resumed = workspace.run(&["resume", &id]);
    assert_eq!(resumed.code, Some(0), "{}", resumed.err);
    assert!(resumed.err.contains(&format!("; it failed before: {reason}\n")), "{}", resumed.err);
    let log = workspace.read(&format!("runs/{id}/log.txt"));
    assert!(log.contains("attempt 2 continues from step 12"), "{log}");
    assert!(!workspace.path(&format!("runs/{id}/error.txt")).exists());
    assert_eq!(workspace.leftovers(), [""; 0]);
}

#[test]
fn sweep_stops_after_as_many_failures_as_asked() {
    let workspace = Workspace::with(&dropout_grid(1));
    let ids = workspace.ids("experiment.toml");
    for id in &ids[..2] {
        workspace.write(&format!("runs/{id}"), "no folder");
    }
    let run = ["run", "experiment.toml", "--jobs=1"];
    for (flag, code, untouched) in
        [("--fail-fast", 5, 3), ("--max-failures=2", 5, 2), ("--max-failures=3", 100, 0)]
    {
        let ran = workspace.run(&[&run[..], &[flag]].concat());
        assert_eq!(ran.code, Some(code), "{flag}: {}", ran.err);
        let told = format!("stopped after a failure: 0 of 4 trials saved partway, {untouched} not");
        assert_eq!(ran.err.contains(&told), code == 5, "{flag}: {}", ran.err);
    }
    for id in &ids[..2] {
        fs::remove_file(workspace.path(&format!("runs/{id}"))).expect("removable");
    }
    workspace.succeed(&run);
    let both = workspace.run(&[&run[..], &["--fail-fast", "--max-failures=2"]].concat());
    assert_eq!(both.code, Some(2), "{}", both.err);
    assert_eq!(workspace.run(&[&run[..], &["--max-failures=0"]].concat()).code, Some(2));
    assert_eq!(workspace.run(&[&run[..], &["--claim-timeout=0"]].concat()).code, Some(2));
}
