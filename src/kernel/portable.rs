//! The tile kernel in plain Rust: the definition that the SIMD kernels follow.

use super::tile::{PANEL, PackedPanel, Strip, Tile};

/// See [`super::product()`]; `f32::mul_add` is fused on every CPU, in software where need be.
pub(super) fn tile(rows: usize, a: Strip<'_>, b: &PackedPanel, tile: &mut Tile) {
    for (row, sums) in tile.iter_mut().enumerate().take(rows) {
        let a_row = a.data[row * a.row_stride..].iter().step_by(a.col_stride).take(a.k);
        for (&factor, b_row) in a_row.zip(b.chunks_exact(PANEL)) {
            for (sum, &value) in sums.iter_mut().zip(b_row) {
                *sum = factor.mul_add(value, *sum);
            }
        }
    }
}
