//! Restores what an earlier attempt left: the newest checkpoint that is readable and intact, and
//! whose companion files are intact.

use sha2::{Digest, Sha256};

use super::{RunWriter, Start};
use crate::error::{Error, Flaw, Result};
use crate::runs::folder::{Patience, file, hex, is_there, read_if_there, read_if_there_of};
use crate::runs::layers::{LayerRow, layers_csv, parse_layers};
use crate::runs::metrics::{MetricsRow, best_row, metrics_csv, parse_metrics};
use crate::runs::timing::parse_timing;
use crate::sweep::continuation::{Offers, scored};
use crate::train::{Checkpoint, Companions, Trainer};

/// What an earlier attempt left besides its checkpoints.
struct LeftBehind<'a> {
    rows: &'a [MetricsRow],
    layers: &'a [LayerRow],
    best: Option<&'a [u8]>,
    is_to_pause: bool, // at a rung: rows after the checkpoint are not computed again
}

/// A checkpoint that is not used.
struct Unusable {
    name: &'static str,
    was_read: bool,
}

/// Why a checkpoint is not used, and whether it could be read.
struct Unused {
    problem: String,
    was_read: bool,
}

impl RunWriter {
    /// Brings `trainer` to the newest intact checkpoint or to the state of a shorter run, or leaves
    /// it at the start. `offers` finds shorter runs. A run that `is_to_pause` may not reach again
    /// the epoch whose weights exist: its checkpoint counts only with the best weights of its rows.
    /// Unreadable files are retried with `patience`. Returns where the attempt starts.
    pub(in crate::sweep) fn restore(
        &mut self,
        trainer: &mut Trainer,
        is_to_pause: bool,
        patience: Patience<'_>,
        offers: impl FnOnce() -> Offers,
    ) -> Result<Start> {
        let (rows, layers) = (self.read_rows(patience)?, self.read_layers()?);
        let best = self.read_best_model(patience)?;
        let mut unusable: Vec<Unusable> = Vec::new();
        for name in [file::CHECKPOINT, file::PREVIOUS_CHECKPOINT] {
            let found =
                LeftBehind { rows: &rows, layers: &layers, best: best.as_deref(), is_to_pause };
            match self.restore_from(name, trainer, &found, patience) {
                Ok(false) => {}
                Ok(true) => {
                    if self.layers.is_none() {
                        self.give_layers_up()?;
                    }
                    // Otherwise the next checkpoint would replace this one by it.
                    for Unusable { name: damaged, .. } in unusable {
                        self.claim.remove(damaged)?;
                    }
                    return self.begin(trainer.state_mut().step(), None, &rows);
                }
                Err(Unused { problem, was_read }) => {
                    self.log(&format!("{name} is not used: {problem}"))?;
                    unusable.push(Unusable { name, was_read });
                }
            }
        }
        // Wherever training starts now, the next checkpoint would move a damaged one to second
        // place. One that could not be read may be intact.
        for Unusable { name, .. } in unusable.into_iter().filter(|unusable| unusable.was_read) {
            self.claim.remove(name)?;
        }
        if let Some(start) = self.take_over(trainer, &offers(), &rows)? {
            return Ok(start);
        }
        self.rows.clear();
        self.layers = Some(Vec::new());
        self.timing.clear();
        self.begin(0, None, &rows)
    }

    /// Brings `trainer` to the state of a checkpoint; false if it does not exist.
    ///
    /// # Errors
    /// Says why it is not used.
    fn restore_from(
        &mut self,
        name: &str,
        trainer: &mut Trainer,
        found: &LeftBehind<'_>,
        patience: Patience<'_>,
    ) -> Result<bool, Unused> {
        // An unreadable checkpoint is no more use than a damaged one; there may be an earlier one.
        let path = self.claim.folder().join(name);
        let unread = |error: Error| Unused { problem: error.chain(), was_read: false };
        if !patience.read(|| is_there(&path)).map_err(unread)? {
            return Ok(false);
        }
        let limit = trainer.state_mut().most_checkpoint_bytes();
        let bytes = patience.read(|| read_if_there_of(&path, limit));
        let Some(bytes) = bytes.map_err(unread)? else { return Ok(false) };
        self.restore_bytes(&bytes, trainer, found)
            .map_err(|problem| Unused { problem: problem.into(), was_read: true })?;
        Ok(true)
    }

    /// Brings `trainer` to the state of a checkpoint.
    fn restore_bytes(
        &mut self,
        bytes: &[u8],
        trainer: &mut Trainer,
        found: &LeftBehind<'_>,
    ) -> Result<(), Flaw> {
        let checkpoint = trainer.state_mut().decode(bytes, &self.record.id);
        let checkpoint = checkpoint.map_err(|problem| format!("it {problem}"))?;
        self.keep_rows(found, &checkpoint, trainer)?;
        self.check_best_model(found, checkpoint.companions(), trainer)?;
        trainer.state_mut().restore(&checkpoint);
        Ok(())
    }

