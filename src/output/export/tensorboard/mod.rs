//! Event files for TensorBoard: a folder with one file for each run (scalars by epoch, and its
//! settings for the HParams dashboard), and one in the root that lists what varies.

mod folders;
mod hparams;
mod messages;
mod records;
mod scalars;

use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::output::export::clock::{Clock, unix_seconds};
use crate::output::export::format::{Destination, Export, ExportFormat, count_of_runs};
use crate::output::export::output::ExportTarget;
use crate::output::export::varied::{Varied, configs, labels};
use crate::runs::read::{FoundRuns, read_rows};
use crate::runs::record::RunRecord;
use crate::shell::path_word;
use messages::{EventMessage, SummaryMessage, SummaryValue};
use records::push_record;

/// TensorBoard reads every file with `tfevents` in its name as an event file. Always the same, so
/// that a second export replaces the first.
const EVENTS_FILE: &str = "events.out.tfevents.runner";
/// The version of the events' layout, which must be the first event of a file.
const FILE_VERSION: &str = "brain.Event:2";

pub(super) static FORMAT: ExportFormat = ExportFormat {
    name: "tensorboard",
    help: "Event files for TensorBoard: scalars by epoch, and the settings for HParams",
    destination: "FOLDER",
    export: Export::Runs { write, stream: None },
};

fn write(found: &FoundRuns, to: Destination<'_>) -> Result<String> {
    export_tensorboard(&found.records, &found.folders, to.path, to.force)?;
    let command = format!("tensorboard --logdir {}", path_word(to.path));
    Ok(format!("{}; `{command}` shows it", count_of_runs(found.records.len())))
}

/// Writes the event files of all runs into the folder `path`; `folders` are those of the records. The
/// same runs give the same bytes.
///
/// # Errors
/// If `path` holds anything and not `force`, cannot be written, or a run's metrics are damaged.
fn export_tensorboard(
    records: &[RunRecord],
    folders: &[PathBuf],
    path: &Path,
    force: bool,
) -> Result<()> {
    let output = ExportTarget::folder(path, force)?;
    let (varied, labels) = (Varied::of(records), labels(records));
    let (configs, names) = (named_configs(records, &labels), folders::names(records, &labels));
    let kinds = hparams::kinds(&varied);
    output.write_into(Path::new(EVENTS_FILE), &root_events(records, &varied))?;
    for (index, (record, folder)) in records.iter().zip(folders).enumerate() {
        let hparams = hparams::values(&varied, &kinds, index);
        let start = hparams::session_start(record, &configs[index], hparams);
        let events = run_events(record, folder, start)?;
        output.write_into(&Path::new(&names[index]).join(EVENTS_FILE), &events)?;
    }
    Ok(())
}

/// The config of each run: what tables call it, and its id.
fn named_configs(records: &[RunRecord], labels: &[String]) -> Vec<String> {
    labels.iter().zip(configs(records)).map(|(label, id)| format!("{label} ({id})")).collect()
}

/// The file in the root: what varies over all runs.
fn root_events(records: &[RunRecord], varied: &Varied) -> Vec<u8> {
    let mut file = new_file(0.0);
    push(&mut file, 0.0, 0, vec![hparams::experiment(records, varied)]);
    file
}

/// The file of one run: its settings, a row of scalars for each evaluated epoch, how it ended.
fn run_events(record: &RunRecord, folder: &Path, start: SummaryValue) -> Result<Vec<u8>> {
    let clock = Clock::read(record, folder);
    let mut file = new_file(clock.started());
    push(&mut file, clock.started(), 0, vec![start]);
    for row in read_rows(record, folder)? {
        let step = i64::try_from(row.epoch).unwrap_or(i64::MAX);
        push(&mut file, clock.at(row.epoch), step, scalars::values(&row));
    }
    let ended = unix_seconds(&record.updated);
    push(&mut file, ended, 0, vec![hparams::session_end(record)]);
    Ok(file)
}

