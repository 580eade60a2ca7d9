//! The `[augmentation]` table. Everything is off by default, and what is off is omitted from a
//! trial, so that older runs keep their ids.

use crate::config::keys::{WhenAbsent, config, table};
use crate::data::augment::horizontal_flip::{HorizontalFlip, horizontal_flip};
use crate::data::augment::transform::Transform;
use crate::data::augment::{ColorJitterConfig, CutoutConfig, MixupConfig, RandomCropConfig};

config! {
    /// The `[augmentation]` table: how training examples are changed each time they are used.
    pub struct AugmentationConfig {
        /// Probability of mirroring an image left to right, in [0, 1]; 0: off, 0.5 is usual.
        pub horizontal_flip: HorizontalFlip = horizontal_flip().or(HorizontalFlip::Probability(0.0)).left_out(),
        /// Shifts the image within an added border.
        pub random_crop: RandomCropConfig = table("padding = 4").left_out(),
        /// Varies brightness, contrast and saturation.
        pub color_jitter: ColorJitterConfig = table("brightness = 0.2, contrast = 0.2").left_out(),
        /// Blanks out a square.
        pub cutout: CutoutConfig = table("size = 8").left_out(),
        /// Mixes each example with another of its batch.
        pub mixup: MixupConfig = table("alpha = 0.2").left_out(),
    }
}

impl AugmentationConfig {
    /// Every transform; those of one stage run in this order.
    pub(super) fn transforms(&self) -> Vec<Box<dyn Transform>> {
        vec![
            Box::new(self.horizontal_flip),
            Box::new(self.random_crop),
            Box::new(self.cutout),
            Box::new(self.color_jitter),
            Box::new(self.mixup),
        ]
    }

    /// Whether examples stay unchanged.
    pub fn is_off(&self) -> bool {
        self.transforms().iter().all(|transform| transform.is_off())
    }

    /// Normalises what is off, so that it has one id.
    pub fn normalized(self) -> AugmentationConfig {
        let random_crop = match self.random_crop.padding {
            0 => RandomCropConfig::default(), // a colour of nothing
            _ => self.random_crop,
        };
        AugmentationConfig { random_crop, ..self }
    }
}
