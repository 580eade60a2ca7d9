//! `--set`, flags and their variables, `--retrain`, `--save-initial`, data that has changed.

use serde_json::Value;

use crate::experiments::{dropout_grid, trial};
use crate::workspace::{Ran, Workspace, names};

#[test]
fn set_fixes_an_axis_and_relists_it() {
    let workspace = Workspace::with(&dropout_grid(1));
    let count = |sets: &[&str]| {
        let plan = ["plan", "experiment.toml", "--format=json"];
        let plan: Value =
            serde_json::from_str(&workspace.succeed(&[&plan, sets].concat())).expect("JSON");
        plan.as_array().expect("rows").len()
    };
    assert_eq!(count(&[]), 4);
    assert_eq!(count(&["--set", "network.dropout=0.5"]), 2);
    assert_eq!(count(&["--set", "network.dropout=[0.0, 0.1, 0.2]"]), 6);
    assert_eq!(count(&["--set", "network.dropout=0.5", "--set", "training.seeds=[3]"]), 1);
    workspace.succeed(&["run", "experiment.toml", "--set=network.dropout=0.5"]);
    for run in workspace.runs() {
        assert_eq!(workspace.record(&format!("runs/{run}"))["trial"]["network"]["dropout"], 0.5);
    }
    let wrong = workspace.run(&["run", "experiment.toml", "--set", "network.droput=0.5"]);
    assert_eq!(wrong.code, Some(3));
    assert!(wrong.err.contains("--set") && wrong.err.contains("did you mean"), "{}", wrong.err);
}

#[test]
fn flags_beat_variables_and_variables_beat_defaults() {
    let workspace = Workspace::with(&trial(1));
    let run = |args: &[&str]| {
        let seeds = ["run", "experiment.toml", "--set", "training.seeds=4"];
        let mut command = workspace.command(&[&seeds, args].concat());
        command.env("RUNNER_RUNS_DIR", "by variable").env("RUNNER_JOBS", "3");
        command.env("RUNNER_SAVE_INITIAL", "1");
        Ran::from(command.output().expect("the binary starts"))
    };
    assert!(run(&[]).err.starts_with("4 trials, 3 at a time\n"));
    assert_eq!(names(&workspace.path("by variable")).len(), 4);
    let ran = run(&["--runs-dir", "by flag", "--jobs=2"]);
    assert!(ran.err.starts_with("4 trials, 2 at a time\n"), "{}", ran.err);
    let id = names(&workspace.path("by flag")).remove(0);
    assert!(workspace.path(&format!("by flag/{id}/initial.safetensors")).exists());
    assert!(!workspace.path("runs").exists());
}

#[test]
fn initial_weights_are_kept_on_request_and_change_nothing() {
    let workspace = Workspace::with(&trial(1));
    workspace.succeed(&["run", "experiment.toml"]);
    let initial = format!("{}/initial.safetensors", workspace.only_run());
    assert!(!workspace.path(&initial).exists());
    let results = workspace.results();
    workspace.succeed(&["run", "experiment.toml", "--retrain", "--save-initial"]);
    assert!(workspace.results() == results);
    let size = |path: &str| workspace.path(path).metadata().expect("there").len();
    assert_eq!(size(&initial), size(&initial.replace("initial", "model")));
}

#[test]
fn colour_is_drawn_on_request_only() {
    let workspace = Workspace::with("[network]\nkind = \"mlp\"\n");
    let error = |args: &[&str], variable: Option<&str>| {
        let mut command = workspace.command(&[&["plan", "experiment.toml"], args].concat());
        command.envs(variable.map(|name| (name, "1")));
        Ran::from(command.output().expect("the binary starts")).err
    };
    let is_coloured = |text: String| text.contains('\x1b');
    assert!(!is_coloured(error(&[], None)));
    assert!(!is_coloured(error(&[], Some("NO_COLOR"))));
    assert!(is_coloured(error(&[], Some("CLICOLOR_FORCE"))));
    assert!(is_coloured(error(&["--color=always"], Some("NO_COLOR"))));
    assert!(!is_coloured(error(&["--color=never"], Some("CLICOLOR_FORCE"))));
}

#[test]
fn quiet_prints_the_result_and_nothing_else() {
    let ran = Workspace::with(&trial(1)).run(&["run", "experiment.toml", "--quiet"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert!(ran.out.contains("experiment"), "{}", ran.out);
}

#[test]
fn retrain_moves_the_old_run_aside() {
    let workspace = Workspace::with(&trial(1));
    workspace.succeed(&["run", "experiment.toml"]);
    let (results, run) = (workspace.results(), workspace.only_run());
    let id = run.strip_prefix("runs/").expect("a run folder");
    for again in 1..=2 {
        let ran = workspace.run(&["run", "experiment.toml", "--retrain"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(ran.err.starts_with("1 trial, "), "{}", ran.err);
        assert_eq!(names(&workspace.path("runs/.replaced")).len(), again);
    }
    let aside = workspace.read(&format!("runs/.replaced/{id}-1/metrics.csv"));
    assert_eq!(aside, workspace.read(&format!("{run}/metrics.csv")));
    assert!(workspace.results() == results);
    let list = workspace.succeed(&["list", "--format", "csv"]);
    assert_eq!(list.lines().count(), 2, "what was moved aside is nobody's run: {list}");
}

#[test]
fn run_of_other_data_is_refused_with_both_values() {
    for state in ["finished", "interrupted"] {
        let workspace = Workspace::with(&trial(1));
        workspace.succeed(&["run", "experiment.toml"]);
        let path = format!("{}/run.json", workspace.only_run());
        let mut record: Value = serde_json::from_str(&workspace.read(&path)).expect("JSON");
        let now = record["provenance"]["data_sha256"].as_str().expect("a hash").to_owned();
        record["provenance"]["data_sha256"] = "0123abcd".into();
        record["state"] = state.into();
        workspace.write_record(&workspace.only_run(), &record);
        let ran = workspace.run(&["run", "experiment.toml"]);
        assert_eq!(ran.code, Some(1), "{state}: {}", ran.err);
        for part in ["0123abcd", &now, "--retrain"] {
            assert!(ran.err.contains(part), "{part} is not in: {}", ran.err);
        }
        workspace.succeed(&["run", "experiment.toml", "--retrain"]);
    }
}
