//! The weight at each place, and the gradient by the weight from those at each place.

use super::transforms::{Square, load, weight, weight_grad};
use super::{PLACES, TAPS};
use crate::kernel::panels::Panels;
use crate::kernel::vectorise;

/// Rows and columns of the kernel.
const KERNEL: usize = 3;

/// Calls `$work::<width>($arguments)` for the width of a panel.
macro_rules! for_width {
    ($width:expr, $work:ident($($argument:expr),*)) => {
        match $width {
            16 => $work::<16>($($argument),*),
            8 => $work::<8>($($argument),*),
            _ => $work::<4>($($argument),*),
        }
    };
}

/// Writes the weight, which is in the panels `taps` of `[9 * rows of layout, columns of layout]`, at each
/// place, one after the other in the panels of `layout`.
pub(super) fn transform((from, taps): (&[f32], Panels), layout: Panels, places: &mut [f32]) {
    assert_eq!((taps.rows(), taps.cols()), (TAPS.len() * layout.rows(), layout.cols()));
    let places = &mut places[..PLACES * layout.len()];
    vectorise(
        #[inline(always)]
        || {
            for chunk in layout.chunks(0..layout.blocks() * layout.panels()) {
                for i in 0..chunk.rows {
                    let row = chunk.row + i;
                    let at = |tap: usize| taps.at(tap * layout.rows() + row, chunk.col);
                    let out = &mut places[chunk.start + i * chunk.width..];
                    for_width!(chunk.width, of_row(from, &at, out, layout.len()));
                }
            }
        },
    );
}

#[inline(always)]
fn of_row<const W: usize>(
    from: &[f32],
    at: &impl Fn(usize) -> usize,
    out: &mut [f32],
    place: usize,
) {
    let kernel: Square<KERNEL, W> =
        [0, 1, 2].map(|row| [0, 1, 2].map(|col| load(from, at(KERNEL * row + col))));
    for (i, channels) in weight(&kernel).as_flattened().iter().enumerate() {
        out[i * place..][..W].copy_from_slice(channels);
    }
}

/// Writes the gradient by the weight in the panels `taps`, given those at each place in `layout`.
pub(super) fn transform_back(places: &[f32], layout: Panels, (grad, taps): (&mut [f32], Panels)) {
    assert_eq!((taps.rows(), taps.cols()), (TAPS.len() * layout.rows(), layout.cols()));
    assert_eq!(grad.len(), taps.len(), "size of the gradient of the weight");
    vectorise(
        #[inline(always)]
        || {
            for chunk in layout.chunks(0..layout.blocks() * layout.panels()) {
                for i in 0..chunk.rows {
                    let row = chunk.row + i;
                    let at = |tap: usize| taps.at(tap * layout.rows() + row, chunk.col);
                    let from = &places[chunk.start + i * chunk.width..];
                    for_width!(chunk.width, of_places(from, layout.len(), grad, &at));
                }
            }
        },
    );
}

#[inline(always)]
fn of_places<const W: usize>(
    from: &[f32],
    place: usize,
    grad: &mut [f32],
    at: &impl Fn(usize) -> usize,
) {
    let places: Square<4, W> =
        [0, 1, 2, 3].map(|row| [0, 1, 2, 3].map(|col| load(from, (4 * row + col) * place)));
    for (tap, channels) in weight_grad(&places).as_flattened().iter().enumerate() {
        grad[at(tap)..][..W].copy_from_slice(channels);
    }
}
