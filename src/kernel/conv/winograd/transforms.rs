//! The transforms of a tile, for as many channels as a register holds. Each goes down the columns
//! first, then along the rows, by the expressions of [`Lines`].
//!
//! The functions use loops instead of `map`: it is not always inlined, and then it is compiled
//! without the CPU features.
//!
//! # Safety
//! Every function needs the CPU features of `V`.

use crate::kernel::lanes::Lanes;

/// A square of numbers, row by row, for each channel of a register.
pub(super) type Square<const N: usize, V> = [[V; N]; N];

/// Rows and columns of the kernel.
pub(super) const KERNEL: usize = 3;

/// The transforms of F(`M` x `M`, 3 x 3) along one line: matrices times vectors. Each operation is
/// rounded as it is written, so that every path gives the same bits.
pub(super) trait Lines<const M: usize, const SIDE: usize> {
    /// `Bᵀ d`.
    unsafe fn source<V: Lanes>(d: [V; SIDE]) -> [V; SIDE];
    /// `Aᵀ m`.
    unsafe fn target<V: Lanes>(m: [V; SIDE]) -> [V; M];
    /// `A y`.
    unsafe fn grad<V: Lanes>(y: [V; M]) -> [V; SIDE];
    /// `G g`.
    unsafe fn weight<V: Lanes>(g: [V; KERNEL]) -> [V; SIDE];
    /// `Gᵀ u`.
    unsafe fn weight_grad<V: Lanes>(u: [V; SIDE]) -> [V; KERNEL];
}

/// `x * factor`; adding -0 changes nothing.
#[inline(always)]
pub(super) unsafe fn scaled<V: Lanes>(x: V, factor: f32) -> V {
    // SAFETY: the caller says that the CPU has the features of `V`.
    unsafe { x.mul_add(V::splat(factor), V::splat(-0.0)) }
}

/// `x * factor + addend`, rounded once.
#[inline(always)]
pub(super) unsafe fn fused<V: Lanes>(x: V, factor: f32, addend: V) -> V {
    // SAFETY: the caller says that the CPU has the features of `V`.
    unsafe { x.mul_add(V::splat(factor), addend) }
}

/// A map of squares `$matrix x $matrixᵀ`, made of that of lines.
macro_rules! both_ways {
    ($(#[$doc:meta])* $name:ident, $from:ident to $to:ident) => {
        $(#[$doc])*
        #[inline(always)]
        pub(super) unsafe fn $name<F, V, const M: usize, const SIDE: usize>(
            square: Square<$from, V>,
        ) -> Square<$to, V>
        where
            F: Lines<M, SIDE>,
            V: Lanes,
        {
            // SAFETY: the caller says that the CPU has the features of `V`.
            unsafe {
                let mut down = [[V::splat(0.0); $from]; $to];
                for col in 0..$from {
                    let mut line = [square[0][col]; $from];
                    for (value, row) in line.iter_mut().zip(&square) {
                        *value = row[col];
                    }
                    for (row, value) in down.iter_mut().zip(F::$name(line)) {
                        row[col] = value;
                    }
                }
                let mut along = [[V::splat(0.0); $to]; $to];
                for (result, line) in along.iter_mut().zip(down) {
                    *result = F::$name(line);
                }
                along
            }
        }
    };
}

both_ways!(
    /// `Bᵀ d B`.
    source, SIDE to SIDE
);
both_ways!(
    /// `Aᵀ m A`.
    target, SIDE to M
);
both_ways!(
    /// `G g Gᵀ`.
    weight, KERNEL to SIDE
);
both_ways!(
    /// `Gᵀ u G`.
    weight_grad, SIDE to KERNEL
);

/// Row `ROW` of `Bᵀ d B`. What the row does not depend on is not computed, nor read.
#[inline(always)]
pub(super) unsafe fn source_row<F, V, const M: usize, const SIDE: usize, const ROW: usize>(
    d: Square<SIDE, V>,
) -> [V; SIDE]
where
    F: Lines<M, SIDE>,
    V: Lanes,
{
    // SAFETY: the caller says that the CPU has the features of `V`.
    unsafe {
        let mut down = [d[0][0]; SIDE];
        for (col, value) in down.iter_mut().enumerate() {
            let mut line = [d[0][col]; SIDE];
            for (value, row) in line.iter_mut().zip(&d) {
                *value = row[col];
            }
            *value = F::source(line)[ROW];
        }
        F::source(down)
    }
}

/// Row `ROW` of `A y Aᵀ`.
#[inline(always)]
pub(super) unsafe fn grad_row<F, V, const M: usize, const SIDE: usize, const ROW: usize>(
    y: Square<M, V>,
) -> [V; SIDE]
where
    F: Lines<M, SIDE>,
    V: Lanes,
{
    // SAFETY: the caller says that the CPU has the features of `V`.
    unsafe {
        let mut down = [y[0][0]; M];
        for (col, value) in down.iter_mut().enumerate() {
            let mut line = [y[0][col]; M];
            for (value, row) in line.iter_mut().zip(&y) {
                *value = row[col];
            }
            *value = F::grad(line)[ROW];
        }
        F::grad(down)
    }
}

/// Calls `$call` with the constant `$ROW` equal to `$row`, which is below 6.
macro_rules! of_row {
    ($row:expr, |$ROW:ident| $call:expr) => {
        of_row!($row, $ROW, $call, 0 1 2 3 4 5)
    };
    ($row:expr, $ROW:ident, $call:expr, $($number:literal)*) => {
        match $row {
            $($number => {
                const $ROW: usize = $number;
                $call
            })*
            row => unreachable!("row {row} of a tile"),
        }
    };
}
pub(super) use of_row;
