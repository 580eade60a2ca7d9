//! Which of several runs is continued, in what order a sweep trains, and what `plan` says of it.

use super::pair::{PLATEAU, Settings, results};
use crate::experiments::trial;
use crate::workspace::Workspace;

#[test]
fn the_longest_state_is_taken_and_retrain_takes_none() {
    let settings = Settings::with_validation().and(PLATEAU).every(2);
    let workspace = Workspace::with(&settings.of("epochs = 9"));
    for epochs in [2, 4, 5] {
        let set = format!("training.epochs={epochs}");
        workspace.succeed(&["run", "experiment.toml", "--set", &set]);
    }
    // That of 5 epochs has an evaluation at its end that the schedule has seen.
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert!(ran.err.contains("attempt 1 continues from step 24 of run"), "{}", ran.err);
    let before = workspace.results();
    let ran = workspace.run(&["run", "experiment.toml", "--retrain"]);
    assert!(ran.code == Some(0) && !ran.err.contains(" goes on "), "{}", ran.err);
    assert!(workspace.results() == before);
}

#[test]
fn within_one_sweep_the_longer_ones_come_after_the_shorter_ones() {
    let grid = Settings::plain().of("epochs = 1").replace("seeds = [7]", "seeds = [7, 8]");
    let workspace = Workspace::with(&format!("{grid}[grid]\ntraining.epochs = [8, 2, 4]\n"));
    let ran = workspace.run(&["run", "experiment.toml", "--jobs=1"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for (step, times) in [(12, 2), (24, 2)] {
        let text = format!("attempt 1 continues from step {step} of run");
        assert_eq!(ran.err.matches(&text).count(), times, "{}", ran.err);
    }
    for run in workspace.runs() {
        let alone = Workspace::new();
        alone.write("trial.toml", workspace.read(&format!("runs/{run}/trial.toml")));
        alone.succeed(&["run", "trial.toml"]);
        assert!(results(&workspace, &run) == results(&alone, &run), "{run}");
    }
    let ran = workspace.run(&["verify", "--all", "--jobs=1"]);
    assert_eq!((ran.code, ran.err.contains(" goes on ")), (Some(0), false), "{}", ran.err);
}

#[test]
fn plan_says_from_where_and_what_it_saves() {
    let experiment = trial(2).replace("seeds = [7]", "seeds = [7, 8]");
    let workspace = Workspace::with(&experiment);
    workspace.succeed(&["run", "experiment.toml"]);
    let sets = ["--set=training.epochs=4", "--set=training.seeds=[7, 8, 9]"];
    let longer = [&["plan", "experiment.toml", "--jobs=2"][..], &sets].concat();
    insta::assert_snapshot!(workspace.succeed(&longer));
    let rows = workspace.succeed(&[&longer[..], &["--format=json"]].concat());
    assert_eq!(rows.matches("\"status\": \"continues\"").count(), 2, "{rows}");
    // Only as long as their checkpoints are there.
    let gc = workspace.succeed(&["gc", "--kind=checkpoint", "--dry-run"]);
    assert!(
        gc.contains("without these checkpoints, a longer trial of the same settings starts"),
        "{gc}"
    );
    workspace.succeed(&["gc"]);
    let plan = workspace.succeed(&longer);
    assert!(!plan.contains("continues") && !plan.contains("shorter"), "{plan}");
}

#[test]
fn plan_of_several_lengths_says_what_the_order_may_save() {
    let workspace = Workspace::with(&format!("{}[grid]\ntraining.epochs = [8, 2, 4]\n", trial(1)));
    insta::assert_snapshot!(workspace.succeed(&["plan", "experiment.toml", "--jobs=2"]));
}
