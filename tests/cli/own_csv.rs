//! `dataset.kind = "csv"`: from a table to a finished run, and lines that are no examples.

use std::fs;

use crate::own_data::{experiment, flowers};
use crate::workspace::Workspace;

const FLOWERS: &str = "kind = \"csv\"\npath = \"flowers.csv\"\nlabel = \"species\"\n";

fn workspace(keys: &str) -> Workspace {
    let workspace = Workspace::with(&experiment(&format!("{FLOWERS}{keys}")));
    workspace.write("flowers.csv", flowers(60));
    workspace
}

fn told(workspace: &Workspace, text: &str) -> String {
    let folder = fs::canonicalize(workspace.path("")).expect("it is there");
    text.replace(&*folder.to_string_lossy(), "FOLDER")
}

#[test]
fn a_table_is_standardised_and_learnt() {
    let workspace = workspace("");
    workspace.succeed(&["run", "experiment.toml"]);
    let record = workspace.record(&workspace.only_run());
    assert_eq!(record["class_names"], serde_json::json!(["lily", "rose"]));
    assert_eq!(record["input"]["shape"], serde_json::json!([3, 1, 1]));
    assert_eq!(record["input"]["std"][2], 1.0, "a constant column is only centred");
    assert_eq!(record["input"]["mean"][2], 5.0);
    let dataset = &record["trial"]["dataset"];
    assert_eq!(dataset["scaling"], "standardize");
    assert_eq!(dataset["features"], serde_json::json!(["length", "width", "constant"]));
    assert_eq!(record["last"]["test_accuracy"], 1.0);
    assert!(workspace.succeed(&["verify", "latest"]).contains("same"));
    for file in ["mistakes.png", "first_layer.png"] {
        let path = workspace.path(&format!("{}/{file}", workspace.only_run()));
        assert!(!path.exists(), "{file} of what is no picture");
    }
}

#[test]
fn a_second_file_holds_the_test_examples() {
    let workspace =
        workspace("test_path = \"more/test.csv\"\nfeatures = [\"width\", \"length\"]\n");
    workspace.write("more/test.csv", "species,length,width\nrose,0.1,100\nlily,3.1,5\ntulip,1,1\n");
    let checked = workspace.succeed(&["data", "check", "experiment.toml"]);
    let checked: Vec<&str> = checked.lines().filter(|line| !line.contains("SHA-256")).collect();
    insta::assert_snapshot!(told(&workspace, &checked.join("\n")));
}

#[test]
fn whole_numbers_are_classes_in_their_order() {
    let workspace = Workspace::with(&experiment("kind = \"csv\"\npath = \"n.csv\"\nlabel = \"n\""));
    let lines = (0..40).map(|i| format!("{i},{}\n", [10, 9, -1, 100][i % 4]));
    workspace.write("n.csv", lines.fold("x,n\n".to_owned(), |text, line| text + &line));
    let checked = workspace.succeed(&["data", "check", "experiment.toml"]);
    assert!(checked.contains("4 classes: -1, 9, 10, 100"), "{checked}");
}

#[test]
fn lines_that_are_no_examples_are_listed_and_left_out() {
    let workspace = workspace("");
    let damaged =
        flowers(60) + "60,nan,1,5,rose\n61,,1,5,rose\n62,1,5,rose\n63,1,1,5,\n64,x,1,5,lily\n";
    workspace.write("flowers.csv", damaged);
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let warning: Vec<&str> = ran.err.lines().take(6).collect();
    insta::assert_snapshot!(told(&workspace, &warning.join("\n")));
    assert_eq!(workspace.record(&workspace.only_run())["provenance"]["data_left_out"], 5);
}

#[test]
fn what_is_wrong_with_a_table_is_an_error_at_its_key() {
    let workspace = workspace("");
    let mut errors = Vec::new();
    let mut failed = |keys: &str, table: &str| {
        workspace.write("experiment.toml", experiment(keys));
        workspace.write("flowers.csv", table);
        let ran = workspace.run(&["run", "experiment.toml"]);
        assert_eq!(ran.code, Some(3), "{keys}: {}", ran.err);
        errors.push(told(&workspace, &ran.err));
    };
    let whole = flowers(60);
    let with = |keys: &str| format!("{FLOWERS}{keys}\n");
    failed(&FLOWERS.replace("flowers", "flower"), &whole);
    failed(&FLOWERS.replace("species", "specie"), &whole);
    failed("kind = \"csv\"\npath = \"flowers.csv\"", &whole);
    failed(&with("features = [\"lenght\"]"), &whole);
    failed(&with("features = [\"length\", \"length\"]"), &whole);
    failed(&with("features = [\"length\", \"species\"]"), &whole);
    failed(&with("features = [1]\ndelimiter = \"::\""), &whole);
    failed(&with("test_path = \"no.csv\""), &whole);
    failed(&with("test_path = \"flowers.csv\"\ntest_fraction = 0.3"), &whole);
    failed(&with("delimiter = \";\""), &whole);
    failed(FLOWERS, "");
    failed(FLOWERS, "length,species\n");
    failed(FLOWERS, "length,species\na,rose\nb,lily\n");
    failed(FLOWERS, "length,species\n1,rose\n2,rose\n");
    failed(FLOWERS, "length,species\n1,rose\n2,lily\n");
    let ids: String = (0..40).map(|i| format!("{},{}.5\n", i % 7, i)).collect();
    failed(FLOWERS, &format!("length,species\n{ids}"));
    failed(FLOWERS, "length,width,species\n0,5,0,2,rose\n1,5,-1,2,lily\n");
    failed(&with("test_fraction = 0"), &whole);
    failed(&with("sha256 = \"0123\""), &whole);
    insta::assert_snapshot!(errors.join("\n"));
}

#[test]
fn a_class_whose_lines_are_all_left_out_is_an_error() {
    let workspace =
        Workspace::with(&experiment("kind = \"csv\"\npath = \"t.csv\"\nlabel = \"label\"\n"));
    let line = |i: usize| match i % 3 {
        2 => format!("{i},,c\n"),
        class => format!("{i},{},{}\n", i % 7, ["a", "b"][class]),
    };
    let table = (0..60).map(line).fold("x,y,label\n".to_owned(), |text, line| text + &line);
    workspace.write("t.csv", table);
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert_eq!(ran.code, Some(3));
    for words in ["class \"c\" would be lost", "all 20 are left out, the first: line 4", "`y`"] {
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
    }
}

#[test]
fn lines_that_are_there_again_and_names_that_look_alike_are_said_however_quiet() {
    let workspace =
        Workspace::with(&experiment("kind = \"csv\"\npath = \"t.csv\"\nlabel = \"label\"\n"));
    let line = |i: usize| format!("{},{},{}\n", i % 9, i % 7, ["cat", "Cat"][i % 2]);
    let once = (0..60).map(line).fold(String::new(), |text, line| text + &line);
    workspace.write("t.csv", format!("x,y,label\n{}", once.repeat(5)));
    let ran = workspace.run(&["run", "-q", "experiment.toml"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for words in [
        " test examples also occur among the training examples, number for number",
        "separate classes that look like the same one: \"cat\" and \"Cat\"",
    ] {
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
    }
}
