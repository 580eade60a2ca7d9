//! `runner init`: what it writes is trained, on data of one's own after the one line that names it.

use crate::own_data::{flowers, photos};
use crate::workspace::Workspace;

/// A file of this preset after the lines that a user changes, trained for an epoch.
#[track_caller]
fn train(workspace: &Workspace, preset: &str, changes: &[(&str, &str)]) {
    workspace.succeed(&["init", "started.toml", "--from", preset]);
    let text = workspace.read("started.toml");
    assert!(text.starts_with("#:schema experiment.schema.json\n"), "{text}");
    let text = changes.iter().fold(text, |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    workspace.write("started.toml", text);
    let table = workspace.succeed(&["run", "started.toml", "--set", "training.epochs=1"]);
    assert_eq!(workspace.runs().len(), 4, "two configs of two seeds");
    assert!(table.contains("dropout 0.3"), "{table}");
}

#[test]
fn a_table_of_ones_own_takes_two_lines() {
    let workspace = Workspace::new();
    workspace.write("flowers.csv", flowers(60));
    let changes =
        [("\"data.csv\"", "\"flowers.csv\""), ("label = \"label\"", "label = \"species\"")];
    train(&workspace, "csv", &changes);
}

#[test]
fn pictures_of_ones_own_take_one_line() {
    let workspace = Workspace::new();
    photos(&workspace, "photos", 12);
    train(&workspace, "images", &[("path = \"pictures\"", "path = \"photos\"")]);
}

#[test]
fn a_few_pictures_are_enough() {
    let workspace = Workspace::new();
    photos(&workspace, "pictures", 8);
    workspace.succeed(&["init", "started.toml", "--from", "images"]);
    workspace.succeed(&["plan", "started.toml"]);
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let workspace = Workspace::new();
    let ran = workspace.run(&["init", "nowhere/started.toml"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert_eq!(ran.err, "error: cannot create nowhere/started.toml: there is no folder nowhere\n");
}

#[test]
fn a_convolutional_network_takes_none() {
    let workspace = Workspace::new();
    let few = "kind = \"synthetic\"\ntrain_examples = 200\ntest_examples = 100\n";
    train(&workspace, "convnet", &[("kind = \"synthetic\"", few)]);
}
