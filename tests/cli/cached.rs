//! What is finished is never trained again; what is deleted is.

use std::collections::BTreeMap;
use std::fs;
use std::time::SystemTime;

use crate::experiments::{dropout_grid, trial};
use crate::workspace::{Workspace, names};

/// When each file of each run was written last.
fn written(workspace: &Workspace) -> BTreeMap<String, SystemTime> {
    let mut times = BTreeMap::new();
    for run in workspace.runs() {
        for name in names(&workspace.path("runs").join(&run)) {
            let path = format!("runs/{run}/{name}");
            let metadata = fs::metadata(workspace.path(&path)).expect("just listed");
            times.insert(path, metadata.modified().expect("known on every platform tested"));
        }
    }
    times
}

#[test]
fn second_run_trains_nothing_and_prints_the_same() {
    let workspace = Workspace::with(&dropout_grid(2));
    let first = workspace.run(&["run", "experiment.toml"]);
    let before = written(&workspace);
    let second = workspace.run(&["run", "experiment.toml"]);
    assert_eq!((first.code, second.code), (Some(0), Some(0)));
    assert_eq!(second.err, "4 trials: all cached\n");
    assert_eq!(second.out, first.out);
    assert!(written(&workspace) == before, "a finished run was written to");
}

#[test]
fn same_trial_of_another_file_is_cached() {
    let workspace = Workspace::with(&trial(2));
    workspace.succeed(&["run", "experiment.toml"]);
    // Defaults written out, another order, a name and a description: the same trial.
    let other =
        trial(2).replace("batch_norm = true\ndropout = 0.2", "dropout = 2e-1\nbatch_norm = true");
    let other =
        format!("name = \"other\"\ndescription = \"the same\"\n{other}batches = \"shuffled\"\n");
    workspace.write("elsewhere/other.toml", other);
    assert_eq!(workspace.ids("elsewhere/other.toml"), workspace.ids("experiment.toml"));
    let ran = workspace.run(&["run", "elsewhere/other.toml"]);
    assert_eq!(ran.err, "1 trial: all cached\n");
    // And both at once are one trial.
    let ran = workspace.run(&["run", "experiment.toml", "elsewhere/other.toml"]);
    assert_eq!(ran.err, "1 trial: all cached\n");
}

#[test]
fn trial_file_of_a_run_is_that_very_trial() {
    let workspace = Workspace::with(&dropout_grid(1));
    workspace.succeed(&["run", "experiment.toml"]);
    for run in workspace.runs() {
        let file = format!("runs/{run}/trial.toml");
        assert_eq!(workspace.ids(&file), [run]);
        assert_eq!(workspace.run(&["run", &file]).err, "1 trial: all cached\n");
    }
}

#[test]
fn deleted_run_is_trained_again_and_only_it() {
    let workspace = Workspace::with(&dropout_grid(1));
    workspace.succeed(&["run", "experiment.toml"]);
    let (before, results) = (written(&workspace), workspace.results());
    let deleted = workspace.runs().remove(1);
    fs::remove_dir_all(workspace.path("runs").join(&deleted)).expect("deletable");
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert!(ran.err.starts_with("1 trial (3 more cached), "), "{}", ran.err);
    assert!(workspace.results() == results);
    let unlike = |(path, time): (String, SystemTime)| (before[&path] != time).then_some(path);
    let rewritten: Vec<String> = written(&workspace).into_iter().filter_map(unlike).collect();
    assert!(!rewritten.is_empty() && rewritten.iter().all(|path| path.contains(&deleted)));
}

#[test]
fn more_seeds_and_values_add_to_what_is_there() {
    let workspace = Workspace::with(&trial(1));
    workspace.succeed(&["run", "experiment.toml"]);
    let ran = workspace.run(&["run", "experiment.toml", "--set", "training.seeds=[7, 8]"]);
    assert!(ran.err.starts_with("1 trial (1 more cached), "), "{}", ran.err);
    let values = ["--set", "network.dropout=[0.2, 0.4]"];
    let ran = workspace.run(&[&["run", "experiment.toml"], &values[..]].concat());
    assert_eq!(ran.code, Some(3), "a list is no value of a key that is no axis");
}
