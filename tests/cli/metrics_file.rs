//! `metrics.csv` and `timing.csv` have the columns that the documentation promises.

use crate::experiments::trial;
use crate::workspace::Workspace;

const HEADER: &str = "epoch,step,learning_rate,batch_loss,train_loss,train_accuracy,val_loss,\
                      val_accuracy,test_loss,test_accuracy,gap";

/// The fields of each row under the header.
fn rows(workspace: &Workspace) -> Vec<Vec<String>> {
    let text = workspace.read(&format!("{}/metrics.csv", workspace.only_run()));
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(HEADER));
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn number(field: &str) -> f32 {
    field.parse().expect("a number")
}

#[test]
fn rows_begin_before_the_first_step_and_split_without_examples_are_empty() {
    let workspace = Workspace::with(&trial(3));
    workspace.succeed(&["run", "experiment.toml"]);
    let rows = rows(&workspace);
    let positions: Vec<(&str, &str)> = rows.iter().map(|row| (&*row[0], &*row[1])).collect();
    assert_eq!(positions, [("0", "0"), ("1", "6"), ("2", "12"), ("3", "18")]);
    for (epoch, row) in rows.iter().enumerate() {
        assert_eq!(row.len(), 11);
        assert_eq!(row[2], "0.01");
        assert_eq!(row[3].is_empty(), epoch == 0, "no batch before the first step");
        assert_eq!((&*row[6], &*row[7]), ("", ""), "no validation split");
        let [train, test, gap] = [5, 9, 10].map(|column| number(&row[column]));
        assert!((gap - (train - test)).abs() < 1e-6);
        assert!((0.0..=1.0).contains(&train) && (0.0..=1.0).contains(&test));
    }
}

#[test]
fn validation_fills_its_columns() {
    let validation = "train_examples = 300\nvalidation_examples = 50";
    let workspace = Workspace::with(&trial(1).replace("train_examples = 300", validation));
    workspace.succeed(&["run", "experiment.toml"]);
    for row in rows(&workspace) {
        assert!(number(&row[6]) > 0.0 && (0.0..=1.0).contains(&number(&row[7])));
    }
    let run = workspace.only_run();
    assert!(workspace.path(&format!("{run}/best.safetensors")).exists());
}

#[test]
fn evaluation_can_be_rarer_and_always_follows_the_last_step() {
    let rarer = trial(1).replace("epochs = 1", "steps = 16") + "[evaluation]\nevery_epochs = 2\n";
    let workspace = Workspace::with(&rarer);
    workspace.succeed(&["run", "experiment.toml"]);
    let steps: Vec<String> = rows(&workspace).into_iter().map(|row| row[1].clone()).collect();
    assert_eq!(steps, ["0", "12", "16"]);
}

#[test]
fn timing_has_a_row_for_each() {
    let workspace = Workspace::with(&trial(2));
    workspace.succeed(&["run", "experiment.toml"]);
    let timing = workspace.read(&format!("{}/timing.csv", workspace.only_run()));
    assert!(timing.starts_with("epoch,train_seconds,evaluation_seconds,examples_per_second\n0,"));
    assert_eq!(timing.lines().count(), 1 + 3);
}
