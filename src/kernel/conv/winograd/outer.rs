//! The weight gradient at each place: K goes over the tiles, rows are the channels of the source.

use std::ops::Range;

use super::scratch::with_scratch;
use super::tiling::{SIDE, Tile, Tiling};
use super::transforms::{grad, load, load_first, needs, source};
use super::{LANES, PLACES};
use crate::kernel::conv::sums::sum_rows;
use crate::kernel::panels::{Group, Panels};
use crate::kernel::path::{Effort, Path};
use crate::kernel::run::{Output, run_tile};
use crate::kernel::split::{pieces, split};
use crate::kernel::tile::{K_BLOCK, Strip};
use crate::kernel::vectorise;

/// Elements that a thread needs for `channels` channels of the target.
pub(super) fn scratch_len(tiling: &Tiling, channels: usize) -> usize {
    let places = SIDE * (K_BLOCK * row_stride(tiling) + Panels::new(K_BLOCK, channels).len());
    places + EDGES * SIDE * tiling.channels + zeros(tiling, channels)
}

/// Rows of the source that a row of places depends on.
const EDGES: usize = 2;

/// Elements of the longest run that may be beyond an image.
fn zeros(tiling: &Tiling, channels: usize) -> usize {
    channels.max(SIDE * tiling.channels)
}

/// Elements from one tile to the next: an odd number of cache lines, so that equal channels of the
/// tiles do not fall into few sets of the cache.
fn row_stride(tiling: &Tiling) -> usize {
    (tiling.channels.div_ceil(LANES) | 1) * LANES
}

/// The operands.
#[derive(Clone, Copy)]
pub(super) struct Outer<'a> {
    pub(super) tiling: Tiling,
    /// `[images, height, width, channels]`
    pub(super) source: &'a [f32],
    /// `[images, target height, target width, target channels]`
    pub(super) grad_output: &'a [f32],
    /// Of the gradient at a place, `[channels, target channels]`.
    pub(super) layout: Panels,
    pub(super) images: usize,
}

/// What a thread works in: the transformed tiles of one row of places.
struct Scratch<'a> {
    /// `[SIDE, K_BLOCK, row_stride]`
    sources: &'a mut [f32],
    /// `[SIDE, panels, tiles, width]`, each place as long as all panels.
    grads: &'a mut [f32],
    /// Two rows of a tile at the edge of the image.
    edge: &'a mut [f32],
    zeros: &'a [f32],
}

