//! The transforms of F(2 x 2, 3 x 3) for as many channels as a register holds. Each goes down the
//! columns first, then along the rows; additions go from left to right. No operation is fused, so
//! that every path gives the same bits.
//!
//! The functions use loops instead of `map`: it is not always inlined, and then it is compiled
//! without the CPU features.
//!
//! # Safety
//! Every function needs the CPU features of `V`.

use crate::kernel::lanes::Lanes;

/// A square of numbers, row by row, for each channel of a register.
pub(super) type Square<const N: usize, V> = [[V; N]; N];

/// Row `place` of `Bᵀ`: `[d0 - d2, d1 + d2, d2 - d1, d1 - d3]`. It reads the rows that [`needs`] names.
#[inline(always)]
unsafe fn source_row<V: Lanes>(d: [V; 2], place: usize) -> V {
    // SAFETY: the caller says that the CPU has the features of `V`.
    unsafe {
        match place {
            0 | 3 => d[0].sub(d[1]),
            1 => d[0].add(d[1]),
            _ => d[1].sub(d[0]),
        }
    }
}

/// The rows of the source that row `place` of its transform depends on.
#[inline(always)]
pub(super) fn needs(place: usize) -> [usize; 2] {
    match place {
        0 => [0, 2],
        3 => [1, 3],
        _ => [1, 2],
    }
}

/// Row `place` of `Bᵀ d B`, given the two rows of `d` that it needs.
#[inline(always)]
pub(super) unsafe fn source<V: Lanes>(d: [[V; 4]; 2], place: usize) -> [V; 4] {
    // SAFETY: the caller says that the CPU has the features of `V`.
    unsafe {
        let (mut down, mut along) = (d[0], d[0]);
        for (col, value) in down.iter_mut().enumerate() {
            *value = source_row([d[0][col], d[1][col]], place);
        }
        for (col, value) in along.iter_mut().enumerate() {
            let [first, second] = needs(col);
            *value = source_row([down[first], down[second]], col);
        }
        along
    }
}

/// `Aᵀ m`: `[m0 + m1 + m2, m1 - m2 - m3]`.
#[inline(always)]
unsafe fn target_rows<V: Lanes>(m: [V; 4]) -> [V; 2] {
    // SAFETY: the caller says that the CPU has the features of `V`.
    unsafe { [m[0].add(m[1]).add(m[2]), m[1].sub(m[2]).sub(m[3])] }
}

/// `Aᵀ m A`.
#[inline(always)]
pub(super) unsafe fn target<V: Lanes>(m: Square<4, V>) -> Square<2, V> {
    // SAFETY: the caller says that the CPU has the features of `V`.
    unsafe {
        let mut down = [m[0]; 2];
        for col in 0..4 {
            [down[0][col], down[1][col]] =
                target_rows([m[0][col], m[1][col], m[2][col], m[3][col]]);
        }
        [target_rows(down[0]), target_rows(down[1])]
    }
}

/// Row `place` of `A`: `[y0, y0 + y1, y0 - y1, -y1]`.
#[inline(always)]
unsafe fn grad_row<V: Lanes>(y: [V; 2], place: usize) -> V {
    // SAFETY: the caller says that the CPU has the features of `V`.
    unsafe {
        match place {
            0 => y[0],
            1 => y[0].add(y[1]),
            2 => y[0].sub(y[1]),
            _ => V::splat(-0.0).sub(y[1]), // which is -y1 for zeros too
        }
    }
}

/// Row `place` of `A y Aᵀ`.
#[inline(always)]
pub(super) unsafe fn grad<V: Lanes>(y: Square<2, V>, place: usize) -> [V; 4] {
    // SAFETY: the caller says that the CPU has the features of `V`.
    unsafe {
        let down = [grad_row([y[0][0], y[1][0]], place), grad_row([y[0][1], y[1][1]], place)];
        [grad_row(down, 0), grad_row(down, 1), grad_row(down, 2), grad_row(down, 3)]
    }
}

#[inline(always)]
unsafe fn half<V: Lanes>(x: V) -> V {
    // SAFETY: the caller says that the CPU has the features of `V`.
    unsafe { x.mul_add(V::splat(0.5), V::splat(-0.0)) } // x + -0.0 is x
}

/// `G g`: `[g0, (g0 + g2 + g1) / 2, (g0 + g2 - g1) / 2, g2]`.
#[inline(always)]
unsafe fn weight_rows<V: Lanes>(g: [V; 3]) -> [V; 4] {
    // SAFETY: the caller says that the CPU has the features of `V`.
    unsafe {
        let outer = g[0].add(g[2]);
        [g[0], half(outer.add(g[1])), half(outer.sub(g[1])), g[2]]
    }
}

/// `G g Gᵀ`.
#[inline(always)]
pub(super) unsafe fn weight<V: Lanes>(g: Square<3, V>) -> Square<4, V> {
    // SAFETY: the caller says that the CPU has the features of `V`.
    unsafe {
        let mut down = [g[0]; 4];
        for col in 0..3 {
            [down[0][col], down[1][col], down[2][col], down[3][col]] =
                weight_rows([g[0][col], g[1][col], g[2][col]]);
        }
        [weight_rows(down[0]), weight_rows(down[1]), weight_rows(down[2]), weight_rows(down[3])]
    }
}

/// `Gᵀ u`: `[u0 + (u1 + u2) / 2, (u1 - u2) / 2, (u1 + u2) / 2 + u3]`.
#[inline(always)]
unsafe fn weight_grad_rows<V: Lanes>(u: [V; 4]) -> [V; 3] {
    // SAFETY: the caller says that the CPU has the features of `V`.
    unsafe {
        let inner = half(u[1].add(u[2]));
        [u[0].add(inner), half(u[1].sub(u[2])), inner.add(u[3])]
    }
}

/// `Gᵀ u G`.
#[inline(always)]
pub(super) unsafe fn weight_grad<V: Lanes>(u: Square<4, V>) -> Square<3, V> {
    // SAFETY: the caller says that the CPU has the features of `V`.
    unsafe {
        let mut down = [u[0]; 3];
        for col in 0..4 {
            [down[0][col], down[1][col], down[2][col]] =
                weight_grad_rows([u[0][col], u[1][col], u[2][col], u[3][col]]);
        }
        [weight_grad_rows(down[0]), weight_grad_rows(down[1]), weight_grad_rows(down[2])]
    }
}
