//! Colour jitter with torchvision's meaning of the factors, on pixels from 0 to 1: brightness, then
//! contrast, then saturation, each clamped to that range. torchvision also draws the order; a fixed
//! order makes each factor a function of one setting.

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number};
use crate::data::augment::transform::{InputStage, OfPixels, Streams, Transform};
use crate::data::augment::{Draw, ImageMisfit, ImageSize};
use crate::kernel::vectorise;
use crate::rng::Stream;

/// Weights of red, green and blue in a pixel's grey, as in torchvision and Pillow (ITU-R 601-2).
const LUMA: [f32; 3] = [0.2989, 0.587, 0.114];
/// Number of partial sums of an image's greys, so that registers of any width add the same numbers.
const LANES: usize = 16;

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

impl Transform for ColorJitterConfig {
    fn is_off(&self) -> bool {
        *self == ColorJitterConfig::default()
    }

    fn misfit(&self, shape: ImageSize) -> Option<ImageMisfit> {
        match shape.channels {
            3 => None,
            1 if self.saturation == 0.0 => None,
            1 => Some(ImageMisfit {
                key: "augmentation.color_jitter.saturation",
                title: "grey images have no saturation",
                label: "the images have one channel".to_owned(),
                help: Some("brightness and contrast can vary"),
            }),
            channels => Some(ImageMisfit {
                key: "augmentation.color_jitter",
                title: "`augmentation.color_jitter` is for grey and RGB images",
                label: format!("the images have {channels} channels"),
                help: None,
            }),
        }
    }

    fn stage(&self) -> InputStage<'_> {
        InputStage::Unit(self)
    }
}

impl OfPixels for ColorJitterConfig {
    fn change(&self, values: &mut [f32], shape: ImageSize, streams: Streams<'_>) {
        Factors::draw(*self, &mut streams.of(Draw::Jitter)).apply(values, shape);
    }
}

/// Factors for an image's colours; 1 changes nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Factors {
    brightness: f32,
    contrast: f32,
    saturation: f32,
}

impl Factors {
    /// Draws brightness, contrast and saturation in this order, even those that do not vary.
    fn draw(config: ColorJitterConfig, stream: &mut Stream) -> Factors {
        let mut factor = |strength: f64| {
            let least = if strength < 1.0 { 1.0 - strength } else { 0.0 };
            (least + (1.0 + strength - least) * stream.uniform()) as f32
        };
        Factors {
            brightness: factor(config.brightness),
            contrast: factor(config.contrast),
            saturation: factor(config.saturation),
        }
    }

    /// Changes the colours of `values`, an image of `shape` with one or three channels.
    fn apply(&self, values: &mut [f32], shape: ImageSize) {
        vectorise(
            #[inline(always)]
            || {
                scale(values, self.brightness);
                if self.contrast != 1.0 {
                    let mean = mean_grey(values, shape);
                    values.iter_mut().for_each(|x| *x = blend(*x, mean, self.contrast));
                }
                if self.saturation != 1.0 {
                    saturate(values, shape, self.saturation);
                }
            },
        );
    }
}

#[inline(always)]
fn scale(values: &mut [f32], factor: f32) {
    if factor != 1.0 {
        values.iter_mut().for_each(|x| *x = clamped(factor * *x));
    }
}

/// `factor` times `value` and the rest of `other`.
#[inline(always)]
fn blend(value: f32, other: f32, factor: f32) -> f32 {
    clamped(factor.mul_add(value, (1.0 - factor) * other))
}

#[inline(always)]
fn clamped(value: f32) -> f32 {
    let value = if value > 0.0 { value } else { 0.0 };
    if value < 1.0 { value } else { 1.0 }
}

#[inline(always)]
fn grey(red: f32, green: f32, blue: f32) -> f32 {
    LUMA[2].mul_add(blue, LUMA[1].mul_add(green, LUMA[0] * red))
}

/// The three colours' planes.
#[inline(always)]
fn planes(values: &[f32], plane: usize) -> [&[f32]; 3] {
    let (red, rest) = values.split_at(plane);
    let (green, blue) = rest.split_at(plane);
    [red, green, &blue[..plane]]
}

