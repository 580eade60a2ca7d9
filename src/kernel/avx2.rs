//! Tiles for AVX2 and FMA: 6 x 16 sums in 12 registers, 12 x 8 and 12 x 4 for the last columns.

use std::arch::x86_64::{
    __m128, __m256, _mm_add_ps, _mm_fmadd_ps, _mm_loadu_ps, _mm_set1_ps, _mm_storeu_ps,
    _mm256_add_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_set1_ps, _mm256_storeu_ps,
};

use super::lanes::Lanes;
use super::tile::{TileArgs, for_rows, tile};

macro_rules! lanes {
    ($register:ty, $count:literal, $splat:ident $load:ident $store:ident $add:ident $fma:ident) => {
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
            unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
                unsafe { $fma(self, factor, addend) }
            }
        }
    };
}

lanes!(__m256, 8, _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps _mm256_add_ps _mm256_fmadd_ps);
lanes!(__m128, 4, _mm_set1_ps _mm_loadu_ps _mm_storeu_ps _mm_add_ps _mm_fmadd_ps);

/// # Safety
/// The CPU has AVX2 and FMA; see [`TileArgs`]; `width` is one of [`super::tile::WIDTHS`], `rows` at
/// most its tile's rows.
pub(super) unsafe fn run(width: usize, rows: usize, args: &TileArgs) {
    #[target_feature(enable = "avx2,fma")]
    unsafe fn of<V: Lanes, const ROWS: usize, const COLS: usize>(args: &TileArgs) {
        // SAFETY: this function has the features; the rest is the caller's promise.
        unsafe { tile::<V, ROWS, COLS>(args) }
    }
    // SAFETY: all of it is the caller's promise.
    unsafe {
        match width {
            16 => for_rows!(6, rows, of::<__m256, 2>(args)),
            8 => for_rows!(12, rows, of::<__m256, 1>(args)),
            _ => for_rows!(12, rows, of::<__m128, 1>(args)),
        }
    }
}
