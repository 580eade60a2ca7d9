//! Tiles for 64-bit ARM, whose every CPU has NEON with fused multiply-add: 6 x 16 sums in 24
//! registers.

use std::arch::aarch64::{float32x4_t, vaddq_f32, vdupq_n_f32, vfmaq_f32, vld1q_f32, vst1q_f32};

use super::lanes::Lanes;
use super::tile::{TileArgs, for_rows, tile};

// SAFETY (of every block): NEON is in the baseline; the trait's caller says that the addresses hold
// four elements.
impl Lanes for float32x4_t {
    const COUNT: usize = 4;

    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        unsafe { vdupq_n_f32(value) }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        unsafe { vld1q_f32(from) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { vst1q_f32(to, self) }
    }

    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        unsafe { vaddq_f32(self, other) }
    }

    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
        unsafe { vfmaq_f32(addend, self, factor) }
    }
}

/// # Safety
/// See [`TileArgs`]; `width` is one of [`super::tile::WIDTHS`], `rows` at most its tile's rows.
pub(super) unsafe fn run(width: usize, rows: usize, args: &TileArgs) {
    unsafe fn of<V: Lanes, const ROWS: usize, const COLS: usize>(args: &TileArgs) {
        // SAFETY: the caller's promise is that of `tile`.
        unsafe { tile::<V, ROWS, COLS>(args) }
    }
    // SAFETY: NEON is in the baseline; the rest is the caller's promise.
    unsafe {
        match width {
            16 => for_rows!(6, rows, of::<float32x4_t, 4>(args)),
            8 => for_rows!(12, rows, of::<float32x4_t, 2>(args)),
            _ => for_rows!(12, rows, of::<float32x4_t, 1>(args)),
        }
    }
}
