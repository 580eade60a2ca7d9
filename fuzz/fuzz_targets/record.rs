//! A run folder: `run.json`, `metrics.csv` and `timing.csv`, in this order with a NUL byte between
//! them; all that lists, shows or compares runs is tried on what was read.
#![no_main]

use std::fs;

use libfuzzer_sys::fuzz_target;
use runner::analysis::compare::{CompareOptions, compare};
use runner::analysis::diagnosis::diagnose;
use runner::analysis::effects::{effects_text, main_effects};
use runner::output::list::list_table;
use runner::output::show::show_text;
use runner::runs::evaluation::EvaluationFiles;
use runner::runs::metrics::{metrics_csv, parse_metrics};
use runner::runs::read::{Curves, files_of, read_rows};
use runner::runs::record::RunRecord;
use runner::table::Format;
use runner_fuzz::{assert_harmless, scratch};

const FORMATS: [Format; 5] =
    [Format::Table, Format::Markdown, Format::Csv, Format::Json, Format::Latex];

fuzz_target!(|data: &[u8]| {
    let mut files = data.splitn(3, |&byte| byte == 0);
    let [record, metrics, timing] = [(); 3].map(|()| files.next().unwrap_or_default());
    runner::fuzzing::timing(timing);
    if let Ok(rows) = parse_metrics(metrics) {
        let again = parse_metrics(metrics_csv(&rows).as_bytes()).expect("written by this program");
        assert_eq!(again.len(), rows.len());
    }
    let folder = scratch();
    fs::write(folder.join("run.json"), record).expect("writable");
    fs::write(folder.join("metrics.csv"), metrics).expect("writable");
    let Ok(record) = RunRecord::read(&folder.join("run.json")) else { return };
    let rows = read_rows(&record, &folder).unwrap_or_default();
    let run = Curves { record: record.clone(), rows, layers: Vec::new() };
    let findings = diagnose(std::slice::from_ref(&run));
    let files = files_of(&folder).expect("readable");
    let shown = show_text(&record, &run.rows, &EvaluationFiles::default(), &findings, &files);
    assert_harmless(&shown.expect("a record that was read is shown"));
    // Beside a run that differs, so that columns and words for differences are made.
    let mut other = record.clone();
    other.id = "ba9876543210".to_owned();
    let mut trial = other.trial.value();
    if let Some(table) = trial.as_object_mut() {
        table.remove("network");
    }
    other.trial = trial.into();
    let records = [record, other];
    let now = chrono_now();
    let effects = effects_text(&main_effects(&records), Format::Table, Some(60));
    assert_harmless(&effects.expect("rendered"));
    for format in FORMATS {
        let listed = list_table(&records, now).render(format, Some(60)).expect("rendered");
        assert_harmless(&listed);
        for options in options() {
            let Ok(compared) = compare(&records, &options) else { continue };
            assert_harmless(&compared.table.render(format, Some(60)).expect("rendered"));
            assert_harmless(&compared.legend);
            let lines = compared.notes.iter().chain(&compared.answer).chain(&compared.evidence);
            lines.for_each(|line| assert_harmless(line));
        }
    }
});

fn options() -> [CompareOptions; 2] {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let usual = CompareOptions { evidence: true, ..CompareOptions::default() };
    let grouped = CompareOptions {
        group_by: words(&["network.dropout"]),
        columns: words(&["kind", "ids", "seeds", "config", "test_loss", "seconds"]),
        ..CompareOptions::default()
    };
    [usual, grouped]
}

fn chrono_now() -> chrono::DateTime<chrono::Utc> {
    "2026-01-02T03:04:05Z".parse().expect("a moment")
}
