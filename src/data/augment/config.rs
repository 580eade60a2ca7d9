//! What the `[augmentation]` table says. Everything is off unless it is asked for, and what is off is
//! left out of a trial, so that runs from before there was such a table keep their ids.

use schemars::JsonSchema;
use serde::Serialize;

use crate::config::{Range, TableReader};

/// The `[augmentation]` table: how training examples are changed each time they are used.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct AugmentationConfig {
    /// Probability of mirroring an image left to right, in [0, 1]; 0: off, 0.5 is usual.
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0, max = 1), extend("default" = 0.0))]
    pub horizontal_flip: f64,
    /// Moves the image within a border that is added around it.
    #[serde(skip_serializing_if = "RandomCropConfig::is_off")]
    pub random_crop: RandomCropConfig,
    /// Varies brightness, contrast and saturation.
    #[serde(skip_serializing_if = "ColorJitterConfig::is_off")]
    pub color_jitter: ColorJitterConfig,
    /// Blanks a square out.
    #[serde(skip_serializing_if = "CutoutConfig::is_off")]
    pub cutout: CutoutConfig,
    /// Mixes each example with another of its batch.
    #[serde(skip_serializing_if = "MixupConfig::is_off")]
    pub mixup: MixupConfig,
}

/// The table `random_crop`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct RandomCropConfig {
    /// Pixels added on each side, of which a window of the image's size is cut out; 0: off, 4 is usual.
    #[serde(skip_serializing_if = "is_none")]
    #[schemars(range(min = 0), extend("default" = 0))]
    pub padding: usize,
    /// Value of the pixels that are added, in every channel; 0: black.
    #[serde(skip_serializing_if = "is_black")]
    #[schemars(range(min = 0, max = 255), extend("default" = 0))]
    pub fill: u8,
}

/// The table `color_jitter`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct ColorJitterConfig {
    /// Pixels are multiplied by a factor from 1 - b (at least 0) to 1 + b; 0: off.
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0), extend("default" = 0.0))]
    pub brightness: f64,
    /// Distances from the image's mean grey are multiplied by a factor from 1 - c to 1 + c; 0: off.
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0), extend("default" = 0.0))]
    pub contrast: f64,
    /// Distances from the pixel's grey are multiplied by a factor from 1 - s to 1 + s; 0: off.
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0), extend("default" = 0.0))]
    pub saturation: f64,
}

/// The table `cutout`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct CutoutConfig {
    /// Side of the square in pixels, of which what lies beyond the border is lost; 0: off.
    #[serde(skip_serializing_if = "is_none")]
    #[schemars(range(min = 0), extend("default" = 0))]
    pub size: usize,
}

/// The table `mixup`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct MixupConfig {
    /// The share of the example itself is drawn from Beta(alpha, alpha); 0: off, 0.2 to 1 is usual.
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0), extend("default" = 0.0))]
    pub alpha: f64,
}

impl AugmentationConfig {
    /// Reads the `[augmentation]` table.
    pub fn read(table: &mut TableReader<'_>) -> AugmentationConfig {
        AugmentationConfig {
            horizontal_flip: table.float("horizontal_flip", 0.0, Range::PROBABILITY),
            random_crop: table.table("random_crop", RandomCropConfig::read),
            color_jitter: table.table("color_jitter", ColorJitterConfig::read),
            cutout: table
                .table("cutout", |cutout| CutoutConfig { size: cutout.integer("size", 0, 0) }),
            mixup: table.table("mixup", |mixup| MixupConfig {
                alpha: mixup.float("alpha", 0.0, Range::NOT_NEGATIVE),
            }),
        }
    }

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
    fn read(table: &mut TableReader<'_>) -> RandomCropConfig {
        RandomCropConfig {
            padding: table.integer("padding", 0, 0),
            fill: table.integer_within("fill", 0, 0, u8::MAX.into()),
        }
    }

    pub(super) fn is_off(&self) -> bool {
        *self == RandomCropConfig::default()
    }
}

impl ColorJitterConfig {
    fn read(table: &mut TableReader<'_>) -> ColorJitterConfig {
        let mut strength = |key| table.float(key, 0.0, Range::NOT_NEGATIVE);
        ColorJitterConfig {
            brightness: strength("brightness"),
            contrast: strength("contrast"),
            saturation: strength("saturation"),
        }
    }

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

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

fn is_none(pixels: &usize) -> bool {
    *pixels == 0
}

fn is_black(value: &u8) -> bool {
    *value == 0
}
