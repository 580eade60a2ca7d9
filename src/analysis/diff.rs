//! What differs between two runs: settings, results, environment, and the first epoch at which their
//! curves part. The differences are data here; `text.rs` writes them.

mod curves;
mod results;
mod text;

use clap::ValueEnum;
use serde::Serialize;
use serde_json::Value;

use crate::analysis::comparability::difference;
use crate::analysis::settings;
use crate::error::{Error, Result};
use crate::experiment::config_id;
use crate::runs::held_out::HeldOutSplit;
use crate::runs::metrics::MetricsRow;
use crate::runs::record::{Provenance, RunRecord};
use crate::runs::trial_tables::TrialTables;
use crate::table::{Format, escape_json};
use curves::CurveAgreement;
use results::FigurePair;

/// How differences are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum DiffFormat {
    /// Aligned tables for a terminal.
    #[default]
    Table,
    /// The same as Markdown.
    Markdown,
    /// One object: raw numbers, accuracies as fractions.
    Json,
}

/// The differences between the runs a and b.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diff {
    a: Side,
    b: Side,
    /// The config that both are replicates of, if only the seed differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    replicates_of: Option<String>,
    settings: Vec<Setting>,
    equal_settings: usize,
    results: Vec<FigurePair>,
    /// Why figures cannot be compared: they are measured on different examples.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    different_examples: Vec<DifferentExamples>,
    environment: Vec<Fact>,
    equal_environment: Vec<&'static str>,
    curves: CurveAgreement,
}

/// One of the two runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Side {
    id: String,
    state: &'static str,
    epoch: u64,
    total_epochs: u64,
    /// What the best epoch was chosen on: `val` or `test`.
    best_by: Option<&'static str>,
}

/// A split whose figures are measured on different examples in a and b.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct DifferentExamples {
    split: &'static str,
    /// The setting, or the property of the data, in which the runs differ.
    key: &'static str,
}

/// A setting that differs; absent where a run's trial has no such key.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Setting {
    key: String,
    a: Option<Value>,
    b: Option<Value>,
}

/// A fact about the numbers' provenance that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Fact {
    name: &'static str,
    a: Option<String>,
    b: Option<String>,
}

/// A run that is set beside another.
#[derive(Debug, Clone, Copy)]
pub struct DiffedRun<'a> {
    /// Its `run.json`.
    pub record: &'a RunRecord,
    /// Its `metrics.csv`.
    pub rows: &'a [MetricsRow],
}

/// Compares two runs.
pub fn diff(run_a: DiffedRun<'_>, run_b: DiffedRun<'_>) -> Diff {
    let (a, b) = (run_a.record, run_b.record);
    let (settings, equal_settings) = settings_of(a, b);
    let facts = facts(a, b);
    let (equal, environment): (Vec<Fact>, Vec<Fact>) = facts.into_iter().partition(|f| f.a == f.b);
    let diff = Diff {
        a: Side::of(a),
        b: Side::of(b),
        replicates_of: None,
        settings,
        equal_settings,
        results: results::figures_of(a, b),
        different_examples: different_examples(a, b),
        environment,
        equal_environment: equal.into_iter().map(|fact| fact.name).collect(),
        curves: CurveAgreement::of(run_a.rows, run_b.rows),
    };
    let config = diff.are_replicates().then(|| config_id(&a.trial.value(), a.provenance.numerics));
    Diff { replicates_of: config, ..diff }
}

impl Diff {
    /// The differences as text that ends with a line break; `width` is the terminal's width in
    /// characters, used only by `DiffFormat::Table`.
    ///
    /// # Errors
    /// See [`crate::table::Table::render`].
    pub fn render(&self, format: DiffFormat, width: Option<u16>) -> Result<String> {
        match format {
            DiffFormat::Table => text::render(self, Format::Table, width),
            DiffFormat::Markdown => text::render(self, Format::Markdown, None),
            DiffFormat::Json => serde_json::to_string_pretty(self)
                .map(|json| escape_json(json) + "\n")
                .map_err(|e| Error::Unexpected(format!("cannot write JSON: {e}"))),
        }
    }

    /// Runs with other numerics or other data are not replicates, whatever the trials say.
    fn are_replicates(&self) -> bool {
        let is_of_replicate = |setting: &Setting| settings::is_of_replicates(&setting.key);
        let parts = |fact: &Fact| matches!(fact.name, "numerics" | "data_sha256");
        !self.settings.is_empty()
            && self.settings.iter().all(is_of_replicate)
            && !self.environment.iter().any(parts)
    }
}

impl Side {
    fn of(record: &RunRecord) -> Side {
        let by = |best: MetricsRow| if best.val_accuracy.is_some() { "val" } else { "test" };
        Side {
            id: record.id.clone(),
            state: record.state.name(),
            epoch: record.last.map_or(0, |last| last.epoch),
            total_epochs: record.total_epochs,
            best_by: record.best.map(by),
        }
    }
}

/// The settings that differ, in the order of their keys, and how many are equal.
fn settings_of(a: &RunRecord, b: &RunRecord) -> (Vec<Setting>, usize) {
    let both = settings::flatten_each([&a.trial, &b.trial].into_iter().map(TrialTables::value));
    let mut keys: Vec<&String> = both.iter().flat_map(|settings| settings.keys()).collect();
    keys.sort_by(|key, other| settings::order_of_keys(key, other));
    keys.dedup();
    let setting_of = |key: &String| {
        let [in_a, in_b] = [0, 1].map(|side| both[side].get(key).cloned());
        Setting { key: key.clone(), a: in_a, b: in_b }
    };
    let all = keys.into_iter().map(setting_of);
    let (equal, differing): (Vec<_>, Vec<_>) = all.partition(|setting| setting.a == setting.b);
    (differing, equal.len())
}

