//! `compare`: what it takes as targets, and tables that programs can read.

use serde_json::Value;

use crate::experiments::dropout_grid;
use crate::workspace::{Ran, Workspace};

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
        (Some(0), "skipped 1 path that is not a run folder\n")
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
    assert!(lines[0].starts_with("Baseline: no dropout (") && lines[1].is_empty(), "{text}");
    assert!(lines[2].starts_with("| config ") && lines[3].starts_with("| -"), "{text}");
    let bars = |line: &str| line.matches('|').count();
    assert!(lines[3..6].iter().all(|line| bars(line) == bars(lines[2])), "{text}");
    assert!(text.contains("Against the baseline (test "), "{text}");
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
    assert!(first("network.dropout").starts_with("baseline,0.0,"));
    assert!(first("-network.dropout").starts_with("dropout 0.3,0.3,"));
}

#[test]
fn where_keeps_runs_and_points_at_its_errors() {
    let workspace = compared();
    let compare = |condition: &str| {
        workspace.run(&[
            "compare",
            "runs",
            "--format=csv",
            "--columns=dropout,seeds",
            "--where",
            condition,
        ])
    };
    let kept = compare("network.dropout == 0.3 && seed in [2, 9] && test_accuracy >= 0%");
    assert_eq!((kept.code, kept.out.as_str()), (Some(0), "network.dropout,seeds\n0.3,2\n"));
    assert!(kept.err.contains("1 of 4 runs match network.dropout == 0.3"), "{}", kept.err);
    let wrong = compare("network.droput > 0.1 && state == 3");
    assert_eq!((wrong.code, wrong.out.as_str()), (Some(2), ""));
    insta::assert_snapshot!(wrong.err);
    let none = compare("gap > 99%");
    assert_eq!(none.code, Some(4));
    assert_eq!(none.err, "error: none of the 4 runs matches --where 'gap > 99%'\n");
}

#[test]
fn figures_are_those_of_the_epoch_asked_for() {
    let workspace = compared();
    let figures = |epoch: &str| {
        let columns = "--columns=epoch,train_accuracy,best_epoch";
        let args = ["compare", "runs", "--format=csv", "--sort=dropout", columns, "--epoch", epoch];
        workspace.succeed(&args)
    };
    assert_eq!(figures("last"), figures("2"));
    assert!(figures("0").lines().nth(1).expect("a row").starts_with("0,0,"), "{}", figures("0"));
    assert_ne!(figures("0"), figures("1"));
    let best = figures("best");
    let row: Vec<&str> = best.lines().nth(1).expect("a row").split(',').collect();
    assert_eq!((row[0], row[1]), (row[5], row[6]), "the epochs compared are the best ones: {best}");
    let none = workspace.run(&["compare", "runs", "--epoch", "3"]);
    assert_eq!(none.code, Some(4));
    assert_eq!(none.err, "error: none of the 4 runs has figures of epoch 3\n");
    assert_eq!(workspace.run(&["compare", "runs", "--epoch", "first"]).code, Some(2));
    // One run is evaluated at other epochs: it is left out, and that is said.
    workspace.succeed(&["run", "experiment.toml", "--set", "evaluation.every_epochs=2"]);
    let some = workspace.run(&["compare", "runs", "--epoch=1"]);
    assert!(some.out.contains("4 of 8 runs have no figures of epoch 1: left out"), "{}", some.out);
}

#[test]
fn top_and_group_by_say_what_they_do() {
    let workspace = compared();
    let top = workspace.succeed(&["compare", "runs", "--top=1"]);
    assert!(top.contains("1 of 2 rows are not shown"), "{top}");
    assert_eq!(workspace.run(&["compare", "runs", "--top=0"]).code, Some(2));
    let grouped = workspace.succeed(&["compare", "runs", "--group-by", "optimizer.kind"]);
    assert!(
        grouped.contains("each row is a mean over configs that differ in network.dropout"),
        "{grouped}"
    );
    assert!(grouped.contains("No effect is named"), "{grouped}");
}

#[test]
fn latex_and_markdown_carry_the_hashes_of_the_results() {
    let workspace = compared();
    for format in ["latex", "markdown"] {
        let text = workspace.succeed(&["compare", "experiment.toml", "--format", format]);
        for run in workspace.runs() {
            let record = workspace.record(&format!("runs/{run}"));
            let hash = record["result_sha256"].as_str().expect("a hash");
            let line = format!("run {run}: result {hash}, test set read 3 times");
            assert!(text.contains(&line), "{line} is not in:\n{text}");
        }
        assert!(text.contains("evidence: 4 runs, test set read 12 times"), "{text}");
    }
}

#[test]
fn rows_are_coloured_where_colours_are_wanted() {
    let workspace = compared();
    let is_coloured = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = workspace.command(&[&["compare", "runs"], args].concat());
        command.envs(variables.iter().copied());
        Ran::from(command.output().expect("the binary starts")).out.contains('\x1b')
    };
    assert!(!is_coloured(&[], &[]), "a pipe");
    assert!(is_coloured(&["--color=always"], &[("NO_COLOR", "1")]));
    assert!(is_coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!is_coloured(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!is_coloured(&["--color=never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!is_coloured(&["--color=always", "--format=csv"], &[]));
    assert!(!is_coloured(&["--color=always", "--format=markdown"], &[]));
}
