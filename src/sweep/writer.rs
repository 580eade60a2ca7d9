//! The one place that writes run folders.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::{SecondsFormat, Utc};
use sha2::{Digest, Sha256};

use super::npy::npy;
use super::timing::{TimingRow, parse_timing, timing_csv};
use crate::error::{Error, Result};
use crate::escape::{escape_controls, escape_lines};
use crate::report::{RunRecord, State, accuracy_plot, loss_plot};
use crate::run_dir::{Claim, file, hex, read_if_there, remove_if_there, write_atomic};
use crate::train::{Row, Timing, TrainState, Trainer, best_row, metrics_csv, parse_metrics};

/// Small files are replaced at most this often.
const FLUSH_INTERVAL: Duration = Duration::from_secs(1);

/// Writes one run's folder while its claim is held.
#[derive(Debug)]
pub(super) struct RunWriter {
    folder: PathBuf,
    claim: Claim,
    record: RunRecord,
    rows: Vec<Row>,
    timing: Vec<TimingRow>,
    best_model: Option<Vec<u8>>, // not yet on disk
    flushed: Instant,
    started: Instant,
    earlier_seconds: f64,
}

impl RunWriter {
    /// Takes a claimed folder up: writes the trial and a record that says `running`.
    pub(super) fn open(
        folder: PathBuf,
        claim: Claim,
        record: RunRecord,
        trial_toml: &str,
    ) -> Result<RunWriter> {
        let earlier_seconds = record.train_seconds;
        let now = Instant::now();
        let mut writer = RunWriter {
            folder,
            claim,
            record,
            rows: Vec::new(),
            timing: Vec::new(),
            best_model: None,
            flushed: now,
            started: now,
            earlier_seconds,
        };
        writer.write(file::TRIAL, trial_toml.as_bytes())?;
        writer.write_record()?;
        remove_if_there(&writer.folder.join(file::ERROR))?;
        Ok(writer)
    }

    /// Brings `trainer` to the newest checkpoint that is whole, or leaves it at the start. `fresh`
    /// rebuilds it after a damaged checkpoint was partly read.
    pub(super) fn restore(
        &mut self,
        trainer: &mut Trainer,
        fresh: impl Fn() -> Trainer,
    ) -> Result<()> {
        let rows = self.read_rows()?;
        let mut unusable = None;
        for name in [file::CHECKPOINT, file::PREVIOUS_CHECKPOINT] {
            let Some(bytes) = read_if_there(&self.folder.join(name))? else { continue };
            let restored = trainer.state_mut().restore(&bytes, &self.record.id);
            let restored = restored.and_then(|()| self.keep_rows(&rows, trainer));
            match restored {
                Ok(()) => {
                    // Or the next checkpoint would put it in the place of this one.
                    if let Some(name) = unusable {
                        remove_if_there(&self.folder.join(name))?;
                    }
                    let step = trainer.state_mut().step();
                    return self
                        .log(&format!("attempt {} goes on from step {step}", self.attempt()));
                }
                Err(problem) => {
                    self.log(&format!("{name} is not used: it {problem}"))?;
                    unusable = Some(name);
                    *trainer = fresh();
                }
            }
        }
        self.rows.clear();
        self.timing.clear();
        self.log(&format!("attempt {} starts from the first step", self.attempt()))
    }

    /// Cuts the rows that lie after the checkpoint.
    fn keep_rows(&mut self, rows: &[Row], trainer: &mut Trainer) -> Result<(), String> {
        let step = trainer.state_mut().step();
        self.rows = rows.iter().copied().filter(|row| row.step <= step).collect();
        let expected = if trainer.state_mut().has_started() { trainer.rows_until(step) } else { 0 };
        if self.rows.len() as u64 != expected {
            let found = self.rows.len();
            return Err(format!("needs {expected} rows of metrics.csv, which has {found}"));
        }
        let last_epoch = self.rows.last().map(|row| row.epoch);
        // No result depends on it, so neither does whether the run goes on.
        let timing = read_if_there(&self.folder.join(file::TIMING)).ok().flatten();
        self.timing = parse_timing(&timing.unwrap_or_default());
        self.timing.retain(|row| Some(row.epoch) <= last_epoch);
        Ok(())
    }

    fn read_rows(&mut self) -> Result<Vec<Row>> {
        let Some(bytes) = read_if_there(&self.folder.join(file::METRICS))? else {
            return Ok(Vec::new());
        };
        match parse_metrics(&bytes) {
            Ok(rows) => Ok(rows),
            Err(problem) => {
                self.log(&format!("metrics.csv is not used: {problem}"))?;
                Ok(Vec::new())
            }
        }
    }

    /// Adds the row of an evaluated epoch.
    pub(super) fn evaluated(
        &mut self,
        row: Row,
        timing: Timing,
        state: &mut TrainState,
    ) -> Result<()> {
        if row.val_accuracy.is_some() && row.is_better_than(best_row(&self.rows)) {
            self.best_model = Some(state.model());
        }
        self.rows.push(row);
        self.timing.push(TimingRow::new(row.epoch, timing));
        if self.flushed.elapsed() >= FLUSH_INTERVAL {
            self.flush()?;
        }
        Ok(())
    }

