//! `dataset.kind = "images"`: from folders of pictures to a finished run, and what is no picture.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use crate::own_data::{experiment, hostile_files, photos, picture, save};
use crate::workspace::Workspace;

const PHOTOS: &str = "kind = \"images\"\npath = \"photos\"\nimage_size = 6\n";

fn workspace(keys: &str) -> Workspace {
    let workspace = Workspace::with(&experiment(&format!("{PHOTOS}{keys}")));
    photos(&workspace, "photos", 12);
    workspace
}

/// What the program says with the folder's name, which is another each time, taken out.
fn told(workspace: &Workspace, text: &str) -> String {
    let folder = fs::canonicalize(workspace.path("")).expect("it is there");
    let text = text.replace(&*folder.to_string_lossy(), "FOLDER");
    text.replace("-->", "->").replace(&*workspace.path("").to_string_lossy(), "FOLDER/")
}

#[test]
fn pictures_are_learnt_and_the_record_knows_them() {
    let workspace = workspace("");
    workspace.succeed(&["run", "experiment.toml"]);
    let record = workspace.record(&workspace.only_run());
    assert_eq!(record["class_names"], serde_json::json!(["blue", "red"]));
    assert_eq!(record["input"]["shape"], serde_json::json!([3, 6, 6]));
    assert_eq!(record["last"]["test_accuracy"], 1.0);
    assert_eq!(record["trial"]["dataset"]["test_fraction"], 0.2);
    assert_eq!(record["provenance"]["data_left_out"], serde_json::Value::Null);
    assert!(workspace.succeed(&["verify", "latest"]).contains("same"));
}

#[test]
fn the_id_is_that_of_the_content_wherever_it_lies() {
    let workspace = workspace("");
    let [id] = &workspace.ids("experiment.toml")[..] else { panic!("one trial") };
    fs::rename(workspace.path("photos"), workspace.path("elsewhere")).expect("renamed");
    let set = ["plan", "experiment.toml", "--set", "dataset.path=\"elsewhere\"", "--format", "csv"];
    assert!(workspace.succeed(&set).contains(id.as_str()));
    save(&workspace, "elsewhere/red/new.png", &picture(8, 8, true, 99));
    assert!(!workspace.succeed(&set).contains(id.as_str()), "other content");
}

