//! The weight gradient at each place: a product whose K goes over the tiles, and whose rows are the
//! channels of the source.

use std::ops::Range;

use super::elements::{Elements, for_registers};
use super::scratch::with_scratch;
use super::spread::{OneRow, TileSpread};
use super::tiling::Tiling;
use super::transforms::{Lines, Square, grad_row, of_row};
use crate::kernel::conv::sums::sum_rows;
use crate::kernel::lanes::{Lanes, MOST_LANES, Wide};
use crate::kernel::panels::{PanelGroup, Panels};
use crate::kernel::path::{Effort, KernelPath};
use crate::kernel::run::{Output, run_tile, run_wide};
use crate::kernel::split::{pieces, split};
use crate::kernel::tile::{K_BLOCK, Strip};

/// A thread's working memory, in elements, for `channels` channels of the target.
pub(super) fn scratch_len<const M: usize, const SIDE: usize>(
    tiling: &Tiling<M, SIDE>,
    channels: usize,
) -> usize {
    let grads = (SIDE + 1) * Panels::new(K_BLOCK, channels).len();
    let sources = SIDE * K_BLOCK * row_stride(tiling.channels);
    sources + grads + zeros(tiling, channels)
}

/// Elements of the longest run outside an image.
fn zeros<const M: usize, const SIDE: usize>(tiling: &Tiling<M, SIDE>, channels: usize) -> usize {
    channels.max(SIDE * tiling.channels)
}

/// Elements from one tile to the next: an odd number of cache lines, so that the same channel of
/// several tiles falls into many cache sets.
fn row_stride(channels: usize) -> usize {
    (channels.div_ceil(MOST_LANES) | 1) * MOST_LANES
}

/// The operands.
#[derive(Clone, Copy)]
pub(super) struct TileOuter<'a, const M: usize, const SIDE: usize> {
    pub(super) tiling: Tiling<M, SIDE>,
    /// `[images, height, width, channels]`
    pub(super) source: &'a [f32],
    /// `[images, target height, target width, target channels]`
    pub(super) grad_output: &'a [f32],
    /// The layout of the gradient at one place, `[channels, target channels]`.
    pub(super) layout: Panels,
    pub(super) images: usize,
}

/// A part of the work, which is transformed and multiplied together.
#[derive(Clone)]
struct OuterPart {
    /// The row of places.
    row: usize,
    /// Numbers of tiles, at most `K_BLOCK`.
    tiles: Range<usize>,
    /// The panels of the gradient's columns.
    panels: Range<usize>,
}

/// A thread's working memory: the transformed tiles of one row of places.
struct OuterScratch<'a> {
    /// `[side, K_BLOCK, row_stride]`
    sources: &'a mut [f32],
    /// `[side + 1, panels, tiles, width]`; each place has room for all panels. After the places: the
    /// sum of each tile.
    grads: &'a mut [f32],
    zeros: &'a [f32],
}

