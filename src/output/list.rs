//! The table of `runner list`: one row for each run.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::analysis::compare::reason;
use crate::analysis::naming::config_names;
use crate::analysis::settings;
use crate::analysis::settings::Settings;
use crate::runs::figures::{exact, exact_gap};
use crate::runs::record::{RunRecord, RunState};
use crate::runs::trial_tables::ReplicateName;
use crate::table::short::shortened;
use crate::table::value::value_text;
use crate::table::{Cell, Column, ColumnKind, Table};

/// Longest description of a run's settings, in characters, where different ones stay different.
const LONGEST_SETTINGS: usize = 48;

/// One row for each run, in the given order; ages are relative to `now`. Figures are those of the
/// newest evaluated epoch, finished or not.
pub fn list_table(records: &[RunRecord], now: DateTime<Utc>) -> Table {
    let descriptions = descriptions(records);
    let rows = records.iter().zip(descriptions);
    let is_noted = records.iter().any(|record| !record.notes.is_empty());
    let mut table = Table {
        columns: vec![
            Column::new("id", ColumnKind::Text),
            Column::new("state", ColumnKind::Text),
            Column::new("experiment", ColumnKind::Text),
            Column::new("settings", ColumnKind::Text),
            Column::new("epoch", ColumnKind::Progress),
            Column::new("train", ColumnKind::Number).named("train_accuracy"),
            Column::new("test", ColumnKind::Number).named("test_accuracy"),
            Column::new("gap", ColumnKind::Number),
            Column::new("updated", ColumnKind::Number),
            Column::new("reason", ColumnKind::Text),
        ],
        rows: rows.map(|(record, text)| row(record, text, now)).collect(),
    };
    if is_noted {
        let before_reason = table.columns.len() - 1;
        table.columns.insert(before_reason, Column::new("notes", ColumnKind::Text));
        for (row, record) in table.rows.iter_mut().zip(records) {
            row.insert(before_reason, Cell::Text(record.notes.line()));
        }
    }
    table
}

fn row(record: &RunRecord, settings: String, now: DateTime<Utc>) -> Vec<Cell> {
    let last = record.last.as_ref();
    let or_absent = |cell: Option<Cell>| cell.unwrap_or(Cell::Absent);
    let epoch = last.map_or(0, |last| last.epoch);
    vec![
        Cell::Text(record.id.clone()),
        Cell::Text(record.state.name().to_owned()),
        Cell::Text(record.experiments.join(", ")),
        Cell::Text(settings),
        Cell::Progress(epoch, record.total_epochs),
        or_absent(last.map(|row| Cell::fraction(exact(row.train_accuracy)))),
        or_absent(last.and_then(|row| row.test_accuracy).map(|test| Cell::fraction(exact(test)))),
        or_absent(last.and_then(exact_gap).map(Cell::difference)),
        Cell::Time(age(&record.updated, now), record.updated.clone()),
        reason(record).or_else(|| record.early_stopping_words()).map_or(Cell::Absent, Cell::Text),
    ]
}

/// What distinguishes each run from the others of its experiment (or its main settings if nothing
/// does), and its seed.
fn descriptions(records: &[RunRecord]) -> Vec<String> {
    let mut experiments: BTreeMap<&[String], Vec<usize>> = BTreeMap::new();
    for (index, record) in records.iter().enumerate() {
        experiments.entry(&record.experiments).or_default().push(index);
    }
    let mut descriptions = vec![String::new(); records.len()];
    for runs in experiments.values() {
        let mut all = settings::flatten_all(runs.iter().map(|index| records[*index].trial.value()));
        for settings in &mut all {
            settings::forget_replicate(settings);
        }
        let names = config_names(&all, runs.iter().map(|index| &records[*index].role));
        for ((index, settings), name) in runs.iter().zip(&all).zip(names) {
            let what = name.unwrap_or_else(|| main_settings(settings));
            descriptions[*index] = what;
        }
    }
    let short = shortened(&descriptions, LONGEST_SETTINGS);
    let replicates = records.iter().map(|record| record.trial.replicate());
    short.into_iter().zip(replicates).map(|(name, which)| description(name, which)).collect()
}

