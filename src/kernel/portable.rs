//! Tiles in plain Rust: for CPUs without a special path, and as the reference for the others.

use super::lanes::{Lanes, Wide};
use super::tile::{Body, TileShape, for_rows};

impl<const N: usize> Lanes for [f32; N] {
    const COUNT: usize = N;

    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        [value; N]
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller says that N elements can be read here; arrays need no more alignment
        // than their elements.
        unsafe { from.cast::<[f32; N]>().read() }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: the caller says that N elements can be written here.
        unsafe { to.cast::<[f32; N]>().write(self) }
    }

    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        std::array::from_fn(|i| self[i] + other[i])
    }

    #[inline(always)]
    unsafe fn sub(self, other: Self) -> Self {
        std::array::from_fn(|i| self[i] - other[i])
    }

    /// Fused on every CPU, in software if necessary.
    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
        std::array::from_fn(|i| self[i].mul_add(factor[i], addend[i]))
    }

    #[inline(always)]
    unsafe fn zero_up_to(self, limit: Self) -> Self {
        std::array::from_fn(|i| if self[i] <= limit[i] { 0.0 } else { self[i] })
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
    // SAFETY: plain Rust needs no CPU feature; the rest is the caller's promise.
    unsafe {
        match shape.width {
            16 => for_rows!(6, shape.rows, of::<[f32; 16], 1, 1>(body)),
            8 => for_rows!(12, shape.rows, of::<[f32; 8], 1, 1>(body)),
            _ => for_rows!(12, shape.rows, of::<[f32; 4], 1, 1>(body)),
        }
    }
}

/// # Safety
/// The caller keeps the promise of `work`.
pub(super) unsafe fn run_wide<W: Wide>(work: W) {
    // SAFETY: plain Rust needs no CPU feature; the rest is the caller's promise.
    unsafe { work.run::<[f32; 4]>() }
}
