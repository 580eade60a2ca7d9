//! Padded random crop: a border is added around the image, and a window of the image's size is cut out
//! of that, as torchvision's `RandomCrop(size, padding)` does (all offsets alike).

use super::{RandomCropConfig, Shape};
use crate::rng::Stream;

/// Where the window begins in the padded image, from 0 to twice the padding; the middle is the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Offset {
    down: usize,
    right: usize,
}

/// Draws where the window begins: first down, then right.
pub(super) fn draw(padding: usize, stream: &mut Stream) -> Offset {
    let offsets = 2 * padding as u32 + 1; // the padding is smaller than the image
    let mut draw = || stream.below(offsets) as usize;
    Offset { down: draw(), right: draw() }
}

/// Writes the window of `image` at `offset` into `window`, both of `shape`.
pub(super) fn crop(
    image: &[u8],
    shape: Shape,
    config: RandomCropConfig,
    offset: Offset,
    window: &mut [u8],
) {
    let RandomCropConfig { padding, fill } = config;
    let Shape { height, width, .. } = shape;
    let filled = padding.saturating_sub(offset.right); // columns of border on the left
    let skipped = offset.right.saturating_sub(padding); // columns of the image beyond the left end
    let kept = width - filled - skipped;
    let planes = image.chunks_exact(shape.plane()).zip(window.chunks_exact_mut(shape.plane()));
    for (image, window) in planes {
        for (y, row) in window.chunks_exact_mut(width).enumerate() {
            match (y + offset.down).checked_sub(padding).filter(|y| *y < height) {
                None => row.fill(fill),
                Some(y) => {
                    row[..filled].fill(fill);
                    row[filled..filled + kept]
                        .copy_from_slice(&image[y * width + skipped..][..kept]);
                    row[filled + kept..].fill(fill);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};

    /// As the words above say it, a pixel at a time.
    fn reference(
        image: &[u8],
        shape: Shape,
        config: RandomCropConfig,
        offset: Offset,
    ) -> Vec<u8> {
        let Shape { channels, height, width } = shape;
        let RandomCropConfig { padding, fill } = config;
        let mut window = Vec::new();
        for channel in 0..channels {
            for y in 0..height {
                for x in 0..width {
                    let (from_y, from_x) = (y + offset.down, x + offset.right);
                    let is_inside = |from: usize, side: usize| from >= padding && from < padding + side;
                    window.push(match is_inside(from_y, height) && is_inside(from_x, width) {
                        true => {
                            let row = channel * height + from_y - padding;
                            image[row * width + from_x - padding]
                        }
                        false => fill,
                    });
                }
            }
        }
        window
    }

    #[test]
    fn every_window_equals_the_plain_reference() {
        for [channels, height, width] in [[3, 6, 9], [1, 9, 6], [1, 2, 5], [2, 5, 2], [1, 2, 2]] {
            let shape = Shape { channels, height, width };
            let image: Vec<u8> = (1..=shape.features() as u8).collect();
            for padding in 1..height.min(width).min(4) {
                let config = RandomCropConfig { padding, fill: 200 };
                for down in 0..=2 * padding {
                    for right in 0..=2 * padding {
                        let offset = Offset { down, right };
                        let mut window = vec![99; shape.features()];
                        crop(&image, shape, config, offset, &mut window);
                        assert_eq!(window, reference(&image, shape, config, offset), "{offset:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn hand_worked_windows_of_torchvision() {
        // RandomCrop(2, padding=1) of [[1, 2], [3, 4]] at (0, 0), (1, 1) and (2, 1).
        let shape = Shape { channels: 1, height: 2, width: 2 };
        let window = |down, right| {
            let mut window = [9; 4];
            let config = RandomCropConfig { padding: 1, fill: 0 };
            crop(&[1, 2, 3, 4], shape, config, Offset { down, right }, &mut window);
            window
        };
        assert_eq!(window(0, 0), [0, 0, 0, 1]);
        assert_eq!(window(1, 1), [1, 2, 3, 4]);
        assert_eq!(window(2, 1), [3, 4, 0, 0]);
        assert_eq!(window(1, 2), [2, 0, 4, 0]);
    }

    #[test]
    fn all_offsets_are_alike() {
        let mut stream = stream(5, Purpose::Augmentation, 0, 1);
        let mut counts = [[0u32; 9]; 9];
        for _ in 0..81_000 {
            let Offset { down, right } = draw(4, &mut stream);
            counts[down][right] += 1;
        }
        // 5 standard deviations of a binomial with n = 81,000 and p = 1/81.
        assert!(counts.as_flattened().iter().all(|&n| n.abs_diff(1000) < 158), "{counts:?}");
    }
}
