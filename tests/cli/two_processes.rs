//! Several processes on one runs folder share the work.

use crate::experiments::{dropout_grid, trial};
use crate::workspace::Workspace;

#[test]
fn no_trial_is_trained_twice() {
    let grid = dropout_grid(4).replace("seeds = [1, 2]", "seeds = 5");
    let workspace = Workspace::with(&grid);
    let command = ["run", "experiment.toml", "--jobs=2"];
    let processes = [(); 3].map(|()| workspace.start(&command));
    for ran in processes.map(|process| process.wait()) {
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    assert_eq!(workspace.runs().len(), 10);
    for run in workspace.runs() {
        let record = workspace.record(&format!("runs/{run}"));
        assert_eq!((&record["state"], &record["attempt"]), (&"finished".into(), &1.into()));
        let log = workspace.read(&format!("runs/{run}/log.txt"));
        assert_eq!(log.matches(" attempt ").count(), 1, "{log}");
    }
    assert_eq!(workspace.leftovers(), [""; 0]);
    let table = workspace.succeed(&["compare", "experiment.toml", "--format", "csv"]);
    assert_eq!(table.matches(",5,").count(), 2, "{table}");
}

#[test]
fn a_run_in_training_is_left_to_its_process() {
    let workspace = Workspace::with(&trial(10_000_000));
    let mut first = workspace.start(&["run", "experiment.toml"]);
    workspace.wait_for_attempt(0, &mut first);
    let run = workspace.only_run();
    let owner = workspace.record(&run)["owner"]["pid"].to_string();
    for command in [&["run", "experiment.toml"][..], &["resume", "--all"]] {
        let second = workspace.run(command);
        assert_eq!(second.code, Some(0), "{}", second.err);
        let told = format!("is trained by process {owner} on ");
        assert!(second.err.contains(&told), "{}", second.err);
    }
    let retrain = workspace.run(&["run", "experiment.toml", "--retrain"]);
    assert_eq!(retrain.code, Some(1), "{}", retrain.err);
    assert!(retrain.err.contains(&owner), "{}", retrain.err);
    assert!(first.is_alive());
    assert_eq!(workspace.record(&run)["attempt"], 1);
}
