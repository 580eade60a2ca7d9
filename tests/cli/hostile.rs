//! Names that mean harm: what a terminal would obey is spelled out wherever it is shown, no name
//! becomes a path, and a spreadsheet finds no formula.

use std::fs;

use serde_json::json;

use crate::experiments::trial;
use crate::workspace::{Ran, Workspace, names};

/// Clears the screen, sets the title (C0 and C1), turns the text round.
const EVIL: &str = "e\u{1b}[2J\u{9b}1m\u{202e}";

#[track_caller]
fn assert_harmless(text: &str) {
    let obeyed = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!text.contains(obeyed), "{text:?}");
}

#[track_caller]
fn assert_escaped(ran: &Ran) {
    assert_harmless(&ran.out);
    assert_harmless(&ran.err);
    // As a picture where a line of the user's own is shown.
    let both = format!("{}{}", ran.out, ran.err);
    assert!(both.contains(r"\u{1b}[2J") || both.contains("␛[2J"), "{both}");
}

#[test]
fn names_of_files_and_folders_are_spelled_out() {
    let workspace = Workspace::with(&trial(1));
    let file = format!("{EVIL}.toml");
    workspace.write(&file, "epochs = 1\n[a\n");
    let nothing = format!("{EVIL}/nothing.toml");
    for args in [
        &["run", &file][..],
        &["run", &nothing],
        &["plan", &file, "--set", &format!("{EVIL}=1")],
        &["run", "experiment.toml", "--set", &format!("network.activation=\"{EVIL}\"")],
        &["list", "--runs-dir", EVIL],
        &["show", EVIL],
        &["compare", "latest", "--runs-dir", EVIL],
        &["resume", "--all", "--runs-dir", EVIL],
        &["data", "check", "--data-dir", EVIL],
        &["data", "check", "cifar10", "--data-dir", EVIL],
        &["data", "list", "--data-dir", EVIL],
        &["data", "fetch", "mnist", "--from", EVIL],
        &["init", &format!("{EVIL}-new.toml")],
        &["init", &file],
    ] {
        assert_escaped(&workspace.run(args));
    }
}

/// A finished run whose record was written by somebody else.
fn forged() -> (Workspace, String) {
    let workspace = Workspace::with(&trial(1));
    workspace.succeed(&["run", "experiment.toml"]);
    let run = workspace.only_run();
    let mut record = workspace.record(&run);
    record["experiments"] = json!([format!("=1+{EVIL}"), "../../escape"]);
    record["class_names"][0] = EVIL.into();
    record["reason"] = EVIL.into();
    record["owner"]["host"] = EVIL.into();
    record["provenance"]["host"] = EVIL.into();
    record["trial"]["network"]["activation"] = EVIL.into();
    record["trial"]["network"][EVIL] = EVIL.into();
    workspace.write_record(&run, &record);
    workspace.write(&format!("{run}/{EVIL}.txt"), "a file's name is shown too");
    (workspace, run)
}

#[test]
fn records_are_shown_spelled_out_and_their_names_are_no_paths() {
    let (workspace, run) = forged();
    for args in [
        &["list"][..],
        &["list", "--format", "markdown"],
        &["show", "latest"],
        &["compare", &run],
        &["compare", &run, "--format", "csv"],
        &["export", &run, "--to", "csv"],
        &["export", EVIL, "--to", "npz", "-o", "x"],
    ] {
        assert_escaped(&workspace.run(args));
    }
    for args in [["list", "--format", "json"], ["show", &run, "--format=json"]] {
        let ran = workspace.run(&args);
        assert!(!ran.out.contains(|c: char| c.is_control() && c != '\n'), "{:?}", ran.out);
        serde_json::from_str::<serde_json::Value>(&ran.out).expect("still JSON");
    }
    assert_eq!(names(&workspace.path("")), ["experiment.toml", "runs"]);
}

#[test]
fn csv_has_no_formula() {
    let (workspace, _) = forged();
    let csv = workspace.succeed(&["list", "--format", "csv"]);
    let row = csv.lines().nth(1).expect("one run");
    assert!(row.contains(r#","'=1+e\u{1b}[2J"#), "{row}");
}

#[test]
fn another_process_is_named_without_harm() {
    let workspace = Workspace::with(&trial(1));
    let id = workspace.ids("experiment.toml").remove(0);
    let claim = json!({
        "host": EVIL, "pid": 1, "boot_id": "", "process_start": 0,
        "number": 0, "timeout_seconds": 0.5,
    });
    workspace.write(&format!("runs/{id}/claim-1.json"), claim.to_string());
    let ran = workspace.run(&["run", "experiment.toml"]);
    assert!(ran.err.contains("waits for a sign of life from process 1 on "), "{}", ran.err);
    assert_escaped(&ran);
}

#[test]
fn log_and_error_are_safe_to_print() {
    let workspace = Workspace::with(&trial(1));
    let id = workspace.ids("experiment.toml").remove(0);
    let header = format!("{{\"__metadata__\":{{\"runner_checkpoint\":\"\\u001b[2J{EVIL}\"}}}}");
    let header = header.replace('\u{1b}', "").replace("\\u001b", "\\u001b\\n");
    let mut checkpoint = (header.len() as u64).to_le_bytes().to_vec();
    checkpoint.extend_from_slice(header.as_bytes());
    workspace.write(&format!("runs/{id}/checkpoint.safetensors"), checkpoint);
    workspace.write(&format!("runs/{id}/metrics.csv"), format!("epoch,{EVIL}\n{EVIL}\n"));
    workspace.succeed(&["run", "experiment.toml"]);
    let log = workspace.read(&format!("runs/{id}/log.txt"));
    assert_harmless(&log);
    assert!(log.lines().all(|line| line.starts_with("20")), "each line is ours: {log}");
}

#[test]
fn an_experiment_whose_name_is_a_path_writes_into_the_runs_folder_alone() {
    let workspace = Workspace::new();
    for name in ["../../escape", "/tmp/escape", "a/b", "..", "-rf", "=cmd()"] {
        let text = format!("name = {name:?}\n{}", trial(1));
        workspace.write("experiment.toml", text);
        workspace.succeed(&["run", "experiment.toml"]);
    }
    assert_eq!(names(&workspace.path("")), ["experiment.toml", "runs"]);
    let run = workspace.only_run();
    assert!(
        fs::read_dir(workspace.path(&run))
            .expect("there")
            .all(|e| e.is_ok_and(|e| e.path().is_file()))
    );
}
