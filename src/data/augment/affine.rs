//! Affine maps of images: from a pixel of the result to the place in the image that it shows. All maps of
//! an example are composed, so that its pixels are interpolated once.
//!
//! Coordinates are computed in 64 bits from products, sums and the sine and cosine of `libm`: the bits are
//! the same everywhere. torchvision's `affine` on tensors does it in 32 bits.

use crate::data::augment::ImageSize;

/// The place `(x, y)` in pixels from the centre of the image that a pixel `(u, v)` of the result shows:
/// `x = linear[0][0] u + linear[0][1] v + shift[0]`, and so for y.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Affine {
    linear: [[f64; 2]; 2],
    shift: [f64; 2],
}

impl Affine {
    /// Every pixel shows itself.
    pub(super) const IDENTITY: Affine =
        Affine { linear: [[1.0, 0.0], [0.0, 1.0]], shift: [0.0; 2] };

    /// The image is also turned clockwise around its centre.
    pub(super) fn turned(self, degrees: f64) -> Affine {
        let angle = degrees * (std::f64::consts::PI / 180.0);
        let (sin, cos) = (libm::sin(angle), libm::cos(angle));
        let row = |[a, b]: [f64; 2]| [a * cos - b * sin, a * sin + b * cos];
        Affine { linear: self.linear.map(row), ..self }
    }

    /// The image is also enlarged around its centre; a factor below 1 makes it smaller.
    pub(super) fn scaled(self, factor: f64) -> Affine {
        Affine { linear: self.linear.map(|row| row.map(|x| x / factor)), ..self }
    }

    /// Rows are moved to the left by `slope` times their distance from the upper end.
    pub(super) fn sheared_along_rows(slope: f64, shape: ImageSize) -> Affine {
        let shift = [slope * (0.5 * shape.height as f64), 0.0];
        Affine { linear: [[1.0, slope], [0.0, 1.0]], shift }
    }

    /// Columns are moved up by `slope` times their distance from the left end.
    pub(super) fn sheared_along_columns(slope: f64, shape: ImageSize) -> Affine {
        let shift = [0.0, slope * (0.5 * shape.width as f64)];
        Affine { linear: [[1.0, 0.0], [slope, 1.0]], shift }
    }

    /// The image is moved by whole pixels.
    pub(super) fn moved(right: i64, down: i64) -> Affine {
        Affine { shift: [-(right as f64), -(down as f64)], ..Affine::IDENTITY }
    }

    /// The column and the row of the image that the pixel of the result shows.
    #[inline(always)]
    fn source(&self, column: usize, row: usize, shape: ImageSize) -> [f64; 2] {
        let [right, down] = [shape.width, shape.height].map(|side| 0.5 * side as f64 - 0.5);
        let (u, v) = (column as f64 - right, row as f64 - down);
        let [[a, b], [c, d]] = self.linear;
        [a * u + b * v + self.shift[0] + right, c * u + d * v + self.shift[1] + down]
    }

    /// Writes the mapped image of `values` into `mapped`: the mean of the four pixels around a place,
    /// weighted by their distances, where those beyond the image are 0.
    #[inline(always)]
    pub(super) fn interpolate(&self, values: &[f32], shape: ImageSize, mapped: &mut [f32]) {
        let ImageSize { height, width, .. } = shape;
        for row in 0..height {
            for column in 0..width {
                let [x, y] = self.source(column, row, shape);
                let pixel = row * width + column;
                let Some(corners) = Corners::around(x, y, shape) else {
                    mapped[pixel..].iter_mut().step_by(shape.plane()).for_each(|out| *out = 0.0);
                    continue;
                };
                let planes = values.chunks_exact(shape.plane());
                for (plane, out) in planes.zip(mapped[pixel..].iter_mut().step_by(shape.plane())) {
                    *out = corners.mean(plane);
                }
            }
        }
    }

    /// Writes the mapped image of `pixels` into `mapped`: the nearest pixel, of two equally near ones
    /// that with an even index; 0 beyond the image.
    #[inline(always)]
    pub(super) fn nearest(&self, pixels: &[u8], shape: ImageSize, mapped: &mut [u8]) {
        let ImageSize { height, width, .. } = shape;
        for row in 0..height {
            for column in 0..width {
                let [x, y] = self.source(column, row, shape).map(f64::round_ties_even);
                let is_inside = x >= 0.0 && x < width as f64 && y >= 0.0 && y < height as f64;
                let source = is_inside.then(|| y as usize * width + x as usize);
                let planes = pixels.chunks_exact(shape.plane());
                for (plane, mapped) in planes.zip(mapped.chunks_exact_mut(shape.plane())) {
                    mapped[row * width + column] = source.map_or(0, |source| plane[source]);
                }
            }
        }
    }
}

