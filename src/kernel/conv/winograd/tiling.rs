//! Tiles of `M` x `M` pixels of a target image, and the `SIDE` x `SIDE` pixels of the source that
//! each depends on.

use std::ops::Range;

use crate::kernel::conv::ConvGeometry;

/// How images are divided into tiles. `M`: rows and columns of a tile in the target. `SIDE`: in the
/// source, two more.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tiling<const M: usize, const SIDE: usize> {
    /// Rows of a source image.
    height: usize,
    /// Columns of a source image.
    width: usize,
    /// Numbers of a source pixel.
    pub(super) channels: usize,
    /// Zeros on each side of the source.
    padding: usize,
}

/// Where a tile is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tile {
    pub(super) image: usize,
    pub(super) row: usize,
    pub(super) col: usize,
}

impl<const M: usize, const SIDE: usize> Tiling<M, SIDE> {
    /// Numbers of a transformed tile, or kernel, of one channel.
    pub(super) const PLACES: usize = SIDE * SIDE;

    /// The tiling of the forward pass: output pixels from input pixels.
    pub(super) fn forward(geometry: &ConvGeometry) -> Self {
        let ConvGeometry { height, width, in_channels: channels, padding, .. } = *geometry;
        Self { height, width, channels, padding }
    }

    /// The tiling of the input gradient: input pixels from output pixels, with the kernel turned.
    pub(super) fn backward(geometry: &ConvGeometry) -> Self {
        Self {
            height: geometry.out_height(),
            width: geometry.out_width(),
            channels: geometry.out_channels,
            padding: 2 - geometry.padding,
        }
    }

    /// Rows and columns of a target image.
    pub(super) fn target(&self) -> (usize, usize) {
        (self.height + 2 * self.padding - 2, self.width + 2 * self.padding - 2)
    }

    /// Rows of tiles in an image.
    pub(super) fn rows(&self) -> usize {
        self.target().0.div_ceil(M)
    }

    /// Tiles in a row of tiles.
    pub(super) fn cols(&self) -> usize {
        self.target().1.div_ceil(M)
    }

    /// Elements of a source image.
    pub(super) fn source_len(&self) -> usize {
        self.height * self.width * self.channels
    }

    /// The tiles numbered `range`, image by image and row by row.
    #[inline(always)]
    pub(super) fn tiles(&self, range: Range<usize>) -> impl Iterator<Item = Tile> + use<M, SIDE> {
        let (rows, cols) = (self.rows(), self.cols());
        let first = range.start / cols;
        let mut next = Tile { image: first / rows, row: first % rows, col: range.start % cols };
        range.map(move |_| {
            let tile = next;
            next.col += 1;
            if next.col == cols {
                (next.col, next.row) = (0, next.row + 1);
            }
            if next.row == rows {
                (next.row, next.image) = (0, next.image + 1);
            }
            tile
        })
    }

    /// Rows of the source pixels of `tile`, each `[SIDE, channels]`. A row that crosses the edge of
    /// the image is assembled in `edge`, which has room for all of them.
    #[inline(always)]
    pub(super) fn source_rows<'a>(
        &self,
        source: &'a [f32],
        tile: Tile,
        zeros: &'a [f32],
        edge: &'a mut [f32],
    ) -> [&'a [f32]; SIDE] {
        let edges = edge.chunks_exact_mut(SIDE * self.channels);
        let mut result = [zeros; SIDE]; // a loop: `map` is not always inlined
        for (row, (slot, own_edge)) in result.iter_mut().zip(edges).enumerate() {
            *slot = self.source_row(source, tile, row, zeros, own_edge);
        }
        result
    }

    #[inline(always)]
    fn source_row<'a>(
        &self,
        source: &'a [f32],
        tile: Tile,
        row: usize,
        zeros: &'a [f32],
        edge: &'a mut [f32],
    ) -> &'a [f32] {
        let Self { height, width, channels, padding } = *self;
        let len = SIDE * channels;
        let Some(y) = (M * tile.row + row).checked_sub(padding).filter(|y| *y < height) else {
            return &zeros[..len];
        };
        let pixels = &source[tile.image * self.source_len() + y * width * channels..];
        let x = M * tile.col;
        if x >= padding && x + SIDE <= width + padding {
            return &pixels[(x - padding) * channels..][..len];
        }
        // The tile's columns that lie in the image, as columns of the padded image.
        let first = x.max(padding).min(x + SIDE);
        let end = (x + SIDE).min(width + padding).max(first);
        let edge = &mut edge[..len];
        let (before, rest) = edge.split_at_mut((first - x) * channels);
        let (inside, after) = rest.split_at_mut((end - first) * channels);
        before.fill(0.0);
        if !inside.is_empty() {
            inside.copy_from_slice(&pixels[(first - padding) * channels..][..inside.len()]);
        }
        after.fill(0.0);
        edge
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_go_image_by_image_from_anywhere() {
        let tiling = Tiling::<2, 4> { height: 5, width: 3, channels: 1, padding: 1 };
        let tile = |image, row, col| Tile { image, row, col };
        let all: Vec<Tile> = (0..2)
            .flat_map(|image| (0..3).map(move |row| (image, row)))
            .flat_map(|(image, row)| [tile(image, row, 0), tile(image, row, 1)])
            .collect();
        assert_eq!(tiling.tiles(0..12).collect::<Vec<_>>(), all);
        for first in 0..12 {
            assert_eq!(tiling.tiles(first..12).collect::<Vec<_>>(), all[first..]);
        }
    }

    #[test]
    fn rows_beyond_the_edge_are_zeros() {
        let tiling = Tiling::<2, 4> { height: 3, width: 3, channels: 2, padding: 1 };
        let source: Vec<f32> = (1..=36).map(|i| i as f32).collect(); // two images
        let (zeros, mut edge) = ([0.0; 8], [f32::NAN; 8]);
        let tile = Tile { image: 1, row: 0, col: 0 };
        assert_eq!(tiling.source_row(&source, tile, 0, &zeros, &mut edge), [0.0; 8]);
        let expected = [0.0, 0.0, 19.0, 20.0, 21.0, 22.0, 23.0, 24.0];
        assert_eq!(tiling.source_row(&source, tile, 1, &zeros, &mut edge), expected);
        let tile = Tile { image: 0, row: 1, col: 1 };
        let expected = [9.0, 10.0, 11.0, 12.0, 0.0, 0.0, 0.0, 0.0];
        assert_eq!(tiling.source_row(&source, tile, 0, &zeros, &mut edge), expected);
        assert_eq!(tiling.source_row(&source, tile, 2, &zeros, &mut edge), [0.0; 8]);
    }
}
