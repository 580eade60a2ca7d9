//! The interface of every transform.

use std::fmt::Debug;

use crate::data::augment::mixing::Mixing;
use crate::data::augment::window::Window;
use crate::data::augment::{Draw, ImageMisfit, ImageSize};
use crate::rng::{Stream, StreamKey};

/// A change of training examples.
pub(super) trait Transform: Debug + Send + Sync {
    /// Whether examples stay unchanged.
    fn is_off(&self) -> bool;

    /// What is wrong with images of `shape`; called only if the transform is on.
    fn misfit(&self, shape: ImageSize) -> Option<ImageMisfit>;

    /// Where it acts.
    fn stage(&self) -> InputStage<'_>;
}

/// The stages from pixels to the input of a step, in order.
pub(super) enum InputStage<'a> {
    /// Which part of the image is taken, and whether it is mirrored.
    Window(&'a dyn OfWindow),
    /// Pixels from 0 to 1, before they are scaled.
    Unit(&'a dyn OfPixels),
    /// Scaled pixels.
    Scaled(&'a dyn OfPixels),
    /// The examples of a batch together.
    Batch(&'a dyn OfBatch),
}

/// Chooses a window.
pub(super) trait OfWindow {
    /// Changes `window`, which starts as the whole image.
    fn choose(&self, window: &mut Window, streams: Streams<'_>);
}

/// Changes the pixels of an example.
pub(super) trait OfPixels {
    /// Changes `values`, an image of `shape`.
    fn change(&self, values: &mut [f32], shape: ImageSize, streams: Streams<'_>);
}

/// Mixes the examples of a batch.
pub(super) trait OfBatch {
    /// Draws which of them are mixed, and how much of each stays.
    fn draw(&self, mixing: &mut Mixing, batch: BatchStreams<'_>);
}

/// The random streams of an example in an epoch: one for each draw.
#[derive(Clone, Copy)]
pub(super) struct Streams<'a> {
    pub(super) first: &'a StreamKey, // of epoch 0
    pub(super) key: &'a StreamKey,   // of the epoch
    pub(super) epoch: u64,           // from 0
    pub(super) example: u64,         // its position in the dataset
}

impl Streams<'_> {
    pub(super) fn of(self, draw: Draw) -> Stream {
        self.key.stream(draw.counter(self.example))
    }

    /// The stream of the example in epoch 0, for what is drawn once.
    pub(super) fn of_first_epoch(self, draw: Draw) -> Stream {
        self.first.stream(draw.counter(self.example))
    }
}

/// The random streams of a batch, and its examples.
pub(super) struct BatchStreams<'a> {
    pub(super) key: &'a StreamKey, // of the epoch
    pub(super) step: u64,          // within the epoch
    pub(super) examples: &'a mut dyn Iterator<Item = u64>,
    pub(super) classes: &'a [u16],
}