#[test]
fn trial_toml_is_the_same_trial_from_anywhere_and_refuses_other_content() {
    let workspace = workspace("");
    workspace.succeed(&["run", "experiment.toml"]);
    let run = workspace.only_run();
    let trial = format!("{run}/trial.toml");
    fs::create_dir_all(workspace.path("deep/down")).expect("writable");
    fs::copy(workspace.path(&trial), workspace.path("deep/down/trial.toml")).expect("copied");
    assert_eq!(workspace.ids("deep/down/trial.toml"), workspace.ids("experiment.toml"));
    save(&workspace, "photos/blue/000.webp", &picture(8, 8, true, 1));
    let ran = workspace.run(&["run", &trial]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.err.contains("the data has changed"), "{}", ran.err);
    let ran = workspace.run(&["verify", "latest"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("the data has changed"), "{}", ran.err);
}

#[test]
fn train_and_test_folders_divide_the_pictures() {
    let workspace = Workspace::with(&experiment(PHOTOS));
    photos(&workspace, "photos/train", 8);
    photos(&workspace, "photos/test", 3);
    save(&workspace, "photos/test/rde/0.png", &picture(5, 5, true, 0));
    let checked = workspace.succeed(&["data", "check", "experiment.toml"]);
    let checked: Vec<&str> = checked.lines().filter(|line| !line.contains("SHA-256")).collect();
    insta::assert_snapshot!(told(&workspace, &checked.join("\n")));
    let set = ["plan", "experiment.toml", "--set", "dataset.test_fraction=0.5"];
    let ran = workspace.run(&set);
    assert_eq!(ran.code, Some(3));
    insta::assert_snapshot!(told(&workspace, &ran.err));
}

#[test]
fn a_folder_of_validation_pictures_is_the_validation_split() {
    let workspace = Workspace::with(&experiment(PHOTOS));
    photos(&workspace, "photos/train", 8);
    photos(&workspace, "photos/test", 3);
    workspace.succeed(&["run", "experiment.toml"]);
    let without = workspace.only_run();
    for i in 0..5 {
        let class = if i < 3 { "red" } else { "blue" };
        save(&workspace, &format!("photos/val/{class}/{i}.png"), &picture(9, 9, i < 3, 50 + i));
    }
    photos(&workspace, "photos/validation", 2);
    // A run of a time before the folder, or before the program knew it, is read as it was.
    assert!(workspace.succeed(&["verify", "latest"]).contains("same"));
    let checked = workspace.succeed(&["data", "check", "experiment.toml"]);
    let checked: Vec<&str> = checked.lines().filter(|line| !line.contains("SHA-256")).collect();
    insta::assert_snapshot!(told(&workspace, &checked.join("\n")));
    let [id] = &workspace.ids("experiment.toml")[..] else { panic!("one trial") };
    assert!(!without.contains(id.as_str()));
    workspace.succeed(&["run", "experiment.toml"]);
    let record = workspace.record(&format!("runs/{id}"));
    assert_eq!(record["trial"]["dataset"]["validation_examples"], 5);
    assert_eq!(record["class_counts"]["validation"], serde_json::json!([2, 3]));
    assert_eq!(record["class_counts"]["train"], serde_json::json!([8, 8]));
    assert_eq!(record["last"]["val_accuracy"], 1.0);
    assert_eq!(workspace.ids(&format!("runs/{id}/trial.toml")), std::slice::from_ref(id));
    let mut errors = Vec::new();
    for set in ["dataset.validation_examples=4", "dataset.split_seed=1", "dataset.train_examples=5"]
    {
        let ran = workspace.run(&["plan", "experiment.toml", "--set", set]);
        assert_eq!(ran.code, Some(3), "{set}: {}", ran.out);
        errors.push(told(&workspace, &ran.err));
    }
    fs::remove_dir_all(workspace.path("photos/val/red")).expect("removed");
    fs::remove_dir_all(workspace.path("photos/val/blue")).expect("removed");
    errors.push(told(&workspace, &workspace.run(&["plan", "experiment.toml"]).err));
    insta::assert_snapshot!(errors.join("\n"));
}

#[test]
fn held_out_folders_have_the_names_of_the_classes_and_other_pictures() {
    let workspace = Workspace::with(&experiment(PHOTOS));
    photos(&workspace, "photos/train", 4);
    photos(&workspace, "photos/test", 3);
    save(&workspace, "photos/val/Red/0.png", &picture(9, 9, true, 50));
    save(&workspace, "photos/val/Blue/0.png", &picture(9, 9, false, 51));
    let planned = || {
        let ran = workspace.run(&["plan", "experiment.toml"]);
        (ran.code, told(&workspace, &ran.err))
    };
    let (code, err) = planned();
    assert_eq!(code, Some(3), "{err}");
    let label =
        "no folder in FOLDER/photos/val has the name of a class in train: \"Blue\", \"Red\"";
    assert!(err.contains(label) && err.contains("to the letter case"), "{err}");
    fs::remove_dir_all(workspace.path("photos/val")).expect("removed");
    photos(&workspace, "photos/val", 3);
    let (code, err) = planned();
    assert_eq!(code, Some(3), "{err}");
    assert!(err.contains("the test examples are the validation examples"), "{err}");
}

#[test]
fn folders_that_look_like_one_class_are_named() {
    let workspace = workspace("");
    save(&workspace, "photos/Red/0.png", &picture(9, 9, true, 50));
    save(&workspace, "photos/Red/1.png", &picture(9, 9, true, 51));
    let checked = workspace.succeed(&["data", "check", "experiment.toml"]);
    let note = "separate classes that look like the same one: \"Red\" and \"red\"";
    assert!(checked.contains(note), "{checked}");
}

#[test]
fn what_is_no_picture_is_listed_and_left_out() {
    let workspace = workspace("");
    let ids = workspace.ids("experiment.toml");
    hostile_files(&workspace, "photos/red");
    workspace.write("photos/readme.md", "beside the classes");
    let not_utf8 = workspace.path("photos/red").join(OsStr::from_bytes(b"caf\xe9.png"));
    fs::write(not_utf8, "no picture").expect("Linux takes any name");
    let evil = workspace.path("photos/red").join("e\u{1b}[2J.png");
    fs::write(evil, "no picture").expect("writable");
    assert_eq!(workspace.ids("experiment.toml"), ids, "what is left out changes nothing");
    let checked = workspace.succeed(&["data", "check", "experiment.toml"]);
    let checked: Vec<&str> = checked.lines().filter(|line| !line.contains("SHA-256")).collect();
    insta::assert_snapshot!(told(&workspace, &checked.join("\n")));
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.starts_with("warning: 13 left out of "), "{}", ran.err);
    assert!(!ran.err.contains('\u{1b}'), "{}", ran.err);
    assert_eq!(workspace.record(&workspace.only_run())["provenance"]["data_left_out"], 13);
}

#[test]
fn what_cannot_be_learnt_is_an_error_at_its_key() {
    let workspace = Workspace::with(&experiment(PHOTOS));
    let mut errors = Vec::new();
    let mut failed = |what: &str| {
        let ran = workspace.run(&["run", "experiment.toml"]);
        assert_eq!(ran.code, Some(3), "{what}: {}", ran.err);
        errors.push(format!("{what}:\n{}", told(&workspace, &ran.err)));
    };
    failed("no folder");
    workspace.write("photos/file.txt", "");
    failed("no classes");
    save(&workspace, "photos/red/0.png", &picture(5, 5, true, 0));
    failed("one class");
    fs::create_dir_all(workspace.path("photos/blue")).expect("writable");
    failed("an empty class");
    save(&workspace, "photos/blue/0.png", &picture(5, 5, false, 0));
    failed("one picture of each");
    workspace.write("experiment.toml", experiment("kind = \"images\"\nimage_size = 0\npth = 3"));
    failed("wrong keys");
    insta::assert_snapshot!(errors.join("\n"));
}

#[test]
fn grids_reach_the_way_pictures_are_resized() {
    let workspace = workspace("");
    workspace.write(
        "grid.toml",
        experiment(PHOTOS)
            + "[grid]\n\"dataset.aspect\" = [\"stretch\", \"crop\"]\n\
         \"dataset.resize_filter\" = [\"nearest\", \"lanczos\"]\n",
    );
    let table = workspace.succeed(&["plan", "grid.toml", "--format", "csv"]);
    let ids: Vec<&str> = table.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(ids.len(), 4);
    assert!(table.contains("aspect crop") && !table.contains("sha256"), "{table}");
}
