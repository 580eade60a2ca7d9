//! The one place that writes run folders.

mod restore;
mod take_over;

use std::time::{Duration, Instant};

use chrono::{SecondsFormat, Utc};
use sha2::{Digest, Sha256};

use super::detail::{Detail, detail};
use crate::error::{Error, Result};
use crate::escape::{escape_controls, escape_lines};
use crate::messages::say;
use crate::output::plots::{accuracy_plot, loss_plot};
use crate::runs::folder::{Claim, file, hex};
use crate::runs::layers::{LayerRow, layers_csv};
use crate::runs::metrics::{MetricsRow, StoppedEarly, best_row, metrics_csv};
use crate::runs::record::{RunRecord, RunState};
use crate::runs::run_files::RunFiles;
use crate::runs::timing::{Timing, TimingRow, timing_csv};
use crate::train::{Companions, TrainState, Trainer};

/// Small files are replaced at most this often.
const FLUSH_INTERVAL: Duration = Duration::from_secs(1);
/// At most this many bytes of them are written each second: the rows of 10,000 epochs are a
/// megabyte, and the cost of writing must grow linearly with training time, not with its square.
const FLUSH_BYTES_PER_SECOND: f64 = 256.0 * 1024.0;

/// Writes one run's folder while its claim is held.
#[derive(Debug)]
pub(super) struct RunWriter {
    claim: Claim,
    record: RunRecord,
    rows: Vec<MetricsRow>,
    layers: Option<Vec<LayerRow>>, // none: those of the earlier rows are missing
    timing: Vec<TimingRow>,
    best_model: Option<Vec<u8>>, // not yet on disk
    files: RunFiles,             // what is on disk, for the record of an end
    checkpointed: Option<u64>,   // steps made at the newest checkpoint of this attempt
    flushed: Instant,
    flush_interval: Duration,
    started: Instant,
    earlier_seconds: f64,
}

/// Where an attempt starts.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) text: String,
    pub(super) is_of_shorter: bool, // with the state of another run
}

impl RunWriter {
    /// Starts in a claimed folder: writes the trial and a record that says `running`.
    pub(super) fn open(claim: Claim, record: RunRecord, trial_toml: &str) -> Result<RunWriter> {
        let earlier_seconds = record.train_seconds;
        let now = Instant::now();
        let mut writer = RunWriter {
            claim,
            record,
            rows: Vec::new(),
            layers: None,
            timing: Vec::new(),
            best_model: None,
            files: RunFiles::default(),
            checkpointed: None,
            flushed: now,
            flush_interval: FLUSH_INTERVAL,
            started: now,
            earlier_seconds,
        };
        writer.replace(file::TRIAL, trial_toml.as_bytes())?;
        writer.write_record()?;
        writer.claim.remove(file::ERROR)?;
        Ok(writer)
    }

    /// Reports where this attempt starts, perhaps from another run's state, and what it repeats.
    fn begin(&self, step: u64, shorter: Option<&str>, rows: &[MetricsRow]) -> Result<Start> {
        let mut text = match step {
            0 => format!("attempt {} starts from the first step", self.attempt()),
            _ => format!("attempt {} continues from step {step}", self.attempt()),
        };
        text.extend(shorter.map(|id| format!(" of run {id}")));
        let reached = rows.last().map_or(0, |row| row.step);
        if reached > step {
            let repeated = reached - step;
            text.push_str(&format!("; {repeated} of the steps up to {reached} are repeated"));
        }
        self.log(&text)?;
        Ok(Start { text, is_of_shorter: shorter.is_some() })
    }

    /// Adds the row of an evaluated epoch.
    pub(super) fn evaluated(
        &mut self,
        row: MetricsRow,
        timing: Timing,
        layers: &[LayerRow],
        state: &mut TrainState,
    ) -> Result<()> {
        if row.val_accuracy.is_some() && row.is_better_than(best_row(&self.rows)) {
            self.best_model = Some(state.model());
        }
        self.rows.push(row);
        if let Some(rows) = &mut self.layers {
            rows.extend_from_slice(layers);
        }
        self.timing.push(TimingRow::new(row.epoch, timing));
        if self.flushed.elapsed() >= self.flush_interval {
            self.flush()?;
        }
        Ok(())
    }

