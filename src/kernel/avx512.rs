//! Tiles for AVX-512: 12 x 32 sums in 24 registers, 12 x 16 where one panel remains, and the tiles
//! of AVX2 for narrow panels.

use std::arch::x86_64::{
    __m128, __m256, __m512, _CMP_NLE_UQ, _mm512_add_ps, _mm512_cmp_ps_mask, _mm512_fmadd_ps,
    _mm512_loadu_ps, _mm512_mask_storeu_ps, _mm512_maskz_loadu_ps, _mm512_maskz_mov_ps,
    _mm512_set1_ps, _mm512_storeu_ps, _mm512_sub_ps,
};

use super::lanes::{Lanes, Wide};
use super::tile::{Body, TileShape, for_rows};

// SAFETY (of every block): the trait's caller says that the CPU has AVX-512 F, and that the addresses
// hold as many elements as are asked for: masked lanes are not touched.
impl Lanes for __m512 {
    const COUNT: usize = 16;

    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        unsafe { _mm512_set1_ps(value) }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        unsafe { _mm512_loadu_ps(from) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { _mm512_storeu_ps(to, self) }
    }

    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        unsafe { _mm512_add_ps(self, other) }
    }

    #[inline(always)]
    unsafe fn sub(self, other: Self) -> Self {
        unsafe { _mm512_sub_ps(self, other) }
    }

    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
        unsafe { _mm512_fmadd_ps(self, factor, addend) }
    }

    #[inline(always)]
    unsafe fn zero_up_to(self, limit: Self) -> Self {
        unsafe {
            let above = _mm512_cmp_ps_mask::<_CMP_NLE_UQ>(self, limit);
            _mm512_maskz_mov_ps(above, self)
        }
    }

    #[inline(always)]
    unsafe fn load_first(from: *const f32, count: usize) -> Self {
        unsafe { _mm512_maskz_loadu_ps(first(count), from) }
    }

    #[inline(always)]
    unsafe fn store_first(self, to: *mut f32, count: usize) {
        unsafe { _mm512_mask_storeu_ps(to, first(count), self) }
    }
}

/// The mask of the first `count` lanes, fewer than 16.
#[inline(always)]
fn first(count: usize) -> u16 {
    (1_u16 << count) - 1
}

/// # Safety
/// The CPU has AVX-512 F and VL, AVX2 and FMA, and the caller keeps the promise of `body` for
/// `shape`.
pub(super) unsafe fn run<B: Body>(shape: TileShape, body: &B) {
    #[target_feature(enable = "avx512f,avx512vl,avx2,fma")]
    unsafe fn of<V: Lanes, const ROWS: usize, const COLS: usize, const PANELS: usize, B: Body>(
        body: &B,
    ) {
        // SAFETY: this function is compiled with these features; the rest is the caller's promise.
        unsafe { body.run::<V, ROWS, COLS, PANELS>() }
    }
    // SAFETY: the caller promises all of it.
    unsafe {
        match (shape.width, shape.panels) {
            (16, 2) => for_rows!(12, shape.rows, of::<__m512, 1, 2>(body)),
            (16, _) => for_rows!(12, shape.rows, of::<__m512, 1, 1>(body)),
            (8, _) => for_rows!(12, shape.rows, of::<__m256, 1, 1>(body)),
            _ => for_rows!(12, shape.rows, of::<__m128, 1, 1>(body)),
        }
    }
}

/// # Safety
/// The CPU has AVX-512 F and VL, AVX2 and FMA, and the caller keeps the promise of `work`.
#[target_feature(enable = "avx512f,avx512vl,avx2,fma")]
pub(super) unsafe fn run_wide<W: Wide>(work: W) {
    // SAFETY: this function is compiled with these features; the rest is the caller's promise.
    unsafe { work.run::<__m512>() }
}
