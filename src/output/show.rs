//! The text of `runner show`: one run in full.

mod examples;

use crate::analysis::diagnosis::Finding;
use crate::analysis::settings;
use crate::error::Result;
use crate::escape::escape_controls;
use crate::output::diagnosis::brief_lines;
use crate::runs::evaluation::EvaluationFiles;
use crate::runs::figures::{exact, exact_gap};
use crate::runs::metrics::MetricsRow;
use crate::runs::record::{ContinuedFrom, RunRecord};
use crate::table::value::{shown_toml, thousands};
use crate::table::{Cell, Column, ColumnKind, Format, Table};

/// Most epochs that the learning curve shows.
const MOST_EPOCHS: usize = 12;

/// One run in full: its state, trial, learning curve from `rows`, predictions on single examples,
/// the graver `findings`, provenance, and its files (names with sizes in bytes).
///
/// # Errors
/// Never for a record that was read; see [`Table::render`].
pub fn show_text(
    record: &RunRecord,
    rows: &[MetricsRow],
    evaluation: &EvaluationFiles,
    findings: &[Finding],
    files: &[(String, u64)],
) -> Result<String> {
    let sections = [
        state(record),
        section("trial", &trial(record)),
        curve(record, rows)?,
        examples::examples(record, evaluation),
        section("diagnosis", &brief_lines(findings)),
        section("provenance", &provenance(record)),
        section("files", &sizes(files)),
    ];
    let filled = sections.into_iter().filter(|text| !text.is_empty());
    Ok(filled.collect::<Vec<_>>().join("\n"))
}

fn state(record: &RunRecord) -> String {
    let epoch = record.last.map_or(0, |last| last.epoch);
    let mut lines = vec![("run", record.id.clone()), ("state", record.state.name().to_owned())];
    lines.extend(record.reason.iter().map(|reason| ("reason", reason.clone())));
    lines.extend([
        ("experiments", record.experiments.join(", ")),
        ("epoch", format!("{epoch} of {}{}", record.total_epochs, steps(record))),
    ]);
    if !record.notes.tags.is_empty() {
        lines.push(("tags", record.notes.tags.join(" ")));
    }
    lines.extend(record.notes.notes.iter().map(|note| ("note", note.text.clone())));
    if !record.is_checked {
        let unchecked = "no: version 0.1.0 wrote no SHA-256 into run.json";
        lines.push(("checked", unchecked.to_owned()));
    }
    lines.extend(record.early_stopping_words().map(|words| ("early stopping", words)));
    lines.extend([
        ("attempt", record.attempt.to_string()),
        ("started", record.started.clone()),
        ("updated", record.updated.clone()),
        ("trained for", format!("{:.1} s", record.train_seconds)),
    ]);
    lines.extend(record.continued_from.as_ref().map(|from| {
        let ContinuedFrom { id, step, seconds } = from;
        ("continued", format!("from step {step} of run {id}, which took {seconds:.1} s of that"))
    }));
    pairs("", &lines)
}

/// ` (4,000 steps)`, if the length of the training is given in steps.
fn steps(record: &RunRecord) -> String {
    let training = record.trial.get("training");
    let steps = training.and_then(|training| training.get("steps")?.as_u64());
    steps.map_or(String::new(), |steps| format!(" ({} steps)", thousands(steps)))
}

/// Dotted keys as in an experiment file.
fn trial(record: &RunRecord) -> Vec<(String, String)> {
    let settings = settings::flatten_one(&record.trial.value());
    let mut lines: Vec<_> = settings.into_iter().collect();
    lines.sort_by(|(a, _), (b, _)| settings::order_of_keys(a, b));
    lines.into_iter().map(|(key, value)| (key, format!("= {}", shown_toml(&value)))).collect()
}

fn curve(record: &RunRecord, rows: &[MetricsRow]) -> Result<String> {
    let by = match record.best.and_then(|best| best.val_accuracy) {
        Some(_) => "best (by val)",
        None => "best (chosen on test)",
    };
    let mut marked: Vec<(&str, MetricsRow)> = thinned(rows).map(|row| ("", row)).collect();
    let model = rows.iter().find(|row| Some(row.epoch) == record.model_epoch);
    marked.extend(record.best.map(|best| (by, best)));
    marked.extend(model.map(|row| ("model (restore_best)", *row)));
    marked.extend(record.last.map(|last| ("last", last)));
    if marked.is_empty() {
        return Ok(String::new());
    }
    let with_val = marked.iter().any(|(_, row)| row.val_accuracy.is_some());
    let table = Table {
        columns: curve_columns(with_val),
        rows: marked.iter().map(|(mark, row)| curve_row(mark, row, with_val)).collect(),
    };
    let text = table.render(Format::Table, None)?;
    let indented = text.lines().flat_map(|line| ["  ", line, "\n"]);
    let averages = if record.has_averages() { ", with averages of the weights" } else { "" };
    let indented = indented.collect::<String>();
    Ok(format!("learning curve: accuracies in %, gap in points{averages}\n{indented}"))
}

