//! The page's data from invented runs: names with markup, missing files, sealed test sets, runs
//! without figures.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::*;
use crate::runs::metrics::{MetricsRow, metrics_csv};
use crate::runs::notes::Note;
use crate::runs::record::{RunRecord, RunState};
use crate::runs::samples::{row, run, seeds, seeds_with_val, trial, write_run};

/// Writes the runs with these rows each, and returns the report.
fn report(records: &[RunRecord], rows: &[MetricsRow]) -> String {
    let runs = tempfile::tempdir().unwrap();
    report_in(runs.path(), records, rows, |_| ())
}

fn report_in(
    runs: &Path,
    records: &[RunRecord],
    rows: &[MetricsRow],
    change: impl Fn(&Path),
) -> String {
    let write = |record: &RunRecord| {
        let folder = write_run(runs, record);
        fs::write(folder.join("metrics.csv"), metrics_csv(rows)).unwrap();
        change(&folder);
        folder
    };
    let folders: Vec<PathBuf> = records.iter().map(write).collect();
    let written = "2025-01-02 03:04 UTC";
    let (messages, rungs, title) = ([], [], None);
    let source = ReportSource {
        with_machine: false,
        records,
        folders: &folders,
        messages: &messages,
        title,
        rungs: &rungs,
        written,
    };
    report_html(&source).unwrap()
}