impl<const M: usize, const SIDE: usize> TileOuter<'_, M, SIDE>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    const PLACES: usize = Tiling::<M, SIDE>::PLACES;

    /// Writes the weight gradient at each place, in panels one place after the other, and the bias
    /// gradient `[target channels]`.
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub(super) fn run(&self, result: &mut [f32], bias: Option<&mut [f32]>, effort: Effort) {
        let TileOuter { tiling, layout, images, .. } = *self;
        let (height, width) = tiling.target();
        let len = |image: usize| images.checked_mul(image).expect("images fit into memory");
        let target_len = len(height * width * layout.cols());
        assert_eq!(self.source.len(), len(tiling.source_len()), "size of the source images");
        assert_eq!(self.grad_output.len(), target_len, "size of gradients");
        assert_eq!(result.len(), Self::PLACES * layout.len(), "size of the gradient of the weight");
        assert!(bias.as_ref().is_none_or(|bias| bias.len() == layout.cols()), "size of the bias");
        let tiles = len(tiling.rows() * tiling.cols());
        if tiles == 0 {
            bias.into_iter().for_each(|bias| bias.fill(0.0));
            return result.fill(0.0);
        }
        let (result, bias) = (Output::new(result, 1), bias.map(|bias| Output::new(bias, 1)));
        let panels = layout.panels();
        let pieces = pieces(effort.threads, 2 * Self::PLACES * layout.len() * tiles);
        split(0..SIDE * panels, pieces, &|items| {
            with_scratch(scratch_len(&tiling, layout.cols()), |scratch| {
                let mut scratch = self.divide(scratch);
                for first in (0..tiles).step_by(K_BLOCK) {
                    let tiles = first..tiles.min(first + K_BLOCK);
                    for row in items.start / panels..items.end.div_ceil(panels) {
                        let panels = items.start.saturating_sub(row * panels)
                            ..(items.end - row * panels).min(panels);
                        let part = OuterPart { row, tiles: tiles.clone(), panels };
                        self.transform(&part, &mut scratch, effort.path);
                        // SAFETY: only this piece has these panels of this row of places.
                        unsafe { self.multiply(&part, &scratch, result, bias, effort.path) }
                    }
                }
            });
        });
    }

    fn divide<'a>(&self, scratch: &'a mut [f32]) -> OuterScratch<'a> {
        let tiling = &self.tiling;
        let (zeros, rest) = scratch.split_at_mut(zeros(tiling, self.layout.cols()));
        let (sources, grads) = rest.split_at_mut(SIDE * K_BLOCK * row_stride(tiling.channels));
        zeros.fill(0.0);
        OuterScratch { sources, grads, zeros }
    }

    /// Transforms the source tiles of `part`, and of the gradients only the columns of its panels.
    fn transform(&self, part: &OuterPart, scratch: &mut OuterScratch<'_>, path: KernelPath) {
        let OuterPart { row, tiles, panels } = part.clone();
        let stride = row_stride(self.tiling.channels);
        let packed = Panels::new(tiles.len(), self.layout.cols());
        let OuterScratch { sources, grads, zeros } = scratch;
        let spread = TileSpread {
            tiling: self.tiling,
            source: self.source,
            tiles: tiles.clone(),
            result: sources,
            stride,
            place: K_BLOCK * stride,
            zeros,
        };
        let pack = Pack { outer: self, row, tiles, packed, panels, grads, zeros };
        // SAFETY: both results have room for `K_BLOCK` tiles at `SIDE` places, `panels` are some of
        // the panels of `packed`, and `zeros` is as long as a row of a tile and as the channels of
        // the target.
        unsafe {
            run_wide(path, OneRow { spread, row });
            run_wide(path, pack);
        }
    }

    /// Adds the products of the transformed tiles of `part` to the gradients of its row of places.
    /// The first tiles overwrite them.
    ///
    /// # Safety
    /// Nothing else uses the panels of `part` at these places or, if its row is 0, their columns of
    /// the bias.
    unsafe fn multiply(
        &self,
        part: &OuterPart,
        scratch: &OuterScratch<'_>,
        result: Output<'_>,
        bias: Option<Output<'_>>,
        path: KernelPath,
    ) {
        let OuterPart { row, ref tiles, ref panels } = *part;
        let (layout, stride) = (self.layout, row_stride(self.tiling.channels));
        let packed = Panels::new(tiles.len(), layout.cols());
        let add = tiles.start > 0;
        if let Some(bias) = bias.filter(|_| row == 0) {
            let sums = &scratch.grads[SIDE * packed.len()..][..packed.len()];
            for group in packed.groups(panels.clone(), path.tile_panels()) {
                let columns = group.first.col..group.first.col + group.cols;
                // SAFETY: the caller's promise.
                sum_rows(&sums[group.range()], group, add, unsafe { bias.rows(columns) });
            }
        }
        for col in 0..SIDE {
            let sources = &scratch.sources[col * K_BLOCK * stride..];
            let grads = &scratch.grads[col * packed.len()..][..packed.len()];
            let result = result.from((SIDE * row + col) * layout.len());
            for group in packed.groups(panels.clone(), path.tile_panels()) {
                let grads = &grads[group.range()];
                let sources = Strip {
                    data: sources,
                    row_stride: 1,
                    col_stride: stride,
                    rows: self.tiling.channels,
                    k: tiles.len(),
                };
                // SAFETY: the caller's promise.
                unsafe { self.add_products(sources, group, grads, result, add, path) }
            }
        }
    }

    /// Multiplies all channels of the source by the columns of `group`, and adds the products to
    /// the gradient at one place.
    ///
    /// # Safety
    /// Nothing else uses these columns.
    unsafe fn add_products(
        &self,
        sources: Strip<'_>,
        group: PanelGroup,
        grads: &[f32],
        result: Output<'_>,
        add: bool,
        path: KernelPath,
    ) {
        let width = group.first.width;
        for block in 0..self.layout.blocks() {
            let chunk = self.layout.chunk(block, group.first.panel);
            let parts = chunk.rows.div_ceil(path.tile_rows(width));
            for part in 0..parts {
                let rows = chunk.rows * part / parts..chunk.rows * (part + 1) / parts;
                let data = &sources.data[chunk.row + rows.start..];
                let strip = Strip { data, rows: rows.len(), ..sources };
                let tile = result.from(chunk.start + rows.start * width).with_stride(width);
                let panel_stride = chunk.rows * width;
                // SAFETY: the caller's promise.
                unsafe { run_tile(path, strip, group.of(grads), tile, panel_stride, add) }
            }
        }
    }
}

