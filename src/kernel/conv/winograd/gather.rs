//! The forward pass and the input gradient: tiles are transformed, multiplied and transformed back.

use std::ops::Range;

use super::elements::{Elements, for_registers};
use super::scratch::with_scratch;
use super::spread::{AllRows, TileSpread};
use super::tiling::Tiling;
use super::transforms::{Lines, Square, target};
use crate::kernel::conv::Epilogue;
use crate::kernel::lanes::{Lanes, Wide};
use crate::kernel::panels::Panels;
use crate::kernel::path::Effort;
use crate::kernel::product::product;
use crate::kernel::rows::Rows;
use crate::kernel::run::{Output, run_wide};
use crate::kernel::split::{pieces, split};

/// Approximate number of tiles that are multiplied together. It is a multiple of the rows that a
/// product takes at once, large enough that the weight is read rarely, and small enough that the
/// transformed data stays in the cache.
const TILES: usize = 48;

/// Elements between the tiles of one place and those of the next: a cache line, so that equal
/// elements of all places do not fall into one cache set.
const GAP: usize = 16;

/// A thread's working memory, in elements, for `channels` channels of the target.
pub(super) fn scratch_len<const M: usize, const SIDE: usize>(
    tiling: &Tiling<M, SIDE>,
    channels: usize,
) -> usize {
    let tiles = at_once(tiling) * tiling.cols();
    let of_places = (tiles * tiling.channels + GAP) + (tiles * channels + GAP);
    SIDE * SIDE * of_places + SIDE * tiling.channels
}

/// Rows of tiles that are multiplied together.
fn at_once<const M: usize, const SIDE: usize>(tiling: &Tiling<M, SIDE>) -> usize {
    (TILES / tiling.cols()).max(1)
}

/// The operands.
#[derive(Clone, Copy)]
pub(super) struct TileGather<'a, const M: usize, const SIDE: usize> {
    pub(super) tiling: Tiling<M, SIDE>,
    /// `[images, height, width, channels]`
    pub(super) source: &'a [f32],
    /// A matrix in `layout` for each place, one after the other.
    pub(super) weight: &'a [f32],
    /// The layout of the weight at one place, `[channels, target channels]`.
    pub(super) layout: Panels,
    pub(super) epilogue: Epilogue<'a>,
    pub(super) images: usize,
}

/// A thread's working memory.
struct GatherScratch<'a> {
    /// `[places, tiles, channels]`, with gaps.
    sources: &'a mut [f32],
    /// `[places, tiles, target channels]`, with gaps.
    targets: &'a mut [f32],
    /// `[side, channels]`
    zeros: &'a [f32],
}

