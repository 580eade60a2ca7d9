//! A sealed test set: no figure of it anywhere until it is unsealed, and then one reading, counted.

use serde_json::{Value, json};

use crate::experiments::dropout_grid;
use crate::workspace::Workspace;

/// Two configs with two seeds each and a validation split; the test set is sealed.
fn sealed_grid() -> String {
    let held_out = "train_examples = 300\nvalidation_examples = 50";
    dropout_grid(4).replace("train_examples = 300", held_out).replace("[grid]", SEALED)
}

const SEALED: &str = "[evaluation]\ntest = \"sealed\"\n\n[grid]";

/// Columns of `metrics.csv` in each row after the header.
fn fields(workspace: &Workspace, run: &str) -> Vec<Vec<String>> {
    let metrics = workspace.read(&format!("runs/{run}/metrics.csv"));
    let row = |line: &str| line.split(',').map(str::to_owned).collect();
    metrics.lines().skip(1).map(row).collect()
}

#[test]
fn sealed_trials_write_no_test_figure() {
    let workspace = Workspace::with(&sealed_grid());
    let ran = workspace.run(&["run", "experiment.toml", "-v"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("test sealed"), "{}", ran.err);
    for run in workspace.runs() {
        for row in fields(&workspace, &run) {
            assert!(row[6..8].iter().all(|field| !field.is_empty()), "no validation: {row:?}");
            assert_eq!(row[8..], ["", "", ""], "a test figure: {row:?}");
        }
        let record = workspace.record(&format!("runs/{run}"));
        assert_eq!(record["last"]["test_accuracy"], Value::Null);
        assert!(!workspace.path(&format!("runs/{run}/test_predictions.npy")).exists());
    }
    insta::assert_snapshot!(ran.out);
}

#[test]
fn unsealing_reads_the_test_set_once_and_every_table_counts_it() {
    let workspace = Workspace::with(&sealed_grid());
    workspace.succeed(&["run", "experiment.toml"]);
    let results = workspace.results();
    let before = workspace.succeed(&["compare", "runs"]);
    assert!(before.contains("test set sealed: never read by these 4 runs"), "{before}");
    let first = workspace.run(&["compare", "runs", "--unseal"]);
    assert_eq!(first.code, Some(0), "{}", first.err);
    let reads = |run: &String| workspace.record(&format!("runs/{run}"))["test_reads"].clone();
    let recorded: Vec<Value> = workspace.runs().iter().map(reads).collect();
    for read in &recorded {
        assert_eq!(read.as_array().expect("a list").len(), 1);
        assert!((0.0..=1.0).contains(&read[0]["test_accuracy"].as_f64().expect("a number")));
        assert_eq!(read[0]["examples"], 100);
    }
    // The second time nothing is read again, and without the flag the figures stay.
    let second = workspace.run(&["compare", "runs", "--unseal"]);
    let later = workspace.succeed(&["compare", "runs"]);
    assert_eq!(recorded, workspace.runs().iter().map(reads).collect::<Vec<_>>());
    assert_eq!((&second.out, &later), (&first.out, &first.out));
    assert_eq!(workspace.results(), results, "unsealing changed a result");
    insta::assert_snapshot!(first.out);
}

#[test]
fn what_is_unsealed_is_what_an_open_trial_had_measured() {
    let open = sealed_grid().replace("test = \"sealed\"", "test = \"every\"");
    let workspace = Workspace::with(&sealed_grid());
    workspace.write("open.toml", open);
    workspace.succeed(&["run", "experiment.toml", "open.toml"]);
    let sealed: Vec<Value> = workspace
        .ids("experiment.toml")
        .iter()
        .map(|id| {
            workspace.succeed(&["compare", id, "--unseal"]);
            let record = workspace.record(&format!("runs/{id}"));
            record["test_reads"][0]["test_accuracy"].clone()
        })
        .collect();
    let open = workspace.ids("open.toml");
    let open: Vec<Value> = open
        .iter()
        .map(|id| workspace.record(&format!("runs/{id}"))["best"]["test_accuracy"].clone())
        .collect();
    assert_eq!(sealed, open);
}

#[test]
fn a_reading_of_other_weights_is_not_that_of_the_best_epoch() {
    let workspace = Workspace::with(&sealed_grid());
    workspace.succeed(&["run", "experiment.toml"]);
    let run = format!("runs/{}", workspace.runs().remove(0));
    let mut record = workspace.record(&run);
    let best = record["best"]["epoch"].as_u64().expect("an epoch");
    // As a study reads the last epoch's weights.
    record["test_reads"] = json!([{"date": "2026-12-01T00:00:00Z", "epoch": best + 1, "examples": 100,
        "test_loss": 1.0, "test_accuracy": 0.125}]);
    workspace.write_record(&run, &record);
    let folder = [run.as_str()];
    let before = workspace.succeed(&[&["compare"], &folder[..]].concat());
    assert!(before.contains("test set sealed: read once by this run"), "{before}");
    assert!(!before.contains("12.5") && !before.contains("best validation epoch"), "{before}");
    let after = workspace.succeed(&[&["compare", "--unseal"], &folder[..]].concat());
    assert!(after.contains("test set sealed: read 2 times by this run"), "{after}");
    let reads = workspace.record(&run)["test_reads"].clone();
    assert_eq!(
        (reads[0]["test_accuracy"].clone(), &reads[1]["epoch"]),
        (json!(0.125), &json!(best))
    );
    assert!(after.contains("with the weights of the best validation epoch"), "{after}");
}

#[test]
fn sealing_needs_a_validation_split() {
    let workspace = Workspace::with(&dropout_grid(1).replace("[grid]", SEALED));
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert_eq!(ran.code, Some(3));
    insta::assert_snapshot!(ran.err);
}

#[test]
fn run_whose_weights_are_gone_is_named() {
    let workspace = Workspace::with(&sealed_grid());
    workspace.succeed(&["run", "experiment.toml"]);
    let run = workspace.runs().remove(0);
    std::fs::remove_file(workspace.path(&format!("runs/{run}/best.safetensors"))).unwrap();
    let ran = workspace.run(&["compare", "runs", "--unseal"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains(&format!("{run}/best.safetensors")), "{}", ran.err);
}

#[test]
fn views_at_test_time_have_no_figure_and_that_is_said() {
    let workspace = Workspace::with(
        &sealed_grid().replace("test = \"sealed\"", "test = \"sealed\"\ntest_time = \"mirror\""),
    );
    let ran = workspace.run(&["plan", "experiment.toml"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("`evaluation.test_time` gives no figure while"), "{}", ran.err);
    let open = ["plan", "experiment.toml", "--set", "evaluation.test=every"];
    assert!(!workspace.run(&open).err.contains("test_time"));
}