    /// Saves the complete state; the rows up to it are on disk first.
    pub(super) fn checkpoint(&mut self, state: &mut TrainState) -> Result<()> {
        self.flush()?;
        let bytes = state.checkpoint(&self.record.id);
        let (newest, previous) = (file::CHECKPOINT, file::PREVIOUS_CHECKPOINT);
        let (newest, previous) = (self.folder.join(newest), self.folder.join(previous));
        self.claim.check()?;
        match fs::rename(&newest, &previous) {
            Err(e) if e.kind() != ErrorKind::NotFound => Err(Error::io("replace", previous)(e)),
            _ => self.write(file::CHECKPOINT, &bytes),
        }
    }

    /// Keeps the weights before the first step.
    pub(super) fn save_initial(&self, state: &mut TrainState) -> Result<()> {
        self.write(file::INITIAL_MODEL, &state.model())
    }

    /// Writes what only a complete run has, and last the record.
    pub(super) fn finish(&mut self, trainer: &mut Trainer) -> Result<()> {
        self.checkpoint(trainer.state_mut())?;
        let model = trainer.state_mut().model();
        self.write(file::MODEL, &model)?;
        self.write(file::TEST_PREDICTIONS, &npy(&trainer.test_predictions()))?;
        self.write_plots()?;
        let mut hash = Sha256::new();
        hash.update(metrics_csv(&self.rows));
        hash.update(&model);
        self.record.result_sha256 = Some(hex(&hash.finalize()));
        self.end(State::Finished, None)
    }

    /// Saves the state of a run that is to go on later.
    pub(super) fn interrupt(&mut self, state: &mut TrainState) -> Result<()> {
        self.checkpoint(state)?;
        self.end(State::Interrupted, None)
    }

    /// Ends a run whose loss is no number any more.
    pub(super) fn diverge(&mut self, reason: &str) -> Result<()> {
        self.flush()?;
        self.write_plots()?;
        self.end(State::Diverged, Some(reason))
    }

    /// Ends a run with the error that stopped it.
    pub(super) fn fail(mut self, reason: &str) -> Result<()> {
        // What cannot be written now was perhaps what failed; the reason is worth more.
        let _ = self.flush();
        self.write(file::ERROR, format!("{}\n", escape_lines(reason)).as_bytes())?;
        self.end(State::Failed, Some(reason))
    }

    fn end(&mut self, state: State, reason: Option<&str>) -> Result<()> {
        self.record.state = state;
        self.record.reason = reason.map(str::to_owned);
        self.log(&match reason {
            Some(reason) => format!("{state}: {reason}"),
            None => state.to_string(),
        })?;
        self.write_record()
    }

    fn flush(&mut self) -> Result<()> {
        self.write_best_model()?;
        self.write(file::METRICS, metrics_csv(&self.rows).as_bytes())?;
        self.write(file::TIMING, timing_csv(&self.timing).as_bytes())?;
        self.write_record()?;
        self.flushed = Instant::now();
        Ok(())
    }

    fn write_record(&mut self) -> Result<()> {
        let record = &mut self.record;
        record.attempt = self.claim.attempt();
        record.last = self.rows.last().copied();
        record.best = best_row(&self.rows).copied();
        record.train_seconds = self.earlier_seconds + self.started.elapsed().as_secs_f64();
        record.updated = now();
        let mut bytes = serde_json::to_vec_pretty(record).expect("a record is plain data");
        bytes.push(b'\n');
        self.write(file::RECORD, &bytes)
    }

    fn write_best_model(&mut self) -> Result<()> {
        match self.best_model.take() {
            Some(model) => self.write(file::BEST_MODEL, &model),
            None => Ok(()),
        }
    }

    fn write_plots(&self) -> Result<()> {
        let title = |what| format!("{what} of run {}", self.record.id);
        let plots = [
            ("accuracy", accuracy_plot(&self.rows, &title("Accuracy"))?),
            ("loss", loss_plot(&self.rows, &title("Loss"))?),
        ];
        for (name, plot) in plots {
            self.write(&format!("{name}.png"), &plot.png)?;
            self.write(&format!("{name}.svg"), plot.svg.as_bytes())?;
        }
        Ok(())
    }

    fn write(&self, name: &str, contents: &[u8]) -> Result<()> {
        let path = self.folder.join(name);
        write_atomic(&path, contents, &self.claim.token(), || self.claim.check())
    }

    fn log(&self, message: &str) -> Result<()> {
        let path = self.folder.join(file::LOG);
        let file = OpenOptions::new().create(true).append(true).open(&path);
        let mut file = file.map_err(Error::io("open", &path))?;
        // A damaged file's own words may be part of it: they make no line of their own.
        writeln!(file, "{} {}", now(), escape_controls(message)).map_err(Error::io("write", path))
    }

    fn attempt(&self) -> u64 {
        self.claim.attempt()
    }
}

/// RFC 3339 in UTC, to the millisecond.
pub(super) fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true)
}