    /// Saves the complete state; the rows up to it are on disk first.
    pub(super) fn checkpoint(&mut self, state: &mut TrainState) -> Result<()> {
        self.flush()?;
        let sha256 = |name| self.files.sha256(name).map(str::to_owned);
        let companions = Companions {
            metrics_sha256: sha256(file::METRICS),
            layers_sha256: sha256(file::LAYERS),
            best_sha256: sha256(file::BEST_MODEL),
        };
        let bytes = state.checkpoint(&self.record.id, Some(companions));
        self.claim.keep(file::CHECKPOINT, file::PREVIOUS_CHECKPOINT)?;
        self.claim.replace(file::CHECKPOINT, &bytes)?;
        self.checkpointed = Some(state.step());
        Ok(())
    }

    /// Keeps the weights before the first step, if requested or if an earlier attempt did it.
    pub(super) fn save_initial(&mut self, is_wanted: bool, state: &mut TrainState) -> Result<()> {
        let is_there = || self.claim.folder().join(file::INITIAL_MODEL).symlink_metadata().is_ok();
        match is_wanted || is_there() {
            true => self.replace(file::INITIAL_MODEL, &state.model()),
            false => Ok(()),
        }
    }

    /// Writes the files that only a complete run has, the record last.
    pub(super) fn finish(&mut self, trainer: &mut Trainer) -> Result<()> {
        // Writing the same one twice would lose the previous one, which a longer trial may need.
        match self.checkpointed == Some(trainer.state_mut().step()) {
            true => self.flush()?,
            false => self.checkpoint(trainer.state_mut())?,
        }
        self.record.stopped_early = trainer.stopped_early();
        self.record.model_epoch = trainer.restore_best();
        self.log_end_of_training()?;
        let model = trainer.state_mut().model();
        self.replace(file::MODEL, &model)?;
        let Detail { files, evaluated } = detail(trainer)?;
        for (name, contents) in files {
            self.replace(name, &contents)?;
        }
        self.record.evaluated = evaluated;
        self.write_plots()?;
        let mut hash = Sha256::new();
        hash.update(metrics_csv(&self.rows));
        hash.update(&model);
        self.record.result_sha256 = Some(hex(&hash.finalize()));
        self.end(RunState::Finished, None)
    }

    /// Reports what is unusual: an early end, and weights from another epoch.
    fn log_end_of_training(&self) -> Result<()> {
        if let Some(StoppedEarly { epoch, .. }) = self.record.stopped_early {
            let all = self.record.total_epochs;
            self.log(&format!("stopped early after epoch {epoch} of {all}"))?;
        }
        if let Some(epoch) = self.record.model_epoch {
            self.log(&format!("model.safetensors has the weights of epoch {epoch}"))?;
        }
        Ok(())
    }

    /// Saves the state of a run that will be resumed.
    pub(super) fn interrupt(&mut self, state: &mut TrainState) -> Result<()> {
        self.checkpoint(state)?;
        self.end(RunState::Interrupted, None)
    }

    /// Saves the state of a run that will be resumed only if a search wants it.
    pub(super) fn pause(&mut self, state: &mut TrainState, epoch: u64) -> Result<()> {
        self.checkpoint(state)?;
        let all = self.record.total_epochs;
        self.log(&format!("paused at a rung after epoch {epoch} of {all}"))?;
        self.end(RunState::Paused, None)
    }

    /// The epoch of the newest row.
    pub(super) fn last_epoch(&self) -> Option<u64> {
        self.rows.last().map(|row| row.epoch)
    }

    /// Keeps the earlier target epoch of a run that is already past the requested epoch; none: its
    /// end.
    pub(super) fn on_its_way(&mut self, until_epoch: Option<u64>) {
        self.record.until_epoch = until_epoch;
    }

