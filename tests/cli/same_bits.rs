//! Results do not depend on how many trials are trained at once, nor on the folder or the file.

use rustix::process::Signal;

use crate::experiments::{OPTIMIZERS, dropout_grid, optimizer_grid, trial};
use crate::workspace::{RESULTS, Workspace, wait_until};

#[test]
fn jobs_change_no_byte() {
    let grid = optimizer_grid(3, "[1, 20]", &OPTIMIZERS);
    let results = ["1", "2", "3"].map(|jobs| {
        let workspace = Workspace::with(&grid);
        workspace.succeed(&["run", "experiment.toml", "--jobs", jobs]);
        assert_eq!(workspace.leftovers(), [""; 0]);
        workspace.results()
    });
    assert_eq!(results[0].len(), 7 * 2 * RESULTS.len(), "{:?}", results[0].keys());
    assert!(results[0] == results[1], "--jobs 2 changes results");
    assert!(results[0] == results[2], "--jobs 3 changes results");
}

#[test]
fn shares_of_the_training_examples_are_the_same_for_any_number_of_jobs_and_threads() {
    let text = "dataset = { kind = 'synthetic', validation_examples = 500 }\n\
        network = { kind = 'mlp', hidden_sizes = [10] }\noptimizer.kind = 'sgd'\n\
        training = { epochs = 1, batch_size = 20 }\n[grid]\ndataset.train_fraction = [0.01, 0.1, 1]";
    let results = ["1", "3"].map(|jobs| {
        let workspace = Workspace::with(text);
        let ran = workspace.succeed(&["run", "experiment.toml", "--jobs", jobs]);
        assert!(ran.contains("10 % of the training examples "), "{ran}");
        workspace.results()
    });
    assert!(results[0] == results[1], "--jobs 3 changes results");
}

/// A lock that was held while a trial was trained once made them wait for each other.
#[test]
fn jobs_are_trials_trained_at_once() {
    let workspace = Workspace::with(&dropout_grid(10_000_000));
    let mut running = workspace.start(&["run", "experiment.toml", "--jobs", "3"]);
    wait_until("three trials have begun", || {
        assert!(running.is_alive());
        workspace.attempts_logged() == 3
    });
    running.signal(Signal::TERM);
    let ran = running.wait();
    assert!(ran.err.contains("3 of 4 trials saved partway, 1 not started"), "{}", ran.err);
}

#[test]
fn seeds_and_optimizers_differ() {
    let workspace = Workspace::with(&optimizer_grid(1, "[1, 20]", &["sgd", "adam"]));
    workspace.succeed(&["run", "experiment.toml"]);
    let mut models: Vec<_> = workspace.results().into_iter().collect();
    models.retain(|(name, _)| name.ends_with("/model.safetensors"));
    models.sort_by(|a, b| a.1.cmp(&b.1));
    models.dedup_by(|a, b| a.1 == b.1);
    assert_eq!(models.len(), 4);
}

#[test]
fn how_often_checkpoints_are_written_changes_no_byte() {
    let results = ["0", "0.001", "1000"].map(|seconds| {
        let workspace = Workspace::with(&trial(3));
        workspace.succeed(&["run", "experiment.toml", "--checkpoint-seconds", seconds]);
        workspace.results()
    });
    assert!(results[0] == results[1] && results[0] == results[2]);
}
