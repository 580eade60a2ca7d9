//! The interface of every transform.

use std::fmt::Debug;

use crate::data::augment::affine::Affine;
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
    /// The bytes of the image.
    Bytes(&'a dyn OfBytes),
    /// From which place of the image each pixel comes; all of these in one interpolation.
    Map(&'a dyn OfMap),
    /// Pixels from 0 to 1, before they are scaled.
    Unit(&'a dyn OfPixels),
    /// Scaled pixels.
    Scaled(&'a dyn OfPixels),
    /// The examples of a batch together.
    Batch(&'a dyn OfBatch),
}

/// What the transforms that are on need besides the values of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Needs {
    pub(super) bytes: bool,  // changes of bytes
    pub(super) map: bool,    // an interpolation
    pub(super) mixing: bool, // other examples
    pub(super) paste: bool,  // parts of them
}

impl Needs {
    pub(super) fn of(transforms: &[Box<dyn Transform>]) -> Needs {
        let mut needs = Needs::default();
        for transform in transforms.iter().filter(|transform| !transform.is_off()) {
            match transform.stage() {
                InputStage::Bytes(_) => needs.bytes = true,
                InputStage::Map(_) => needs.map = true,
                InputStage::Batch(transform) => {
                    needs.mixing = true;
                    needs.paste |= transform.pastes();
                }
                InputStage::Window(_) | InputStage::Unit(_) | InputStage::Scaled(_) => {}
            }
        }
        needs
    }
}

/// Chooses a window.
pub(super) trait OfWindow {
    /// Changes `window`, which starts as the whole image.
    fn choose(&self, window: &mut Window, streams: Streams<'_>);
}

/// Changes the bytes of an example.
pub(super) trait OfBytes {
    /// Changes `image`, of `shape`; `scratch` has its size.
    fn change(&self, image: &mut [u8], shape: ImageSize, streams: Streams<'_>, scratch: &mut [u8]);
}

/// Changes from where pixels come.
pub(super) trait OfMap {
    /// `map` and then this.
    fn change(&self, map: Affine, streams: Streams<'_>) -> Affine;
}

/// Changes the pixels of an example.
pub(super) trait OfPixels {
    /// Changes `values`, an image of `shape`.
    fn change(&self, values: &mut [f32], shape: ImageSize, streams: Streams<'_>);
}

/// Mixes the examples of a batch.
pub(super) trait OfBatch {
    /// Draws which of them, images of `shape`, are mixed, and how much of each stays.
    fn draw(&self, mixing: &mut Mixing, shape: ImageSize, batch: BatchStreams<'_>);

    /// Whether parts of others are pasted, instead of means.
    fn pastes(&self) -> bool;
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
