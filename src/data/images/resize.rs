//! Resizing as Pillow does it (`Image.resize`, which torchvision uses): separable, antialiased, with
//! coefficients of 22 bits, so that every sum is exact and the same on every machine
//! (<https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c>).

use std::f64::consts::PI;

use super::ResizeFilter;

/// Fractional bits of a coefficient; 8 are left for the pixel and 2 for overshooting.
const PRECISION_BITS: u32 = 32 - 8 - 2;

/// A picture of any number of channels, `[height, width, channels]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) channels: usize,
    pub(super) samples: Vec<u8>,
}

/// Where the samples of one line of the result come from.
struct Taps {
    first: usize,
    weights: Vec<i32>, // of the samples from `first` on, with PRECISION_BITS fractional bits
}

impl Plane {
    /// The pixel rows and columns from (`left`, `top`) on.
    pub(super) fn crop(&self, left: usize, top: usize, width: usize, height: usize) -> Plane {
        let row = |y: usize| {
            let start = (y * self.width + left) * self.channels;
            &self.samples[start..start + width * self.channels]
        };
        let samples = (top..top + height).flat_map(|y| row(y).iter().copied()).collect();
        Plane { width, height, channels: self.channels, samples }
    }

    /// The picture in another size; unchanged if it already has that size. Rows are resized first,
    /// as in Pillow up to 12, and each only when a row of the result needs it: with all rows
    /// resized, a tall picture would be far larger than before and after.
    pub(super) fn resize(self, width: usize, height: usize, filter: ResizeFilter) -> Plane {
        let taps = |from: usize, to: usize| match filter {
            _ if from == to => None,
            ResizeFilter::Nearest => Some(nearest(from, to)),
            _ => Some(antialiased(from, to, filter)),
        };
        let (across, down) = (taps(self.width, width), taps(self.height, height));
        let (channels, line) = (self.channels, width * self.channels);
        let mut samples = Vec::with_capacity(height * line);
        let rows = self.samples.chunks_exact(self.width * channels);
        let mut rows = rows.map(|row| PictureRow { samples: row, channels });
        let Some(down) = down else {
            rows.for_each(|row| row.resize(across.as_deref(), &mut samples));
            return Plane { width, height, channels, samples };
        };
        let (mut first, mut window) = (0, Vec::new()); // resized rows from `first` on
        for tap in &down {
            for row in rows.by_ref().take((tap.end() * line - first * line - window.len()) / line) {
                row.resize(across.as_deref(), &mut window);
            }
            window.drain(..(tap.first - first) * line);
            first = tap.first;
            samples.extend((0..line).map(|x| tap.sum(|i| window[i * line + x])));
        }
        Plane { width, height, channels, samples }
    }
}

/// A row of a picture.
struct PictureRow<'a> {
    samples: &'a [u8],
    channels: usize,
}

impl PictureRow<'_> {
    /// Adds the row in another width to `resized`; unchanged without taps.
    fn resize(&self, taps: Option<&[Taps]>, resized: &mut Vec<u8>) {
        let Some(taps) = taps else { return resized.extend_from_slice(self.samples) };
        for tap in taps {
            for channel in 0..self.channels {
                let at = |i: usize| self.samples[(tap.first + i) * self.channels + channel];
                resized.push(tap.sum(at));
            }
        }
    }
}

impl Taps {
    /// Behind the last sample.
    fn end(&self) -> usize {
        self.first + self.weights.len()
    }

    /// The weighted sum of the samples `at(0)`, `at(1)` ..., rounded and in range.
    fn sum(&self, at: impl Fn(usize) -> u8) -> u8 {
        let products =
            self.weights.iter().enumerate().map(|(i, &w)| i64::from(w) * i64::from(at(i)));
        let sum = (1 << (PRECISION_BITS - 1)) + products.sum::<i64>();
        (sum >> PRECISION_BITS).clamp(0, 255) as u8
    }
}

/// The sample under the middle of each new one.
fn nearest(from: usize, to: usize) -> Vec<Taps> {
    let first = |i: usize| ((2 * i + 1) * from / (2 * to)).min(from - 1);
    (0..to).map(|i| Taps { first: first(i), weights: vec![1 << PRECISION_BITS] }).collect()
}

/// `precompute_coeffs` and `normalize_coeffs_8bpc` of Pillow.
fn antialiased(from: usize, to: usize, filter: ResizeFilter) -> Vec<Taps> {
    let scale = from as f64 / to as f64;
    let stretch = if scale > 1.0 { scale } else { 1.0 };
    let support = filter.support() * stretch;
    let taps = |i: usize| {
        let center = (i as f64 + 0.5) * scale;
        let first = (center - support + 0.5).max(0.0) as usize;
        let end = ((center + support + 0.5) as usize).min(from);
        let position = |x: usize| (x as f64 - center + 0.5) / stretch;
        let weights: Vec<f64> = (first..end).map(|x| filter.weight(position(x))).collect();
        let total: f64 = weights.iter().sum();
        let total = if total == 0.0 { 1.0 } else { total };
        let fixed = |weight: &f64| {
            let scaled = weight / total * f64::from(1 << PRECISION_BITS);
            if scaled < 0.0 { (scaled - 0.5) as i32 } else { (scaled + 0.5) as i32 }
        };
        Taps { first, weights: weights.iter().map(fixed).collect() }
    };
    (0..to).map(taps).collect()
}

