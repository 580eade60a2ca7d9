//! `plot`: pictures of an experiment and nothing beside them.

use crate::experiments::dropout_grid;
use crate::workspace::{Workspace, names};

#[test]
fn plots_are_written_and_named_and_written_again_the_same() {
    let workspace = Workspace::with(&dropout_grid(3));
    workspace.succeed(&["run", "experiment.toml"]);
    let printed = workspace.succeed(&["plot", "experiment.toml"]);
    let expected: Vec<String> = ["curves_test", "curves_gap", "train_test", "by_dropout"]
        .iter()
        .flat_map(|name| ["png", "svg"].map(|ending| format!("plots/{name}.{ending}")))
        .collect();
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected);
    assert_eq!(names(&workspace.path("plots")).len(), expected.len());
    let svg = workspace.read("plots/curves_test.svg");
    assert!(svg.contains("dropout 0.3") && svg.contains("2 seeds each"), "{svg}");
    workspace.succeed(&["plot", "runs", "--output", "again"]);
    assert_eq!(workspace.read("again/curves_test.svg"), svg);
}

#[test]
fn damaged_rows_leave_their_run_out_and_missing_runs_are_an_error() {
    let workspace = Workspace::with(&dropout_grid(1));
    assert_eq!(workspace.run(&["plot", "experiment.toml"]).code, Some(4));
    workspace.succeed(&["run", "experiment.toml"]);
    let run = format!("runs/{}", workspace.runs()[0]);
    workspace.write(&format!("{run}/metrics.csv"), "epoch\nx\n");
    let ran = workspace.run(&["plot", "runs"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains(&format!("{run}/metrics.csv: it has 8 bytes")), "{}", ran.err);
    assert!(!workspace.read("plots/curves_test.svg").contains(&run[5..]), "it is left out");
}
