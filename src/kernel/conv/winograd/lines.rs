//! The transforms of one line. `F(m, 3)` evaluates polynomials at `m + 1` points and at infinity:
//! tiles of 2 pixels at 0, 1 and -1, tiles of 4 pixels at 0, 5/8, -5/8, 3/2 and -3/2. Lavin & Gray
//! take 0, 1, -1, 2 and -2 for the latter, whose rounding errors are larger.

use super::tiling::Tiling;
use super::transforms::{KERNEL, Lines, fused, scaled};
use crate::kernel::lanes::Lanes;

impl Lines<2, 4> for Tiling<2, 4> {
    #[inline(always)]
    unsafe fn source<V: Lanes>(d: [V; 4]) -> [V; 4] {
        // SAFETY: the caller says that the CPU has the features of `V`.
        unsafe { [d[0].sub(d[2]), d[1].add(d[2]), d[2].sub(d[1]), d[1].sub(d[3])] }
    }

    #[inline(always)]
    unsafe fn target<V: Lanes>(m: [V; 4]) -> [V; 2] {
        // SAFETY: as above.
        unsafe { [m[0].add(m[1]).add(m[2]), m[1].sub(m[2]).sub(m[3])] }
    }

    #[inline(always)]
    unsafe fn grad<V: Lanes>(y: [V; 2]) -> [V; 4] {
        // SAFETY: as above. -0 - x is -x for zeros too.
        unsafe { [y[0], y[0].add(y[1]), y[0].sub(y[1]), V::splat(-0.0).sub(y[1])] }
    }

    #[inline(always)]
    unsafe fn weight<V: Lanes>(g: [V; KERNEL]) -> [V; 4] {
        // SAFETY: as above.
        unsafe {
            let outer = g[0].add(g[2]);
            [g[0], scaled(outer.add(g[1]), 0.5), scaled(outer.sub(g[1]), 0.5), g[2]]
        }
    }

    #[inline(always)]
    unsafe fn weight_grad<V: Lanes>(u: [V; 4]) -> [V; KERNEL] {
        // SAFETY: as above.
        unsafe {
            let inner = scaled(u[1].add(u[2]), 0.5);
            [u[0].add(inner), scaled(u[1].sub(u[2]), 0.5), inner.add(u[3])]
        }
    }
}

/// The points of tiles of 4 pixels are 0, A, -A, B and -B, and infinity.
const A: f32 = 5.0 / 8.0;
const B: f32 = 3.0 / 2.0;

/// Their squares and cubes, which are exact.
const A2: f32 = A * A;
const B2: f32 = B * B;
const A3: f32 = A2 * A;
const B3: f32 = B2 * B;

/// The factors of the kernel at 0, at A and -A, and at B and -B: the product of all differences
/// between a point and the others, inverted. No `f32` holds them exactly.
const AT_0: f32 = 1.0 / (A2 * B2);
const AT_A: f32 = 1.0 / (2.0 * A2 * (A2 - B2));
const AT_B: f32 = 1.0 / (2.0 * B2 * (B2 - A2));

impl Lines<4, 6> for Tiling<4, 6> {
    /// `[A²B² d0 - (A² + B²) d2 + d4, d4 - B² d2 ± A (d3 - B² d1), d4 - A² d2 ± B (d3 - A² d1),
    /// A²B² d1 - (A² + B²) d3 + d5]`
    #[inline(always)]
    unsafe fn source<V: Lanes>(d: [V; 6]) -> [V; 6] {
        // SAFETY: the caller says that the CPU has the features of `V`.
        unsafe {
            let (a_even, a_odd) = (fused(d[2], -B2, d[4]), fused(d[1], -B2, d[3]));
            let (b_even, b_odd) = (fused(d[2], -A2, d[4]), fused(d[1], -A2, d[3]));
            [
                fused(d[0], A2 * B2, fused(d[2], -(A2 + B2), d[4])),
                fused(a_odd, A, a_even),
                fused(a_odd, -A, a_even),
                fused(b_odd, B, b_even),
                fused(b_odd, -B, b_even),
                fused(d[1], A2 * B2, fused(d[3], -(A2 + B2), d[5])),
            ]
        }
    }

    /// `[m0 + (m1 + m2) + (m3 + m4), A (m1 - m2) + B (m3 - m4), A² (m1 + m2) + B² (m3 + m4),
    /// A³ (m1 - m2) + B³ (m3 - m4) + m5]`
    #[inline(always)]
    unsafe fn target<V: Lanes>(m: [V; 6]) -> [V; 4] {
        // SAFETY: as above.
        unsafe {
            let (a_sum, a_diff) = (m[1].add(m[2]), m[1].sub(m[2]));
            let (b_sum, b_diff) = (m[3].add(m[4]), m[3].sub(m[4]));
            [
                m[0].add(a_sum).add(b_sum),
                fused(b_diff, B, scaled(a_diff, A)),
                fused(b_sum, B2, scaled(a_sum, A2)),
                fused(b_diff, B3, fused(a_diff, A3, m[5])),
            ]
        }
    }

    /// The transpose of [`target`](Lines::target).
    #[inline(always)]
    unsafe fn grad<V: Lanes>(y: [V; 4]) -> [V; 6] {
        // SAFETY: as above.
        unsafe {
            let (a_even, a_odd) = (fused(y[2], A2, y[0]), fused(y[3], A2, y[1]));
            let (b_even, b_odd) = (fused(y[2], B2, y[0]), fused(y[3], B2, y[1]));
            [
                y[0],
                fused(a_odd, A, a_even),
                fused(a_odd, -A, a_even),
                fused(b_odd, B, b_even),
                fused(b_odd, -B, b_even),
                y[3],
            ]
        }
    }

    /// `[g0, g0 + A² g2 ± A g1, g0 + B² g2 ± B g1, g2]`, each times its factor.
    #[inline(always)]
    unsafe fn weight<V: Lanes>(g: [V; KERNEL]) -> [V; 6] {
        // SAFETY: as above.
        unsafe {
            let (a_even, b_even) = (fused(g[2], A2, g[0]), fused(g[2], B2, g[0]));
            [
                scaled(g[0], AT_0),
                scaled(fused(g[1], A, a_even), AT_A),
                scaled(fused(g[1], -A, a_even), AT_A),
                scaled(fused(g[1], B, b_even), AT_B),
                scaled(fused(g[1], -B, b_even), AT_B),
                g[2],
            ]
        }
    }

    /// The transpose of [`weight`](Lines::weight).
    #[inline(always)]
    unsafe fn weight_grad<V: Lanes>(u: [V; 6]) -> [V; KERNEL] {
        // SAFETY: as above.
        unsafe {
            let a_sum = scaled(u[1].add(u[2]), AT_A);
            let a_diff = scaled(u[1].sub(u[2]), AT_A);
            let b_sum = scaled(u[3].add(u[4]), AT_B);
            let b_diff = scaled(u[3].sub(u[4]), AT_B);
            [
                fused(u[0], AT_0, a_sum.add(b_sum)),
                fused(b_diff, B, scaled(a_diff, A)),
                fused(b_sum, B2, fused(a_sum, A2, u[5])),
            ]
        }
    }
}