impl<const M: usize, const SIDE: usize> TileGather<'_, M, SIDE>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    const PLACES: usize = Tiling::<M, SIDE>::PLACES;

    /// Writes all pixels of the target images.
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub(super) fn run(&self, target: &mut [f32], effort: Effort) {
        let TileGather { tiling, source, weight, layout, epilogue, images } = *self;
        let (height, width) = tiling.target();
        let len = |image: usize| images.checked_mul(image).expect("images fit into memory");
        assert_eq!(layout.rows(), tiling.channels, "rows of the weight");
        assert_eq!(source.len(), len(tiling.source_len()), "size of the source images");
        assert_eq!(target.len(), len(height * width * layout.cols()), "size of the target images");
        assert!(weight.len() >= Self::PLACES * layout.len(), "size of the weight");
        assert!(epilogue.bias.is_none_or(|bias| bias.len() == layout.cols()), "size of the bias");
        let flops = 2 * Self::PLACES * layout.len() * len(tiling.rows() * tiling.cols());
        let target = Output::new(target, width * layout.cols());
        let scratch_len = scratch_len(&tiling, layout.cols());
        split(0..len(tiling.rows()), pieces(effort.threads, flops), &|rows| {
            with_scratch(scratch_len, |scratch| {
                let mut scratch = self.divide(scratch);
                for first in rows.clone().step_by(at_once(&tiling)) {
                    let rows = first..rows.end.min(first + at_once(&tiling));
                    // SAFETY: only this piece works on these rows of tiles, and each pixel belongs
                    // to one row.
                    unsafe { self.rows(rows, &mut scratch, target, effort) }
                }
            });
        });
    }

    fn divide<'a>(&self, scratch: &'a mut [f32]) -> GatherScratch<'a> {
        let tiles = at_once(&self.tiling) * self.tiling.cols();
        let (zeros, rest) = scratch.split_at_mut(SIDE * self.tiling.channels);
        let (sources, targets) =
            rest.split_at_mut(Self::PLACES * (tiles * self.tiling.channels + GAP));
        zeros.fill(0.0);
        GatherScratch { sources, targets, zeros }
    }

    /// Writes the pixels of the rows of tiles in `rows`, which are counted over all images.
    ///
    /// # Safety
    /// No other thread uses these pixels.
    unsafe fn rows(
        &self,
        rows: Range<usize>,
        scratch: &mut GatherScratch<'_>,
        target: Output<'_>,
        effort: Effort,
    ) {
        let TileGather { tiling, weight, layout, .. } = *self;
        let (from, to) = (tiling.channels, layout.cols());
        let tiles = rows.len() * tiling.cols();
        let first = rows.start * tiling.cols();
        let (place_from, place_to) = (tiles * from + GAP, tiles * to + GAP);
        let GatherScratch { sources, targets, zeros } = scratch;
        let sources = &mut sources[..Self::PLACES * place_from];
        let targets = &mut targets[..Self::PLACES * place_to];
        let spread = TileSpread {
            tiling,
            source: self.source,
            tiles: first..first + tiles,
            result: sources,
            stride: from,
            place: place_from,
            zeros,
        };
        // SAFETY: the result has room for the channels of all tiles at every place.
        unsafe { run_wide(effort.path, AllRows(spread)) }
        let effort = Effort { threads: 1, ..effort };
        let of_places = sources.chunks_exact(place_from).zip(targets.chunks_exact_mut(place_to));
        for (place, (source, products)) in of_places.enumerate() {
            let weight = layout.of(&weight[place * layout.len()..][..layout.len()]);
            let source = Rows::new(source, tiles, from);
            product(source, weight, &mut products[..tiles * to], effort);
        }
        for (i, row) in rows.enumerate() {
            let finish = Finish::<M, SIDE> {
                width: tiling.target().1,
                channels: to,
                products: &targets[i * tiling.cols() * to..],
                place: place_to,
                epilogue: self.epilogue,
                // SAFETY: the caller's promise.
                pixels: unsafe { self.pixels(row, target) },
            };
            // SAFETY: the products are those of a row of tiles, the pixels those of its rows.
            unsafe { run_wide(effort.path, finish) }
        }
    }

    /// The target pixels under row `row` of tiles, counted over all images: at most `M` rows of
    /// pixels.
    ///
    /// # Safety
    /// Nothing else uses these pixels.
    unsafe fn pixels<'a>(&self, row: usize, target: Output<'a>) -> &'a mut [f32] {
        let (height, _) = self.tiling.target();
        let (image, row) = (row / self.tiling.rows(), M * (row % self.tiling.rows()));
        let rows = (height - row).min(M);
        // SAFETY: the caller's promise.
        unsafe { target.rows((image * height + row)..(image * height + row + rows)) }
    }
}

/// Transforms the products of a row of tiles back into pixels.
///
/// # Safety
/// `products` has `channels` elements for each tile at each place. The places lie `place` elements
/// apart. `pixels` has at most `M` rows of `width` pixels of `channels` elements.
struct Finish<'a, const M: usize, const SIDE: usize> {
    width: usize,
    channels: usize,
    products: &'a [f32],
    place: usize,
    epilogue: Epilogue<'a>,
    pixels: &'a mut [f32],
}

impl<const M: usize, const SIDE: usize> Wide for Finish<'_, M, SIDE>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        let Finish { width, channels, products, place, epilogue, pixels } = self;
        let rows = pixels.len() / (width * channels);
        let limit = if epilogue.relu { 0.0 } else { f32::NAN };
        for tile in 0..width.div_ceil(M) {
            let cols = (width - M * tile).min(M);
            // SAFETY: the type's promise; a tile has `rows` times `cols` pixels.
            unsafe {
                let products = products.as_ptr().add(tile * channels);
                let pixels = pixels.as_mut_ptr().add(M * tile * channels);
                for_registers!(V, channels, |at, elements| {
                    let mut sums: Square<SIDE, V> = [[V::splat(0.0); SIDE]; SIDE];
                    for (i, row) in sums.iter_mut().enumerate() {
                        *row = elements.load_row(products.add(SIDE * i * place + at), place);
                    }
                    let bias = match epilogue.bias {
                        Some(bias) => elements.load(bias.as_ptr().add(at)),
                        None => V::splat(-0.0), // x + -0.0 is x
                    };
                    let pixel_rows = target::<Tiling<M, SIDE>, V, M, SIDE>(sums);
                    for (i, row) in pixel_rows.into_iter().enumerate().take(rows) {
                        for (j, sum) in row.into_iter().enumerate().take(cols) {
                            let total = sum.add(bias).zero_up_to(V::splat(limit));
                            elements.store(total, pixels.add((i * width + j) * channels + at));
                        }
                    }
                });
            }
        }
    }
}
