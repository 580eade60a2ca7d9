//! `note`: what people write about runs is shown and found, and decides nothing.

use crate::experiments::dropout_grid;
use crate::workspace::Workspace;

#[test]
fn notes_and_tags_are_shown_and_found_and_change_no_result() {
    let workspace = Workspace::with(&dropout_grid(1));
    workspace.succeed(&["run", "experiment.toml"]);
    let before = workspace.results();
    let id = &workspace.runs()[0];
    let nothing = workspace.run(&["note", id]);
    assert_eq!((nothing.code, nothing.out.as_str()), (Some(0), ""), "{}", nothing.err);
    assert!(nothing.err.contains(&format!("nothing is noted about run {id}")), "{}", nothing.err);
    let noted = workspace.succeed(&["note", id, "looks", "odd", "--tag", "kept", "--tag", "slow"]);
    assert!(noted.contains("tags  kept slow") && noted.contains("  looks odd"), "{noted}");
    workspace.succeed(&["note", id, "--untag", "slow"]);
    assert!(workspace.succeed(&["show", id]).contains("looks odd"));
    assert!(workspace.succeed(&["list"]).contains("#kept; looks odd"));
    let compared = workspace.succeed(&["compare", "runs"]);
    assert!(compared.contains("#kept; looks odd"), "{compared}");
    let found = workspace.succeed(&["list", "--where", "tag == 'kept'", "--format", "csv"]);
    assert_eq!(found.lines().count(), 2, "{found}");
    assert!(found.contains(id.as_str()), "{found}");
    let none = workspace.run(&["note", id, "--untag", "slow"]);
    assert_eq!(none.code, Some(4), "{}", none.err);
    let wrong = workspace.run(&["note", id, "--tag", "two words"]);
    assert_eq!(wrong.code, Some(2), "{}", wrong.err);
    assert!(wrong.err.contains("is no tag: 1 to 64 letters"), "{}", wrong.err);
    assert_eq!(workspace.results(), before);
    assert!(workspace.run(&["verify", id]).code == Some(0));
    workspace.write(&format!("runs/{id}/notes.toml"), "version = 9\n");
    assert!(workspace.succeed(&["list"]).contains("it is not a file of notes"));
}
