//! Networks as lists of layers, as every command shows them that compares runs.

use crate::experiments::trial;
use crate::workspace::Workspace;

const LAYERS: &str = r#"kind = "layers"
layers = [
    { kind = "flatten" },
    { kind = "linear", units = 8, name = "hidden" },
    { kind = "relu" },
    { kind = "dropout", rate = 0.0 },
    { kind = "linear" },
]
"#;

/// A list of layers in place of the network of the usual trial.
fn with_grid(grid: &str) -> Workspace {
    let trial = trial(1);
    let (before, rest) = trial.split_once("kind = \"mlp\"").expect("an mlp");
    let (_, after) = rest.split_once("dropout = 0.2\n").expect("its last key");
    let workspace = Workspace::with(&format!("{before}{LAYERS}{after}{grid}"));
    workspace.succeed(&["run", "experiment.toml"]);
    workspace
}

const AXES: &str =
    "[grid]\nnetwork.layers.hidden.units = [4, 8]\nnetwork.layers.3.rate = [0, 0.5]\n";

#[test]
fn settings_of_layers_are_columns_of_their_own() {
    let workspace = with_grid(AXES);
    let columns = "network.layers.3.rate,units,n,seeds";
    let table = workspace.succeed(&["compare", "experiment.toml", "--columns", columns]);
    insta::assert_snapshot!(table);
    let table = workspace.succeed(&["compare", "runs", "--where", "layers.hidden.units > 4"]);
    let heads = table.lines().next().unwrap_or_default();
    assert!(heads.contains("rate") && !heads.contains("units"), "{table}");
    let ids = workspace.ids("experiment.toml");
    insta::assert_snapshot!(workspace.succeed(&["diff", &ids[0], &ids[3]]));
    let csv = workspace.succeed(&["export", "runs", "--to", "csv"]);
    let header = csv.lines().next().unwrap_or_default();
    assert!(header.contains(",network.layers.3.rate,network.layers.hidden.units,"), "{header}");
}

#[test]
fn lists_of_other_lengths_are_shown_whole() {
    let grid = r#"[grid]
        "network.layers" = [
            [{ kind = "flatten" }, { kind = "linear" }],
            [{ kind = "flatten" }, { kind = "linear", units = 5 }, { kind = "relu" }, { kind = "linear" }],
        ]"#;
    let workspace = with_grid(grid);
    insta::assert_snapshot!(workspace.succeed(&["compare", "runs", "--columns", "layers,n"]));
    let ids = workspace.ids("experiment.toml");
    let shown = workspace.succeed(&["diff", &ids[0], &ids[1]]);
    assert!(shown.contains("network.layers.1.units"), "{shown}");
    let shown = workspace.succeed(&["show", &ids[1]]);
    assert!(shown.contains("network.layers.3.kind"), "{shown}");
    workspace.succeed(&["list"]);
    workspace.succeed(&["report", "runs", "-o", "report.html"]);
}

#[test]
fn the_trial_of_a_list_is_cached_under_other_names() {
    let workspace = with_grid("");
    let renamed = workspace.run(&["run", "experiment.toml", "--set", "network.layers.1.name=x"]);
    assert_eq!(renamed.code, Some(0));
    assert_eq!(workspace.ids("experiment.toml").len(), 1);
    workspace.succeed(&["resume", "--all"]);
    workspace.succeed(&["verify", "latest"]);
}
