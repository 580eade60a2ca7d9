//! `dataset.kind = "csv"`: quotes that do not close, labels that are missing, test examples that are those
//! of training, and names with line breaks.

use std::fs;

use crate::own_data::{experiment, link};
use crate::workspace::{Ran, Workspace};

const TABLE: &str = "kind = \"csv\"\npath = \"t.csv\"\nlabel = \"label\"\n";

/// Two columns that tell two classes, in 60 lines, each changed as `line` says.
fn table(line: impl Fn(usize, String) -> String) -> String {
    let plain = |i: usize| format!("{}.{i},{},{}\n", i % 2, i % 2, ["a", "b"][i % 2]);
    let lines = (0..60).map(|i| line(i + 2, plain(i)));
    lines.fold("x,y,label\n".to_owned(), |text, line| text + &line)
}

fn plain(_: usize, line: String) -> String {
    line
}

fn workspace(keys: &str, table: &str) -> Workspace {
    let workspace = Workspace::with(&experiment(&format!("{TABLE}{keys}")));
    workspace.write("t.csv", table);
    workspace
}

fn checked(workspace: &Workspace) -> String {
    let checked = workspace.succeed(&["data", "check", "experiment.toml"]);
    let folder = fs::canonicalize(workspace.path("")).expect("it is there");
    let lines = checked.lines().filter(|line| !line.contains("SHA-256"));
    lines.collect::<Vec<_>>().join("\n").replace(&*folder.to_string_lossy(), "FOLDER")
}

#[test]
fn a_stray_quote_costs_its_line_alone() {
    let stray = |number: usize, line: String| match number {
        12 => line.replace(",a", ",\"a"),
        _ => line,
    };
    insta::assert_snapshot!("never_closed", checked(&workspace("", &table(stray))));
    let closed_later = |number: usize, line: String| match number {
        12 | 40 => line.replace(",a", ",\"a"),
        _ => line,
    };
    insta::assert_snapshot!("closed_in_a_field", checked(&workspace("", &table(closed_later))));
    let closed_as_a_text = |number: usize, line: String| match number {
        12 => line.replace(",a", ",\"a"),
        40 => line.replace(",a", ",a\""),
        _ => line,
    };
    let shown = checked(&workspace("", &table(closed_as_a_text)));
    assert!(shown.contains("the longest from line 12 to line 40"), "{shown}");
}

#[test]
fn a_second_file_with_a_stray_quote_says_so_too() {
    let workspace = workspace("test_path = \"test.csv\"\n", &table(plain));
    workspace.write("test.csv", "x,y,label\n0.1,0,\"a\n1.5,1,b\n");
    let shown = checked(&workspace);
    assert!(shown.contains("60 training examples") && shown.contains("1 test examples"), "{shown}");
    assert!(shown.contains("test.csv line 2 opens a quote that is never closed"), "{shown}");
}

#[test]
fn every_line_has_its_prediction_or_its_reason() {
    let workspace = workspace("", &table(plain));
    workspace.succeed(&["run", "experiment.toml"]);
    let line =
        |i: usize| format!("{}.{i},{},{}n{i}\n", i % 2, i % 2, if i == 3 { "\"" } else { "" });
    let new = (0..20).map(line).fold("x,y,note\n".to_owned(), |text, line| text + &line);
    workspace.write("new.csv", new);
    let args = ["predict", "latest", "new.csv", "--format", "csv"];
    let Ran { code, out, err } = workspace.run(&args);
    assert_eq!((code, out.lines().count()), (Some(6), 1 + 19), "{err}");
    let reason = "new.csv line 5 opens a quote that is never closed; the 16 lines after it are \
                  read separately";
    assert!(err.lines().any(|line| line == reason), "{err}");
    workspace.write("new.csv", "x,y,note\n0.1,0,\"two\nlines\"\n1.1,1,one\n");
    let Ran { code, out, err } = workspace.run(&args);
    assert_eq!((code, out.lines().count()), (Some(0), 3));
    assert!(err.contains("note: quoted fields of new.csv contain line breaks"), "{err}");
}

#[test]
fn labels_that_stand_for_a_missing_one_are_no_classes() {
    let missing = |number: usize, line: String| match number {
        5 | 6 => line.replace(",a", ",NA").replace(",b", ",NA"),
        7 => line.replace(",b", ",NaN"),
        8 => line.replace(",a", ",null"),
        9 => line.replace(",b", ",?"),
        10 => line.replace(",a", ","),
        _ => line,
    };
    let workspace = workspace("", &table(missing));
    insta::assert_snapshot!("missing_labels", checked(&workspace));
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert!(
        ran.err.contains("labels that stand for a missing value are not classes"),
        "{}",
        ran.err
    );
    assert_eq!(workspace.record(&workspace.only_run())["provenance"]["data_left_out"], 6);
}

