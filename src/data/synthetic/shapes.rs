//! The ten shapes of the synthetic images, as distances from their outlines. Separate because it is
//! only geometry: no random numbers, no colours.

use crate::kernel::vectorise;

/// What a synthetic image shows. The order is that of the labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SyntheticShape {
    Disc,
    Ring,
    Square,
    Frame,
    Triangle,
    Plus,
    Cross,
    HorizontalBars,
    VerticalBars,
    Checker,
}

impl SyntheticShape {
    /// Every shape; its index is its label.
    pub(super) const ALL: [SyntheticShape; 10] = [
        SyntheticShape::Disc,
        SyntheticShape::Ring,
        SyntheticShape::Square,
        SyntheticShape::Frame,
        SyntheticShape::Triangle,
        SyntheticShape::Plus,
        SyntheticShape::Cross,
        SyntheticShape::HorizontalBars,
        SyntheticShape::VerticalBars,
        SyntheticShape::Checker,
    ];

    /// The name of the class.
    pub(super) fn name(self) -> &'static str {
        match self {
            SyntheticShape::Disc => "disc",
            SyntheticShape::Ring => "ring",
            SyntheticShape::Square => "square",
            SyntheticShape::Frame => "frame",
            SyntheticShape::Triangle => "triangle",
            SyntheticShape::Plus => "plus",
            SyntheticShape::Cross => "cross",
            SyntheticShape::HorizontalBars => "horizontal bars",
            SyntheticShape::VerticalBars => "vertical bars",
            SyntheticShape::Checker => "checker",
        }
    }

    /// How much of each pixel the shape covers, 0 to 1: a ramp of one pixel across the outline.
    /// `at`: the pixels' positions relative to the shape's centre.
    ///
    /// Distances from the outline of the shape of size 1, negative inside. The proportions give all
    /// shapes nearly the same area; otherwise the share of pixels in the second colour would reveal
    /// the class. (`min` and `max` may return either zero; no result depends on its sign.)
    pub(super) fn cover<const N: usize>(
        self,
        at: impl Fn(usize) -> (f32, f32),
        size: f32,
    ) -> [f32; N] {
        match self {
            SyntheticShape::Disc => cover(at, size, |x, y| radius(x, y) - 0.85),
            SyntheticShape::Ring => cover(at, size, |x, y| (radius(x, y) - 0.84).abs() - 0.21),
            SyntheticShape::Square => cover(at, size, |x, y| bar(x, y, 0.75, 0.75)),
            SyntheticShape::Frame => {
                cover(at, size, |x, y| bar(x, y, 1.0, 1.0).max(-bar(x, y, 0.66, 0.66)))
            }
            SyntheticShape::Triangle => cover(at, size, triangle),
            SyntheticShape::Plus => cover(at, size, plus),
            // Coordinates turned by 45 degrees.
            SyntheticShape::Cross => {
                cover(at, size, |x, y| plus((x + y) * HALF_SQRT, (x - y) * HALF_SQRT))
            }
            SyntheticShape::HorizontalBars => cover(at, size, bars),
            SyntheticShape::VerticalBars => cover(at, size, |x, y| bars(y, x)),
            SyntheticShape::Checker => cover(at, size, checker),
        }
    }
}

/// [`SyntheticShape::cover`] by the `distance` from the outline.
fn cover<const N: usize>(
    at: impl Fn(usize) -> (f32, f32),
    size: f32,
    distance: impl Fn(f32, f32) -> f32,
) -> [f32; N] {
    let mut covered = [0.0; N];
    vectorise(
        #[inline(always)]
        || {
            for (pixel, share) in covered.iter_mut().enumerate() {
                let (x, y) = at(pixel);
                *share = (0.5 - size * distance(x / size, y / size)).clamp(0.0, 1.0);
            }
        },
    );
    covered
}

/// sqrt(1/2), the sine and cosine of 45 degrees.
const HALF_SQRT: f32 = std::f32::consts::FRAC_1_SQRT_2;

#[inline(always)]
fn radius(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}

/// A rectangle around the origin, given by half its width and half its height.
#[inline(always)]
fn bar(x: f32, y: f32, half_width: f32, half_height: f32) -> f32 {
    (x.abs() - half_width).max(y.abs() - half_height)
}

/// Point up; the sides rise 2 for 1, so their unit normal is (2, -1) / sqrt(5).
#[inline(always)]
fn triangle(x: f32, y: f32) -> f32 {
    let side = x.abs() * 0.894_427_2 - (y + 1.32) * 0.447_213_6;
    side.max(y - 0.77)
}

#[inline(always)]
fn plus(x: f32, y: f32) -> f32 {
    bar(x, y, 1.08, 0.29).min(bar(x, y, 0.29, 1.08))
}

/// Three bars, one above the other.
#[inline(always)]
fn bars(x: f32, y: f32) -> f32 {
    let nearest = y.abs().min((y.abs() - 0.81).abs());
    bar(x, nearest, 1.0, 0.19)
}

/// The five dark fields of a board of 3 by 3: the middle and the corners.
#[inline(always)]
fn checker(x: f32, y: f32) -> f32 {
    const FIELD: f32 = 0.68;
    let corner = bar(x.abs() - FIELD, y.abs() - FIELD, FIELD / 2.0, FIELD / 2.0);
    bar(x, y, FIELD / 2.0, FIELD / 2.0).min(corner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_have_nearly_the_same_area() {
        for shape in SyntheticShape::ALL {
            let at = |i: usize| ((i % 64) as f32 - 31.5, (i / 64) as f32 - 31.5);
            let area: f32 = shape.cover::<{ 64 * 64 }>(at, 20.0).iter().sum();
            let relative = area / (20.0 * 20.0);
            assert!((2.1..2.4).contains(&relative), "{shape:?}: {relative}");
        }
    }

    #[test]
    fn label_is_the_place_in_all() {
        for (label, shape) in SyntheticShape::ALL.into_iter().enumerate() {
            assert_eq!(shape as usize, label);
        }
    }

    #[test]
    fn triangle_points_up_and_ring_is_hollow() {
        let at = |shape: SyntheticShape, x, y| shape.cover::<1>(|_| (x, y), 10.0)[0];
        assert_eq!(at(SyntheticShape::Triangle, 5.0, -8.0), 0.0);
        assert_eq!(at(SyntheticShape::Triangle, 5.0, 5.0), 1.0);
        assert_eq!(at(SyntheticShape::Ring, 0.0, 0.0), 0.0);
        assert_eq!(at(SyntheticShape::Ring, 8.4, 0.0), 1.0);
    }
}