impl Outer<'_> {
    /// Writes the gradient at each place, in panels one after the other, and that by the bias `[target channels]`.
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub(super) fn run(&self, result: &mut [f32], bias: Option<&mut [f32]>, effort: Effort) {
        let Outer { tiling, layout, images, .. } = *self;
        let (height, width) = tiling.target();
        let len = |image: usize| images.checked_mul(image).expect("images fit into memory");
        let target_len = len(height * width * layout.cols());
        assert_eq!(self.source.len(), len(tiling.source_len()), "size of the source images");
        assert_eq!(self.grad_output.len(), target_len, "size of gradients");
        assert_eq!(result.len(), PLACES * layout.len(), "size of the gradient of the weight");
        assert!(bias.as_ref().is_none_or(|bias| bias.len() == layout.cols()), "size of the bias");
        let tiles = len(tiling.rows() * tiling.cols());
        if tiles == 0 {
            bias.into_iter().for_each(|bias| bias.fill(0.0));
            return result.fill(0.0);
        }
        let (result, bias) = (Output::new(result, 1), bias.map(|bias| Output::new(bias, 1)));
        let panels = layout.panels();
        let pieces = pieces(effort.threads, 2 * PLACES * layout.len() * tiles);
        split(0..SIDE * panels, pieces, &|items| {
            with_scratch(scratch_len(&tiling, layout.cols()), |scratch| {
                let mut scratch = self.divide(scratch);
                for row in items.start / panels..items.end.div_ceil(panels) {
                    let panels = items.start.saturating_sub(row * panels)
                        ..(items.end - row * panels).min(panels);
                    for first in (0..tiles).step_by(K_BLOCK) {
                        let tiles = first..tiles.min(first + K_BLOCK);
                        self.transform(row, (tiles.clone(), panels.clone()), &mut scratch);
                        let outputs = (result, bias);
                        // SAFETY: only this piece has these panels of this row of places.
                        unsafe {
                            self.multiply(row, (tiles, panels.clone()), &scratch, outputs, effort);
                        }
                    }
                }
            });
        });
    }

    fn divide<'a>(&self, scratch: &'a mut [f32]) -> Scratch<'a> {
        let tiling = &self.tiling;
        let (edge, rest) = scratch.split_at_mut(EDGES * SIDE * tiling.channels);
        let (zeros, rest) = rest.split_at_mut(zeros(tiling, self.layout.cols()));
        let (sources, grads) = rest.split_at_mut(SIDE * K_BLOCK * row_stride(tiling));
        zeros.fill(0.0);
        Scratch { sources, grads, edge, zeros }
    }

    /// Transforms `tiles` for row `row` of the places, of the gradients only the columns of `panels`.
    fn transform(
        &self,
        row: usize,
        (tiles, panels): (Range<usize>, Range<usize>),
        scratch: &mut Scratch<'_>,
    ) {
        let packed = Panels::new(tiles.len(), self.layout.cols());
        vectorise(
            #[inline(always)]
            || {
                for (i, tile) in self.tiling.tiles(tiles).enumerate() {
                    self.spread(row, (i, tile), scratch);
                    let pixels = self.pixels(tile, scratch.zeros);
                    for panel in panels.clone() {
                        let chunk = packed.chunk(0, panel);
                        let out = &mut scratch.grads[chunk.start + i * chunk.width..];
                        let columns = (chunk.col, chunk.cols);
                        match chunk.width {
                            16 => pack::<16>(row, pixels, columns, (out, packed.len())),
                            8 => pack::<8>(row, pixels, columns, (out, packed.len())),
                            _ => pack::<4>(row, pixels, columns, (out, packed.len())),
                        }
                    }
                }
            },
        );
    }

    /// Transforms the source of tile number `i` of a block.
    #[inline(always)]
    fn spread(&self, row: usize, (i, tile): (usize, Tile), scratch: &mut Scratch<'_>) {
        let (channels, stride) = (self.tiling.channels, row_stride(&self.tiling));
        let Scratch { sources, edge, zeros, .. } = scratch;
        let rows = self.tiling.source_rows(self.source, tile, needs(row), zeros, edge);
        let out = &mut sources[i * stride..];
        let whole = channels / LANES * LANES;
        for at in (0..whole).step_by(LANES) {
            spread_channels::<LANES>(row, rows, (at, channels), (out, K_BLOCK * stride));
        }
        for at in whole..channels {
            spread_channels::<1>(row, rows, (at, channels), (out, K_BLOCK * stride));
        }
    }

    /// The gradients by the pixels of a tile.
    #[inline(always)]
    fn pixels<'a>(&'a self, tile: Tile, zeros: &'a [f32]) -> [[&'a [f32]; 2]; 2] {
        let (height, width) = self.tiling.target();
        [0, 1].map(|row| {
            [0, 1].map(|col| {
                let (row, col) = (2 * tile.row + row, 2 * tile.col + col);
                let pixel = (tile.image * height + row) * width + col;
                match row < height && col < width {
                    true => &self.grad_output[pixel * self.layout.cols()..],
                    false => zeros,
                }
            })
        })
    }

    /// Adds the products of transformed tiles to the gradients of row `row` of the places, or sets them if
    /// the tiles are the first.
    ///
    /// # Safety
    /// Nothing else uses these panels of these places, and if `row` is 1, their columns of the bias.
    unsafe fn multiply(
        &self,
        row: usize,
        (tiles, panels): (Range<usize>, Range<usize>),
        scratch: &Scratch<'_>,
        (result, bias): (Output<'_>, Option<Output<'_>>),
        effort: Effort,
    ) {
        let (layout, stride) = (self.layout, row_stride(&self.tiling));
        let packed = Panels::new(tiles.len(), layout.cols());
        let add = tiles.start > 0;
        for col in 0..SIDE {
            let sources = &scratch.sources[col * K_BLOCK * stride..];
            let grads = &scratch.grads[col * packed.len()..][..packed.len()];
            let result = result.from((SIDE * row + col) * layout.len());
            for group in packed.groups(panels.clone(), effort.path.tile_panels()) {
                let grads = &grads[group.range()];
                if let Some(bias) = bias.filter(|_| (row, col) == (1, 1)) {
                    let columns = group.first.col..group.first.col + group.cols;
                    // SAFETY: the caller's promise.
                    sum_rows(grads, group, add, unsafe { bias.rows(columns) });
                }
                let sources = Strip {
                    data: sources,
                    row_stride: 1,
                    col_stride: stride,
                    rows: self.tiling.channels,
                    k: tiles.len(),
                };
                // SAFETY: the caller's promise.
                unsafe { self.add_products(sources, (group, grads), result, add, effort.path) }
            }
        }
    }

    /// Adds the products of all channels of the source and the columns of `group` to the gradient at one place.
    ///
    /// # Safety
    /// Nothing else uses these columns.
    unsafe fn add_products(
        &self,
        sources: Strip<'_>,
        (group, grads): (Group, &[f32]),
        result: Output<'_>,
        add: bool,
        path: Path,
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
                let tile = (tile, chunk.rows * width);
                // SAFETY: the caller's promise.
                unsafe { run_tile(path, strip, group.of(grads), tile, add) }
            }
        }
    }
}

/// Transforms the channels from `at` of the rows of the source that row `row` of the places needs; `place`
/// elements lie from one place to the next.
#[inline(always)]
fn spread_channels<const W: usize>(
    row: usize,
    rows: [&[f32]; 2],
    (at, channels): (usize, usize),
    (out, place): (&mut [f32], usize),
) {
    let tile = rows.map(|row| [0, 1, 2, 3].map(|col| load::<W>(row, col * channels + at)));
    for (col, transformed) in source([&tile[0], &tile[1]], row).iter().enumerate() {
        out[col * place + at..][..W].copy_from_slice(transformed);
    }
}

/// Transforms `columns` columns of the gradients by the pixels of a tile from the first of them on; what a
/// panel has beyond them becomes zero.
#[inline(always)]
fn pack<const W: usize>(
    row: usize,
    pixels: [[&[f32]; 2]; 2],
    (first, columns): (usize, usize),
    (out, place): (&mut [f32], usize),
) {
    let pixels = pixels.map(|row| {
        row.map(|pixel| match columns == W {
            true => load::<W>(pixel, first),
            false => load_first(pixel, first, columns),
        })
    });
    for (col, transformed) in grad(&pixels, row).iter().enumerate() {
        out[col * place..][..W].copy_from_slice(transformed);
    }
}
