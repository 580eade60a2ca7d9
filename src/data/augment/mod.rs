//! Augmentation: training examples that are a little different each time they are used, so that there
//! is less to memorise. Evaluation, probes and predictions never see it.
//!
//! How an example looks is a function of (seed, epoch, example), not of its batch, of threads, or
//! of where a run was resumed. "Example" means its position in the dataset; if a batch drawn with
//! replacement contains it twice, it looks the same twice. The transforms draw independently, so
//! adding one does not change the others. Only mixup and cutmix depend on the batch: see [`mixup`].
//!
//! The order, in which each stage acts on what the one before it made:
//!
//! 1. the window: `random_crop`, then `horizontal_flip`, on the bytes of the image;
//! 2. `trivial_augment`, on bytes;
//! 3. `random_rotation` and `random_scaling`, in one interpolation, on pixels from 0 to 1;
//! 4. `color_jitter`, on pixels from 0 to 1;
//! 5. scaling, as `dataset.scaling` says;
//! 6. `cutout`, then `random_erasing`, on scaled values;
//! 7. `mixup` or `cutmix`, on the scaled values of a whole batch.

mod affine;
mod augmenter;
mod beta;
mod byte_operations;
mod changes;
mod color_jitter;
mod config;
mod cutmix;
mod cutout;
mod fit;
mod horizontal_flip;
mod mixing;
mod mixup;
mod random_crop;
mod random_erasing;
mod random_rotation;
mod random_scaling;
mod rectangle;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod transform;
mod trivial_augment;
mod window;

pub use augmenter::{Augmenter, BatchAt};
pub use color_jitter::ColorJitterConfig;
pub use config::AugmentationConfig;
pub use cutmix::CutmixConfig;
pub use cutout::CutoutConfig;
pub use fit::ImageMisfit;
pub use horizontal_flip::HorizontalFlip;
pub use mixup::MixupConfig;
pub use random_crop::{Border, RandomCropConfig};
pub use random_erasing::RandomErasingConfig;
pub use random_rotation::RandomRotationConfig;
pub use random_scaling::RandomScalingConfig;

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
    CutmixBox,
    CutmixPartners,
    Erasing,
    Rotation,
    Scaling,
    TrivialAugment,
}

impl Draw {
    /// The number of the stream of example or step `number` in its epoch's family; see
    /// [`crate::rng::Purpose::Augmentation`].
    fn counter(self, number: u64) -> u64 {
        let draw = self as u64;
        ((draw / 8) << 60) + number * 8 + draw % 8
    }
}
