//! Tiles in plain Rust: for CPUs without a path of their own, and the definition that the others
//! are compared with.

use super::lanes::Lanes;
use super::tile::{TileArgs, for_rows, tile};

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

    /// Fused on every CPU, in software where need be.
    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
        std::array::from_fn(|i| self[i].mul_add(factor[i], addend[i]))
    }
}

/// # Safety
/// See [`TileArgs`]; `width` is one of [`super::tile::WIDTHS`], `rows` at most its tile's rows.
pub(super) unsafe fn run(width: usize, rows: usize, args: &TileArgs) {
    unsafe fn of<V: Lanes, const ROWS: usize, const COLS: usize>(args: &TileArgs) {
        // SAFETY: the caller's promise is that of `tile`.
        unsafe { tile::<V, ROWS, COLS>(args) }
    }
    // SAFETY: plain Rust needs no CPU feature; the rest is the caller's promise.
    unsafe {
        match width {
            16 => for_rows!(6, rows, of::<[f32; 16], 1>(args)),
            8 => for_rows!(12, rows, of::<[f32; 8], 1>(args)),
            _ => for_rows!(12, rows, of::<[f32; 4], 1>(args)),
        }
    }
}
