//! Whether the `[augmentation]` table fits the images of a dataset.

use crate::data::augment::{AugmentationConfig, ImageSize};

/// A setting that the images do not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageMisfit {
    /// The key to change, or the table.
    pub key: &'static str,
    /// What is wrong.
    pub title: &'static str,
    /// Why, with the sizes.
    pub label: String,
    /// What to do about it.
    pub help: Option<&'static str>,
}

impl AugmentationConfig {
    /// All settings that examples of `shape` (channels, height, width) do not allow.
    pub fn misfits(&self, shape: [usize; 3]) -> Vec<ImageMisfit> {
        let [channels, height, width] = shape;
        if self.is_off() {
            return Vec::new();
        }
        if height == 1 && width == 1 {
            return vec![ImageMisfit {
                key: "augmentation",
                title: "`augmentation` is for images",
                label: format!("the examples are rows of {channels} numbers"),
                help: Some("remove the table, or set what is in it to 0"),
            }];
        }
        let transforms = self.transforms().into_iter().filter(|transform| !transform.is_off());
        transforms.filter_map(|transform| transform.misfit(ImageSize::of(shape))).collect()
    }
}

/// The shorter side of the images.
pub(super) fn side(shape: ImageSize) -> usize {
    shape.height.min(shape.width)
}

/// Why a number of pixels may be at most `most`.
pub(super) fn at_most(most: usize, ImageSize { height, width, .. }: ImageSize) -> String {
    format!("the images have {height} x {width} pixels: at most {most}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::augment::{ColorJitterConfig, CutoutConfig, MixupConfig, RandomCropConfig};

    const PADDING: &str = "augmentation.random_crop.padding";
    const SIZE: &str = "augmentation.cutout.size";
    const SATURATION: &str = "augmentation.color_jitter.saturation";
    const JITTER: &str = "augmentation.color_jitter";

    fn keys(config: &AugmentationConfig, shape: [usize; 3]) -> Vec<&'static str> {
        config.misfits(shape).iter().map(|misfit| misfit.key).collect()
    }

    fn config(padding: usize, size: usize, saturation: f64) -> AugmentationConfig {
        AugmentationConfig {
            random_crop: RandomCropConfig { padding, ..RandomCropConfig::default() },
            cutout: CutoutConfig { size },
            color_jitter: ColorJitterConfig { saturation, ..ColorJitterConfig::default() },
            ..AugmentationConfig::default()
        }
    }

    #[test]
    fn every_misfit_is_named_and_the_limits_are_allowed() {
        assert_eq!(keys(&config(4, 5, 1.0), [3, 5, 9]), [""; 0]);
        assert_eq!(keys(&config(5, 6, 1.0), [3, 5, 9]), [PADDING, SIZE]);
        assert_eq!(keys(&config(5, 6, 1.0), [1, 9, 5]), [PADDING, SIZE, SATURATION]);
        assert_eq!(keys(&config(0, 0, 0.1), [2, 9, 5]), [JITTER]);
        assert_eq!(keys(&config(1, 1, 0.0), [3, 1, 2]), [PADDING]);
    }

    #[test]
    fn rows_of_numbers_are_no_images() {
        let mixup = MixupConfig { alpha: 0.2 };
        let config = AugmentationConfig { mixup, ..config(9, 9, 1.0) };
        assert_eq!(keys(&config, [7, 1, 1]), ["augmentation"]);
        assert_eq!(keys(&AugmentationConfig::default(), [7, 1, 1]), [""; 0]);
    }
}
