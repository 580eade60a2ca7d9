//! Whether the `[augmentation]` table fits the images of a dataset.

use super::AugmentationConfig;

/// A setting that the images do not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The key to change, or the table.
    pub key: &'static str,
    /// What is wrong.
    pub title: &'static str,
    /// Why, with the sizes.
    pub label: String,
    /// What to do about it.
    pub help: Option<&'static str>,
}

const PADDING: &str = "augmentation.random_crop.padding";
const SIZE: &str = "augmentation.cutout.size";
const SATURATION: &str = "augmentation.color_jitter.saturation";
const JITTER: &str = "augmentation.color_jitter";

impl AugmentationConfig {
    /// Everything that examples of `shape` (channels, height, width) do not allow.
    pub fn misfits(&self, shape: [usize; 3]) -> Vec<Misfit> {
        let [channels, height, width] = shape;
        if self.is_off() {
            return Vec::new();
        }
        if height == 1 && width == 1 {
            return vec![Misfit {
                key: "augmentation",
                title: "`augmentation` is for images",
                label: format!("the examples are rows of {channels} numbers"),
                help: Some("remove the table, or set what is in it to 0"),
            }];
        }
        let mut misfits = self.sizes(height, width);
        misfits.extend(self.colors(channels));
        misfits
    }

    fn sizes(&self, height: usize, width: usize) -> Vec<Misfit> {
        let mut misfits = Vec::new();
        let side = height.min(width);
        let label =
            |most: usize| format!("the images have {height} x {width} pixels: at most {most}");
        if self.random_crop.padding >= side {
            let title = "`augmentation.random_crop.padding` leaves nothing of some images";
            misfits.push(Misfit { key: PADDING, title, label: label(side - 1), help: None });
        }
        if self.cutout.size > side {
            let title = "`augmentation.cutout.size` is larger than the images";
            misfits.push(Misfit { key: SIZE, title, label: label(side), help: None });
        }
        misfits
    }

    fn colors(&self, channels: usize) -> Option<Misfit> {
        let label = format!("the images have {channels} channels");
        match channels {
            _ if self.color_jitter.is_off() => None,
            3 => None,
            1 if self.color_jitter.saturation == 0.0 => None,
            1 => Some(Misfit {
                key: SATURATION,
                title: "grey images have no saturation",
                label: "the images have one channel".to_owned(),
                help: Some("brightness and contrast can vary"),
            }),
            _ => Some(Misfit {
                key: JITTER,
                title: "`augmentation.color_jitter` is for grey and RGB images",
                label,
                help: None,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::augment::{ColorJitterConfig, CutoutConfig, MixupConfig, RandomCropConfig};

    fn keys(config: &AugmentationConfig, shape: [usize; 3]) -> Vec<&'static str> {
        config.misfits(shape).iter().map(|misfit| misfit.key).collect()
    }

    fn config(padding: usize, size: usize, saturation: f64) -> AugmentationConfig {
        AugmentationConfig {
            random_crop: RandomCropConfig { padding, fill: 0 },
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
