//! The forward pass and the input gradient: tiles are transformed, multiplied and transformed back.

use std::ops::Range;

use super::{LANES, PLACES};
use super::scratch::with_scratch;
use super::tiling::{SIDE, Tiling};
use super::transforms::{load, needs, source, target};
use crate::kernel::conv::Epilogue;
use crate::kernel::panels::Panels;
use crate::kernel::path::Effort;
use crate::kernel::product::product;
use crate::kernel::rows::Rows;
use crate::kernel::run::Output;
use crate::kernel::split::{pieces, split};
use crate::kernel::vectorise;

/// Tiles that are multiplied together, about: a multiple of the rows that a product takes at once, so many
/// that the weight passes seldom, so few that what is transformed stays in the cache.
const TILES: usize = 96;

/// Elements between the tiles of one place and those of the next, beyond the tiles: a cache line, so that
/// equal elements of all places do not fall into one set of the cache.
const GAP: usize = 16;

/// Elements that a thread needs for `channels` channels of the target.
pub(super) fn scratch_len(tiling: &Tiling, channels: usize) -> usize {
    let tiles = at_once(tiling) * tiling.cols();
    let of_places = (tiles * tiling.channels + GAP) + (tiles * channels + GAP);
    PLACES * of_places + (SIDE + 1) * SIDE * tiling.channels
}

/// Rows of tiles that are multiplied together.
fn at_once(tiling: &Tiling) -> usize {
    (TILES / tiling.cols()).max(1)
}

/// The operands.
#[derive(Clone, Copy)]
pub(super) struct Gather<'a> {
    pub(super) tiling: Tiling,
    /// `[images, height, width, channels]`
    pub(super) source: &'a [f32],
    /// `[channels, target channels]` in panels for each place.
    pub(super) weight: (&'a [f32], Panels),
    pub(super) epilogue: Epilogue<'a>,
    pub(super) images: usize,
}

/// What a thread works in.
struct Scratch<'a> {
    /// `[PLACES, tiles, channels]`, with gaps.
    sources: &'a mut [f32],
    /// `[PLACES, tiles, target channels]`, with gaps.
    targets: &'a mut [f32],
    /// A tile at the edge of the image, `[SIDE, SIDE, channels]`.
    edge: &'a mut [f32],
    /// `[SIDE, channels]`
    zeros: &'a [f32],
}

