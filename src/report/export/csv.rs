//! All runs in long form: a line for each run and evaluated epoch, written as it is read, so that
//! thousands of runs need no more memory than one.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::compare::seed;
use super::super::figures::{FIGURES, figures};
use super::super::record::RunRecord;
use super::super::runs::read_rows;
use super::super::settings;
use super::super::table::csv_field;
use super::output::Output;
use super::varied::{Varied, configs};
use crate::error::{Error, Result};
use crate::train::Row;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CsvExport {
    /// Lines below the header.
    pub lines: usize,
    /// Runs without a row: begun, and not yet evaluated.
    pub runs_without_rows: usize,
}

/// Writes all runs as one CSV to `path`; `folders` are those of the records.
///
/// # Errors
/// If the file is there and not `force`, cannot be written, or a run's metrics are damaged.
pub fn export_csv(
    records: &[RunRecord],
    folders: &[PathBuf],
    path: &Path,
    force: bool,
) -> Result<CsvExport> {
    let mut written = CsvExport::default();
    Output::file(path, force)?.write(|out| {
        written = write_csv(records, folders, out, path)?;
        Ok(())
    })?;
    Ok(written)
}

/// Writes all runs as one CSV to `out`, which `path` names in errors.
///
/// # Errors
/// If `out` cannot be written or a run's metrics are damaged.
pub fn write_csv(
    records: &[RunRecord],
    folders: &[PathBuf],
    out: &mut dyn Write,
    path: &Path,
) -> Result<CsvExport> {
    let (varied, configs) = (Varied::of(records), configs(records));
    let mut writer = ::csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(out);
    let mut write = |fields: &[String]| writer.write_record(fields).map_err(|e| broken(e, path));
    write(&header(&varied.keys))?;
    let mut written = CsvExport::default();
    for (index, (record, folder)) in records.iter().zip(folders).enumerate() {
        let rows = read_rows(folder)?;
        let run = run_fields(record, &configs[index], varied.values(index));
        for row in &rows {
            write(&[&run[..], &row_fields(row)].concat())?;
        }
        written.lines += rows.len();
        written.runs_without_rows += usize::from(rows.is_empty());
    }
    writer.flush().map_err(Error::io("write to", path))?;
    Ok(written)
}

fn header(varied: &[String]) -> Vec<String> {
    let text = |name: &str| csv_field(&Value::from(name));
    let run = ["id", "config", "seed", "experiment", "state"].map(str::to_owned);
    let row = ["epoch", "step"].into_iter().chain(FIGURES).map(str::to_owned);
    run.into_iter().chain(varied.iter().map(|key| text(key))).chain(row).collect()
}

fn run_fields<'a>(
    record: &RunRecord,
    config: &str,
    settings: impl Iterator<Item = Option<&'a Value>>,
) -> Vec<String> {
    let text = |text: &str| csv_field(&Value::from(text));
    let mut fields = vec![record.id.clone(), config.to_owned()];
    fields.push(seed(&record.trial).map_or_else(String::new, |seed| seed.to_string()));
    fields.extend([text(&record.experiments.join(", ")), record.state.name().to_owned()]);
    let setting = |value: Option<&Value>| match value {
        Some(list @ (Value::Array(_) | Value::Object(_))) => text(&settings::value_text(list)),
        value => csv_field(value.unwrap_or(&Value::Null)),
    };
    fields.extend(settings.map(setting));
    fields
}

/// The numbers as `metrics.csv` has them.
fn row_fields(row: &Row) -> Vec<String> {
    let counts = [row.epoch.to_string(), row.step.to_string()].into_iter();
    let figure = |value: Option<f32>| value.map_or_else(String::new, |value| value.to_string());
    counts.chain(figures(row).map(figure)).collect()
}

fn broken(error: ::csv::Error, path: &Path) -> Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => Error::io("write to", path)(error),
        other => Error::Unexpected(format!("cannot write CSV: {other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::super::super::samples::{row, run, seeds, trial, write_run};
    use super::*;
    use crate::train::metrics_csv;

    fn exported(records: &[RunRecord], rows: &[Row]) -> (String, CsvExport) {
        let runs = tempfile::tempdir().unwrap();
        let folder = |record: &RunRecord| {
            let folder = write_run(runs.path(), record);
            if record.last.is_some() {
                fs::write(folder.join("metrics.csv"), metrics_csv(rows)).unwrap();
            }
            folder
        };
        let folders: Vec<PathBuf> = records.iter().map(folder).collect();
        let path = runs.path().join("all.csv");
        let written = export_csv(records, &folders, &path, false).unwrap();
        (fs::read_to_string(path).unwrap(), written)
    }

    #[test]
    fn every_run_and_epoch_is_a_line() {
        let init = json!({"normal": {"std": 0.01}});
        let mut records = seeds(&[("network.weight_init", init)], 0.7, 0.5, 0.01);
        records.extend(seeds(&[("network.hidden_sizes", json!([50, 20]))], 0.9, 0.4, 0.01));
        (records[1].last, records[1].best) = (None, None);
        let rows = [row(0, 0.1, None, 0.1), row(1, 0.30000001, Some(0.25), f32::NAN)];
        let (text, written) = exported(&records, &rows);
        assert_eq!(written, CsvExport { lines: 10, runs_without_rows: 1 });
        insta::assert_snapshot!(text);
    }

    #[test]
    fn names_are_no_formulas_and_no_control_characters() {
        let changes = [("network.=key\u{1b}", json!("@cmd\u{1b}[2J"))];
        let with = run(trial(&changes, 1), row(1, 0.5, None, 0.4), row(1, 0.5, None, 0.4));
        let mut without = run(trial(&[], 1), row(1, 0.5, None, 0.4), row(1, 0.5, None, 0.4));
        without.experiments = vec!["=1+1".to_owned(), "b".to_owned()];
        let (text, _) = exported(&[with, without], &[row(1, 0.5, None, 0.4)]);
        assert!(!text.contains('\u{1b}'), "{text}");
        assert!(text.contains(r"network.=key\u{1b}") && text.contains(r"'@cmd\u{1b}[2J"), "{text}");
        assert!(text.contains(r#""'=1+1, b""#), "{text}");
    }
}