/// The data embedded in the page.
fn data_of(html: &str) -> Value {
    let (_, rest) = html.split_once("<script type=\"application/json\" id=\"data\">").unwrap();
    let (json, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(json).unwrap()
}

/// The data with a line for each item of its lists.
fn lines(data: &Value) -> String {
    let mut text = String::new();
    for (key, value) in data.as_object().unwrap() {
        match value {
            Value::Array(items) => {
                text.push_str(&format!("{key}:\n"));
                items.iter().for_each(|item| text.push_str(&format!("  {item}\n")));
            }
            other => text.push_str(&format!("{key}: {other}\n")),
        }
    }
    text
}

/// The text above the table.
fn heading_of(html: &str) -> &str {
    let (_, rest) = html.split_once("<body>").unwrap();
    rest.split_once("<script type=\"application/json\"").unwrap().0
}

fn rows(with_val: bool) -> Vec<MetricsRow> {
    let val = |x: f32| with_val.then_some(x);
    (0..4).map(|e| row(e, 0.1 + 0.2 * e as f32, val(0.3), 0.1 + 0.1 * e as f32)).collect()
}

#[test]
fn data_of_two_configs() {
    let dropout = [("network.dropout", json!(0.2))];
    let mut records = [seeds(&[], 0.94, 0.48, 0.003), seeds(&dropout, 0.67, 0.53, 0.003)].concat();
    records.remove(2);
    let html = report(&records, &rows(false));
    let mut data = data_of(&html);
    // Their words belong to the diagnosis, which has its own snapshots.
    for config in data["configs"].as_array_mut().unwrap() {
        let findings = config.as_object_mut().unwrap().remove("findings").unwrap();
        assert!(findings[0]["text"].is_string() && findings[0]["severity"].is_string());
    }
    let effects = data.as_object_mut().unwrap().remove("effects").unwrap();
    assert!(effects.is_null(), "the changes say it: {effects}");
    insta::assert_snapshot!(lines(&data));
    insta::assert_snapshot!(heading_of(&html));
}

#[test]
fn effects_are_averaged_over_another_setting() {
    let decay = |value: f64| ("optimizer.weight_decay", json!(value));
    let pair = |value| {
        let without = seeds(&[decay(value)], 0.94, 0.48, 0.003);
        let with = seeds(&[("network.dropout", json!(0.2)), decay(value)], 0.67, 0.53, 0.003);
        [without, with].concat()
    };
    let data = data_of(&report(&[pair(0.01), pair(0.02)].concat(), &rows(false)));
    let dropout = &data["effects"]["settings"][0];
    assert_eq!(dropout["name"], "dropout");
    assert_eq!(dropout["levels"][1]["change"]["gap"][0], -32.0);
}

#[test]
fn names_that_are_markup_stay_text() {
    let evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\u{1b}[2J\u{2028}";
    let mut records = seeds(&[("dataset.kind", json!(evil))], 0.94, 0.48, 0.003);
    for record in &mut records {
        record.experiments = vec![evil.to_owned()];
        record.provenance.cpu = evil.to_owned();
        (record.state, record.reason) = (RunState::Failed, Some(evil.to_owned()));
    }
    let html = report(&records, &rows(false));
    assert_eq!(html.matches("<script").count(), html.matches("</script").count());
    assert!(!html.contains("<img src=x") && !html.contains("<script>alert"));
    assert!(!html.contains('\u{1b}') && !html.contains('\u{2028}'));
    let shown = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\\u{1b}[2J\\u{2028}";
    let data = data_of(&html);
    assert_eq!(data["shared"]["experiments"][0], shown);
    assert!(data["runs"][0]["reason"].as_str().unwrap().contains(shown));
}

#[test]
fn a_sealed_test_set_has_no_test_curve() {
    let sealed = |mut row: MetricsRow| {
        (row.test_loss, row.test_accuracy, row.gap) = (None, None, None);
        row
    };
    let mut records = seeds_with_val(&[], [0.94, 0.47, 0.48], 0.003);
    for record in &mut records {
        (record.last, record.best) = (record.last.map(sealed), record.best.map(sealed));
    }
    let rows: Vec<MetricsRow> = rows(true).into_iter().map(sealed).collect();
    let data = data_of(&report(&records, &rows));
    let run = &data["runs"][0];
    assert_eq!(run["curves"]["test_accuracy"], Value::Null);
    assert_eq!(run["curves"]["val_accuracy"].as_array().unwrap().len(), 4);
    assert_eq!((&run["last"]["gap"], &run["last"]["test"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_run_that_has_not_begun_is_shown_without_figures() {
    let mut record = run(trial(&[], 1), row(0, 0.1, None, 0.1), row(0, 0.1, None, 0.1));
    (record.state, record.last, record.best) = (RunState::Running, None, None);
    let html = report(&[record], &[]);
    let data = data_of(&html);
    assert_eq!(data["runs"][0]["curves"], json!({}));
    assert_eq!(data["predictions"], json!([]));
    assert!(html.contains("No finished run to compare yet."));
}

#[test]
fn a_damaged_file_is_said_and_stops_nothing() {
    let runs = tempfile::tempdir().unwrap();
    let records = seeds(&[], 0.94, 0.48, 0.003);
    let html = report_in(runs.path(), &records, &rows(false), |folder| {
        fs::write(folder.join("metrics.csv"), "epoch\nx\n").unwrap();
        fs::write(folder.join("confusion.csv"), "no matrix").unwrap();
        fs::write(folder.join("mistakes.png"), "no picture").unwrap();
    });
    let heading = heading_of(&html);
    assert_eq!(heading.matches("is not a table of metrics").count(), 3);
    assert_eq!(
        heading.matches("and 1 more").count() + heading.matches("is not a confusion").count(),
        3
    );
    assert_eq!(data_of(&html)["predictions"], json!([]));
}

#[test]
fn pictures_and_confusion_are_those_of_the_folder() {
    let runs = tempfile::tempdir().unwrap();
    let records = &seeds(&[], 0.94, 0.48, 0.003)[..1];
    let html = report_in(runs.path(), records, &rows(false), |folder| {
        fs::write(folder.join("confusion.csv"), "class,cat,<b>\ncat,3,1\n<b>,0,4\n").unwrap();
        fs::write(folder.join("first_layer.png"), b"\x89PNG\r\n\x1a\nrest").unwrap();
    });
    let predictions = &data_of(&html)["predictions"][0];
    let confusion = json!({"classes": ["cat", "<b>"], "counts": [[3, 1], [0, 4]]});
    assert_eq!(predictions["confusion"], confusion);
    let address = predictions["first_layer_picture"].as_str().unwrap();
    assert!(address.starts_with("data:image/png;base64,iVBORw0KGgpy"), "{address}");
    assert_eq!(predictions["mistakes_picture"], Value::Null);
}

#[test]
fn policy_allows_the_two_scripts_and_no_network() {
    let html = report(&seeds(&[], 0.94, 0.48, 0.003), &rows(false));
    let (_, policy) = html.split_once("Content-Security-Policy\" content=\"").unwrap();
    let policy = policy.split_once("\">").unwrap().0;
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(!policy.contains("http") && !policy.contains("unsafe-eval") && !policy.contains('*'));
    assert_eq!(policy.matches("sha256-").count(), 2);
    assert_eq!(html.matches("<script>").count(), 2 + html.matches("\"<script>").count());
}

#[test]
fn notes_of_people_stand_with_their_run_and_stay_text() {
    let mut records = seeds(&[], 0.9, 0.5, 0.003);
    records[0].notes.tag("kept").unwrap();
    let note = Note { date: "2025-01-02T03:04:05Z".to_owned(), text: "</script> odd".to_owned() };
    records[0].notes.notes.push(note);
    let html = report(&records, &[row(1, 0.5, None, 0.4)]);
    let data = data_of(&html);
    let expected = json!([["tags", "#kept"], ["note of 2025-01-02T03:04:05Z", "</script> odd"]]);
    let runs = data["runs"].as_array().unwrap();
    let with_notes: Vec<&Value> = runs.iter().filter_map(|run| run.get("notes")).collect();
    assert_eq!(with_notes, [&expected]);
}
