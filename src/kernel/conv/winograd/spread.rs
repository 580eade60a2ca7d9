//! Transforms source tiles: for all places at once, or for those of one row.

use std::ops::Range;

use super::elements::{Elements, for_registers};
use super::tiling::{SIDE, Tiling};
use super::transforms::{Square, needs, source};
use crate::kernel::lanes::{Lanes, Wide};

/// The source of some tiles, and the destination of its transform.
///
/// # Safety
/// In `result`, tiles lie `stride` elements apart, and places lie `place` elements apart. A tile
/// has one element for each channel of the tiling. `result` has room for all tiles at all places
/// that are written.
pub(super) struct TileSpread<'a> {
    pub(super) tiling: Tiling,
    pub(super) source: &'a [f32],
    pub(super) tiles: Range<usize>,
    pub(super) result: &'a mut [f32],
    pub(super) stride: usize,
    pub(super) place: usize,
    /// Room for the rows of a tile that are read.
    pub(super) edge: &'a mut [f32],
    /// `[SIDE, channels]`
    pub(super) zeros: &'a [f32],
}

/// Transforms tiles for all places.
pub(super) struct AllRows<'a>(pub(super) TileSpread<'a>);

impl Wide for AllRows<'_> {
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        let TileSpread { tiling, source: images, tiles, result, stride, place, edge, zeros } =
            self.0;
        let channels = tiling.channels;
        for (i, tile) in tiling.tiles(tiles).enumerate() {
            let rows = tiling.source_rows(images, tile, [0, 1, 2, 3], zeros, edge);
            let [a, b, c, d] = rows; // of SIDE * channels elements each
            // SAFETY: the promise of `TileSpread`. A tile at a place, and a pixel of each row, have
            // `channels` elements; those that this register holds from `at` on are among them.
            unsafe {
                let out = result.as_mut_ptr().add(i * stride);
                for_registers!(V, channels, |at, elements| {
                    let pixels: Square<SIDE, V> = [
                        elements.load_row(a.as_ptr().add(at), channels),
                        elements.load_row(b.as_ptr().add(at), channels),
                        elements.load_row(c.as_ptr().add(at), channels),
                        elements.load_row(d.as_ptr().add(at), channels),
                    ];
                    for row in 0..SIDE {
                        let [first, second] = needs(row);
                        let values = source([pixels[first], pixels[second]], row);
                        for (col, value) in values.into_iter().enumerate() {
                            elements.store(value, out.add((SIDE * row + col) * place + at));
                        }
                    }
                });
            }
        }
    }
}

/// Transforms tiles for the places of row `row`.
pub(super) struct OneRow<'a> {
    pub(super) spread: TileSpread<'a>,
    pub(super) row: usize,
}

impl Wide for OneRow<'_> {
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        let OneRow { spread, row } = self;
        let TileSpread { tiling, source: images, tiles, result, stride, place, edge, zeros } =
            spread;
        let channels = tiling.channels;
        for (i, tile) in tiling.tiles(tiles).enumerate() {
            let rows = tiling.source_rows(images, tile, needs(row), zeros, edge);
            let [first, second] = rows; // of SIDE * channels elements each
            // SAFETY: as in `AllRows`.
            unsafe {
                let out = result.as_mut_ptr().add(i * stride);
                for_registers!(V, channels, |at, elements| {
                    let pixels = [
                        elements.load_row(first.as_ptr().add(at), channels),
                        elements.load_row(second.as_ptr().add(at), channels),
                    ];
                    let transformed: [V; SIDE] = source(pixels, row);
                    for (col, value) in transformed.into_iter().enumerate() {
                        elements.store(value, out.add(col * place + at));
                    }
                });
            }
        }
    }
}
