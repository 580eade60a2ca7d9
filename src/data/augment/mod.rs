//! Augmentation: training examples that are a little different each time they are used, so that there
//! is less to memorise. Evaluation, probes and predictions never see it.
//!
//! What an example looks like is a function of (seed, epoch, example): not of the batch that it is in,
//! of threads, or of where a run was resumed. An example is its position in the dataset, and one that
//! a batch drawn with replacement holds twice looks the same twice. The transforms are independent
//! draws, so that one more of them leaves the others as they were. Only mixup looks at the batch: see
//! [`mixup`]. The order is: window (crop and flip), colour jitter, scaling, cutout, mixup.

mod augmenter;
mod beta;
mod color_jitter;
mod config;
mod cutout;
mod fit;
mod horizontal_flip;
mod mixing;
mod mixup;
mod random_crop;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod transform;
mod window;

pub use augmenter::{Augmenter, BatchAt};
pub use color_jitter::ColorJitterConfig;
pub use config::AugmentationConfig;
pub use cutout::CutoutConfig;
pub use fit::ImageMisfit;
pub use mixup::MixupConfig;
pub use random_crop::RandomCropConfig;

/// Sizes of an image, which lies channel-first in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ImageSize {
    channels: usize,
    height: usize,
    width: usize,
}

impl ImageSize {
    fn of([channels, height, width]: [usize; 3]) -> ImageSize {
        ImageSize { channels, height, width }
    }

    /// Pixels of one channel.
    fn plane(self) -> usize {
        self.height * self.width
    }

    fn features(self) -> usize {
        self.channels * self.plane()
    }
}

/// What is drawn for an example, or for a batch; part of the number of its stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Draw {
    Flip,
    Crop,
    Jitter,
    Cutout,
    MixupShare,
    MixupPartners,
}

impl Draw {
    /// The number of the stream of example or step `number` in its epoch's family; see
    /// [`crate::rng::Purpose::Augmentation`].
    fn counter(self, number: u64) -> u64 {
        number * 8 + self as u64
    }
}