/// The four pixels around a place, with their weights.
struct Corners {
    pixels: [usize; 4],
    weights: [f32; 4],
}

impl Corners {
    /// None if all of them are beyond the image.
    #[inline(always)]
    fn around(x: f64, y: f64, shape: ImageSize) -> Option<Corners> {
        let ([left, right], [of_left, of_right]) = Corners::on_side(x, shape.width)?;
        let ([above, below], [of_above, of_below]) = Corners::on_side(y, shape.height)?;
        let (above, below) = (above * shape.width, below * shape.width);
        Some(Corners {
            pixels: [above + left, above + right, below + left, below + right],
            weights: [
                of_left * of_above,
                of_right * of_above,
                of_left * of_below,
                of_right * of_below,
            ],
        })
    }

    /// The pixels before and after a place along a side, with their weights; those beyond it have none.
    #[inline(always)]
    fn on_side(place: f64, side: usize) -> Option<([usize; 2], [f32; 2])> {
        let last = side as f64 - 1.0;
        if !(place > -1.0 && place < last + 1.0) {
            return None; // also if it is not a number
        }
        let before = place.floor();
        let of_after = (place - before) as f32;
        Some(match (before < 0.0, before >= last) {
            (true, _) => ([0, 0], [0.0, of_after]),
            (_, true) => ([side - 1, side - 1], [1.0 - of_after, 0.0]),
            _ => ([before as usize, before as usize + 1], [1.0 - of_after, of_after]),
        })
    }

    #[inline(always)]
    fn mean(&self, plane: &[f32]) -> f32 {
        let part = |i: usize| plane[self.pixels[i]] * self.weights[i];
        part(0) + part(1) + part(2) + part(3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::augment::testing::{assert_near, fixtures, numbers};

    #[test]
    fn equals_torchvision() {
        for case in fixtures()["affine"].as_array().unwrap() {
            let [channels, height, width] = [0, 1, 2].map(|i| numbers(&case["shape"])[i] as usize);
            let shape = ImageSize { channels, height, width };
            let [degrees, factor] = ["degrees", "factor"].map(|key| case[key].as_f64().unwrap());
            let mut mapped = vec![f32::NAN; shape.features()];
            let map = Affine::IDENTITY.turned(degrees).scaled(factor);
            map.interpolate(&numbers(&case["input"]), shape, &mut mapped);
            // The coordinates of torchvision have 32 bits.
            assert_near(&mapped, &numbers(&case["output"]), 2e-5, &format!("{degrees} {factor}"));
        }
    }

    #[test]
    fn the_order_of_turning_and_scaling_does_not_matter() {
        let [one, other] =
            [Affine::IDENTITY.turned(33.0).scaled(0.7), Affine::IDENTITY.scaled(0.7).turned(33.0)];
        for (a, b) in one.linear.as_flattened().iter().zip(other.linear.as_flattened()) {
            assert!((a - b).abs() < 1e-15);
        }
    }

    #[test]
    fn hand_worked_maps() {
        let shape = ImageSize { channels: 1, height: 2, width: 2 };
        let mapped = |map: Affine| {
            let (mut values, mut bytes) = ([f32::NAN; 4], [9; 4]);
            map.interpolate(&[1.0, 2.0, 3.0, 4.0], shape, &mut values);
            map.nearest(&[1, 2, 3, 4], shape, &mut bytes);
            assert_near(&values, &bytes.map(f32::from), 1e-6, "exact places");
            bytes
        };
        assert_eq!(mapped(Affine::IDENTITY), [1, 2, 3, 4]);
        assert_eq!(mapped(Affine::IDENTITY.turned(90.0)), [3, 1, 4, 2]);
        assert_eq!(mapped(Affine::IDENTITY.turned(180.0)), [4, 3, 2, 1]);
        assert_eq!(mapped(Affine::moved(1, 0)), [0, 1, 0, 3]);
        assert_eq!(mapped(Affine::moved(0, -1)), [3, 4, 0, 0]);
        assert_eq!(mapped(Affine::moved(2, 0)), [0; 4]);
        let mut half = [f32::NAN; 4];
        Affine::IDENTITY.scaled(0.5).interpolate(&[4.0; 4], shape, &mut half);
        assert_eq!(half, [1.0; 4]); // a quarter of the pixel lies in the image
    }

    #[test]
    fn extreme_factors_give_values_all_the_same() {
        let shape = ImageSize { channels: 2, height: 5, width: 4 };
        for factor in [5e-324, 1e-300, 1e-45, 1e300] {
            let mut mapped = [f32::NAN; 40];
            Affine::IDENTITY.turned(180.0).scaled(factor).interpolate(
                &[1.0; 40],
                shape,
                &mut mapped,
            );
            assert!(mapped.iter().all(|x| (0.0..=1.0).contains(x)), "{factor}: {mapped:?}");
        }
    }
}