    /// Drops the rows after the checkpoint.
    fn keep_rows(
        &mut self,
        found: &LeftBehind<'_>,
        checkpoint: &Checkpoint<'_>,
        trainer: &mut Trainer,
    ) -> Result<(), Flaw> {
        let (step, companions) = (checkpoint.step(), checkpoint.companions());
        self.rows = found.rows.iter().copied().filter(|row| row.step <= step).collect();
        let needed = if checkpoint.has_started() { trainer.rows_until(step) } else { 0 };
        if self.rows.len() as u64 != needed {
            let there = self.rows.len();
            return Err(Flaw::from(format!(
                "it needs {needed} rows of metrics.csv, but there are {there}"
            )));
        }
        let metrics = metrics_csv(&self.rows);
        if companions.is_some_and(|then| !is_content(metrics.as_bytes(), &then.metrics_sha256)) {
            return Err(Flaw::from(
                "metrics.csv does not have the rows it had when the checkpoint was saved",
            ));
        }
        let last_epoch = self.rows.last().map(|row| row.epoch);
        // No result depends on it, so the run continues without it.
        let timing = read_if_there(&self.claim.folder().join(file::TIMING)).ok().flatten();
        self.timing = parse_timing(&timing.unwrap_or_default());
        self.timing.retain(|row| Some(row.epoch) <= last_epoch);
        let mut layers: Vec<LayerRow> = found.layers.to_vec();
        layers.retain(|row| row.step <= step);
        let layer_rows = self.rows.len() * trainer.state_mut().weight_layers();
        let is_known = companions
            .is_none_or(|then| is_content(layers_csv(&layers).as_bytes(), &then.layers_sha256));
        self.layers = (layers.len() == layer_rows && is_known).then_some(layers);
        Ok(())
    }

    /// Whether best.safetensors has the weights of the best row so far, unless a dropped row is
    /// better: that row is computed again, and the file is rewritten with it.
    fn check_best_model(
        &self,
        found: &LeftBehind<'_>,
        companions: Option<&Companions>,
        trainer: &mut Trainer,
    ) -> Result<(), Flaw> {
        let best = best_row(&self.rows).filter(|best| best.val_accuracy.is_some());
        let Some(best) = best else { return Ok(()) };
        let reached = self.rows.last().map_or(0, |row| row.step);
        let comes_again = |row: &MetricsRow| row.step > reached && row.is_better_than(Some(best));
        if !found.is_to_pause && found.rows.iter().any(comes_again) {
            return Ok(());
        }
        let Some(model) = found.best else {
            return Err(Flaw::from("best.safetensors is missing or cannot be read"));
        };
        let is_right = match companions {
            Some(then) => is_content(model, &then.best_sha256),
            None => {
                // Saved by 0.1.0, which may have been killed after writing later weights but before
                // their row: those are rewritten too.
                let scored = scored(model, trainer);
                scored.is_some_and(|(loss, accuracy)| {
                    let best_accuracy = best.val_accuracy;
                    (Some(loss), Some(accuracy)) == (best.val_loss, best_accuracy)
                        || (Some(accuracy) > best_accuracy && !found.is_to_pause)
                })
            }
        };
        match is_right {
            true => Ok(()),
            false => Err(Flaw::from("best.safetensors has changed since the checkpoint was saved")),
        }
    }

    /// No result depends on layers.csv, so the run continues without it.
    fn give_layers_up(&mut self) -> Result<()> {
        self.log("layers.csv is not written: its earlier rows are missing")?;
        self.files.remove(file::LAYERS);
        match self.claim.remove(file::LAYERS) {
            Err(Error::Io { path, source, .. }) => {
                self.log(&format!("{} cannot be removed: {source}", path.display()))
            }
            removed => removed,
        }
    }

    /// None if the file is damaged or missing: a run from before the file was introduced continues
    /// without it, because no result depends on it.
    fn read_layers(&self) -> Result<Vec<LayerRow>> {
        match read_if_there(&self.claim.folder().join(file::LAYERS)) {
            Ok(bytes) => Ok(parse_layers(&bytes.unwrap_or_default()).unwrap_or_default()),
            Err(error) => self.log(&error.chain()).map(|()| Vec::new()),
        }
    }

    /// The weights of the best epoch so far; none if they are missing or cannot be read.
    fn read_best_model(&mut self, patience: Patience<'_>) -> Result<Option<Vec<u8>>> {
        match patience.read(|| read_if_there(&self.claim.folder().join(file::BEST_MODEL))) {
            Ok(model) => {
                if let Some(model) = &model {
                    self.files.insert(file::BEST_MODEL, model);
                }
                Ok(model)
            }
            Err(error) => self.log(&error.chain()).map(|()| None),
        }
    }

    fn read_rows(&mut self, patience: Patience<'_>) -> Result<Vec<MetricsRow>> {
        let path = self.claim.folder().join(file::METRICS);
        let Some(bytes) = patience.read(|| read_if_there(&path))? else {
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
}

/// Whether `content` has this SHA-256.
fn is_content(content: &[u8], sha256: &Option<String>) -> bool {
    sha256.as_deref() == Some(&hex(&Sha256::digest(content)))
}
