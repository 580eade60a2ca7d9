//! Takes over a state of a shorter run: reads its files, which may disappear or be damaged at any
//! moment, and uses only what it can check.

use sha2::{Digest, Sha256};

use super::Offer;
use crate::error::Flaw;
use crate::runs::folder::{file, hex};
use crate::runs::layers::{LayerRow, parse_layers};
use crate::runs::metrics::{MetricsRow, best_row, parse_metrics};
use crate::runs::run_files::RunFolder;
use crate::runs::timing::{TimingRow, parse_timing};
use crate::train::Trainer;

/// What a longer run takes from a shorter one besides the training state.
#[derive(Debug)]
pub(in crate::sweep) struct Taken {
    pub(in crate::sweep) rows: Vec<MetricsRow>,
    pub(in crate::sweep) layers: Vec<LayerRow>,
    pub(in crate::sweep) timing: Vec<TimingRow>,
    pub(in crate::sweep) best_model: Option<Vec<u8>>,
}

impl Offer {
    /// Brings `trainer`, fresh from the longer trial, to the offered state.
    ///
    /// # Errors
    /// Says what is wrong if a file of the shorter run is not there or not what it was; the trainer is then
    /// as it was.
    pub(in crate::sweep) fn take(&self, trainer: &mut Trainer) -> Result<Taken, Flaw> {
        let all = self.rows()?;
        let kept = |step| step <= self.step && self.lengthening.shares_row(step);
        let rows: Vec<MetricsRow> = all.iter().copied().filter(|row| kept(row.step)).collect();
        let best_model = match best_row(&all) {
            Some(best) if best.val_accuracy.is_some() => Some(self.best_model(best, trainer)?),
            _ => None,
        };
        let bytes = self.read(self.name)?;
        let decoded = trainer.state_mut().decode(&bytes, &self.record.id);
        let checkpoint = decoded.map_err(|problem| format!("{} {problem}", self.name))?;
        let step = checkpoint.step();
        if step != self.step || rows.len() as u64 != trainer.rows_until(step) {
            return Err(Flaw::from(format!("{} and metrics.csv do not match", self.name)));
        }
        let mut layers = parse_layers(&self.read(file::LAYERS)?)
            .map_err(|problem| format!("layers.csv {problem}"))?;
        layers.retain(|row| kept(row.step));
        if layers.len() != rows.len() * trainer.state_mut().weight_layers() {
            return Err(Flaw::from("layers.csv does not have all rows"));
        }
        let mut timing = parse_timing(&self.read(file::TIMING).unwrap_or_default());
        timing.retain(|timing| rows.iter().any(|row| row.epoch == timing.epoch));
        trainer.state_mut().restore(&checkpoint);
        Ok(Taken { rows, layers, timing, best_model })
    }

    /// All rows of the run, whose hash is in its record.
    fn rows(&self) -> Result<Vec<MetricsRow>, Flaw> {
        let (metrics, model) = (self.read(file::METRICS)?, self.read(file::MODEL)?);
        let mut hash = Sha256::new();
        hash.update(&metrics);
        hash.update(&model);
        if Some(hex(&hash.finalize())) != self.record.result_sha256 {
            return Err(Flaw::from("its result does not have the SHA-256 in its run.json"));
        }
        parse_metrics(&metrics).map_err(|problem| Flaw::from(format!("metrics.csv: {problem}")))
    }

    /// The weights of the best epoch. Records of 0.1.0 have no hash for them, so they must score
    /// what `best` says.
    fn best_model(&self, best: &MetricsRow, trainer: &mut Trainer) -> Result<Vec<u8>, Flaw> {
        let model = self.read(file::BEST_MODEL)?;
        let scored = scored(&model, trainer).map(|(loss, accuracy)| (Some(loss), Some(accuracy)));
        let is_whole = scored == Some((best.val_loss, best.val_accuracy))
            && best.step <= self.step
            && self.lengthening.shares_row(best.step);
        match is_whole {
            true => Ok(model),
            false => {
                Err(Flaw::from("best.safetensors does not have the weights of its best epoch"))
            }
        }
    }

    /// A file that exists and, if the record lists it, is unchanged.
    fn read(&self, name: &str) -> Result<Vec<u8>, Flaw> {
        let run = RunFolder { record: &self.record, path: &self.folder };
        let read = run.read(name).map_err(|error| error.chain())?;
        read.ok_or_else(|| Flaw::from(format!("{name} is missing")))
    }
}

/// Loss and accuracy of the weights of `model` on the validation split; none if they are damaged or
/// belong to another network. `trainer` is fresh before and after.
pub(in crate::sweep) fn scored(model: &[u8], trainer: &mut Trainer) -> Option<(f32, f32)> {
    let own = trainer.state_mut().model();
    trainer.state_mut().load_model(model).ok()?;
    let score = trainer.validation_score();
    let is_whole = trainer.state_mut().model() == model;
    trainer.state_mut().load_model(&own).expect("these are its own weights");
    is_whole.then_some(score)
}