fn new_file(wall_time: f64) -> Vec<u8> {
    let mut file = Vec::new();
    let version = Some(FILE_VERSION.to_owned());
    push_record(
        &mut file,
        &EventMessage { wall_time, file_version: version, ..EventMessage::default() },
    );
    file
}

fn push(file: &mut Vec<u8>, wall_time: f64, step: i64, value: Vec<SummaryValue>) {
    let summary = Some(SummaryMessage { value });
    push_record(file, &EventMessage { wall_time, step, summary, ..EventMessage::default() });
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::*;
    use crate::output::export::tensorboard::records::testing::events_of;
    use crate::runs::metrics::metrics_csv;
    use crate::runs::record::RunState;
    use crate::runs::samples::{row, seeds, write_run};

    /// Two configs of three runs each, one of which failed before it started.
    fn exported(path: &Path) {
        let mut records = seeds(&[("network.dropout", json!(0.2))], 0.7, 0.5, 0.01);
        records.extend(seeds(&[], 0.9, 0.4, 0.01));
        records[5].state = RunState::Failed;
        let runs = tempfile::tempdir().unwrap();
        let rows = [row(0, 0.1, None, 0.1), row(1, 0.5, Some(0.25), f32::NAN)];
        let folders: Vec<PathBuf> = records
            .iter()
            .enumerate()
            .map(|(index, record)| {
                let folder = write_run(runs.path(), record);
                if index < 5 {
                    fs::write(folder.join("metrics.csv"), metrics_csv(&rows)).unwrap();
                }
                let timing = "epoch,train_seconds,evaluation_seconds,examples_per_second\n\
                    0,0.000,0.500,0\n1,2.000,0.250,100\n";
                fs::write(folder.join("timing.csv"), timing).unwrap();
                folder
            })
            .collect();
        export_tensorboard(&records, &folders, path, false).unwrap();
    }

    #[test]
    fn configs_are_called_as_in_tables() {
        let mut records = seeds(&[], 0.9, 0.5, 0.003);
        let dropout = [("network.dropout", json!(0.2))];
        records.extend(seeds(&dropout, 0.7, 0.5, 0.003));
        let names = named_configs(&records, &labels(&records));
        assert!(names[0].starts_with("baseline ("), "{names:?}");
        assert!(names[3].starts_with("dropout 0.2 ("), "{names:?}");
        assert_eq!(names[0], names[2]);
    }

    #[test]
    fn a_run_has_its_settings_scalars_and_end() {
        let folder = tempfile::tempdir().unwrap();
        exported(folder.path());
        let file = folder.path().join("dropout 0.2, seed 1").join(EVENTS_FILE);
        let events = events_of(&fs::read(file).unwrap());
        assert_eq!(events.len(), 5);
        assert_eq!(events[0].file_version.as_deref(), Some("brain.Event:2"));
        let started = 1_735_787_045.0; // 2025-01-02T03:04:05Z
        let times: Vec<f64> = events.iter().map(|event| event.wall_time - started).collect();
        assert_eq!(times, [0.0, 0.0, 0.5, 2.75, 3600.0]);
        assert_eq!([events[2].step, events[3].step], [0, 1]);
        let tags = |event: &EventMessage| -> Vec<String> {
            event.summary.as_ref().unwrap().value.iter().map(|value| value.tag.clone()).collect()
        };
        insta::assert_debug_snapshot!(events[1..].iter().map(tags).collect::<Vec<_>>());
        let values = &events[3].summary.as_ref().unwrap().value;
        let test = values.iter().find(|value| value.tag == "accuracy/test_accuracy").unwrap();
        assert!(test.simple_value.unwrap().is_nan());
    }

    #[test]
    fn runs_without_rows_are_sessions_too_and_a_second_export_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        exported(folder.path());
        let file = folder.path().join("baseline, seed 3").join(EVENTS_FILE);
        assert_eq!(events_of(&fs::read(file).unwrap()).len(), 3);
        let again = tempfile::tempdir().unwrap();
        exported(again.path());
        let root = |folder: &Path| fs::read(folder.join(EVENTS_FILE)).unwrap();
        assert_eq!(root(folder.path()), root(again.path()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 7);
    }
}