#[inline(always)]
fn mean_grey(values: &[f32], shape: ImageSize) -> f32 {
    let plane = shape.plane();
    let mut sums = [0.0; LANES];
    if shape.channels == 3 {
        let [red, green, blue] = planes(values, plane);
        for start in (0..plane).step_by(LANES) {
            let end = plane.min(start + LANES);
            let colors = red[start..end].iter().zip(&green[start..end]).zip(&blue[start..end]);
            for (sum, ((r, g), b)) in sums.iter_mut().zip(colors) {
                *sum += grey(*r, *g, *b);
            }
        }
    } else {
        for pixels in values.chunks(LANES) {
            sums.iter_mut().zip(pixels).for_each(|(sum, x)| *sum += x);
        }
    }
    sums.iter().fold(0.0, |total, sum| total + sum) / plane as f32
}

/// Grey images have no saturation.
#[inline(always)]
fn saturate(values: &mut [f32], shape: ImageSize, factor: f32) {
    if shape.channels != 3 {
        return;
    }
    let (red, rest) = values.split_at_mut(shape.plane());
    let (green, blue) = rest.split_at_mut(shape.plane());
    for ((r, g), b) in red.iter_mut().zip(green).zip(blue) {
        let grey = grey(*r, *g, *b);
        (*r, *g, *b) = (blend(*r, grey, factor), blend(*g, grey, factor), blend(*b, grey, factor));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::augment::testing::{assert_close, fixtures, numbers};
    use crate::rng::{Purpose, stream};

    const PLAIN: Factors = Factors { brightness: 1.0, contrast: 1.0, saturation: 1.0 };

    #[test]
    fn equals_torchvision() {
        for case in fixtures()["color_jitter"].as_array().unwrap() {
            let [channels, height, width] = [0, 1, 2].map(|i| numbers(&case["shape"])[i] as usize);
            let [brightness, contrast, saturation] =
                [0, 1, 2].map(|i| numbers(&case["factors"])[i]);
            let mut values = numbers(&case["input"]);
            let shape = ImageSize { channels, height, width };
            Factors { brightness, contrast, saturation }.apply(&mut values, shape);
            assert_close(&values, &numbers(&case["output"]), "output");
        }
    }

    #[test]
    fn hand_worked_pixels() {
        let shape = ImageSize { channels: 1, height: 1, width: 2 };
        let changed = |factors: Factors| {
            let mut values = [0.25, 0.75];
            factors.apply(&mut values, shape);
            values
        };
        assert_eq!(changed(PLAIN), [0.25, 0.75]);
        assert_eq!(changed(Factors { brightness: 2.0, ..PLAIN }), [0.5, 1.0]);
        assert_eq!(changed(Factors { contrast: 0.5, ..PLAIN }), [0.375, 0.625]);
        assert_eq!(changed(Factors { contrast: 0.0, ..PLAIN }), [0.5, 0.5]);
        assert_eq!(changed(Factors { contrast: 3.0, ..PLAIN }), [0.0, 1.0]);
        assert_eq!(changed(Factors { saturation: 0.0, ..PLAIN }), [0.25, 0.75]);
        let mut red = [1.0, 0.0, 0.0];
        let shape = ImageSize { channels: 3, height: 1, width: 1 };
        Factors { saturation: 0.0, ..PLAIN }.apply(&mut red, shape);
        assert_close(&red, &[0.2989; 3], "grey");
    }

    #[test]
    fn factors_are_uniform_around_one_and_never_negative() {
        let mut stream = stream(5, Purpose::Augmentation, 0, 4);
        let config = ColorJitterConfig { brightness: 0.4, contrast: 0.0, saturation: 3.0 };
        let factors: Vec<Factors> =
            (0..10_000).map(|_| Factors::draw(config, &mut stream)).collect();
        let mean_within = |low: f32, high: f32, of: fn(&Factors) -> f32| {
            assert!(factors.iter().map(of).all(|f| (low..=high).contains(&f)));
            let mean = factors.iter().map(|f| f64::from(of(f))).sum::<f64>() / 1e4;
            // 5 standard deviations of the mean of 10,000 uniform numbers.
            let tolerance = 5.0 * f64::from(high - low) / (12.0 * 1e4_f64).sqrt();
            let expected = f64::from(low + high) / 2.0;
            assert!((mean - expected).abs() <= tolerance, "{mean} of {expected}");
        };
        mean_within(0.6, 1.4, |f| f.brightness);
        mean_within(1.0, 1.0, |f| f.contrast);
        mean_within(0.0, 4.0, |f| f.saturation);
    }
}
