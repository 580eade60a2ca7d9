//! Padded random crop and mirroring, in one pass over the rows: a border is added around the image,
//! a window of the image's size is cut out, like torchvision's `RandomCrop(size, padding)` (all
//! offsets equally likely), and the window may be mirrored left to right.

use crate::data::augment::{Border, ImageSize};

/// Which part of the padded image is taken, and whether it is mirrored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) padding: usize,
    pub(super) down: usize, // where it starts in the padded image, from 0 to twice the padding
    pub(super) right: usize,
    pub(super) is_mirrored: bool,
    pub(super) border: Border,
    pub(super) fill: u8, // of the border, if it is of one colour
}

impl Window {
    /// The whole image.
    pub(super) const WHOLE: Window =
        Window { padding: 0, down: 0, right: 0, is_mirrored: false, border: Border::Fill, fill: 0 };
}

/// Writes the window of one plane of the image into `out`. `scale` turns pixels into values, `border` is
/// the value of a border of one colour.
#[inline(always)]
pub(super) fn take_window<T: Copy>(
    plane: &[u8],
    shape: ImageSize,
    window: Window,
    border: T,
    scale: impl Fn(&[u8], &mut [T]),
    out: &mut [T],
) {
    let Window { padding, down, right, is_mirrored, border: kind, .. } = window;
    let ImageSize { height, width, .. } = shape;
    let filled = padding.saturating_sub(right); // columns of border on the left
    let skipped = right.saturating_sub(padding); // columns of the image beyond the left end
    let kept = width - filled - skipped;
    for (y, row) in out.chunks_exact_mut(width).enumerate() {
        let inside = (y + down).checked_sub(padding).filter(|y| *y < height);
        let source = match (inside, kind) {
            (None, Border::Fill) => None,
            (None, Border::Reflect) => Some(reflected(y + down, padding, height)),
            (Some(y), _) => Some(y),
        };
        match source {
            None => row.fill(border),
            Some(y) => {
                let source = &plane[y * width..][..width];
                let (before, rest) = row.split_at_mut(filled);
                let (own, after) = rest.split_at_mut(kept);
                scale(&source[skipped..][..kept], own);
                match kind {
                    Border::Fill => {
                        before.fill(border);
                        after.fill(border);
                    }
                    Border::Reflect => {
                        scale(&source[1..][..filled], before);
                        before.reverse();
                        scale(&source[width - 1 - after.len()..width - 1], after);
                        after.reverse();
                    }
                }
            }
        }
        if is_mirrored {
            row.reverse();
        }
    }
}

/// The row of the image that row `y` of its padded version mirrors, for a row beyond the image.
fn reflected(y: usize, padding: usize, height: usize) -> usize {
    match padding.checked_sub(y) {
        Some(above) => above,
        None => 2 * (height - 1) - (y - padding),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::augment::testing::{fixtures, numbers};

    fn taken(image: &[u8], shape: ImageSize, window: Window, border: f32) -> Vec<f32> {
        let mut out = vec![f32::NAN; shape.features()];
        let planes = image.chunks_exact(shape.plane()).zip(out.chunks_exact_mut(shape.plane()));
        for (plane, out) in planes {
            let scale = |pixels: &[u8], out: &mut [f32]| {
                out.iter_mut().zip(pixels).for_each(|(out, x)| *out = f32::from(*x));
            };
            take_window(plane, shape, window, border, scale, out);
        }
        out
    }

    /// The definition above, one pixel at a time.
    fn reference(image: &[u8], shape: ImageSize, window: Window, border: f32) -> Vec<f32> {
        let ImageSize { channels, height, width } = shape;
        let Window { padding, down, right, is_mirrored, border: kind, .. } = window;
        let place = |padded: usize, side: usize| {
            let (place, last) = (padded as i64 - padding as i64, side as i64 - 1);
            let place = match kind {
                Border::Fill => place,
                Border::Reflect => last - (last - place.abs()).abs(),
            };
            (0..=last).contains(&place).then_some(place as usize)
        };
        let pixel = |i: usize| {
            let (channel, y, x) = (i / shape.plane(), i / width % height, i % width);
            let x = if is_mirrored { width - 1 - x } else { x };
            let (y, x) = (place(y + down, height), place(x + right, width));
            y.zip(x).map_or(border, |(y, x)| f32::from(image[(channel * height + y) * width + x]))
        };
        (0..channels * height * width).map(pixel).collect()
    }

    #[test]
    fn every_window_equals_the_plain_reference() {
        for [channels, height, width] in [[3, 6, 9], [1, 9, 6], [1, 2, 5], [2, 5, 2], [1, 1, 7]] {
            let shape = ImageSize { channels, height, width };
            let image: Vec<u8> = (1..=shape.features() as u8).collect();
            for padding in 0..height.min(width).min(4) {
                for place in 0..(2 * padding + 1) * (2 * padding + 1) * 2 {
                    let (down, right) =
                        (place / 2 / (2 * padding + 1), place / 2 % (2 * padding + 1));
                    for border in [Border::Fill, Border::Reflect] {
                        let is_mirrored = place % 2 == 1;
                        let window = Window { padding, down, right, is_mirrored, border, fill: 0 };
                        let expected = reference(&image, shape, window, 0.5);
                        assert_eq!(taken(&image, shape, window, 0.5), expected, "{window:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn equals_torchvision() {
        for case in fixtures()["random_crop"].as_array().unwrap() {
            let [channels, height, width] = numbers(&case["shape"])[..] else { panic!("a shape") };
            let [channels, height, width] = [channels, height, width].map(|side| side as usize);
            let shape = ImageSize { channels, height, width };
            let image: Vec<u8> = numbers(&case["input"]).iter().map(|&x| x as u8).collect();
            let padding = case["padding"].as_u64().unwrap() as usize;
            let [down, right] = [0, 1].map(|i| case["offset"][i].as_u64().unwrap() as usize);
            let (kind, border) = match case["fill"].as_f64() {
                Some(fill) => (Border::Fill, fill as f32),
                None => (Border::Reflect, f32::NAN),
            };
            let window = Window { padding, down, right, border: kind, ..Window::WHOLE };
            assert_eq!(taken(&image, shape, window, border), numbers(&case["output"]));
        }
    }

    #[test]
    fn hand_worked_windows() {
        let shape = ImageSize { channels: 1, height: 2, width: 2 };
        let at = |down, right, is_mirrored| {
            let window = Window { padding: 1, down, right, is_mirrored, ..Window::WHOLE };
            taken(&[1, 2, 3, 4], shape, window, 0.0)
        };
        assert_eq!(at(0, 0, false), [0.0, 0.0, 0.0, 1.0]);
        assert_eq!(at(0, 0, true), [0.0, 0.0, 1.0, 0.0]);
        assert_eq!(at(1, 1, false), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(at(2, 1, false), [3.0, 4.0, 0.0, 0.0]);
        assert_eq!(at(1, 2, true), [0.0, 2.0, 0.0, 4.0]);
        let reflected = Window { padding: 1, border: Border::Reflect, ..Window::WHOLE };
        assert_eq!(taken(&[1, 2, 3, 4], shape, reflected, f32::NAN), [4.0, 3.0, 2.0, 1.0]);
    }
}