fn description(name: String, replicate: Option<ReplicateName>) -> String {
    match replicate {
        Some(which) => format!("{name}, {which}"),
        None => name,
    }
}

fn main_settings(settings: &Settings) -> String {
    let keys = ["dataset.kind", "network.kind", "optimizer.kind"];
    let values = keys.iter().filter_map(|key| settings.get(*key));
    values.map(value_text).collect::<Vec<_>>().join(", ")
}

/// The runs by when they last changed, the latest first; those of the same moment keep their order.
pub fn newest_first(mut records: Vec<RunRecord>) -> Vec<RunRecord> {
    records
        .sort_by_cached_key(|record| Reverse(DateTime::parse_from_rfc3339(&record.updated).ok()));
    records
}

/// How long ago, in the largest unit that fits.
pub fn age(rfc3339: &str, now: DateTime<Utc>) -> String {
    let Ok(then) = DateTime::parse_from_rfc3339(rfc3339) else {
        return rfc3339.to_owned();
    };
    let seconds = now.signed_duration_since(then).num_seconds();
    match seconds {
        ..60 => "just now".to_owned(), // also with a clock that is ahead
        60..3600 => format!("{} min ago", seconds / 60),
        3600..86_400 => format!("{} h ago", seconds / 3600),
        _ => format!("{} d ago", seconds / 86_400),
    }
}

/// The runs whose state is one of `states`, or all if none is named.
pub fn with_states(records: Vec<RunRecord>, states: &[RunState]) -> Vec<RunRecord> {
    let is_wanted = |record: &RunRecord| states.is_empty() || states.contains(&record.state);
    records.into_iter().filter(is_wanted).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::runs::samples::{row, run, seeds, trial};
    use crate::table::Format;

    #[test]
    fn runs_are_described_by_what_sets_them_apart() {
        let now = "2025-01-02T06:14:05Z".parse().unwrap();
        let mut records = seeds(&[("network.dropout", json!(0.2))], 0.67, 0.53, 0.003);
        records.extend(seeds(&[], 0.94, 0.48, 0.003));
        records[1].state = RunState::Running;
        records[1].last = None;
        records[1].updated = "2025-01-02T06:13:05Z".to_owned();
        let mut other = run(trial(&[], 9), row(7, 0.5, None, 0.4), row(7, 0.5, None, 0.4));
        other.experiments = vec!["evil\x1b]0;title\x07".to_owned(), "second".to_owned()];
        other.state = RunState::Lost;
        records.push(other);
        let table = list_table(&records, now);
        insta::assert_snapshot!(
            table.clone().without_last_column().render(Format::Table, None).unwrap()
        );
        insta::assert_snapshot!(table.render(Format::Csv, None).unwrap());
        assert_eq!(with_states(records, &[RunState::Lost]).len(), 1);
    }

    #[test]
    fn early_stopping_is_told_where_reasons_are() {
        let now = "2025-01-02T06:14:05Z".parse().unwrap();
        let mut record =
            run(trial(&[], 9), row(7, 0.5, Some(0.4), 0.4), row(2, 0.5, Some(0.5), 0.4));
        record.stopped_early = Some(crate::runs::metrics::StoppedEarly { epoch: 7, step: 3500 });
        record.model_epoch = Some(2);
        let table = list_table(&[record], now).render(Format::Csv, None).unwrap();
        let words = "\"stopped early after epoch 7 of 200, the model is that of epoch 2\"\n";
        assert!(table.ends_with(words), "{table}");
    }

    #[test]
    fn ages_are_rough() {
        let now = "2025-01-10T00:00:00Z".parse().unwrap();
        assert_eq!(age("2025-01-10T00:00:30Z", now), "just now");
        assert_eq!(age("2025-01-09T23:30:00Z", now), "30 min ago");
        assert_eq!(age("2025-01-01T00:00:00Z", now), "9 d ago");
        assert_eq!(age("yesterday", now), "yesterday");
    }
}
