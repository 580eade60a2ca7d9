//! Synthetic images: 32x32 RGB, 10 classes, a function of the seed.
//!
//! Each image shows one of ten shapes, somewhere near the middle, a little turned, lighter or
//! darker than a cloudy background of random colour, under heavy noise. Neither colours nor the
//! mean image distinguish the classes, and the noise is there to be memorised: a fully connected
//! network fits the training images perfectly and gets about half of the test images right, as on
//! CIFAR-10.
//!
//! The pixels are the same on every platform: only arithmetic that IEEE 754 defines to the bit,
//! square roots, and sine and cosine from `libm`.

use crate::kernel::vectorise;
use crate::memory;
use crate::rng::{Purpose, Stream, StreamKey};

use super::archive::Archive;
use super::datasets::{DatasetKind, Own, enough_of_shuffled};
use super::{DataOptions, Dataset, DatasetFacts, Examples, Scaling};
use crate::config::keys::{WhenAbsent, config, whole};
use crate::error::Result;

use shapes::SyntheticShape;

#[allow(
    clippy::disallowed_methods,
    reason = "distances are never NaN, and the sign of a zero decides nothing"
)]
mod shapes;

/// Training examples.
pub(super) const TRAIN_EXAMPLES: usize = 5_000;
/// Test examples.
pub(super) const TEST_EXAMPLES: usize = 2_000;

/// Height and width of an image.
const SIDE: usize = 32;
const PIXELS: usize = SIDE * SIDE;
const CHANNELS: usize = 3;
const CLASSES: usize = 10;

// The following were chosen together, by training networks. Noise is what gets memorised: more of
// it lowers the test accuracy of every network, including convolutional ones. Varying positions are
// harder only for fully connected networks.

/// Distance from the centre of a shape to its farthest straight edge, in pixels.
const SIZE: [f32; 2] = [8.0, 10.0];
/// The centre of a shape is up to this far from the middle, in x and in y.
const MAX_SHIFT: f32 = 2.6;
/// Shapes are turned by up to this angle in radians (15 degrees), either way.
const MAX_TURN: f32 = 0.262;
/// Brightness of the shape minus that of the background; equally often negative and positive.
const CONTRAST: [f32; 2] = [46.0, 60.0];
/// Each channel of the contrast varies by up to this much more, either way.
const TINT: f32 = 24.0;
/// Mean of a channel of the background.
const BACKGROUND: [f32; 2] = [100.0, 155.0];
/// Clouds change a channel of the background by up to this much, either way.
const CLOUDS: f32 = 20.0;
/// Pixels between the points at which the clouds are drawn.
const CLOUD_STEP: usize = 8;
const CLOUD_POINTS: usize = SIDE / CLOUD_STEP + 1;
/// The noise of a pixel is the sum of two uniform numbers of up to this much, either way.
const NOISE: f32 = 80.0;

config! {
    /// Keys of `synthetic`.
    #[derive(Eq, Hash)]
    pub struct SyntheticConfig {
        /// Seed of the images.
        pub seed: u64 = whole(0).or(0),
    }
}

impl DatasetKind for SyntheticConfig {
    fn facts(&self) -> DatasetFacts {
        let shape = [CHANNELS, SIDE, SIDE];
        DatasetFacts {
            train_examples: TRAIN_EXAMPLES,
            test_examples: TEST_EXAMPLES,
            classes: CLASSES,
            shape,
        }
    }

    fn load(&self, _options: &DataOptions) -> Result<Dataset> {
        Ok(generate(self.seed))
    }

    fn archive(&self) -> Option<Archive> {
        None
    }

    fn own(&self) -> Option<Own<'_>> {
        None
    }

    fn default_scaling(&self) -> Scaling {
        Scaling::Unit
    }

    fn has_equal_classes(&self, train_examples: Option<usize>) -> bool {
        train_examples.is_none_or(|n| n.is_multiple_of(CLASSES))
    }

    /// The classes take turns until some examples are held out.
    fn enough_for_all_classes(&self, validation: usize) -> Option<usize> {
        if validation == 0 { Some(CLASSES) } else { enough_of_shuffled(CLASSES) }
    }
}

/// Generates the dataset of `seed`.
pub(super) fn generate(seed: u64) -> Dataset {
    let class_names = SyntheticShape::ALL.map(|shape| shape.name().to_owned());
    Dataset::new(
        [CHANNELS, SIDE, SIDE],
        class_names.to_vec(),
        examples(&StreamKey::new(seed, Purpose::Synthetic, 0), TRAIN_EXAMPLES),
        examples(&StreamKey::new(seed, Purpose::Synthetic, 1), TEST_EXAMPLES),
    )
}

