//! The changes of a single example, stage after stage: apart from those of a whole batch.

use crate::data::augment::ImageSize;
use crate::data::augment::affine::Affine;
use crate::data::augment::transform::{InputStage, Streams, Transform};
use crate::data::augment::window::{Window, take_window};
use crate::kernel::vectorise;
use crate::rng::StreamKey;
use crate::runs::input_record::ChannelScale;

/// Where an example is written, and the room to change it.
pub(super) struct Room<'a> {
    pub(super) values: &'a mut [f32],  // [features]
    pub(super) scratch: &'a mut [f32], // the same for maps, else empty
    pub(super) bytes: &'a mut [u8],    // [2, features] for changes of bytes, else empty
}

/// The changes of a single example.
pub(super) struct Changes<'a> {
    pub(super) transforms: &'a [Box<dyn Transform>],
    pub(super) shape: ImageSize,
    pub(super) first: &'a StreamKey, // of epoch 0
    pub(super) key: &'a StreamKey,   // of the epoch
    pub(super) epoch: u64,
    pub(super) scale: &'a ChannelScale,
}

impl Changes<'_> {
    /// Writes example number `example`, with these pixels, changed and scaled, into `room`.
    pub(super) fn apply(&self, pixels: &[u8], example: u64, room: Room<'_>) {
        let Room { values, scratch, bytes } = room;
        let Changes { transforms, shape, first, key, epoch, scale } = *self;
        let streams = Streams { first, key, epoch, example };
        let mut window = Window::WHOLE;
        let mut map = None;
        let mut is_unit = false;
        for transform in transforms {
            match transform.stage() {
                InputStage::Window(transform) => transform.choose(&mut window, streams),
                InputStage::Map(transform) => {
                    map = Some(transform.change(map.unwrap_or(Affine::IDENTITY), streams));
                    is_unit = true;
                }
                InputStage::Unit(_) => is_unit = true,
                InputStage::Bytes(_) | InputStage::Scaled(_) | InputStage::Batch(_) => {}
            }
        }
        let (pixels, window) = match bytes.is_empty() {
            true => (pixels, window),
            false => (self.change_bytes(pixels, window, bytes, streams), Window::WHOLE),
        };
        vectorise(
            #[inline(always)]
            || {
                self.take(pixels, window, is_unit, values);
                if let Some(map) = map {
                    scratch.copy_from_slice(values);
                    map.interpolate(scratch, shape, values);
                }
            },
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

    /// The window of all channels as bytes, changed; `room` has twice the size.
    fn change_bytes<'b>(
        &self,
        pixels: &[u8],
        window: Window,
        room: &'b mut [u8],
        streams: Streams<'_>,
    ) -> &'b [u8] {
        let Changes { transforms, shape, .. } = *self;
        let (image, scratch) = room.split_at_mut(shape.features());
        let planes = pixels.chunks_exact(shape.plane()).zip(image.chunks_exact_mut(shape.plane()));
        for (pixels, image) in planes {
            let copy = |bytes: &[u8], image: &mut [u8]| image.copy_from_slice(bytes);
            take_window(pixels, shape, window, window.fill, copy, image);
        }
        for transform in transforms {
            if let InputStage::Bytes(transform) = transform.stage() {
                transform.change(image, shape, streams, scratch);
            }
        }
        image
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
