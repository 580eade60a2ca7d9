//! Padded random crop and mirroring, in one pass over the rows: a border is added around the image,
//! a window of the image's size is cut out, like torchvision's `RandomCrop(size, padding)` (all
//! offsets equally likely), and the window may be mirrored left to right.

use super::ImageSize;

/// Which part of the padded image is taken, and whether it is mirrored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Window {
    pub(super) padding: usize,
    pub(super) down: usize, // where it starts in the padded image, from 0 to twice the padding
    pub(super) right: usize,
    pub(super) is_mirrored: bool,
    pub(super) fill: u8, // of the border
}

/// Writes the window of one plane of the image into `out`. `scale` turns pixels into values, `border` is
/// the value of the border.
#[inline(always)]
pub(super) fn take_window(
    plane: &[u8],
    shape: ImageSize,
    window: Window,
    border: f32,
    scale: impl Fn(&[u8], &mut [f32]),
    out: &mut [f32],
) {
    let Window { padding, down, right, is_mirrored, .. } = window;
    let ImageSize { height, width, .. } = shape;
    let filled = padding.saturating_sub(right); // columns of border on the left
    let skipped = right.saturating_sub(padding); // columns of the image beyond the left end
    let kept = width - filled - skipped;
    for (y, row) in out.chunks_exact_mut(width).enumerate() {
        match (y + down).checked_sub(padding).filter(|y| *y < height) {
            None => row.fill(border),
            Some(y) => {
                row[..filled].fill(border);
                scale(&plane[y * width + skipped..][..kept], &mut row[filled..filled + kept]);
                row[filled + kept..].fill(border);
            }
        }
        if is_mirrored {
            row.reverse();
        }
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
        let Window { padding, down, right, is_mirrored, .. } = window;
        let pixel = |i: usize| {
            let (channel, y, x) = (i / shape.plane(), i / width % height, i % width);
            let x = if is_mirrored { width - 1 - x } else { x };
            let y = (y + down).checked_sub(padding).filter(|y| *y < height);
            let x = (x + right).checked_sub(padding).filter(|x| *x < width);
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
                    let window =
                        Window { padding, down, right, is_mirrored: place % 2 == 1, fill: 0 };
                    let expected = reference(&image, shape, window, 0.5);
                    assert_eq!(taken(&image, shape, window, 0.5), expected, "{window:?}");
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
            let window = Window { padding, down, right, is_mirrored: false, fill: 0 };
            let border = case["fill"].as_f64().unwrap() as f32;
            assert_eq!(taken(&image, shape, window, border), numbers(&case["output"]));
        }
    }

    #[test]
    fn hand_worked_windows() {
        let shape = ImageSize { channels: 1, height: 2, width: 2 };
        let at = |down, right, is_mirrored| {
            let window = Window { padding: 1, down, right, is_mirrored, fill: 0 };
            taken(&[1, 2, 3, 4], shape, window, 0.0)
        };
        assert_eq!(at(0, 0, false), [0.0, 0.0, 0.0, 1.0]);
        assert_eq!(at(0, 0, true), [0.0, 0.0, 1.0, 0.0]);
        assert_eq!(at(1, 1, false), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(at(2, 1, false), [3.0, 4.0, 0.0, 0.0]);
        assert_eq!(at(1, 2, true), [0.0, 2.0, 0.0, 4.0]);
    }
}