/// At most [`MOST_EPOCHS`] rows, evenly spaced, without the last one, which has its own line.
fn thinned(rows: &[MetricsRow]) -> impl Iterator<Item = MetricsRow> + '_ {
    let rows = rows.split_last().map_or(rows, |(_, before)| before);
    let step = rows.len().div_ceil(MOST_EPOCHS).max(1);
    rows.iter().step_by(step).copied()
}

fn curve_columns(with_val: bool) -> Vec<Column> {
    let number = |name| Column::new(name, ColumnKind::Number);
    let mut columns = vec![Column::new("", ColumnKind::Text), number("epoch"), number("train")];
    columns.extend(with_val.then(|| number("val")));
    columns.extend([number("test"), number("gap"), number("train loss")]);
    columns.extend(with_val.then(|| number("val loss")));
    columns.push(number("test loss"));
    columns
}

fn curve_row(mark: &str, row: &MetricsRow, with_val: bool) -> Vec<Cell> {
    let percent = |accuracy: f32| Cell::fraction(exact(accuracy));
    let loss = |loss: f32| Cell::Text(format!("{loss:.4}"));
    let or_absent = |cell: Option<Cell>| cell.unwrap_or(Cell::Absent);
    let mut cells =
        vec![Cell::Text(mark.to_owned()), Cell::Count(row.epoch), percent(row.train_accuracy)];
    cells.extend(with_val.then(|| or_absent(row.val_accuracy.map(percent))));
    cells.extend([
        or_absent(row.test_accuracy.map(percent)),
        or_absent(exact_gap(row).map(Cell::difference)),
        loss(row.train_loss),
    ]);
    cells.extend(with_val.then(|| or_absent(row.val_loss.map(loss))));
    cells.push(or_absent(row.test_loss.map(loss)));
    cells
}

fn provenance(record: &RunRecord) -> Vec<(String, String)> {
    let provenance = &record.provenance;
    let optional = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let lines = [
        ("version", provenance.version.clone()),
        ("numerics", provenance.numerics.to_string()),
        ("git commit", optional(&provenance.git_commit)),
        ("host", provenance.host.clone()),
        ("cpu", provenance.cpu.clone()),
        ("data SHA-256", provenance.data_sha256.clone()),
        ("result SHA-256", optional(&record.result_sha256)),
    ];
    lines.map(|(name, value)| (name.to_owned(), value)).to_vec()
}

fn sizes(files: &[(String, u64)]) -> Vec<(String, String)> {
    let widest = files.iter().map(|(_, size)| size.to_string().len()).max().unwrap_or(0);
    let line = |(name, size): &(String, u64)| (name.clone(), format!("{size:>widest$} bytes"));
    files.iter().map(line).collect()
}

fn section(title: &str, lines: &[(String, String)]) -> String {
    match lines.is_empty() {
        true => String::new(),
        false => format!("{title}\n{}", pairs("  ", lines)),
    }
}

/// Two aligned columns, free of control characters.
fn pairs<K: AsRef<str>>(indent: &str, lines: &[(K, String)]) -> String {
    let widest = lines.iter().map(|(key, _)| key.as_ref().chars().count()).max().unwrap_or(0);
    let line = |(key, value): &(K, String)| {
        let (key, value) = (escape_controls(key.as_ref()), escape_controls(value));
        format!("{indent}{key:<widest$}  {value}").trim_end().to_owned() + "\n"
    };
    lines.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::analysis::diagnosis::{FindingKind, Severity};
    use crate::runs::record::RunState;
    use crate::runs::samples::{row, run, trial};

    #[test]
    fn one_run_in_full() {
        let init = json!({"normal": {"std": 0.01}});
        let trial = trial(&[("network.weight_init", init)], 3);
        let rows: Vec<MetricsRow> = (0..=30)
            .map(|epoch| {
                row(epoch, 0.1 + 0.02 * epoch as f32, Some(0.3), 0.1 + 0.01 * epoch as f32)
            })
            .collect();
        let record = run(trial, rows[30], rows[20]);
        let files = [("metrics.csv".to_owned(), 2048), ("run.json".to_owned(), 900)];
        let finding = |severity, text: &str| Finding {
            kind: FindingKind::Memorising,
            severity,
            text: text.to_owned(),
            figures: Vec::new(),
        };
        let findings = [
            finding(Severity::Warning, "memorising since epoch 8"),
            finding(Severity::Note, "too much for this place"),
        ];
        insta::assert_snapshot!(
            show_text(&record, &rows, &EvaluationFiles::default(), &findings, &files).unwrap()
        );
    }

    #[test]
    fn failed_run_without_rows_shows_its_reason() {
        let mut record = run(trial(&[], 3), row(1, 0.1, None, 0.1), row(1, 0.1, None, 0.1));
        record.state = RunState::Failed;
        record.reason = Some("out of memory\x1b[2J".to_owned());
        (record.last, record.best, record.result_sha256) = (None, None, None);
        insta::assert_snapshot!(
            show_text(&record, &[], &EvaluationFiles::default(), &[], &[]).unwrap()
        );
    }
}
