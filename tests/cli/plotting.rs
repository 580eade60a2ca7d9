//! `plot`: pictures of an experiment and nothing beside them.

use crate::experiments::{dropout_grid, trial};
use crate::workspace::{Workspace, names};

#[test]
fn plots_are_written_and_named_and_written_again_the_same() {
    let workspace = Workspace::with(&dropout_grid(3));
    workspace.succeed(&["run", "experiment.toml"]);
    let printed = workspace.succeed(&["plot", "experiment.toml"]);
    let expected: Vec<String> =
        ["curves_test", "curves_gap", "train_test", "by_dropout", "forest", "gap_vs_test"]
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

/// One change at a time, and fewer training images.
const VARIANTS: &str = r#"extends = "base.toml"
training.seeds = 2

[[variant]]
name = "more dropout"
network.dropout = 0.6

[[variant]]
optimizer.weight_decay = 0.01

[[variant]]
name = "half of the images"
dataset.train_examples = 150
"#;

#[test]
fn changes_are_drawn_and_means_over_other_changes_are_not() {
    let workspace = Workspace::new();
    workspace.write("base.toml", trial(2));
    workspace.write("experiment.toml", VARIANTS);
    workspace.succeed(&["run", "experiment.toml"]);
    let ran = workspace.run(&["plot", "experiment.toml"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("these configs are not a full grid of them"), "{}", ran.err);
    let files = names(&workspace.path("plots"));
    assert!(!files.iter().any(|name| name.starts_with("by_")), "{files:?}");
    let forest = workspace.read("plots/forest.svg");
    for name in ["more dropout", "weight decay 0.01", "half of the images"] {
        assert!(forest.contains(&format!("\n{name}\n")), "{name}: {forest}");
    }
    assert_eq!(forest.matches("<circle").count(), 3 * 2 * 2, "a dot for each seed and figure");
    assert!(workspace.read("plots/gap_vs_test.svg").contains("\nbaseline\n"));
    let sizes = workspace.read("plots/accuracy_by_train_examples.svg");
    assert!(sizes.contains("training images (logarithmic)"), "{sizes}");
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
