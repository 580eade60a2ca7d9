//! One short test for each bug that was fixed.

use crate::experiments::trial;
use crate::workspace::{Ran, Workspace};

#[test]
fn retrain_moves_nothing_aside_before_the_data_is_there() {
    let workspace = Workspace::with(&trial(1));
    workspace.succeed(&["run", "experiment.toml"]);
    let results = workspace.results();
    let missing = trial(1).replace("\"synthetic\"", "\"cifar10\"");
    workspace.write("both.toml", missing);
    let args = ["run", "both.toml", "experiment.toml", "--retrain", "--offline"];
    assert_eq!(workspace.run(&args).code, Some(6));
    assert!(workspace.results() == results);
}

#[test]
fn no_more_threads_than_trials() {
    let workspace = Workspace::with(&trial(1));
    let ran = workspace.run(&["run", "experiment.toml", "--jobs", "60000"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.err.starts_with("1 trial, 1 at a time\n"), "{}", ran.err);
}

#[test]
fn record_with_an_id_that_is_a_path_is_damaged() {
    let workspace = Workspace::with(&trial(1));
    workspace.succeed(&["run", "experiment.toml"]);
    let run = workspace.only_run();
    let mut record = workspace.record(&run);
    record["id"] = "../../escape".into();
    workspace.write_record(&run, &record);
    let ran = workspace.run(&["resume", &run]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("is not a run id") && ran.err.contains(&run), "{}", ran.err);
}

#[test]
fn settings_that_differ_in_the_last_digit_are_two_configs() {
    let rates = ["0.030424838979365654", "0.030424838979365657"];
    let grid = format!("[grid]\noptimizer.learning_rate = [{}]\n", rates.join(", "));
    let workspace = Workspace::with(&(trial(1) + &grid));
    workspace.succeed(&["run", "experiment.toml"]);
    let ids = workspace.ids("experiment.toml");
    let compared = workspace.succeed(&["compare", "experiment.toml", "--format", "csv"]);
    let csv = workspace.succeed(&["export", "experiment.toml", "--to", "csv"]);
    assert_eq!(compared.lines().count(), 1 + 2, "{compared}");
    for (rate, id) in rates.iter().zip(&ids) {
        assert!(compared.contains(rate) && csv.contains(rate), "{compared}{csv}");
        let toml = workspace.read(&format!("runs/{id}/trial.toml"));
        assert!(toml.contains(&format!("learning_rate = {rate}\n")), "{toml}");
        assert!(workspace.succeed(&["show", id]).contains(rate));
        let condition = format!("learning_rate == {rate}");
        let list = [
            "compare",
            "experiment.toml",
            "--where",
            &condition,
            "--columns",
            "ids",
            "--format",
            "csv",
        ];
        assert_eq!(workspace.succeed(&list), format!("ids\n{id}\n"));
    }
    let diff = workspace.succeed(&["diff", &ids[0], &ids[1]]);
    assert!(rates.iter().all(|rate| diff.contains(rate)), "{diff}");
    let plan = workspace.succeed(&["plan", "experiment.toml", "--set", "training.epochs=2"]);
    assert_eq!(plan.matches(" continues ").count(), 2, "{plan}");
}

#[test]
fn resume_refuses_a_run_of_another_folder_of_runs() {
    let workspace = Workspace::with(&trial(1));
    workspace.succeed(&["run", "experiment.toml"]);
    let ran = workspace.run(&["resume", &workspace.only_run(), "--runs-dir", "elsewhere"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("--runs-dir"), "{}", ran.err);
}

#[test]
fn invalid_files_are_all_reported() {
    let workspace = Workspace::with(&trial(0));
    workspace.write("second.toml", trial(1).replace("adagrad", "adagrd"));
    let ran = workspace.run(&["run", "experiment.toml", "second.toml"]);
    assert_eq!(ran.code, Some(3));
    assert!(ran.err.contains("training.epochs") && ran.err.contains("adagrd"), "{}", ran.err);
}

#[test]
fn evaluating_every_endless_number_of_epochs_overflows_nowhere() {
    let workspace = Workspace::with(&trial(2));
    let set = "evaluation.every_epochs=9223372036854775807";
    workspace.succeed(&["run", "experiment.toml", "--set", set]);
    let metrics = workspace.read(&format!("{}/metrics.csv", workspace.only_run()));
    assert_eq!(metrics.lines().count(), 1 + 2);
}

#[test]
fn typed_verbose_beats_quiet_in_a_variable() {
    let workspace = Workspace::with(&trial(1));
    let mut command = workspace.command(&["run", "experiment.toml", "--verbose"]);
    let ran = Ran::from(command.env("RUNNER_QUIET", "1").output().expect("the binary starts"));
    assert!(ran.err.contains("epoch 1, train "), "{}", ran.err);
}
