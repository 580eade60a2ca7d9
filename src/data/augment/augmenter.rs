//! Fills the input of a training step with changed examples.

use std::sync::Arc;

use crate::data::Splits;
use crate::data::augment::mixing::{Mixing, mix};
use crate::data::augment::transform::{BatchStreams, InputStage, Streams, Transform};
use crate::data::augment::window::{Window, take_window};
use crate::data::augment::{AugmentationConfig, ImageSize};
use crate::error::{Error, Result};
use crate::kernel::{BlockedMut, Effort, KernelPath, split_rows, vectorise};
use crate::memory;
use crate::rng::{Purpose, StreamKey};
use crate::runs::input_record::ChannelScale;

/// The transforms of one trial, with room for one batch.
#[derive(Debug, Clone)]
pub struct Augmenter {
    transforms: Arc<[Box<dyn Transform>]>, // those that are on
    shape: ImageSize,
    seed: u64,
    first: StreamKey,        // of epoch 0
    epoch: (u64, StreamKey), // the epoch whose streams the key has
    values: Vec<f32>,        // [max_batch, features], before they are mixed
    mixing: Option<Mixing>,  // where some are
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
        let mixes = transforms.iter().any(|t| matches!(t.stage(), InputStage::Batch(_)));
        let first = StreamKey::new(seed, Purpose::Augmentation, 0);
        Ok(Some(Augmenter {
            transforms,
            shape,
            seed,
            epoch: (0, first.clone()),
            first,
            values: memory::filled(max_batch * shape.features(), 0.0),
            mixing: mixes.then(|| Mixing::new(max_batch)),
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
        let features = self.shape.features();
        let values = &mut self.values[..picks.len() * features];
        let changes = Changes {
            transforms: &self.transforms,
            shape: self.shape,
            first: &self.first,
            key,
            epoch: at.epoch,
            scale: &splits.scale,
        };
        let effort = Effort { threads: at.threads, path: KernelPath::chosen() };
        split_rows(effort, picks.len(), values, features, &|rows, values| {
            for (pick, values) in picks[rows].iter().zip(values.chunks_exact_mut(features)) {
                let example = splits.position(split, *pick as usize);
                changes.apply(splits.pixels(split, *pick as usize), example, values);
            }
        });
        if let Some(mixing) = &mut self.mixing {
            for transform in &*self.transforms {
                let InputStage::Batch(transform) = transform.stage() else { continue };
                let examples = picks.iter().map(|pick| splits.position(split, *pick as usize));
                let examples = &mut { examples };
                let batch = BatchStreams { key, step: at.step, examples, classes: targets };
                transform.draw(mixing, batch);
            }
        }
        write(values, features, self.mixing.as_ref(), inputs, picks.len());
    }

    /// The other class of each example in the last batch, and the share of its own class; none if
    /// nothing is mixed.
    pub fn mixed(&self) -> Option<(&[u16], &[f32])> {
        self.mixing.as_ref().map(|mixing| (&mixing.others[..], &mixing.shares[..]))
    }
}

/// Writes the rows of `values` into the input, mixed if enabled.
fn write(
    values: &[f32],
    features: usize,
    mixing: Option<&Mixing>,
    inputs: &mut BlockedMut<'_>,
    rows: usize,
) {
    let row_of = |row: usize| &values[row * features..][..features];
    vectorise(
        #[inline(always)]
        || {
            for row in 0..rows {
                let own = row_of(row);
                for (first, piece) in inputs.row(row) {
                    let columns = first..first + piece.len();
                    match mixing {
                        None => piece.copy_from_slice(&own[columns]),
                        Some(mixing) => {
                            let other = &row_of(mixing.partners[row] as usize)[columns.clone()];
                            mix(&own[columns], other, mixing.shares[row], piece);
                        }
                    }
                }
            }
        },
    );
}

/// The changes of a single example.
struct Changes<'a> {
    transforms: &'a [Box<dyn Transform>],
    shape: ImageSize,
    first: &'a StreamKey, // of epoch 0
    key: &'a StreamKey,   // of the epoch
    epoch: u64,
    scale: &'a ChannelScale,
}

impl Changes<'_> {
    /// Writes example number `example`, with these pixels, changed and scaled, into `values`.
    fn apply(&self, pixels: &[u8], example: u64, values: &mut [f32]) {
        let Changes { transforms, shape, first, key, epoch, scale } = *self;
        let streams = Streams { first, key, epoch, example };
        let mut window = Window::WHOLE;
        let mut is_unit = false;
        for transform in transforms {
            match transform.stage() {
                InputStage::Window(transform) => transform.choose(&mut window, streams),
                InputStage::Unit(_) => is_unit = true,
                InputStage::Scaled(_) | InputStage::Batch(_) => {}
            }
        }
        vectorise(
            #[inline(always)]
            || self.take(pixels, window, is_unit, values),
        );
        if is_unit {
            for transform in transforms {
                if let InputStage::Unit(transform) = transform.stage() {
                    transform.change(values, shape, streams);
                }
            }
            for (channel, plane) in values.chunks_exact_mut(shape.plane()).enumerate() {
                scale.apply_to_unit(channel, plane);
            }
        }
        for transform in transforms {
            if let InputStage::Scaled(transform) = transform.stage() {
                transform.change(values, shape, streams);
            }
        }
    }

    /// The window of all channels: in 0 to 1 if they are changed before scaling, else scaled.
    #[inline(always)]
    fn take(&self, pixels: &[u8], window: Window, as_unit: bool, values: &mut [f32]) {
        let plane = self.shape.plane();
        let planes = pixels.chunks_exact(plane).zip(values.chunks_exact_mut(plane));
        for (channel, (pixels, values)) in planes.enumerate() {
            let scale = |bytes: &[u8], scaled: &mut [f32]| match as_unit {
                true => ChannelScale::unit(bytes, scaled),
                false => self.scale.of_channel(channel, bytes, scaled),
            };
            let mut border = [0.0];
            scale(&[window.fill], &mut border);
            take_window(pixels, self.shape, window, border[0], scale, values);
        }
    }
}
