//! All runs in long form: a line for each run and evaluated epoch, written while reading, so that
//! thousands of runs need no more memory than one.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::error::{Error, Result};
use crate::output::export::format::{Destination, Export, ExportFormat, count_of_runs};
use crate::output::export::output::ExportTarget;
use crate::output::export::varied::{Varied, configs};
use crate::runs::metrics::metrics_header;
use crate::runs::read::{FoundRuns, read_rows};
use crate::runs::record::RunRecord;
use crate::table::csv_field;
use crate::table::value::value_text;

pub(super) static FORMAT: ExportFormat = ExportFormat {
    name: "csv",
    help: "One table of all runs: a line for each run and evaluated epoch. Ids may look like numbers: pandas \
           reads them as text with dtype={\"id\": str, \"ids\": str, \"config\": str}",
    destination: "FILE",
    export: Export::Runs { write, stream: Some(stream) },
};

fn write(found: &FoundRuns, to: Destination<'_>) -> Result<String> {
    let written = export_csv(&found.records, &found.folders, to.path, to.force)?;
    let lines = format!("{}, {} lines", count_of_runs(found.records.len()), written.lines);
    let without = without_rows(written).map(|text| format!("; {text}"));
    Ok(lines + &without.unwrap_or_default())
}

fn stream(found: &FoundRuns, out: &mut dyn Write) -> Result<Option<String>> {
    let path = Path::new("standard output");
    write_csv(&found.records, &found.folders, out, path).map(without_rows)
}

fn without_rows(written: CsvExport) -> Option<String> {
    match written.runs_without_rows {
        0 => None,
        n => Some(format!("{} evaluated nothing yet and have no line", count_of_runs(n))),
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct CsvExport {
    /// Lines below the header.
    pub lines: usize,
    /// Runs without a row: started but not yet evaluated.
    pub runs_without_rows: usize,
}

/// Writes all runs as one CSV to `path`; `folders` are those of the records.
///
/// # Errors
/// If the file is there and not `force`, cannot be written, or a run's metrics are damaged.
fn export_csv(
    records: &[RunRecord],
    folders: &[PathBuf],
    path: &Path,
    force: bool,
) -> Result<CsvExport> {
    let mut written = CsvExport::default();
    ExportTarget::file(path, force)?.write(|out| {
        written = write_csv(records, folders, out, path)?;
        Ok(())
    })?;
    Ok(written)
}

/// Writes all runs as one CSV to `out`, which `path` names in errors.
///
/// # Errors
/// If `out` cannot be written or a run's metrics are damaged.
fn write_csv(
    records: &[RunRecord],
    folders: &[PathBuf],
    out: &mut dyn Write,
    path: &Path,
) -> Result<CsvExport> {
    let (varied, configs) = (Varied::of(records), configs(records));
    let mut out = BufWriter::with_capacity(1 << 16, out);
    let mut write =
        |run: &str, row: &str| writeln!(out, "{run},{row}").map_err(Error::io("write to", path));
    let is_noisy = |record: &RunRecord| {
        record.trial.get("dataset").is_some_and(|dataset| dataset.get("label_noise").is_some())
    };
    let has_noise = records.iter().any(is_noisy);
    let has_folds = records.iter().any(|record| record.trial.fold().is_some());
    write(&fields_text(&header(&varied.keys, has_folds))?, &metrics_header(has_noise))?;
    let mut written = CsvExport::default();
    for (index, (record, folder)) in records.iter().zip(folders).enumerate() {
        let rows = read_rows(record, folder)?;
        let run =
            fields_text(&run_fields(record, &configs[index], has_folds, varied.values(index)))?;
        // Numbers as in metrics.csv; none of them needs quotes.
        let mut text = String::new();
        rows.iter().for_each(|row| row.write_csv(has_noise, &mut text));
        text.lines().try_for_each(|row| write(&run, row))?;
        written.lines += rows.len();
        written.runs_without_rows += usize::from(rows.is_empty());
    }
    out.flush().map_err(Error::io("write to", path))?;
    Ok(written)
}

/// The columns before those of `metrics.csv`.
fn header(varied: &[String], has_folds: bool) -> Vec<String> {
    let run = ["id", "config", "seed", "fold", "experiment", "state"].into_iter();
    let run = run.filter(|name| has_folds || *name != "fold").map(str::to_owned);
    let settings = varied.iter().map(|key| csv_field(&Value::from(key.as_str())));
    run.chain(settings).collect()
}

fn run_fields<'a>(
    record: &RunRecord,
    config: &str,
    has_folds: bool,
    settings: impl Iterator<Item = Option<&'a Value>>,
) -> Vec<String> {
    let text = |text: &str| csv_field(&Value::from(text));
    let mut fields = vec![record.id.clone(), config.to_owned()];
    let number = |number: Option<u64>| number.map_or_else(String::new, |number| number.to_string());
    fields.push(number(record.trial.seed()));
    if has_folds {
        fields.push(number(record.trial.fold()));
    }
    fields.extend([text(&record.experiments.join(", ")), record.state.name().to_owned()]);
    let setting = |value: Option<&Value>| match value {
        Some(list @ (Value::Array(_) | Value::Object(_))) => text(&value_text(list)),
        value => csv_field(value.unwrap_or(&Value::Null)),
    };
    fields.extend(settings.map(setting));
    fields
}

/// Comma-separated fields, quoted where needed.
fn fields_text(fields: &[String]) -> Result<String> {
    let broken = |e: &dyn std::fmt::Display| Error::Unexpected(format!("cannot write CSV: {e}"));
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(fields).map_err(|e| broken(&e))?;
    let bytes = writer.into_inner().map_err(|e| broken(&e))?;
    let line = String::from_utf8(bytes).map_err(|e| broken(&e))?;
    Ok(line.trim_end_matches('\n').to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::*;
    use crate::runs::metrics::MetricsRow;
    use crate::runs::metrics::metrics_csv;
    use crate::runs::samples::{row, run, seeds, trial, write_run};

    fn exported(records: &[RunRecord], rows: &[MetricsRow]) -> (String, CsvExport) {
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
        let rows = [row(0, 0.1, None, 0.1), row(1, 0.3, Some(0.25), f32::NAN)];
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
