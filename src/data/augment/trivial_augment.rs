//! TrivialAugment (Mueller & Hutter, 2021, <https://arxiv.org/abs/2103.10158>): each image is changed by one
//! operation, drawn uniformly, of a strength that is drawn uniformly. There is nothing to tune. Operations
//! and strengths are those of torchvision's `TrivialAugmentWide` on bytes, with the nearest pixel where
//! an image is moved, turned or sheared, and black where nothing of it is.

use crate::data::augment::affine::Affine;
use crate::data::augment::byte_operations::{
    autocontrast, brightness, contrast, equalize, posterize, saturation, sharpness, solarize,
};
use crate::data::augment::transform::{InputStage, OfBytes, Streams, Transform};
use crate::data::augment::{Draw, ImageMisfit, ImageSize};
use crate::kernel::vectorise;
use crate::rng::Stream;

/// Strengths of an operation.
const STRENGTHS: u32 = 31;

/// The key `trivial_augment`: whether it is on.
#[derive(Debug, Clone, Copy)]
pub(super) struct TrivialAugment(pub(super) bool);

impl Transform for TrivialAugment {
    fn is_off(&self) -> bool {
        !self.0
    }

    fn misfit(&self, shape: ImageSize) -> Option<ImageMisfit> {
        (shape.channels != 1 && shape.channels != 3).then(|| ImageMisfit {
            key: "augmentation.trivial_augment",
            title: "`augmentation.trivial_augment` is for grey and RGB images",
            label: format!("the images have {} channels", shape.channels),
            help: None,
        })
    }

    fn stage(&self) -> InputStage<'_> {
        InputStage::Bytes(self)
    }
}

impl OfBytes for TrivialAugment {
    fn change(&self, image: &mut [u8], shape: ImageSize, streams: Streams<'_>, scratch: &mut [u8]) {
        let (operation, strength) = draw(&mut streams.of(Draw::TrivialAugment));
        operation.apply(strength, image, shape, scratch);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Identity,
    ShearX,
    ShearY,
    TranslateX,
    TranslateY,
    Rotate,
    Brightness,
    Color,
    Contrast,
    Sharpness,
    Posterize,
    Solarize,
    AutoContrast,
    Equalize,
}

use Operation::*;

/// In the order of torchvision.
const OPERATIONS: [Operation; 14] = [
    Identity,
    ShearX,
    ShearY,
    TranslateX,
    TranslateY,
    Rotate,
    Brightness,
    Color,
    Contrast,
    Sharpness,
    Posterize,
    Solarize,
    AutoContrast,
    Equalize,
];

/// An operation and its strength. Which of the strengths and which direction are drawn for all of them.
fn draw(stream: &mut Stream) -> (Operation, f64) {
    let operation = OPERATIONS[stream.below(OPERATIONS.len() as u32) as usize];
    let (which, is_backward) = (stream.below(STRENGTHS), stream.below(2) == 1);
    let strength = operation.strength(which);
    (operation, if operation.has_direction() && is_backward { -strength } else { strength })
}

impl Operation {
    /// Whether its strength may also be negative.
    fn has_direction(self) -> bool {
        !matches!(self, Identity | Posterize | Solarize | AutoContrast | Equalize)
    }

    /// Its strength number `which` of 31.
    fn strength(self, which: u32) -> f64 {
        match self {
            Identity | AutoContrast | Equalize => 0.0,
            TranslateX | TranslateY => evenly(0.0, 32.0, which),
            Rotate => evenly(0.0, 135.0, which),
            ShearX | ShearY | Brightness | Color | Contrast | Sharpness => evenly(0.0, 0.99, which),
            Posterize => 8.0 - (f64::from(which) / 5.0).round_ties_even(), // bits that stay
            Solarize => evenly(255.0, 0.0, which),
        }
    }