/// Draws `count` images. The classes take turns, so that the first N are balanced as well.
fn examples(key: &StreamKey, count: usize) -> Examples {
    let pixels = memory::with_capacity(count * CHANNELS * PIXELS);
    let mut examples = Examples { pixels, ..Examples::default() };
    for example in 0..count {
        let label = example % SyntheticShape::ALL.len();
        let mut stream = key.stream(example as u64);
        examples.pixels.extend(image(SyntheticShape::ALL[label], &mut stream));
        examples.labels.push(label as u16);
    }
    examples
}

/// Draws one image of `shape`: `[CHANNELS, SIDE, SIDE]`.
fn image(shape: SyntheticShape, stream: &mut Stream) -> [u8; CHANNELS * PIXELS] {
    let coverage = Pose::draw(stream).coverage(shape);
    let sign = if stream.below(2) == 0 { -1.0 } else { 1.0 };
    let contrast = sign * between(CONTRAST, stream);
    let mut image = [0; CHANNELS * PIXELS];
    for channel in image.as_chunks_mut::<PIXELS>().0 {
        let contrast = contrast + either_way(TINT, stream);
        let background = Background::draw(stream);
        let mut noise = [0; 2 * PIXELS];
        stream.fill_bytes(&mut noise);
        vectorise(
            #[inline(always)]
            || {
                let background = background.pixels();
                let noise = noise.as_chunks::<2>().0;
                for (pixel, value) in channel.iter_mut().enumerate() {
                    let noise = noise_of(noise[pixel]);
                    let shade = background[pixel] + contrast * coverage[pixel] + noise;
                    *value = (shade + 0.5) as u8; // the cast saturates
                }
            },
        );
    }
    image
}

/// Position and rotation of a shape.
struct Pose {
    x: f32,
    y: f32,
    cos: f32,
    sin: f32,
    size: f32,
}

impl Pose {
    fn draw(stream: &mut Stream) -> Pose {
        let middle = SIDE as f32 / 2.0;
        let turn = either_way(MAX_TURN, stream);
        Pose {
            x: middle + either_way(MAX_SHIFT, stream),
            y: middle + either_way(MAX_SHIFT, stream),
            cos: libm::cosf(turn),
            sin: libm::sinf(turn),
            size: between(SIZE, stream),
        }
    }

    /// How much of each pixel `shape` covers.
    fn coverage(&self, shape: SyntheticShape) -> [f32; PIXELS] {
        shape.cover(
            #[inline(always)]
            |pixel| {
                let x = (pixel % SIDE) as f32 + 0.5 - self.x;
                let y = (pixel / SIDE) as f32 + 0.5 - self.y;
                (self.cos * x + self.sin * y, self.cos * y - self.sin * x)
            },
            self.size,
        )
    }
}

/// One channel of a background: a mean and clouds at the points of a grid.
struct Background([[f32; CLOUD_POINTS]; CLOUD_POINTS]);

impl Background {
    fn draw(stream: &mut Stream) -> Background {
        let mean = between(BACKGROUND, stream);
        Background(std::array::from_fn(|_| {
            std::array::from_fn(|_| mean + either_way(CLOUDS, stream))
        }))
    }

    /// The channel, interpolated between the points.
    #[inline(always)]
    fn pixels(&self) -> [f32; PIXELS] {
        let Background(grid) = self;
        let mut pixels = [0.0; PIXELS];
        for (y, line) in pixels.as_chunks_mut::<SIDE>().0.iter_mut().enumerate() {
            let (row, down) = cloud_cell(y);
            for (x, value) in line.iter_mut().enumerate() {
                let (column, across) = cloud_cell(x);
                let above = mix(grid[row][column], grid[row][column + 1], across);
                let below = mix(grid[row + 1][column], grid[row + 1][column + 1], across);
                *value = mix(above, below, down);
            }
        }
        pixels
    }
}

#[inline(always)]
fn mix(from: f32, to: f32, weight: f32) -> f32 {
    from + (to - from) * weight
}

/// The cell of the grid in which the middle of a pixel lies, and how far into it, 0 to 1.
#[inline(always)]
fn cloud_cell(pixel: usize) -> (usize, f32) {
    let into = (pixel % CLOUD_STEP) as f32 + 0.5;
    (pixel / CLOUD_STEP, into / CLOUD_STEP as f32)
}

/// Noise of one pixel by two random bytes, which is cheaper than a normal distribution and, summed
/// over a shape, not distinguishable from it.
#[inline(always)]
fn noise_of([first, second]: [u8; 2]) -> f32 {
    let sum = f32::from(u16::from(first) + u16::from(second));
    NOISE * (sum / 127.5 - 2.0)
}

/// Uniform between two bounds.
fn between([low, high]: [f32; 2], stream: &mut Stream) -> f32 {
    low + (high - low) * stream.uniform() as f32
}

