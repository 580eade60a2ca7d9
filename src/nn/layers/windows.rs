//! The positions of pooling windows, and how their loops go over channels.

use std::ops::Range;

use crate::nn::plan::{LayerMisfit, Site};

/// The most rows, columns and distance of a window: more than any image has.
pub(super) const MOST_PIXELS: i64 = 4096;

/// How often a window fits, `floor((n + 2 padding - kernel_size) / stride) + 1`, down and across.
pub(super) fn fit(
    site: &Site<'_>,
    kernel_size: usize,
    stride: usize,
    padding: usize,
) -> Result<[usize; 2], LayerMisfit> {
    let input = site.input;
    let sides = [input.height + 2 * padding, input.width + 2 * padding];
    if sides.iter().any(|side| *side < kernel_size) {
        let padded = match padding {
            0 => String::new(),
            _ => format!(", {} x {} with its padding", sides[0], sides[1]),
        };
        let label = format!(
            "the window is {kernel_size} x {kernel_size}, but the input is {input}{padded}"
        );
        return Err(site.misfit("kernel_size", "a window is larger than its image", label));
    }
    Ok(sides.map(|side| (side - kernel_size) / stride + 1))
}

/// A window in words, with stride and padding if they are not the defaults.
pub(super) fn words_of(
    kernel_size: usize,
    stride: usize,
    usual_stride: usize,
    padding: usize,
) -> String {
    let mut words = format!("{kernel_size}x{kernel_size}");
    if stride != usual_stride {
        words.push_str(&format!(", stride {stride}"));
    }
    if padding != 0 {
        words.push_str(&format!(", padding {padding}"));
    }
    words
}

/// Windows over images `[height, width, channels]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolGeometry {
    /// Rows of the image.
    pub height: usize,
    /// Columns of the image.
    pub width: usize,
    /// Numbers of each pixel.
    pub channels: usize,
    /// Rows and columns of a window.
    pub size: usize,
    /// Distance between windows.
    pub stride: usize,
    /// Border around the image, at most half of `size`, so that each window contains a pixel.
    pub padding: usize,
}

/// Which pixels are in which windows, row by row.
#[derive(Debug)]
pub(super) struct Windows {
    pub(super) geometry: PoolGeometry,
    rows: WindowAxis,
    cols: WindowAxis,
}

/// Rows, or columns, of the windows.
#[derive(Debug)]
struct WindowAxis {
    pixels: Vec<Range<usize>>,  // of each window: the pixels in it
    windows: Vec<Range<usize>>, // of each pixel: the windows that contain it
}

impl WindowAxis {
    fn new(len: usize, PoolGeometry { size, stride, padding, .. }: PoolGeometry) -> WindowAxis {
        let count = (len + 2 * padding - size) / stride + 1;
        let pixels = (0..count).map(|window| {
            let (start, end) = (window * stride, window * stride + size);
            start.saturating_sub(padding)..(end - padding).min(len)
        });
        let windows = (0..len).map(|pixel| {
            let at = pixel + padding; // windows start at or before it, and less than `size` before
            let first = (at + 1).saturating_sub(size).div_ceil(stride);
            first..(at / stride + 1).min(count)
        });
        WindowAxis { pixels: pixels.collect(), windows: windows.collect() }
    }
}

impl Windows {
    /// # Panics
    /// If a window is larger than the image with its border, or may lie entirely in the border.
    pub(super) fn new(geometry: PoolGeometry) -> Windows {
        let PoolGeometry { height, width, size, stride, padding, .. } = geometry;
        assert!(size >= 1 && stride >= 1 && padding <= size / 2, "{geometry:?}");
        assert!(size <= height.min(width) + 2 * padding, "{geometry:?}");
        Windows {
            geometry,
            rows: WindowAxis::new(height, geometry),
            cols: WindowAxis::new(width, geometry),
        }
    }

    /// Numbers of an image.
    pub(super) fn in_features(&self) -> usize {
        let PoolGeometry { height, width, channels, .. } = self.geometry;
        height * width * channels
    }

    /// Numbers of an image of one pixel for each window.
    pub(super) fn out_features(&self) -> usize {
        self.rows.pixels.len() * self.cols.pixels.len() * self.geometry.channels
    }