    fn apply(self, strength: f64, image: &mut [u8], shape: ImageSize, scratch: &mut [u8]) {
        let mut map = |map: Affine| {
            scratch.copy_from_slice(image);
            vectorise(
                #[inline(always)]
                || map.nearest(scratch, shape, image),
            );
        };
        match self {
            Identity => {}
            ShearX => map(Affine::sheared_along_rows(strength, shape)),
            ShearY => map(Affine::sheared_along_columns(strength, shape)),
            TranslateX => map(Affine::moved(strength as i64, 0)),
            TranslateY => map(Affine::moved(0, strength as i64)),
            Rotate => map(Affine::IDENTITY.turned(-strength)),
            Brightness => brightness(image, 1.0 + strength),
            Color => saturation(image, shape, 1.0 + strength),
            Contrast => contrast(image, shape, 1.0 + strength),
            Sharpness => sharpness(image, shape, 1.0 + strength, scratch),
            Posterize => posterize(image, strength as u32),
            Solarize => solarize(image, strength),
            AutoContrast => autocontrast(image, shape),
            Equalize => equalize(image, shape),
        }
    }
}

/// Number `which` of 31 evenly spaced numbers: `torch.linspace`, in 32 bits from both ends, in fused operations.
fn evenly(first: f32, last: f32, which: u32) -> f64 {
    let step = (last - first) / (STRENGTHS - 1) as f32;
    f64::from(match which < STRENGTHS / 2 {
        true => step.mul_add(which as f32, first),
        false => (-step).mul_add((STRENGTHS - 1 - which) as f32, last),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::data::augment::testing::fixtures;
    use crate::rng::{Purpose, stream};

    fn named(name: &str) -> Operation {
        let found = OPERATIONS.iter().find(|operation| format!("{operation:?}") == name);
        *found.unwrap_or_else(|| panic!("no operation {name}"))
    }

    #[test]
    fn strengths_equal_torchvision_to_the_bit() {
        let space = fixtures()["trivial_augment_space"].clone();
        let space = space.as_object().unwrap();
        assert_eq!(space.len(), OPERATIONS.len());
        for (name, facts) in space {
            let operation = named(name);
            assert_eq!(facts["has_direction"], operation.has_direction(), "{name}");
            let strengths = facts["strengths"].as_array().unwrap();
            for (which, strength) in strengths.iter().enumerate() {
                assert_eq!(Some(operation.strength(which as u32)), strength.as_f64(), "{name}");
            }
        }
    }

    /// Bytes in hexadecimal.
    fn bytes(value: &Value) -> Vec<u8> {
        let text = value.as_str().unwrap().as_bytes().chunks_exact(2);
        let digits = text.map(|two| std::str::from_utf8(two).unwrap());
        digits.map(|two| u8::from_str_radix(two, 16).unwrap()).collect()
    }

    #[test]
    fn every_operation_equals_torchvision() {
        let (mut pixels, mut different) = (0, 0);
        for picture in fixtures()["trivial_augment"].as_array().unwrap() {
            let [channels, height, width] =
                [0, 1, 2].map(|i| picture["shape"][i].as_u64().unwrap() as usize);
            let shape = ImageSize { channels, height, width };
            for case in picture["cases"].as_array().unwrap() {
                let operation = named(case["operation"].as_str().unwrap());
                let strength = case["strength"].as_f64().unwrap();
                let (mut image, expected) = (bytes(&picture["input"]), bytes(&case["output"]));
                let mut scratch = vec![0; image.len()];
                operation.apply(strength, &mut image, shape, &mut scratch);
                let wrong = image.iter().zip(&expected).filter(|(a, b)| a != b).count();
                let is_map = matches!(operation, ShearX | ShearY | Rotate);
                assert!(is_map || wrong == 0, "{operation:?} {strength}: {wrong} pixels");
                // torchvision computes coordinates in 32 bits: a few of them lie on the other side of
                // the middle between two pixels.
                (pixels, different) = (pixels + image.len(), different + wrong);
            }
        }
        assert!(
            pixels > 20_000 && different * 500 < pixels,
            "{different} of {pixels} pixels differ"
        );
    }

    #[test]
    fn operations_are_equally_likely_and_half_of_the_directions_are_backward() {
        let mut stream = stream(5, Purpose::Augmentation, 0, 11);
        let drawn: Vec<(Operation, f64)> = (0..14_000).map(|_| draw(&mut stream)).collect();
        for operation in OPERATIONS {
            let of: Vec<f64> =
                drawn.iter().filter(|(one, _)| *one == operation).map(|(_, x)| *x).collect();
            assert!(of.len().abs_diff(1000) < 155, "{operation:?}: {}", of.len()); // 5 deviations
            let backward = of.iter().filter(|strength| **strength < 0.0).count();
            let expected = if operation.has_direction() { of.len() / 2 } else { 0 };
            assert!(backward.abs_diff(expected) < 100, "{operation:?}: {backward} backward");
        }
    }
}