/// Uniform between `-most` and `most`.
fn either_way(most: f32, stream: &mut Stream) -> f32 {
    between([-most, most], stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEATURES: usize = CHANNELS * PIXELS;

    /// Mean of each channel of each image.
    fn mean_colours(examples: &Examples) -> Vec<[f32; CHANNELS]> {
        let (channels, _) = examples.pixels.as_chunks::<PIXELS>();
        let mean = |channel: &[u8; PIXELS]| {
            channel.iter().map(|&value| u32::from(value)).sum::<u32>() as f32 / PIXELS as f32
        };
        let (images, _) = channels.as_chunks::<CHANNELS>();
        images.iter().map(|image| std::array::from_fn(|i| mean(&image[i]))).collect()
    }

    fn images(examples: &Examples) -> Vec<[f32; FEATURES]> {
        let (images, _) = examples.pixels.as_chunks::<FEATURES>();
        images.iter().map(|image| image.map(f32::from)).collect()
    }

    fn class_means<const N: usize>(rows: &[[f32; N]], labels: &[u16]) -> Vec<[f32; N]> {
        let mut means = vec![[0.0; N]; SyntheticShape::ALL.len()];
        let weight = means.len() as f32 / rows.len() as f32;
        for (row, &label) in rows.iter().zip(labels) {
            for (mean, value) in means[usize::from(label)].iter_mut().zip(row) {
                *mean += weight * value;
            }
        }
        means
    }

    fn nearest<const N: usize>(row: &[f32; N], points: &[[f32; N]]) -> usize {
        let distance = |point: &[f32; N]| -> f32 {
            let pairs = row.iter().zip(point);
            pairs.map(|(a, b)| (a - b) * (a - b)).sum()
        };
        let distances = points.iter().map(distance).enumerate();
        let (nearest, _) = distances.min_by(|a, b| a.1.total_cmp(&b.1)).expect("there are points");
        nearest
    }

    fn accuracy(predicted: impl Iterator<Item = u16>, labels: &[u16]) -> f64 {
        let right = predicted.zip(labels).filter(|(p, l)| p == *l).count();
        right as f64 / labels.len() as f64
    }

    #[test]
    fn seed_0_is_pinned_to_the_bit() {
        let expected = "5f2ce24ade26b36be8f51f981bb0e2a2a98f0013c974c4c324974ff959408a0f";
        assert_eq!(generate(0).sha256, expected);
    }

    #[test]
    fn seeds_and_splits_and_examples_differ() {
        let [first, second] = [0, 1].map(generate);
        assert_ne!(first.sha256, second.sha256);
        assert_ne!(first.train.pixels[..FEATURES], first.test.pixels[..FEATURES]);
        let (images, _) = first.train.pixels.as_chunks::<FEATURES>();
        let distinct: std::collections::HashSet<_> = images.iter().collect();
        assert_eq!(distinct.len(), TRAIN_EXAMPLES);
    }

    #[test]
    fn classes_are_balanced_and_sizes_as_announced() {
        let dataset = generate(0);
        for (examples, count) in [(&dataset.train, TRAIN_EXAMPLES), (&dataset.test, TEST_EXAMPLES)]
        {
            assert_eq!(examples.len(), count);
            assert_eq!(examples.pixels.len(), count * FEATURES);
            for label in 0..10 {
                let of_class = examples.labels.iter().filter(|&&l| l == label).count();
                assert_eq!(of_class, count / 10);
            }
        }
    }

    #[test]
    fn pixels_use_the_whole_range_and_seldom_saturate() {
        let mut counts = [0u32; 256];
        let pixels = generate(0).train.pixels;
        pixels.iter().for_each(|&p| counts[usize::from(p)] += 1);
        assert!(counts.iter().all(|&count| count > 0));
        let share = |value: usize| f64::from(counts[value]) / pixels.len() as f64;
        assert!(share(0) < 0.1, "{}", share(0));
        assert!(share(255) < 0.1, "{}", share(255));
    }

    #[test]
    fn mean_images_of_the_classes_do_not_tell_them_apart() {
        let Dataset { train, test, .. } = generate(0);
        let means = class_means(&images(&train), &train.labels);
        let test_images = images(&test);
        let predicted = test_images.iter().map(|image| nearest(image, &means) as u16);
        let accuracy = accuracy(predicted, &test.labels);
        assert!(accuracy < 0.25, "{accuracy}");
    }

    #[test]
    fn mean_colours_do_not_tell_the_classes_apart() {
        let Dataset { train, test, .. } = generate(0);
        let [train_colours, test_colours] = [&train, &test].map(mean_colours);
        let means = class_means(&train_colours, &train.labels);
        let by_mean = test_colours.iter().map(|c| nearest(c, &means) as u16);
        let by_neighbour = test_colours.iter().map(|c| train.labels[nearest(c, &train_colours)]);
        let [by_mean, by_neighbour] =
            [accuracy(by_mean, &test.labels), accuracy(by_neighbour, &test.labels)];
        assert!(by_mean < 0.2, "{by_mean}");
        assert!(by_neighbour < 0.2, "{by_neighbour}");
    }
}
