//! The `[augmentation]` table. Everything is off by default, and what is off is omitted from a
//! trial, so that older runs keep their ids.

use crate::config::TableReader;
use crate::config::keys::{WhenAbsent, config, flag, table};
use crate::data::augment::horizontal_flip::{HorizontalFlip, horizontal_flip};
use crate::data::augment::transform::{Needs, Transform};
use crate::data::augment::trivial_augment::TrivialAugment;
use crate::data::augment::{
    ColorJitterConfig, CutmixConfig, CutoutConfig, MixupConfig, RandomCropConfig,
    RandomErasingConfig, RandomRotationConfig, RandomScalingConfig,
};

config! {
    /// The `[augmentation]` table: how training examples are changed each time they are used.
    pub struct AugmentationConfig {
        /// Probability of mirroring an image left to right, in [0, 1]; 0: off, 0.5 is usual.
        pub horizontal_flip: HorizontalFlip = horizontal_flip().or(HorizontalFlip::Probability(0.0)).left_out(),
        /// Shifts the image within an added border.
        pub random_crop: RandomCropConfig = table("padding = 4").left_out(),
        /// Changes each image by one random operation of a random strength (TrivialAugment; Mueller &
        /// Hutter, 2021, <https://arxiv.org/abs/2103.10158>).
        pub trivial_augment: bool = flag().or(false).left_out(),
        /// Turns the image around its centre.
        pub random_rotation: RandomRotationConfig = table("degrees = 15").left_out(),
        /// Makes the image larger or smaller.
        pub random_scaling: RandomScalingConfig = table("min_factor = 0.8, max_factor = 1.2").left_out(),
        /// Varies brightness, contrast and saturation.
        pub color_jitter: ColorJitterConfig = table("brightness = 0.2, contrast = 0.2").left_out(),
        /// Blanks out a square.
        pub cutout: CutoutConfig = table("size = 8").left_out(),
        /// Erases a rectangle of a random size and shape (Zhong et al., 2017, <https://arxiv.org/abs/1708.04896>).
        pub random_erasing: RandomErasingConfig = table("probability = 0.5").left_out(),
        /// Mixes each example with another of its batch.
        pub mixup: MixupConfig = table("alpha = 0.2").left_out(),
        /// Replaces a box of each example by that of another of its batch (Yun et al., 2019,
        /// <https://arxiv.org/abs/1905.04899>).
        pub cutmix: CutmixConfig = table("alpha = 1.0").left_out(),
    }
    then AugmentationConfig::checked
}

impl AugmentationConfig {
    fn checked(self, table: &mut TableReader<'_>) -> AugmentationConfig {
        if !self.mixup.is_off() && !self.cutmix.is_off() {
            let title = "`augmentation` has both `mixup` and `cutmix`".to_owned();
            let help = "set `alpha` of one of them to 0; under [grid], leave such points out with `exclude`";
            let label = "an example can be mixed in one way only".to_owned();
            table.error("cutmix", title, label, Some(help.to_owned()));
        }
        self
    }

    /// Every transform; those of one stage run in this order.
    pub(super) fn transforms(&self) -> Vec<Box<dyn Transform>> {
        vec![
            Box::new(self.horizontal_flip),
            Box::new(self.random_crop),
            Box::new(TrivialAugment(self.trivial_augment)),
            Box::new(self.random_rotation),
            Box::new(self.random_scaling),
            Box::new(self.cutout),
            Box::new(self.random_erasing),
            Box::new(self.color_jitter),
            Box::new(self.mixup),
            Box::new(self.cutmix),
        ]
    }

    /// Whether examples stay unchanged.
    pub fn is_off(&self) -> bool {
        self.transforms().iter().all(|transform| transform.is_off())
    }

    /// Copies of a batch's input that the changes need.
    pub fn copies(&self) -> usize {
        let needs = Needs::of(&self.transforms());
        usize::from(!self.is_off()) + usize::from(needs.map) + usize::from(needs.bytes)
    }

    /// Normalises what is off, so that it has one id.
    pub fn normalized(self) -> AugmentationConfig {
        AugmentationConfig {
            random_crop: if_on(self.random_crop),
            random_erasing: if_on(self.random_erasing),
            cutmix: if_on(self.cutmix),
            ..self
        }
    }
}

/// Its default if it is off.
fn if_on<T: Transform + Default>(transform: T) -> T {
    if transform.is_off() { T::default() } else { transform }
}
