//! Transforms source tiles: for all places at once, or for those of one row.

use std::ops::Range;

use super::elements::{Elements, for_registers};
use super::tiling::{TileSource, Tiling};
use super::transforms::{Lines, Square, of_row, source, source_row};
use crate::kernel::lanes::{Lanes, Wide};

/// The source of some tiles, and the destination of its transform.
///
/// # Safety
/// In `result`, tiles lie `stride` elements apart, and places lie `place` elements apart. A tile
/// has one element for each channel of the tiling. `result` has room for all tiles at all places
/// that are written.
pub(super) struct TileSpread<'a, const M: usize, const SIDE: usize> {
    pub(super) tiling: Tiling<M, SIDE>,
    pub(super) source: &'a [f32],
    pub(super) tiles: Range<usize>,
    pub(super) result: &'a mut [f32],
    pub(super) stride: usize,
    pub(super) place: usize,
    /// `[SIDE, channels]`
    pub(super) zeros: &'a [f32],
}

impl<const M: usize, const SIDE: usize> TileSpread<'_, M, SIDE>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    /// Transforms the tiles by `transform`, which gives the rows of places that are written.
    ///
    /// # Safety
    /// The type's promise; the CPU has the features of `V`.
    #[inline(always)]
    unsafe fn transform<V: Lanes, const ROWS: usize>(
        self,
        transform: impl Fn(Square<SIDE, V>) -> [[V; SIDE]; ROWS],
    ) {
        let TileSpread { tiling, source: images, tiles, result, stride, place, zeros } = self;
        let channels = tiling.channels;
        for (i, tile) in tiling.tiles(tiles).enumerate() {
            let TileSource { rows, cols } = tiling.source(images, tile, zeros);
            // SAFETY: the caller's promise. A tile at a place, and each of the pixels `cols` of a
            // row, have `channels` elements; those that this register holds from `at` on are among
            // them.
            unsafe {
                let out = result.as_mut_ptr().add(i * stride);
                for_registers!(V, channels, |at, elements| {
                    let mut pixels: Square<SIDE, V> = [[V::splat(0.0); SIDE]; SIDE];
                    for (pixel_row, row) in pixels.iter_mut().zip(rows) {
                        for (col, pixel) in pixel_row.iter_mut().enumerate() {
                            if cols.contains(&col) {
                                let number = (col - cols.start) * channels + at;
                                *pixel = elements.load(row.as_ptr().add(number));
                            }
                        }
                    }
                    for (row, values) in transform(pixels).into_iter().enumerate() {
                        for (col, value) in values.into_iter().enumerate() {
                            elements.store(value, out.add((SIDE * row + col) * place + at));
                        }
                    }
                });
            }
        }
    }
}

/// Transforms tiles for all places.
pub(super) struct AllRows<'a, const M: usize, const SIDE: usize>(
    pub(super) TileSpread<'a, M, SIDE>,
);

impl<const M: usize, const SIDE: usize> Wide for AllRows<'_, M, SIDE>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        // SAFETY: the promise of `TileSpread`, and the caller's.
        unsafe {
            self.0.transform(
                #[inline(always)]
                |pixels| source::<Tiling<M, SIDE>, V, M, SIDE>(pixels),
            )
        }
    }
}

/// Transforms tiles for the places of row `row`.
pub(super) struct OneRow<'a, const M: usize, const SIDE: usize> {
    pub(super) spread: TileSpread<'a, M, SIDE>,
    pub(super) row: usize,
}

impl<const M: usize, const SIDE: usize> OneRow<'_, M, SIDE>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    /// # Safety
    /// As for `run`.
    #[inline(always)]
    unsafe fn row<V: Lanes, const ROW: usize>(self) {
        // SAFETY: the promise of `TileSpread`, and the caller's.
        unsafe {
            self.spread.transform(
                #[inline(always)]
                |pixels| [source_row::<Tiling<M, SIDE>, V, M, SIDE, ROW>(pixels)],
            )
        }
    }
}

impl<const M: usize, const SIDE: usize> Wide for OneRow<'_, M, SIDE>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        // SAFETY: the promise of `TileSpread`, and the caller's. Which row it is, is known where it
        // is computed, so that the compiler leaves out what other rows need.
        unsafe { of_row!(self.row, |ROW| self.row::<V, ROW>()) }
    }
}