    /// Ends a run whose loss became NaN or infinite.
    pub(super) fn diverge(&mut self, reason: &str) -> Result<()> {
        self.flush()?;
        self.write_plots()?;
        self.end(RunState::Diverged, Some(reason))
    }

    /// Ends a run with the error that stopped it.
    pub(super) fn fail(mut self, reason: &str) -> Result<()> {
        // Writing may be what failed; the reason matters more.
        let _ = self.flush();
        self.claim.replace(file::ERROR, format!("{}\n", escape_lines(reason)).as_bytes())?;
        self.end(RunState::Failed, Some(reason))
    }

    fn end(&mut self, state: RunState, reason: Option<&str>) -> Result<()> {
        self.record.state = state;
        if self.record.is_done() {
            self.record.until_epoch = None;
        }
        self.record.reason = reason.map(str::to_owned);
        self.log(&match reason {
            Some(reason) => format!("{state}: {reason}"),
            None => state.to_string(),
        })?;
        self.record.files = self.files.clone();
        self.write_record()
    }

    /// Whoever looks meanwhile and finds a row finds what belongs to it: layers and times are written before the
    /// rows. Rows are written before the best weights, so that weights newer than a checkpoint always have their row.
    /// After a kill in between, the next attempt keeps what belongs to the rows up to its checkpoint.
    fn flush(&mut self) -> Result<()> {
        let (metrics, timing) = (metrics_csv(&self.rows), timing_csv(&self.timing));
        let mut written = metrics.len() + timing.len();
        if let Some(layers) = &self.layers {
            let layers = layers_csv(layers);
            written += layers.len();
            self.replace(file::LAYERS, layers.as_bytes())?;
        }
        self.replace(file::TIMING, timing.as_bytes())?;
        self.replace(file::METRICS, metrics.as_bytes())?;
        self.write_best_model()?;
        self.write_record()?;
        self.flushed = Instant::now();
        let seconds = written as f64 / FLUSH_BYTES_PER_SECOND;
        self.flush_interval = FLUSH_INTERVAL.max(Duration::from_secs_f64(seconds));
        Ok(())
    }

    fn write_record(&mut self) -> Result<()> {
        let record = &mut self.record;
        record.attempt = self.claim.attempt();
        record.last = self.rows.last().copied();
        record.best = best_row(&self.rows).copied();
        record.train_seconds = self.earlier_seconds + self.started.elapsed().as_secs_f64();
        record.updated = now();
        self.claim.replace(file::RECORD, &record.to_bytes())
    }

    /// Replaces a file and tracks what is on disk.
    fn replace(&mut self, name: &str, contents: &[u8]) -> Result<()> {
        self.files.remove(name); // if it fails halfway, it is unknown which of the two is there
        self.claim.replace(name, contents)?;
        self.files.insert(name, contents);
        Ok(())
    }

    fn write_best_model(&mut self) -> Result<()> {
        match self.best_model.take() {
            Some(model) => self.replace(file::BEST_MODEL, &model),
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
            self.claim.replace(&format!("{name}.png"), &plot.png)?;
            self.claim.replace(&format!("{name}.svg"), plot.svg.as_bytes())?;
        }
        Ok(())
    }

    fn log(&self, message: &str) -> Result<()> {
        // It may contain text from a damaged file, which must not start a new line.
        let line = format!("{} {}\n", now(), escape_controls(message));
        match self.claim.append(file::LOG, line.as_bytes()) {
            // No figure depends on it.
            Err(Error::Io { path, source, .. }) => {
                let path = path.display();
                say(&format!(
                    "warning: {path} lacks a line: {source}: {}",
                    escape_controls(message)
                ));
                Ok(())
            }
            appended => appended,
        }
    }

    pub(super) fn attempt(&self) -> u64 {
        self.claim.attempt()
    }
}

/// RFC 3339 in UTC, to the millisecond.
pub(super) fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true)
}
