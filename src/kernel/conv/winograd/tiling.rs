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

    /// The source pixels of `tile`. `zeros` has `SIDE * channels` elements.
    #[inline(always)]
    pub(super) fn source<'a>(
        &self,
        source: &'a [f32],
        tile: Tile,
        zeros: &'a [f32],
    ) -> TileSource<'a, SIDE> {
        let Self { height, width, channels, padding } = *self;
        // The tile's columns that lie in the image, as columns of the padded image.
        let x = M * tile.col;
        let first = x.max(padding).min(x + SIDE);
        let end = (x + SIDE).min(width + padding).max(first);
        let len = (end - first) * channels;
        let mut rows = [&zeros[..len]; SIDE];
        for (row, pixels) in rows.iter_mut().enumerate() {
            let y = (M * tile.row + row).checked_sub(padding).filter(|y| *y < height);
            if let Some(y) = y.filter(|_| len > 0) {
                let start = (y * width + first - padding) * channels;
                *pixels = &source[tile.image * self.source_len() + start..][..len];
            }
        }
        TileSource { rows, cols: first - x..end - x }
    }
}

/// The source pixels of a tile.
#[derive(Debug, PartialEq)]
pub(super) struct TileSource<'a, const SIDE: usize> {
    /// The pixels of each row that lie in the columns of the image, `[cols, channels]`: zeros in a
    /// row beyond its edge.
    pub(super) rows: [&'a [f32]; SIDE],
    /// The tile's columns that lie in the image.
    pub(super) cols: Range<usize>,
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
    fn what_lies_beyond_the_edge_is_zeros_or_is_left_out() {
        let tiling = Tiling::<2, 4> { height: 3, width: 3, channels: 2, padding: 1 };
        let source: Vec<f32> = (1..=36).map(|i| i as f32).collect(); // two images
        let zeros = [0.0; 8];
        let of = |image, row, col| tiling.source(&source, Tile { image, row, col }, &zeros);
        let TileSource { rows, cols } = of(1, 0, 0);
        assert_eq!(cols, 1..4);
        assert_eq!(rows[0], [0.0; 6]);
        assert_eq!(rows[1], [19.0, 20.0, 21.0, 22.0, 23.0, 24.0]);
        let TileSource { rows, cols } = of(0, 1, 1);
        assert_eq!(cols, 0..2);
        assert_eq!(
            rows,
            [&[9.0, 10.0, 11.0, 12.0], &[15.0, 16.0, 17.0, 18.0], &[0.0; 4], &[0.0; 4]]
        );
    }

    #[test]
    fn a_tile_beyond_the_image_has_no_columns() {
        let tiling = Tiling::<4, 6> { height: 3, width: 3, channels: 1, padding: 2 };
        let (source, zeros) = ([1.0; 9], [0.0; 6]);
        let tile = tiling.source(&source, Tile { image: 0, row: 0, col: 1 }, &zeros);
        assert_eq!(tile.cols, 0..1);
        let beyond = Tiling::<2, 4> { height: 3, width: 3, channels: 1, padding: 2 };
        let tile = beyond.source(&source, Tile { image: 0, row: 2, col: 2 }, &zeros);
        assert_eq!((tile.rows, tile.cols), ([&[1.0][..], &[0.0], &[0.0], &[0.0]], 0..1));
        let tile = beyond.source(&source, Tile { image: 0, row: 0, col: 3 }, &zeros);
        assert_eq!((tile.rows, tile.cols), ([&[][..]; 4], 0..0));
    }
}
