//! Tiles for AVX2 and FMA: 6 x 16 sums in 12 registers, 12 x 8 and 12 x 4 for the last columns.

use std::arch::x86_64::{
    __m128, __m256, _CMP_LE_OQ, _mm_add_ps, _mm_andnot_ps, _mm_cmple_ps, _mm_fmadd_ps,
    _mm_loadu_ps, _mm_set1_ps, _mm_storeu_ps, _mm_sub_ps, _mm256_add_ps, _mm256_andnot_ps,
    _mm256_cmp_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_set1_ps, _mm256_storeu_ps,
    _mm256_sub_ps,
};

use super::lanes::{Lanes, Wide};
use super::tile::{Body, TileShape, for_rows};

macro_rules! lanes {
    ($register:ty, $count:literal, $splat:ident $load:ident $store:ident $add:ident $sub:ident $fma:ident $andnot:ident
        |$x:ident, $limit:ident| $not_above:expr) => {
        // SAFETY (of every block): the trait's caller says that the CPU has AVX2 and FMA, and that
        // the addresses hold as many elements as the register.
        impl Lanes for $register {
            const COUNT: usize = $count;

            #[inline(always)]
            unsafe fn splat(value: f32) -> Self {
                unsafe { $splat(value) }
            }

            #[inline(always)]
            unsafe fn load(from: *const f32) -> Self {
                unsafe { $load(from) }
            }

            #[inline(always)]
            unsafe fn store(self, to: *mut f32) {
                unsafe { $store(to, self) }
            }

            #[inline(always)]
            unsafe fn add(self, other: Self) -> Self {
                unsafe { $add(self, other) }
            }

            #[inline(always)]
            unsafe fn sub(self, other: Self) -> Self {
                unsafe { $sub(self, other) }
            }

            #[inline(always)]
            unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
                unsafe { $fma(self, factor, addend) }
            }

            #[inline(always)]
            unsafe fn zero_up_to(self, limit: Self) -> Self {
                let ($x, $limit) = (self, limit);
                unsafe { $andnot($not_above, self) }
            }
        }
    };
}

lanes!(__m256, 8, _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps _mm256_add_ps _mm256_sub_ps _mm256_fmadd_ps
    _mm256_andnot_ps |x, limit| _mm256_cmp_ps::<_CMP_LE_OQ>(x, limit));
lanes!(__m128, 4, _mm_set1_ps _mm_loadu_ps _mm_storeu_ps _mm_add_ps _mm_sub_ps _mm_fmadd_ps
    _mm_andnot_ps |x, limit| _mm_cmple_ps(x, limit));

/// # Safety
/// The CPU has AVX2 and FMA, and the caller keeps the promise of `body` for `shape`.
pub(super) unsafe fn run<B: Body>(shape: TileShape, body: &B) {
    #[target_feature(enable = "avx2,fma")]
    unsafe fn of<V: Lanes, const ROWS: usize, const COLS: usize, const PANELS: usize, B: Body>(
        body: &B,
    ) {
        // SAFETY: this function is compiled with these features; the rest is the caller's promise.
        unsafe { body.run::<V, ROWS, COLS, PANELS>() }
    }
    // SAFETY: the caller promises all of it.
    unsafe {
        match shape.width {
            16 => for_rows!(6, shape.rows, of::<__m256, 2, 1>(body)),
            8 => for_rows!(12, shape.rows, of::<__m256, 1, 1>(body)),
            _ => for_rows!(12, shape.rows, of::<__m128, 1, 1>(body)),
        }
    }
}

/// # Safety
/// The CPU has AVX2 and FMA, and the caller keeps the promise of `work`.
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn run_wide<W: Wide>(work: W) {
    // SAFETY: this function is compiled with these features; the rest is the caller's promise.
    unsafe { work.run::<__m256>() }
}
