//! `compare`: what it takes as targets, and tables that programs can read.

use serde_json::Value;

use crate::experiments::dropout_grid;
use crate::workspace::Workspace;

/// A finished grid of two configs with two seeds each.
fn compared() -> Workspace {
    let workspace = Workspace::with(&dropout_grid(2));
    workspace.succeed(&["run", "experiment.toml"]);
    workspace
}

#[test]
fn targets_are_folders_ids_prefixes_latest_and_files() {
    let workspace = compared();
    let ids = workspace.ids("experiment.toml");
    let folders: Vec<String> = ids.iter().map(|id| format!("runs/{id}")).collect();
    let table = |targets: &[&str]| workspace.succeed(&[&["compare"], targets].concat());
    let whole = table(&["experiment.toml"]);
    assert_eq!(table(&ids.iter().map(String::as_str).collect::<Vec<_>>()), whole);
    assert_eq!(table(&folders.iter().map(String::as_str).collect::<Vec<_>>()), whole);
    assert_eq!(table(&["runs"]), whole);
    let one = table(&[&ids[3]]);
    assert_eq!(table(&[&ids[3][..8]]), one);
    assert_eq!(table(&[&folders[3]]), one);
    let latest = workspace.succeed(&["show", "latest", "--format=json"]);
    let latest: Value = serde_json::from_str(&latest).expect("JSON");
    let latest = latest["id"].as_str().expect("an id");
    assert_eq!(table(&["latest"]), table(&[latest]));
}

#[test]
fn what_is_no_run_is_passed_over_in_one_line() {
    let workspace = compared();
    workspace.write("runs/README.md", "text");
    let mut targets = vec!["compare".to_owned(), "runs/README.md".to_owned()];
    targets.extend(workspace.runs().iter().map(|id| format!("runs/{id}")));
    let ran = workspace.run(&targets.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (Some(0), "passed over 1 path that is no run folder\n")
    );
}

#[test]
fn csv_and_json_hold_the_same_numbers() {
    let workspace = compared();
    let table = |format| workspace.succeed(&["compare", "experiment.toml", "--format", format]);
    let json: Value = serde_json::from_str(&table("json")).expect("JSON");
    let text = table("csv");
    let mut csv = csv::Reader::from_reader(text.as_bytes());
    let header = csv.headers().expect("a header").clone();
    let rows: Vec<csv::StringRecord> = csv.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 2);
    for (row, object) in rows.iter().zip(json.as_array().expect("rows")) {
        assert_eq!(object["n"], 2);
        for (name, field) in header.iter().zip(row) {
            let value = &object[name];
            // serde_json reads a number to the last digit or the one before.
            if let Ok(number) = field.parse::<f64>() {
                let difference = (number - value.as_f64().expect("a number")).abs();
                assert!(difference < 1e-12, "{name}: {field}, {value}");
            }
        }
    }
}

#[test]
fn markdown_is_a_table_with_the_answer_under_it() {
    let text = compared().succeed(&["compare", "experiment.toml", "--format", "markdown"]);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("| network.dropout ") && lines[1].starts_with("| -"), "{text}");
    let bars = |line: &str| line.matches('|').count();
    assert!(lines[1..4].iter().all(|line| bars(line) == bars(lines[0])), "{text}");
    assert!(text.contains("Best: "), "{text}");
}

#[test]
fn spread_chooses_what_people_see_and_files_have_both() {
    let workspace = compared();
    let table =
        |more: &[&str]| workspace.succeed(&[&["compare", "experiment.toml"], more].concat());
    let (interval, std) = (table(&[]), table(&["--spread", "std"]));
    assert!(interval.contains("± 95 % interval of the mean over n seeds"), "{interval}");
    assert!(std.contains("± standard deviation over n seeds"), "{std}");
    let csv = table(&["--format=csv"]);
    assert!(csv.contains(",test_accuracy_mean,test_accuracy_std,test_accuracy_ci95,"), "{csv}");
    assert_eq!(csv, table(&["--format=csv", "--spread=std"]));
}

#[test]
fn sort_takes_any_column() {
    let workspace = compared();
    let first = |sort| {
        let table = ["compare", "experiment.toml", "--format=csv", "--sort", sort];
        let table = workspace.succeed(&table);
        table.lines().nth(1).expect("a row").to_owned()
    };
    assert!(first("network.dropout").starts_with("0.0,"));
    assert!(first("-network.dropout").starts_with("0.3,"));
}