/// The splits for which both runs have figures, measured on different examples.
fn different_examples(a: &RunRecord, b: &RunRecord) -> Vec<DifferentExamples> {
    let has = |run: &RunRecord, of: fn(&MetricsRow) -> Option<f32>| run.last.as_ref().and_then(of);
    let both = |of| has(a, of).and(has(b, of)).is_some();
    let splits = [
        (HeldOutSplit::Validation, both(|row| row.val_accuracy)),
        (HeldOutSplit::Test, both(|row| row.test_accuracy)),
    ];
    let known = splits.into_iter().filter(|(_, is_known)| *is_known);
    let differing = known.filter_map(|(split, _)| {
        Some(DifferentExamples { split: split.name(), key: difference(a, b, split)? })
    });
    differing.collect()
}

fn facts(a: &RunRecord, b: &RunRecord) -> Vec<Fact> {
    // One program may use other numerics for other networks and draws, which means nothing here.
    let is_same = |table| a.trial.get(table) == b.trial.get(table);
    let are_same_tables = is_same("network") && is_same("dataset");
    let facts_of = |record: &RunRecord| {
        let provenance = Provenance::clone(&record.provenance);
        let numerics = are_same_tables.then(|| provenance.numerics.to_string());
        [
            ("version", Some(provenance.version)),
            ("numerics", numerics),
            ("git_commit", provenance.git_commit),
            ("host", Some(provenance.host)),
            ("cpu", Some(provenance.cpu)),
            ("data_sha256", Some(provenance.data_sha256)),
            ("result_sha256", record.result_sha256.clone()),
        ]
    };
    let both = facts_of(a).into_iter().zip(facts_of(b));
    both.map(|((name, in_a), (_, in_b))| Fact { name, a: in_a, b: in_b }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::runs::record::RunState;
    use crate::runs::samples::{row, run, trial};

    fn rows(epochs: u64, test: f32) -> Vec<MetricsRow> {
        (0..=epochs)
            .map(|epoch| row(epoch, 0.1 + 0.08 * epoch as f32, None, 0.1 + test * epoch as f32))
            .collect()
    }

    fn made(changes: &[(&str, Value)], seed: u64, rows: &[MetricsRow]) -> RunRecord {
        let mut record = run(trial(changes, seed), rows[rows.len() - 1], rows[rows.len() / 2]);
        record.id = format!("{seed:012x}"); // whatever the text of the trial
        record.total_epochs = rows.len() as u64 - 1;
        record
    }

    fn diff_of(a: &RunRecord, rows_a: &[MetricsRow], b: &RunRecord, rows_b: &[MetricsRow]) -> Diff {
        diff(DiffedRun { record: a, rows: rows_a }, DiffedRun { record: b, rows: rows_b })
    }

    #[test]
    fn two_runs_side_by_side() {
        let (rows_a, mut rows_b) = (rows(10, 0.04), rows(8, 0.04));
        for row in &mut rows_b[3..] {
            row.test_accuracy = row.test_accuracy.map(|test| test + 0.05);
            row.gap = row.gap.map(|gap| gap - 0.05);
        }
        let init = json!({"normal": {"std": 0.01}});
        let a = made(&[], 1, &rows_a);
        let mut b =
            made(&[("network.weight_init", init), ("network.dropout", json!(0.3))], 2, &rows_b);
        b.state = RunState::Interrupted;
        b.total_epochs = 10;
        b.result_sha256 = None;
        b.provenance.cpu = "Other\u{1b}[2J CPU".to_owned();
        b.provenance.data_sha256 = "ef".repeat(32);
        let diff = diff_of(&a, &rows_a, &b, &rows_b);
        for format in DiffFormat::value_variants() {
            let name = format!("two_runs_{}", format!("{format:?}").to_lowercase());
            insta::assert_snapshot!(name, diff.render(*format, Some(80)).unwrap());
        }
    }

    #[test]
    fn replicates_are_called_that() {
        let (rows_a, rows_b) = (rows(4, 0.04), rows(4, 0.05));
        let (a, mut b) = (made(&[], 1, &rows_a), made(&[], 2, &rows_b));
        b.result_sha256 = Some("ef".repeat(32));
        let text = |b: &RunRecord| {
            diff_of(&a, &rows_a, b, &rows_b).render(DiffFormat::Table, None).unwrap()
        };
        insta::assert_snapshot!(text(&b));
        b.provenance.numerics += 1;
        assert!(!text(&b).contains("replicates"));
    }

    #[test]
    fn equal_runs_say_so() {
        let rows = rows(4, 0.04);
        let a = made(&[], 1, &rows);
        let diff = diff_of(&a, &rows, &a, &rows);
        insta::assert_snapshot!(diff.render(DiffFormat::Table, None).unwrap());
    }

    #[test]
    fn runs_without_rows_have_settings_all_the_same() {
        let rows = rows(4, 0.04);
        let (a, mut b) = (made(&[], 1, &rows), made(&[], 2, &rows));
        (b.last, b.best, b.result_sha256, b.state) = (None, None, None, RunState::Failed);
        let diff = diff_of(&a, &rows, &b, &[]);
        insta::assert_snapshot!(diff.render(DiffFormat::Table, None).unwrap());
    }
}
