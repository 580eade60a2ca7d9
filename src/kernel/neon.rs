//! Tiles for 64-bit ARM, where every CPU has NEON with fused multiply-add: 6 x 16 sums in 24
//! registers.

use std::arch::aarch64::{
    float32x4_t, vaddq_f32, vbicq_u32, vcleq_f32, vdupq_n_f32, vfmaq_f32, vld1q_f32,
    vreinterpretq_f32_u32, vreinterpretq_u32_f32, vst1q_f32, vsubq_f32,
};

use super::lanes::{Lanes, Wide};
use super::tile::{Body, TileShape, for_rows};

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
    unsafe fn sub(self, other: Self) -> Self {
        unsafe { vsubq_f32(self, other) }
    }

    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
        unsafe { vfmaq_f32(addend, self, factor) }
    }

    #[inline(always)]
    unsafe fn zero_up_to(self, limit: Self) -> Self {
        unsafe {
            let not_above = vcleq_f32(self, limit);
            vreinterpretq_f32_u32(vbicq_u32(vreinterpretq_u32_f32(self), not_above))
        }
    }
}

/// # Safety
/// The caller keeps the promise of `body` for `shape`.
pub(super) unsafe fn run<B: Body>(shape: TileShape, body: &B) {
    unsafe fn of<V: Lanes, const ROWS: usize, const COLS: usize, const PANELS: usize, B: Body>(
        body: &B,
    ) {
        // SAFETY: the caller's promise is that of `body`.
        unsafe { body.run::<V, ROWS, COLS, PANELS>() }
    }
    // SAFETY: NEON is in the baseline; the rest is the caller's promise.
    unsafe {
        match shape.width {
            16 => for_rows!(6, shape.rows, of::<float32x4_t, 4, 1>(body)),
            8 => for_rows!(12, shape.rows, of::<float32x4_t, 2, 1>(body)),
            _ => for_rows!(12, shape.rows, of::<float32x4_t, 1, 1>(body)),
        }
    }
}

/// # Safety
/// The caller keeps the promise of `work`.
pub(super) unsafe fn run_wide<W: Wide>(work: W) {
    // SAFETY: NEON is in the baseline; the rest is the caller's promise.
    unsafe { work.run::<float32x4_t>() }
}
