//! Augmentation: training examples that are a little different each time they are used, so that there
//! is less to memorise. Evaluation, probes and predictions never see it.
//!
//! How an example looks is a function of (seed, epoch, example), not of its batch, of threads, or
//! of where a run was resumed. "Example" means its position in the dataset; if a batch drawn with
//! replacement contains it twice, it looks the same twice. The transforms draw independently, so
//! adding one does not change the others. Only mixup depends on the batch: see [`mixup`]. The order
//! is: window (crop and flip), colour jitter, scaling, cutout, mixup.

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
pub use horizontal_flip::HorizontalFlip;
pub use mixup::MixupConfig;
pub use random_crop::{Border, RandomCropConfig};

/// Sizes of an image, which is stored channel-first.
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

/// What is drawn for an example or a batch; part of the number of its stream.
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