#[test]
fn test_examples_are_other_ones_than_those_of_training() {
    let workspace = workspace("", &table(plain));
    fs::copy(workspace.path("t.csv"), workspace.path("copy.csv")).expect("copied");
    fs::create_dir(workspace.path("folder")).expect("made");
    link("t.csv".as_ref(), &workspace.path("link.csv"));
    for path in ["t.csv", "folder/../t.csv", "link.csv", "copy.csv"] {
        let keys = format!("{TABLE}test_path = \"{path}\"\n");
        workspace.write("experiment.toml", experiment(&keys));
        let Ran { code, err, .. } = workspace.run(&["run", "experiment.toml"]);
        assert_eq!(code, Some(3), "{path}");
        assert!(err.contains("the test examples are the training examples"), "{path}: {err}");
    }
    let shuffled = table(|i, line| if i % 2 == 0 { String::new() } else { line });
    workspace.write("experiment.toml", experiment(&format!("{TABLE}test_path = \"part.csv\"\n")));
    workspace.write("part.csv", shuffled + "9.5,0,a\n");
    let shown = checked(&workspace);
    let note = "note: 30 of the 31 test examples also occur among the training examples, number \
                for number";
    assert!(shown.contains(note), "{shown}");
}

#[test]
fn names_with_line_breaks_are_spelled_out() {
    let two_lines = |_: usize, line: String| line.replace(",a", ",\"two\nlines\"");
    let workspace = workspace("", &table(two_lines));
    let shown = checked(&workspace);
    assert!(shown.contains("  2 classes: b, two\\u{a}lines\n"), "{shown}");
    let bad = table(|i, line| if i == 3 { line.replacen("1.1", "\"1\n1\"", 1) } else { line });
    workspace.write("t.csv", bad.replace("x,y", "\"x\n1\",y"));
    let ran = workspace.run(&["run", "experiment.toml"]);
    let line = "line 4 has `1\\u{a}1`, which is not a number, in column `x\\u{a}1`";
    assert!(ran.err.lines().any(|found| found.ends_with(line)), "{}", ran.err);
    workspace.write("new.csv", "\"x\n1\",y\n0.1,0\n\"z\nz\",1\n");
    let ran = workspace.run(&["predict", "latest", "new.csv"]);
    assert!(ran.err.lines().any(|found| found.contains("has `z\\u{a}z`")), "{}", ran.err);
}

#[test]
fn a_file_without_a_header_is_refused_with_the_reason() {
    let headless = table(plain).replacen("x,y,label\n", "", 1);
    let Ran { code, err, .. } = workspace("", &headless).run(&["run", "experiment.toml"]);
    assert_eq!(code, Some(3), "{err}");
    assert!(err.contains("the first line must be a header with their names"), "{err}");
}

#[test]
fn a_class_whose_lines_have_another_number_of_fields_is_refused() {
    let extra = |number: usize, line: String| match number {
        3 | 7 => line.replace(",b\n", ",c,more\n"),
        _ => line,
    };
    let Ran { code, err, .. } = workspace("", &table(extra)).run(&["plan", "experiment.toml"]);
    assert_eq!(code, Some(3), "{err}");
    assert!(err.contains("class \"c\" would be lost: none of its lines can be used"), "{err}");
    let first = "all 2 are left out, the first: line 3 has 4 fields, but the header has 3";
    assert!(err.contains(first), "{err}");
}

#[test]
fn lines_of_an_unknown_class_are_said_to_be() {
    let broken = |number: usize, line: String| match number {
        3 => line.replace(",b\n", "\n"),
        5 => line.replace(",1,b", ",1,7,b"),
        8 => line.replace(",a", ",\"a\" dog"),
        9 => line.replace(",b", ","),
        11 => line.replace(",b\n", ",b,more\n"),
        _ => line,
    };
    let shown = checked(&workspace("", &table(broken)));
    let note = "note: left out with an unknown class: 3 lines of FOLDER/t.csv, the first: line 3 has 2 fields, \
                but the header has 3; a class with no other lines is missing";
    assert!(shown.contains(note), "{shown}");
    assert!(shown.contains("line 8 continues after the closing quote of a field"), "{shown}");
    assert!(shown.contains("  2 classes: a, b\n"), "{shown}");
}

#[test]
fn a_quote_behind_a_blank_is_said_to_be_part_of_a_name() {
    let quoted = |number: usize, line: String| match number {
        2 | 4 => line.replace(",a", ", \"a\""),
        6 => line.replace(",a", ",\"a\" "),
        _ => line,
    };
    let shown = checked(&workspace("", &table(quoted)));
    assert!(
        shown.contains("separate classes that look like the same one: \"\\\"a\\\"\" and \"a\""),
        "{shown}"
    );
    assert!(
        shown.contains("note: the quotes of class \"\\\"a\\\"\" are part of its name"),
        "{shown}"
    );
}

#[test]
fn a_name_that_the_header_has_twice_is_said_of_the_header() {
    let twice = table(plain).replacen("x,y,label", "x,x,label", 1);
    let Ran { code, err, .. } = workspace("", &twice).run(&["plan", "experiment.toml"]);
    assert_eq!(code, Some(3), "{err}");
    assert!(err.contains("column `x` appears twice"), "{err}");
    assert!(err.contains("in the header of the file of `path`"), "{err}");
    assert!(!err.contains("name each feature once"), "{err}");
}
