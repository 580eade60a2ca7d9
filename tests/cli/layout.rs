//! A runs folder on two levels: every command finds the runs, and their ids and bytes are the same.

use crate::experiments::dropout_grid;
use crate::workspace::{Workspace, names};

#[test]
fn runs_on_two_levels_are_the_same_and_every_command_finds_them() {
    let workspace = Workspace::with(&dropout_grid(1));
    workspace.succeed(&["run", "experiment.toml", "--set", "network.dropout=0"]);
    let (before, ids) = (workspace.runs(), workspace.ids("experiment.toml"));
    workspace.write("runs/.two-levels", "");
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("2 trials (2 more cached)"), "{}", ran.err);
    assert_eq!(workspace.runs(), before, "runs from before stay");
    let new: Vec<&String> = ids.iter().filter(|id| !before.contains(id)).collect();
    for id in &new {
        let folder = format!("runs/{}/{id}", &id[..2]);
        assert_eq!(workspace.record(&folder)["state"], "finished");
        assert!(workspace.succeed(&["show", &id[..8]]).contains(id.as_str()));
        assert!(workspace.succeed(&["verify", id]).contains("the same bytes"));
    }
    let listed = workspace.succeed(&["list", "--format", "csv"]);
    assert!(ids.iter().all(|id| listed.contains(id)), "{listed}");
    for target in ["experiment.toml", "runs"] {
        let table = workspace.succeed(&["compare", target, "--format", "csv"]);
        assert_eq!(table.matches(",2,").count(), 2, "{table}");
    }
    workspace.succeed(&["gc"]);
    let folder = workspace.path(&format!("runs/{}/{}", &new[0][..2], new[0]));
    assert!(!names(&folder).contains(&"checkpoint.safetensors".to_owned()));
}
