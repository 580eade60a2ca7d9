//! Fills the input of a training step with changed examples.

use std::ops::Range;
use std::sync::Arc;

use crate::data::Splits;
use crate::data::augment::changes::{Changes, Room};
use crate::data::augment::mixing::{Mixing, mix};
use crate::data::augment::transform::{BatchStreams, InputStage, Needs, Transform};
use crate::data::augment::{AugmentationConfig, ImageSize};
use crate::error::{Error, Result};
use crate::kernel::{BlockedMut, Effort, KernelPath, RowsMut, split_rows_with, vectorise};
use crate::memory;
use crate::rng::{Purpose, StreamKey};

/// The transforms of one trial, with room for one batch.
#[derive(Debug, Clone)]
pub struct Augmenter {
    transforms: Arc<[Box<dyn Transform>]>, // those that are on
    shape: ImageSize,
    seed: u64,
    first: StreamKey,        // of epoch 0
    epoch: (u64, StreamKey), // the epoch whose streams the key has
    needs: Needs,
    values: Vec<f32>, // [max_batch, 1 or 2, features], before they are mixed; then scratch of maps
    bytes: Vec<u8>,   // [max_batch, 2, features], where bytes are changed; then scratch
    mixing: Option<Mixing>, // where some are
}

/// Which batch to fill.
#[derive(Debug, Clone, Copy)]
pub struct BatchAt {
    /// The epoch, from 0.
    pub epoch: u64,
    /// The step within the epoch, from 0.
    pub step: u64,
    /// Threads to use.
    pub threads: usize,
}

impl Augmenter {
    /// The transforms of `config` for batches of at most `max_batch` examples; none if all are off.
    ///
    /// # Errors
    /// If the config does not fit the images, as [`AugmentationConfig::misfits`] tells.
    pub fn new(
        config: &AugmentationConfig,
        shape: [usize; 3],
        seed: u64,
        max_batch: usize,
    ) -> Result<Option<Augmenter>> {
        if config.is_off() {
            return Ok(None);
        }
        if let Some(misfit) = config.misfits(shape).into_iter().next() {
            return Err(Error::Experiment(format!("error: {}: {}", misfit.title, misfit.label)));
        }
        let shape = ImageSize::of(shape);
        let transforms = config.transforms().into_iter().filter(|transform| !transform.is_off());
        let transforms: Arc<[Box<dyn Transform>]> = transforms.collect();
        let needs = Needs::of(&transforms);
        let elements = max_batch * shape.features();
        let mixing = || Mixing::new(max_batch, needs.paste.then_some(shape));
        let first = StreamKey::new(seed, Purpose::Augmentation, 0);
        Ok(Some(Augmenter {
            transforms,
            shape,
            seed,
            epoch: (0, first.clone()),
            first,
            needs,
            values: memory::filled(elements * if needs.map { 2 } else { 1 }, 0.0),
            bytes: memory::filled(elements * if needs.bytes { 2 } else { 0 }, 0),
            mixing: needs.mixing.then(mixing),
        }))
    }

    /// Whether examples are mixed with others of their batch.
    pub fn mixes(&self) -> bool {
        self.mixing.is_some()
    }

    /// Like [`Splits::gather`] on the training split, with every example changed as for the epoch:
    /// writes `inputs` `[picks, features]` and `targets`.
    pub fn gather(
        &mut self,
        splits: &Splits,
        picks: &[u32],
        at: BatchAt,
        inputs: &mut BlockedMut<'_>,
        targets: &mut [u16],
    ) {
        if self.epoch.0 != at.epoch {
            self.epoch = (at.epoch, StreamKey::new(self.seed, Purpose::Augmentation, at.epoch));
        }
        let (key, split) = (&self.epoch.1, &splits.train);
        for (target, pick) in targets.iter_mut().zip(picks) {
            *target = splits.label(split, *pick as usize);
        }
        let (rows, features) = (picks.len(), self.shape.features());
        let values_len = if self.needs.map { 2 * features } else { features };
        let bytes_len = if self.needs.bytes { 2 * features } else { 0 };
        let values = &mut self.values[..rows * values_len];
        let bytes = &mut self.bytes[..rows * bytes_len];
        let changes = Changes {
            transforms: &self.transforms,
            shape: self.shape,
            first: &self.first,
            key,
            epoch: at.epoch,
            scale: &splits.scale,
        };
        let effort = Effort { threads: at.threads, path: KernelPath::chosen() };
        let first = RowsMut { data: &mut *values, row_len: values_len };
        let second = RowsMut { data: bytes, row_len: bytes_len };
        let work = |rows: Range<usize>, values: &mut [f32], bytes: &mut [u8]| {
            for (i, pick) in picks[rows].iter().enumerate() {
                let example = splits.position(split, *pick as usize);
                let (values, scratch) =
                    values[i * values_len..][..values_len].split_at_mut(features);
                let bytes = &mut bytes[i * bytes_len..][..bytes_len];
                let room = Room { values, scratch, bytes };
                changes.apply(splits.pixels(split, *pick as usize), example, room);
            }
        };
        split_rows_with(effort, rows * features, rows, first, second, &work);
        if let Some(mixing) = &mut self.mixing {
            for transform in &*self.transforms {
                let InputStage::Batch(transform) = transform.stage() else { continue };
                let examples = picks.iter().map(|pick| splits.position(split, *pick as usize));
                let examples = &mut { examples };
                let batch = BatchStreams { key, step: at.step, examples, classes: targets };
                transform.draw(mixing, self.shape, batch);
            }
        }
        let images = Images { values, features, row_len: values_len };
        write(images, self.mixing.as_mut(), inputs, rows);
    }

    /// The other class of each example in the last batch, and the share of its own class; none if
    /// nothing is mixed.
    pub fn mixed(&self) -> Option<(&[u16], &[f32])> {
        self.mixing.as_ref().map(|mixing| (&mixing.others[..], &mixing.shares[..]))
    }
}

/// The examples of a batch before they are mixed, each at the start of a row.
#[derive(Clone, Copy)]
struct Images<'a> {
    values: &'a [f32],
    features: usize,
    row_len: usize,
}

/// Writes the images into the input, mixed if enabled.
fn write(
    images: Images<'_>,
    mut mixing: Option<&mut Mixing>,
    inputs: &mut BlockedMut<'_>,
    rows: usize,
) {
    let Images { values, features, row_len } = images;
    let row_of = |row: usize| &values[row * row_len..][..features];
    vectorise(
        #[inline(always)]
        || {
            for row in 0..rows {
                let own = row_of(row);
                let mixture = mixing.as_deref_mut().map(|mixing| {
                    let other = row_of(mixing.partners[row] as usize);
                    (mixing.shares[row], other, mixing.pasted(row, own, other))
                });
                for (first, piece) in inputs.row(row) {
                    let columns = first..first + piece.len();
                    match mixture {
                        None => piece.copy_from_slice(&own[columns]),
                        Some((_, _, Some(pasted))) => piece.copy_from_slice(&pasted[columns]),
                        Some((share, other, None)) => {
                            mix(&own[columns.clone()], &other[columns], share, piece);
                        }
                    }
                }
            }
        },
    );
}