    /// Each window in order: the rows and the columns of its pixels, and the number that the first
    /// of these pixels has in the window.
    #[inline(always)]
    pub(super) fn each(&self) -> impl Iterator<Item = (Range<usize>, Range<usize>, usize)> {
        let PoolGeometry { size, stride, padding, .. } = self.geometry;
        let skipped = move |window: usize| padding.saturating_sub(window * stride);
        self.rows.pixels.iter().enumerate().flat_map(move |(row, rows)| {
            self.cols.pixels.iter().enumerate().map(move |(col, cols)| {
                (rows.clone(), cols.clone(), skipped(row) * size + skipped(col))
            })
        })
    }

    /// Each pixel in order: the rows and the columns of the windows that it lies in, and its number
    /// within the first of these. From window to window its number falls: by `stride` along a row
    /// of windows, and by `stride` times `size` along a column.
    #[inline(always)]
    pub(super) fn each_pixel(&self) -> impl Iterator<Item = (Range<usize>, Range<usize>, usize)> {
        let PoolGeometry { size, stride, padding, .. } = self.geometry;
        // If no window starts at or before the pixel, its number is not used.
        let within = move |pixel: usize, windows: &Range<usize>| {
            (pixel + padding).wrapping_sub(windows.start * stride)
        };
        self.rows.windows.iter().enumerate().flat_map(move |(row, rows)| {
            self.cols.windows.iter().enumerate().map(move |(col, cols)| {
                let number = within(row, rows).wrapping_mul(size);
                (rows.clone(), cols.clone(), number.wrapping_add(within(col, cols)))
            })
        })
    }

    /// Columns of windows.
    pub(super) fn out_width(&self) -> usize {
        self.cols.pixels.len()
    }
}

/// Work on `L` adjacent channels from `start`. It may be done twice on the same channel.
pub(super) trait OnChannels {
    fn run<const L: usize>(&mut self, start: usize);
}

/// Does `work` on all channels in blocks of a fixed size, so that a block's values stay in
/// registers. The last block may overlap the one before it.
#[inline(always)]
pub(super) fn cover(channels: usize, work: &mut impl OnChannels) {
    match channels {
        64.. => cover_by::<32>(channels, work),
        16.. => cover_by::<16>(channels, work),
        8.. => cover_by::<8>(channels, work),
        4.. => cover_by::<4>(channels, work),
        _ => cover_by::<1>(channels, work),
    }
}

#[inline(always)]
fn cover_by<const L: usize>(channels: usize, work: &mut impl OnChannels) {
    let blocks = channels / L;
    for block in 0..blocks {
        work.run::<L>(block * L);
    }
    if blocks * L < channels {
        work.run::<L>(channels - L);
    }
}

/// `L` numbers from `start`.
///
/// # Panics
/// If there are fewer.
#[inline(always)]
pub(super) fn lanes<N, const L: usize>(numbers: &[N], start: usize) -> &[N; L] {
    numbers[start..].first_chunk().expect("the block lies within the pixels")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_and_windows_name_each_other() {
        for (size, stride, padding) in [(2, 2, 0), (3, 2, 1), (3, 1, 1), (2, 3, 0), (5, 5, 2)] {
            let geometry = PoolGeometry { height: 7, width: 8, channels: 1, size, stride, padding };
            let windows = Windows::new(geometry);
            assert_eq!(windows.out_width(), (8 + 2 * padding - size) / stride + 1);
            let mut pairs = Vec::new(); // window, pixel, number of the pixel in the window
            for (window, (rows, cols, first)) in windows.each().enumerate() {
                for (i, row) in rows.enumerate() {
                    for (j, col) in cols.clone().enumerate() {
                        pairs.push((window, row * 8 + col, first + i * size + j));
                    }
                }
            }
            let mut from_pixels = Vec::new();
            for (pixel, (rows, cols, first)) in windows.each_pixel().enumerate() {
                for (i, row) in rows.enumerate() {
                    for (j, col) in cols.clone().enumerate() {
                        let number = first - i * stride * size - j * stride;
                        from_pixels.push((row * windows.out_width() + col, pixel, number));
                    }
                }
            }
            from_pixels.sort_unstable();
            assert_eq!(pairs, from_pixels, "{geometry:?}");
        }
    }

    #[test]
    fn blocks_cover_all_channels() {
        struct Seen(Vec<u8>);
        impl OnChannels for Seen {
            fn run<const L: usize>(&mut self, start: usize) {
                self.0[start..start + L].fill(1);
            }
        }
        for channels in 1..150 {
            let mut seen = Seen(vec![0; channels]);
            cover(channels, &mut seen);
            assert_eq!(seen.0, vec![1; channels]);
        }
    }
}
