//! The weight at each place, and the gradient by the weight from those at each place.

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

/// Writes the weight, `[9 * rows of layout, columns of layout]`, at each place, one after the other in the panels of `layout`.
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

/// Writes the gradient by the weight in the panels `taps`, given those at each place in `layout`.
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

/// For each row of each panel: its position in the panels of all places, the position of its tap in
/// the weight, and its length.
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
/// `from` has the elements of `taps`, `places` `PLACES` times those of `layout`; `taps` has 9 times the rows
/// of `layout`, and as many columns.
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
            // SAFETY: the promise: `width` elements are a row of a panel in both.
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
/// As for [`WeightTransform`], `grad` instead of `from`.
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
            // SAFETY: the promise: `width` elements are a row of a panel in both.
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
