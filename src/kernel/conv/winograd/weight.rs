//! Transforms the weight to each place, and the gradients at each place back to the weight
//! gradient.

use std::ops::Range;

use super::elements::{Elements, for_registers};
use super::tiling::Tiling;
use super::transforms::{self, KERNEL, Lines};
use crate::kernel::lanes::{Lanes, Wide};
use crate::kernel::panels::{Matrix, Panels};
use crate::kernel::path::Effort;
use crate::kernel::run::{Output, run_wide};
use crate::kernel::split::{pieces, split};

/// Taps of the kernel.
const TAPS: usize = KERNEL * KERNEL;

/// Transforms `weight`, `[9 * rows of layout, columns of layout]`: writes `places`, one place after
/// the other, each in the panels of `layout`.
///
/// # Panics
/// If the shapes do not fit.
pub(super) fn transform<const M: usize, const SIDE: usize>(
    weight: Matrix<'_>,
    layout: Panels,
    places: &mut [f32],
    effort: Effort,
) where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    let Matrix { elements: from, layout: taps } = weight;
    assert_shapes(taps, layout);
    let len = SIDE * SIDE * layout.len();
    assert!(from.len() >= taps.len() && places.len() >= len, "sizes of weights");
    let places = Output::new(places, 1);
    let work = |chunks| {
        let transform = WeightTransform::<M, SIDE> { from, taps, layout, places, chunks };
        // SAFETY: the shapes are as asserted, and only this piece has these chunks.
        unsafe { run_wide(effort.path, transform) }
    };
    split(0..layout.chunk_count(), pieces(effort.threads, FLOPS * len), &work);
}

/// Writes the weight gradient in the panels `taps`, given the gradients at each place in the panels
/// `layout`.
///
/// # Panics
/// If the shapes do not fit.
pub(super) fn transform_back<const M: usize, const SIDE: usize>(
    places: &[f32],
    layout: Panels,
    grad: &mut [f32],
    taps: Panels,
    effort: Effort,
) where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    assert_shapes(taps, layout);
    assert!(places.len() >= SIDE * SIDE * layout.len(), "size of the gradients");
    assert_eq!(grad.len(), taps.len(), "size of the gradient of the weight");
    let grad = Output::new(grad, 1);
    let work = |chunks| {
        let transform = TransformBack::<M, SIDE> { places, layout, grad, taps, chunks };
        // SAFETY: the shapes are as asserted, and only this piece has these chunks.
        unsafe { run_wide(effort.path, transform) }
    };
    let flops = FLOPS * SIDE * SIDE * layout.len();
    split(0..layout.chunk_count(), pieces(effort.threads, flops), &work);
}

fn assert_shapes(taps: Panels, layout: Panels) {
    let rows = layout.rows().checked_mul(TAPS);
    assert_eq!((Some(taps.rows()), taps.cols()), (rows, layout.cols()), "shape of the weight");
}

/// About as many operations as an element of a transformed weight costs.
const FLOPS: usize = 8;

/// For each row of `chunks`, panels of the layout: where it begins in the panels of a place, where it begins in the
/// weight for each tap, and its length.
#[inline(always)]
fn rows(
    taps: Panels,
    layout: Panels,
    chunks: Range<usize>,
) -> impl Iterator<Item = (usize, [usize; TAPS], usize)> {
    layout.chunks(chunks).flat_map(move |chunk| {
        (0..chunk.rows).map(move |i| {
            let tap = |tap| taps.at(tap * layout.rows() + chunk.row + i, chunk.col);
            (chunk.start + i * chunk.width, std::array::from_fn(tap), chunk.width)
        })
    })
}

/// # Safety
/// `from` has as many elements as `taps`, and `places` has `SIDE * SIDE` times as many as
/// `layout`. `taps` has 9 times the rows of `layout`, and as many columns. No other thread uses the
/// panels `chunks` of the places.
struct WeightTransform<'a, const M: usize, const SIDE: usize> {
    from: &'a [f32],
    taps: Panels,
    layout: Panels,
    places: Output<'a>,
    chunks: Range<usize>,
}

impl<const M: usize, const SIDE: usize> Wide for WeightTransform<'_, M, SIDE>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        let WeightTransform { from, taps, layout, places, chunks } = self;
        for (to, tap_starts, width) in rows(taps, layout, chunks) {
            // SAFETY: the type's promise; `width` elements are a row of a panel in both layouts.
            unsafe {
                let out = places.pointer().add(to);
                for_registers!(V, width, |at, elements| {
                    let mut kernel = [[V::splat(0.0); KERNEL]; KERNEL];
                    for (value, tap) in kernel.as_flattened_mut().iter_mut().zip(tap_starts) {
                        *value = elements.load(from.as_ptr().add(tap + at));
                    }
                    let transformed = transforms::weight::<Tiling<M, SIDE>, V, M, SIDE>(kernel);
                    for (i, row) in transformed.into_iter().enumerate() {
                        for (j, value) in row.into_iter().enumerate() {
                            elements.store(value, out.add((SIDE * i + j) * layout.len() + at));
                        }
                    }
                });
            }
        }
    }
}

/// # Safety
/// As for [`WeightTransform`], with `grad` instead of `from`.
struct TransformBack<'a, const M: usize, const SIDE: usize> {
    places: &'a [f32],
    layout: Panels,
    grad: Output<'a>,
    taps: Panels,
    chunks: Range<usize>,
}

impl<const M: usize, const SIDE: usize> Wide for TransformBack<'_, M, SIDE>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        let TransformBack { places, layout, grad, taps, chunks } = self;
        for (start, tap_starts, width) in rows(taps, layout, chunks) {
            // SAFETY: the type's promise; `width` elements are a row of a panel in both layouts.
            unsafe {
                let from = places.as_ptr().add(start);
                for_registers!(V, width, |at, elements| {
                    let mut square = [[V::splat(0.0); SIDE]; SIDE];
                    for (i, row) in square.iter_mut().enumerate() {
                        let row_at = SIDE * i * layout.len() + at;
                        *row = elements.load_row(from.add(row_at), layout.len());
                    }
                    let grads = transforms::weight_grad::<Tiling<M, SIDE>, V, M, SIDE>(square);
                    for (i, row) in grads.into_iter().enumerate() {
                        for (j, value) in row.into_iter().enumerate() {
                            let tap = grad.pointer().add(tap_starts[KERNEL * i + j] + at);
                            elements.store(value, tap);
                        }
                    }
                });
            }
        }
    }
}