impl ResizeFilter {
    /// Distance, in samples of the smaller picture, beyond which the weight is 0.
    fn support(self) -> f64 {
        match self {
            ResizeFilter::Nearest | ResizeFilter::Box => 0.5,
            ResizeFilter::Bilinear => 1.0,
            ResizeFilter::Bicubic => 2.0,
            ResizeFilter::Lanczos => 3.0,
        }
    }

    /// The weight at a distance.
    fn weight(self, x: f64) -> f64 {
        match self {
            ResizeFilter::Nearest | ResizeFilter::Box => {
                if x > -0.5 && x <= 0.5 {
                    1.0
                } else {
                    0.0
                }
            }
            ResizeFilter::Bilinear => (1.0 - x.abs()).max(0.0),
            ResizeFilter::Bicubic => bicubic(x.abs()),
            ResizeFilter::Lanczos => {
                if (-3.0..3.0).contains(&x) {
                    sinc(x) * sinc(x / 3.0)
                } else {
                    0.0
                }
            }
        }
    }
}

/// Keys (1981) with a = -0.5.
fn bicubic(x: f64) -> f64 {
    const A: f64 = -0.5;
    if x < 1.0 {
        ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0
    } else if x < 2.0 {
        (((x - 5.0) * x + 8.0) * x - 4.0) * A
    } else {
        0.0
    }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { libm::sin(x * PI) / (x * PI) }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::config::keys::Word;

    #[test]
    fn equals_pillow_to_the_bit() {
        let fixtures = include_str!("../../../tests/parity/resize.json");
        let fixtures: Value = serde_json::from_str(fixtures).unwrap();
        let bytes = |value: &Value| -> Vec<u8> {
            value.as_array().unwrap().iter().map(|x| x.as_u64().unwrap() as u8).collect()
        };
        let size = |value: &Value| [0, 1].map(|i| value[i].as_u64().unwrap() as usize);
        let mut compared = 0;
        for case in fixtures.as_array().unwrap() {
            let [width, height] = size(&case["from"]);
            let channels = case["channels"].as_u64().unwrap() as usize;
            let samples = bytes(&case["pixels"]);
            let plane = Plane { width, height, channels, samples };
            for &(name, filter, _) in ResizeFilter::WORDS {
                let [width, height] = size(&case["to"]);
                let ours = plane.clone().resize(width, height, filter);
                assert_eq!((ours.width, ours.height), (width, height));
                assert_eq!(
                    ours.samples,
                    bytes(&case[name]),
                    "{name} {} -> {}",
                    case["from"],
                    case["to"]
                );
                compared += 1;
            }
        }
        assert!(compared >= 30, "{compared}");
    }

    /// The definition: rows, then columns, each pass over the whole picture.
    fn in_two_passes(plane: &Plane, width: usize, height: usize, filter: ResizeFilter) -> Vec<u8> {
        let taps = |from: usize, to: usize| match filter {
            ResizeFilter::Nearest => nearest(from, to),
            _ => antialiased(from, to, filter),
        };
        let mut rows = Vec::new();
        for y in 0..plane.height {
            for tap in taps(plane.width, width) {
                rows.push(tap.sum(|i| plane.samples[y * plane.width + tap.first + i]));
            }
        }
        let columns = taps(plane.height, height).into_iter();
        let columns = columns.flat_map(|tap| {
            let rows = &rows;
            (0..width).map(move |x| tap.sum(|i| rows[(tap.first + i) * width + x]))
        });
        columns.collect()
    }

    #[test]
    fn rows_that_are_resized_when_they_are_needed_give_the_same_picture() {
        for (width, height) in [(1, 300), (300, 1), (40, 3), (7, 90)] {
            let samples: Vec<u8> = (0..width * height).map(|i| (i * i % 251) as u8).collect();
            let plane = Plane { width, height, channels: 1, samples };
            for &(_, filter, _) in ResizeFilter::WORDS {
                for (to_width, to_height) in [(32, 32), (3, 200), (64, 2), (1, 1)] {
                    let resized = plane.clone().resize(to_width, to_height, filter);
                    let expected = in_two_passes(&plane, to_width, to_height, filter);
                    assert_eq!(resized.samples, expected, "{filter:?} {width} x {height}");
                }
            }
        }
    }

    #[test]
    fn a_plain_picture_stays_plain_in_any_size() {
        for &(_, filter, _) in ResizeFilter::WORDS {
            for (width, height) in [(1, 1), (3, 200), (64, 2)] {
                let plane = Plane { width: 17, height: 5, channels: 1, samples: vec![77; 85] };
                let resized = plane.resize(width, height, filter);
                assert_eq!(resized.samples, vec![77; width * height], "{filter:?}");
            }
        }
    }
}
