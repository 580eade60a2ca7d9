//! The ten shapes of the synthetic images, as distances from their outlines. Separate because it is
//! geometry alone: no random numbers, no colours.

/// What a synthetic image shows. The order is that of the labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
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

impl Shape {
    /// Every shape; its place is its label.
    pub(super) const ALL: [Shape; 10] = [
        Shape::Disc,
        Shape::Ring,
        Shape::Square,
        Shape::Frame,
        Shape::Triangle,
        Shape::Plus,
        Shape::Cross,
        Shape::HorizontalBars,
        Shape::VerticalBars,
        Shape::Checker,
    ];

    /// The name of the class.
    pub(super) fn name(self) -> &'static str {
        match self {
            Shape::Disc => "disc",
            Shape::Ring => "ring",
            Shape::Square => "square",
            Shape::Frame => "frame",
            Shape::Triangle => "triangle",
            Shape::Plus => "plus",
            Shape::Cross => "cross",
            Shape::HorizontalBars => "horizontal bars",
            Shape::VerticalBars => "vertical bars",
            Shape::Checker => "checker",
        }
    }

    /// How much of the pixel at (`x`, `y`) from the centre the shape covers, 0 to 1: a ramp of one
    /// pixel across the outline.
    pub(super) fn coverage(self, x: f32, y: f32, size: f32) -> f32 {
        (0.5 - size * self.distance(x / size, y / size)).clamp(0.0, 1.0)
    }

    /// Distance to the outline of the shape of size 1, negative inside. The proportions give all
    /// shapes nearly the same area, or else the share of the pixels in the second colour would give
    /// the class away. (`min` and `max` may return either zero; no result depends on its sign.)
    fn distance(self, x: f32, y: f32) -> f32 {
        match self {
            Shape::Disc => radius(x, y) - 0.85,
            Shape::Ring => (radius(x, y) - 0.84).abs() - 0.21,
            Shape::Square => bar(x, y, 0.75, 0.75),
            Shape::Frame => bar(x, y, 1.0, 1.0).max(-bar(x, y, 0.66, 0.66)),
            Shape::Triangle => triangle(x, y),
            Shape::Plus => plus(x, y),
            // Coordinates turned by 45 degrees.
            Shape::Cross => plus((x + y) * HALF_SQRT, (x - y) * HALF_SQRT),
            Shape::HorizontalBars => bars(x, y),
            Shape::VerticalBars => bars(y, x),
            Shape::Checker => checker(x, y),
        }
    }
}

/// sqrt(1/2), the sine and cosine of 45 degrees.
const HALF_SQRT: f32 = std::f32::consts::FRAC_1_SQRT_2;

fn radius(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}

/// A rectangle about the origin, by half its width and half its height.
fn bar(x: f32, y: f32, half_width: f32, half_height: f32) -> f32 {
    (x.abs() - half_width).max(y.abs() - half_height)
}

/// Point up; the sides rise 2 for 1, so their unit normal is (2, -1) / sqrt(5).
fn triangle(x: f32, y: f32) -> f32 {
    let side = x.abs() * 0.894_427_2 - (y + 1.32) * 0.447_213_6;
    side.max(y - 0.77)
}

fn plus(x: f32, y: f32) -> f32 {
    bar(x, y, 1.08, 0.29).min(bar(x, y, 0.29, 1.08))
}

/// Three bars, one above the other.
fn bars(x: f32, y: f32) -> f32 {
    let nearest = y.abs().min((y.abs() - 0.81).abs());
    bar(x, nearest, 1.0, 0.19)
}

/// The five dark fields of a board of 3 by 3: the middle and the corners.
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
        for shape in Shape::ALL {
            let pixels = (0..64 * 64).map(|i| (i % 64, i / 64));
            let area: f32 =
                pixels.map(|(x, y)| shape.coverage(x as f32 - 31.5, y as f32 - 31.5, 20.0)).sum();
            let relative = area / (20.0 * 20.0);
            assert!((2.1..2.4).contains(&relative), "{shape:?}: {relative}");
        }
    }

    #[test]
    fn label_is_the_place_in_all() {
        for (label, shape) in Shape::ALL.into_iter().enumerate() {
            assert_eq!(shape as usize, label);
        }
    }

    #[test]
    fn triangle_points_up_and_ring_is_hollow() {
        let at = |shape: Shape, x, y| shape.coverage(x, y, 10.0);
        assert_eq!(at(Shape::Triangle, 5.0, -8.0), 0.0);
        assert_eq!(at(Shape::Triangle, 5.0, 5.0), 1.0);
        assert_eq!(at(Shape::Ring, 0.0, 0.0), 0.0);
        assert_eq!(at(Shape::Ring, 8.4, 0.0), 1.0);
    }
}
