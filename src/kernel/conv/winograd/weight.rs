//! Transforms the weight to each place, and the gradients at each place back to the weight
//! gradient.

use super::PLACES;
use super::elements::{Elements, for_registers};
use super::tiling::SIDE;
use super::transforms;
use crate::kernel::lanes::{Lanes, Wide};
use crate::kernel::panels::{Matrix, Panels};
use crate::kernel::path::KernelPath;
use crate::kernel::run::run_wide;

/// Rows and columns of the kernel.
const KERNEL: usize = 3;

/// Taps of the kernel.
const TAPS: usize = KERNEL * KERNEL;

/// Transforms `weight`, `[9 * rows of layout, columns of layout]`: writes `places`, one place after
/// the other, each in the panels of `layout`.
///
/// # Panics
/// If the shapes do not fit.
pub(super) fn transform(weight: Matrix<'_>, layout: Panels, places: &mut [f32], path: KernelPath) {
    let Matrix { elements: from, layout: taps } = weight;
    assert_shapes(taps, layout);
    assert!(from.len() >= taps.len() && places.len() >= PLACES * layout.len(), "sizes of weights");
    // SAFETY: the shapes are as asserted.
    unsafe { run_wide(path, WeightTransform { from, taps, layout, places }) }
}

/// Writes the weight gradient in the panels `taps`, given the gradients at each place in the panels
/// `layout`.
///
/// # Panics
/// If the shapes do not fit.
pub(super) fn transform_back(
    places: &[f32],
    layout: Panels,
    grad: &mut [f32],
    taps: Panels,
    path: KernelPath,
) {
    assert_shapes(taps, layout);
    assert!(places.len() >= PLACES * layout.len(), "size of the gradients");
    assert_eq!(grad.len(), taps.len(), "size of the gradient of the weight");
    // SAFETY: the shapes are as asserted.
    unsafe { run_wide(path, TransformBack { places, layout, grad, taps }) }
}

fn assert_shapes(taps: Panels, layout: Panels) {
    let rows = layout.rows().checked_mul(TAPS);
    assert_eq!((Some(taps.rows()), taps.cols()), (rows, layout.cols()), "shape of the weight");
}

/// For each row of each panel: where it begins in the panels of a place, where it begins in the
/// weight for each tap, and its length.
#[inline(always)]
fn rows(taps: Panels, layout: Panels) -> impl Iterator<Item = (usize, [usize; TAPS], usize)> {
    layout.chunks(0..layout.blocks() * layout.panels()).flat_map(move |chunk| {
        (0..chunk.rows).map(move |i| {
            let tap = |tap| taps.at(tap * layout.rows() + chunk.row + i, chunk.col);
            (chunk.start + i * chunk.width, std::array::from_fn(tap), chunk.width)
        })
    })
}

/// # Safety
/// `from` has as many elements as `taps`, and `places` has `PLACES` times as many as `layout`.
/// `taps` has 9 times the rows of `layout`, and as many columns.
struct WeightTransform<'a> {
    from: &'a [f32],
    taps: Panels,
    layout: Panels,
    places: &'a mut [f32],
}

impl Wide for WeightTransform<'_> {
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        let WeightTransform { from, taps, layout, places } = self;
        for (to, tap_starts, width) in rows(taps, layout) {
            // SAFETY: the type's promise; `width` elements are a row of a panel in both layouts.
            unsafe {
                let out = places.as_mut_ptr().add(to);
                for_registers!(V, width, |at, elements| {
                    let mut kernel = [[V::splat(0.0); KERNEL]; KERNEL];
                    for (value, tap) in kernel.as_flattened_mut().iter_mut().zip(tap_starts) {
                        *value = elements.load(from.as_ptr().add(tap + at));
                    }
                    for (i, row) in transforms::weight(kernel).into_iter().enumerate() {
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
struct TransformBack<'a> {
    places: &'a [f32],
    layout: Panels,
    grad: &'a mut [f32],
    taps: Panels,
}

impl Wide for TransformBack<'_> {
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        let TransformBack { places, layout, grad, taps } = self;
        for (start, tap_starts, width) in rows(taps, layout) {
            // SAFETY: the type's promise; `width` elements are a row of a panel in both layouts.
            unsafe {
                let from = places.as_ptr().add(start);
                for_registers!(V, width, |at, elements| {
                    let mut square = [[V::splat(0.0); SIDE]; SIDE];
                    for (i, row) in square.iter_mut().enumerate() {
                        let row_at = SIDE * i * layout.len() + at;
                        *row = elements.load_row(from.add(row_at), layout.len());
                    }
                    for (i, row) in transforms::weight_grad(square).into_iter().enumerate() {
                        for (j, value) in row.into_iter().enumerate() {
                            let tap = grad.as_mut_ptr().add(tap_starts[KERNEL * i + j] + at);
                            elements.store(value, tap);
                        }
                    }
                });
            }
        }
    }
}
