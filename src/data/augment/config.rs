//! What the `[augmentation]` table says. Everything is off unless it is asked for, and what is off is
//! left out of a trial, so that runs from before there was such a table keep their ids.

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number, table, whole};

config! {
    /// The `[augmentation]` table: how training examples are changed each time they are used.
    pub struct AugmentationConfig {
        /// Probability of mirroring an image left to right, in [0, 1]; 0: off, 0.5 is usual.
        pub horizontal_flip: f64 = number(Range::PROBABILITY).or(0.0).left_out(),
        /// Moves the image within a border that is added around it.
        pub random_crop: RandomCropConfig = table().left_out(),
        /// Varies brightness, contrast and saturation.
        pub color_jitter: ColorJitterConfig = table().left_out(),
        /// Blanks a square out.
        pub cutout: CutoutConfig = table().left_out(),
        /// Mixes each example with another of its batch.
        pub mixup: MixupConfig = table().left_out(),
    }
}

config! {
    /// The table `random_crop`.
    #[derive(Copy, Eq)]
    pub struct RandomCropConfig {
        /// Pixels added on each side, of which a window of the image's size is cut out; 0: off, 4 is usual.
        pub padding: usize = whole(0).or(0).left_out(),
        /// Value of the pixels that are added, in every channel; 0: black.
        pub fill: u8 = whole(0).to(255).or(0).left_out(),
    }
}

config! {
    /// The table `color_jitter`.
    #[derive(Copy)]
    pub struct ColorJitterConfig {
        /// Pixels are multiplied by a factor from 1 - b (at least 0) to 1 + b; 0: off.
        pub brightness: f64 = number(Range::NOT_NEGATIVE).or(0.0).left_out(),
        /// Distances from the image's mean grey are multiplied by a factor from 1 - c to 1 + c; 0: off.
        pub contrast: f64 = number(Range::NOT_NEGATIVE).or(0.0).left_out(),
        /// Distances from the pixel's grey are multiplied by a factor from 1 - s to 1 + s; 0: off.
        pub saturation: f64 = number(Range::NOT_NEGATIVE).or(0.0).left_out(),
    }
}

config! {
    /// The table `cutout`.
    #[derive(Copy, Eq)]
    pub struct CutoutConfig {
        /// Side of the square in pixels, of which what lies beyond the border is lost; 0: off.
        pub size: usize = whole(0).or(0).left_out(),
    }
}

config! {
    /// The table `mixup`.
    #[derive(Copy)]
    pub struct MixupConfig {
        /// The share of the example itself is drawn from Beta(alpha, alpha); 0: off, 0.2 to 1 is usual.
        pub alpha: f64 = number(Range::NOT_NEGATIVE).or(0.0).left_out(),
    }
}

impl AugmentationConfig {
    /// Whether examples stay as they are.
    pub fn is_off(&self) -> bool {
        *self == AugmentationConfig::default()
    }

    /// Writes what is off in one way, so that it has one id.
    pub fn normalized(self) -> AugmentationConfig {
        let random_crop = match self.random_crop.padding {
            0 => RandomCropConfig::default(), // a colour of nothing
            _ => self.random_crop,
        };
        AugmentationConfig { random_crop, ..self }
    }
}

impl RandomCropConfig {
    pub(super) fn is_off(&self) -> bool {
        *self == RandomCropConfig::default()
    }
}

impl ColorJitterConfig {
    pub(super) fn is_off(&self) -> bool {
        *self == ColorJitterConfig::default()
    }
}

impl CutoutConfig {
    pub(super) fn is_off(&self) -> bool {
        self.size == 0
    }
}

impl MixupConfig {
    pub(super) fn is_off(&self) -> bool {
        self.alpha == 0.0
    }
}
