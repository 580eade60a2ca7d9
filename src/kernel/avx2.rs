//! The tile kernel for AVX2 and FMA: 6 x 16 sums in 12 registers.

use std::arch::x86_64::{
    _mm256_broadcast_ss, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_setzero_ps, _mm256_storeu_ps,
};

use super::tile::{PANEL, PackedPanel, Strip, TILE_ROWS, Tile};

/// Whether this CPU can run [`tile`].
pub(super) fn available() -> bool {
    std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")
}

/// See [`super::product()`].
///
/// # Panics
/// If the CPU lacks AVX2 or FMA, or the strip is too short for its shape.
pub(super) fn tile(rows: usize, a: Strip<'_>, b: &PackedPanel, tile: &mut Tile) {
    assert!(available(), "the caller checks the CPU");
    assert!((1..=TILE_ROWS).contains(&rows) && a.k >= 1 && a.k * PANEL <= b.len());
    let last = (rows - 1) * a.row_stride + (a.k - 1) * a.col_stride;
    assert!(last < a.data.len(), "the strip lies within its matrix");
    // SAFETY: the CPU has AVX2 and FMA; the strip's last element and the panel's `a.k` rows lie
    // within their slices, as asserted above.
    unsafe {
        match rows {
            1 => tile_of::<1>(a, b, tile),
            2 => tile_of::<2>(a, b, tile),
            3 => tile_of::<3>(a, b, tile),
            4 => tile_of::<4>(a, b, tile),
            5 => tile_of::<5>(a, b, tile),
            _ => tile_of::<TILE_ROWS>(a, b, tile),
        }
    }
}

/// # Safety
/// The CPU has AVX2 and FMA; element (`ROWS` - 1, `a.k` - 1) lies within `a.data`, and `a.k` rows of
/// `PANEL` elements within `b`.
#[target_feature(enable = "avx2,fma")]
unsafe fn tile_of<const ROWS: usize>(a: Strip<'_>, b: &PackedPanel, tile: &mut Tile) {
    let mut sums = [[_mm256_setzero_ps(); 2]; ROWS];
    let (mut a_column, mut b_row) = (a.data.as_ptr(), b.as_ptr());
    for _ in 0..a.k {
        // SAFETY: `b_row` is the start of one of the panel's `a.k` rows of 16 elements.
        let (left, right) = unsafe { (_mm256_loadu_ps(b_row), _mm256_loadu_ps(b_row.add(8))) };
        for (row, sum) in sums.iter_mut().enumerate() {
            // SAFETY: row < ROWS and the column is below `a.k`, so the element is within `a.data`.
            let factor = unsafe { _mm256_broadcast_ss(&*a_column.add(row * a.row_stride)) };
            sum[0] = _mm256_fmadd_ps(factor, left, sum[0]);
            sum[1] = _mm256_fmadd_ps(factor, right, sum[1]);
        }
        // Past the end after the last round, where neither is read.
        a_column = a_column.wrapping_add(a.col_stride);
        b_row = b_row.wrapping_add(PANEL);
    }
    for (out, sum) in tile.iter_mut().zip(&sums) {
        // SAFETY: a row of the tile has 16 elements.
        unsafe {
            _mm256_storeu_ps(out.as_mut_ptr(), sum[0]);
            _mm256_storeu_ps(out.as_mut_ptr().add(8), sum[1]);
        }
    }
}