/// Transforms the output gradients of `tiles` for row `row` of the places, and writes them into the
/// columns of `panels`. Row 0 also writes the sums of the tiles. Columns of panels beyond the channels
/// become zero.
///
/// # Safety
/// `grads` has `SIDE + 1` times as many elements as `packed`, whose rows are the tiles and which has
/// the panels `panels`. `zeros` has an element for each channel of the target.
struct Pack<'a, const M: usize, const SIDE: usize> {
    outer: &'a TileOuter<'a, M, SIDE>,
    row: usize,
    tiles: Range<usize>,
    packed: Panels,
    panels: Range<usize>,
    grads: &'a mut [f32],
    zeros: &'a [f32],
}

impl<const M: usize, const SIDE: usize> Pack<'_, M, SIDE>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    /// # Safety
    /// As for `run`.
    #[inline(always)]
    unsafe fn row<V: Lanes, const ROW: usize>(self) {
        let Pack { outer, tiles, packed, panels, grads, zeros, .. } = self;
        let (height, width) = outer.tiling.target();
        let channels = outer.layout.cols();
        for (i, tile) in outer.tiling.tiles(tiles).enumerate() {
            let mut pixels = [[zeros.as_ptr(); M]; M];
            for (corner, pixel) in pixels.as_flattened_mut().iter_mut().enumerate() {
                let (y, x) = (M * tile.row + corner / M, M * tile.col + corner % M);
                if y < height && x < width {
                    let number = (tile.image * height + y) * width + x;
                    *pixel = outer.grad_output[number * channels..][..channels].as_ptr();
                }
            }
            for panel in panels.clone() {
                let chunk = packed.chunk(0, panel);
                // SAFETY: the type's promise. A panel has `chunk.width` elements for a tile at each
                // place, of which `chunk.cols` are channels.
                unsafe {
                    let out = grads.as_mut_ptr().add(chunk.start + i * chunk.width);
                    for_registers!(V, chunk.width, |at, elements| {
                        let left = chunk.cols.saturating_sub(at);
                        let mut square: Square<M, V> = [[V::splat(0.0); M]; M];
                        for (value, pixel) in
                            square.as_flattened_mut().iter_mut().zip(pixels.as_flattened())
                        {
                            *value = match left >= elements.count {
                                true => elements.load(pixel.add(chunk.col + at)),
                                false => V::load_first(pixel.wrapping_add(chunk.col + at), left),
                            };
                        }
                        let transformed = grad_row::<Tiling<M, SIDE>, V, M, SIDE, ROW>(square);
                        for (col, value) in transformed.into_iter().enumerate() {
                            elements.store(value, out.add(col * packed.len() + at));
                        }
                        if ROW == 0 {
                            let mut sum = V::splat(-0.0); // -0 + x is x
                            for pixel in square.as_flattened() {
                                sum = sum.add(*pixel);
                            }
                            elements.store(sum, out.add(SIDE * packed.len() + at));
                        }
                    });
                }
            }
        }
    }
}

impl<const M: usize, const SIDE: usize> Wide for Pack<'_, M, SIDE>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        // SAFETY: the type's promise, and the caller's.
        unsafe { of_row!(self.row, |ROW| self.row::<V, ROW>()) }
    }
}