impl Gather<'_> {
    /// Writes all pixels of the target images.
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub(super) fn run(&self, target: &mut [f32], effort: Effort) {
        let Gather { tiling, source, weight: (weight, layout), epilogue, images } = *self;
        let (height, width) = tiling.target();
        let len = |image: usize| images.checked_mul(image).expect("images fit into memory");
        assert_eq!(layout.rows(), tiling.channels, "rows of the weight");
        assert_eq!(source.len(), len(tiling.source_len()), "size of the source images");
        assert_eq!(target.len(), len(height * width * layout.cols()), "size of the target images");
        assert!(weight.len() >= PLACES * layout.len(), "size of the weight");
        assert!(epilogue.bias.is_none_or(|bias| bias.len() == layout.cols()), "size of the bias");
        let flops = 2 * PLACES * layout.len() * len(tiling.rows() * tiling.cols());
        let target = Output::new(target, width * layout.cols());
        let scratch_len = scratch_len(&tiling, layout.cols());
        split(0..len(tiling.rows()), pieces(effort.threads, flops), &|rows| {
            with_scratch(scratch_len, |scratch| {
                let mut scratch = self.divide(scratch);
                for first in rows.clone().step_by(at_once(&tiling)) {
                    let rows = first..rows.end.min(first + at_once(&tiling));
                    // SAFETY: only this piece has these rows of tiles, and only they these pixels.
                    unsafe { self.rows(rows, &mut scratch, target, effort) }
                }
            });
        });
    }

    fn divide<'a>(&self, scratch: &'a mut [f32]) -> Scratch<'a> {
        let row = SIDE * self.tiling.channels;
        let tiles = at_once(&self.tiling) * self.tiling.cols();
        let (edge, rest) = scratch.split_at_mut(SIDE * row);
        let (zeros, rest) = rest.split_at_mut(row);
        let (sources, targets) = rest.split_at_mut(PLACES * (tiles * self.tiling.channels + GAP));
        zeros.fill(0.0);
        Scratch { sources, targets, edge, zeros }
    }

    /// Writes the pixels of the rows of tiles `rows`, counted over all images.
    ///
    /// # Safety
    /// No other thread uses these pixels.
    unsafe fn rows(
        &self,
        rows: Range<usize>,
        scratch: &mut Scratch<'_>,
        target: Output<'_>,
        effort: Effort,
    ) {
        let Gather { tiling, weight: (weight, layout), .. } = *self;
        let tiles = rows.len() * tiling.cols();
        let first = rows.start * tiling.cols();
        vectorise(
            #[inline(always)]
            || self.spread(first..first + tiles, scratch),
        );
        let sources = scratch.sources.chunks_exact(tiles * tiling.channels + GAP);
        let targets = scratch.targets.chunks_exact_mut(tiles * layout.cols() + GAP);
        let effort = Effort { threads: 1, ..effort };
        for (place, (source, target)) in sources.zip(targets).take(PLACES).enumerate() {
            let source = Rows::new(source, tiles, tiling.channels);
            let weight = &weight[place * layout.len()..][..layout.len()];
            product(source, (weight, layout), &mut target[..tiles * layout.cols()], effort);
        }
        let places = tiles * layout.cols() + GAP;
        let targets = &scratch.targets[..PLACES * places];
        vectorise(
            #[inline(always)]
            || {
                for (i, row) in rows.enumerate() {
                    let first = i * tiling.cols() * layout.cols();
                    // SAFETY: the caller's promise.
                    let pixels = unsafe { self.pixels(row, target) };
                    self.finish(&targets[first..], places, pixels);
                }
            },
        );
    }

    /// The pixels of the target in row `row` of the tiles of all images: one row or two.
    ///
    /// # Safety
    /// Nothing else uses them.
    unsafe fn pixels<'a>(&self, row: usize, target: Output<'a>) -> &'a mut [f32] {
        let (height, _) = self.tiling.target();
        let (image, row) = (row / self.tiling.rows(), 2 * (row % self.tiling.rows()));
        let rows = (height - row).min(2);
        // SAFETY: the caller's promise.
        unsafe { target.rows((image * height + row)..(image * height + row + rows)) }
    }

    /// Transforms the source of `tiles`.
    #[inline(always)]
    fn spread(&self, tiles: Range<usize>, scratch: &mut Scratch<'_>) {
        let channels = self.tiling.channels;
        let (place, whole) = (tiles.len() * channels + GAP, channels / LANES * LANES);
        for (i, tile) in self.tiling.tiles(tiles).enumerate() {
            let Scratch { sources, edge, zeros, .. } = &mut *scratch;
            let rows = self.tiling.source_rows(self.source, tile, [0, 1, 2, 3], zeros, edge);
            let out = &mut sources[i * channels..];
            for at in (0..whole).step_by(LANES) {
                spread_channels::<LANES>(rows, (at, channels), out, place);
            }
            for at in whole..channels {
                spread_channels::<1>(rows, (at, channels), out, place);
            }
        }
    }

    /// Transforms the products of a row of tiles, from one place to the next of which lie `place` elements,
    /// back into `pixels`.
    #[inline(always)]
    fn finish(&self, products: &[f32], place: usize, pixels: &mut [f32]) {
        let channels = self.weight.1.cols();
        let width = self.tiling.target().1;
        let whole = channels / LANES * LANES;
        let (first, second) = pixels.split_at_mut(width * channels);
        for col in 0..self.tiling.cols() {
            let products = &products[col * channels..];
            let pixels = 2 * col * channels..(2 * col + 2).min(width) * channels;
            let second = second.get_mut(pixels.clone()).unwrap_or_default();
            let mut rows = [&mut first[pixels], second];
            for at in (0..whole).step_by(LANES) {
                self.finish_channels::<LANES>(products, place, &mut rows, at);
            }
            for at in whole..channels {
                self.finish_channels::<1>(products, place, &mut rows, at);
            }
        }
    }

    #[inline(always)]
    fn finish_channels<const W: usize>(
        &self,
        products: &[f32],
        place: usize,
        rows: &mut [&mut [f32]; 2],
        at: usize,
    ) {
        let places = [0, 1, 2, 3].map(|i| [0, 1, 2, 3].map(|j| (4 * i + j) * place + at));
        let products = places.map(|row| row.map(|at| load::<W>(products, at)));
        let bias = self.epilogue.bias.map_or([-0.0; W], |bias| load(bias, at)); // x + -0.0 is x
        let limit = if self.epilogue.relu { 0.0 } else { f32::NAN };
        for (sums, pixels) in target(&products).iter().zip(rows) {
            for (sums, pixel) in sums.iter().zip(pixels.chunks_exact_mut(self.weight.1.cols())) {
                let out = &mut pixel[at..at + W];
                for i in 0..W {
                    let total = sums[i] + bias[i];
                    out[i] = if total <= limit { 0.0 } else { total };
                }
            }
        }
    }
}

/// Transforms the channels from `at` of a tile, and writes them to their places.
#[inline(always)]
fn spread_channels<const W: usize>(
    rows: [&[f32]; SIDE],
    (at, channels): (usize, usize),
    out: &mut [f32],
    place: usize,
) {
    let tile = rows.map(|row| [0, 1, 2, 3].map(|col| load::<W>(row, col * channels + at)));
    for i in 0..SIDE {
        let transformed = source(needs(i).map(|row| &tile[row]), i);
        for (j, channels) in transformed.iter().enumerate() {
            out[(SIDE * i + j) * place + at..][..W].copy_from_slice(channels);
        }
    }
}
