//! The gradient of a narrow panel: lanes are its rows, which lie side by side in a transposed strip, so that no lane is
//! lost on columns that the panel does not have.

use super::lanes::{Lanes, Wide};
use super::panels::PanelsOf;
use super::path::KernelPath;
use super::run::run_wide;
use super::tile::Strip;

/// Rows of the largest tile: six registers of 16.
const MOST_ROWS: usize = 96;

/// `c[r][j] = sum over k of a[r][k] * b[k][j]` for the columns of the narrow panel `b` and the first rows of the transposed
/// strip `a`: as many as fit into whole registers of `path`, at most those of a tile. If `add`, the sum is added to `c`.
/// Each sum is that of a tile of a product, in the same order. Returns the number of rows, which may be none.
///
/// # Panics
/// If the operands are too short for their shapes, or the strip is not transposed.
#[inline]
pub(super) fn rows_across(
    path: KernelPath,
    a: Strip<'_>,
    b: PanelsOf<'_>,
    c: &mut [f32],
    add: bool,
) -> usize {
    let (lanes, width) = (path.lanes(), b.width);
    let groups = (a.rows / lanes).min(path.sums() / width);
    if lanes <= width || groups == 0 {
        return 0;
    }
    let rows = groups * lanes;
    assert!(a.row_stride == 1 && a.k >= 1, "the rows of a column lie side by side");
    let last = (a.k - 1).checked_mul(a.col_stride).and_then(|last| last.checked_add(rows));
    assert!(last.is_some_and(|last| last <= a.data.len()), "the strip lies within its matrix");
    assert!(a.k.checked_mul(width).is_some_and(|end| end <= b.data.len()), "the panel has k rows");
    let c = &mut c[..rows * width];
    // SAFETY: as asserted, what the rounds read lies within the slices.
    unsafe { run_wide(path, Across { a, b, c, width, groups, add }) };
    rows
}

/// # Safety
/// For all r < groups * lanes, i < k and j < width: the elements `r + i * a.col_stride` of `a` and `i * width + j` of `b`
/// are there.
struct Across<'a> {
    a: Strip<'a>,
    b: PanelsOf<'a>,
    c: &'a mut [f32],
    width: usize,
    groups: usize,
    add: bool,
}

impl Wide for Across<'_> {
    #[inline(always)]
    unsafe fn run<V: Lanes>(self) {
        // SAFETY: the caller's promise; the literals are the values of `width` and `groups`.
        unsafe {
            match (self.width, self.groups) {
                (4, 1) => self.sums::<V, 4, 1>(),
                (4, 2) => self.sums::<V, 4, 2>(),
                (4, 3) => self.sums::<V, 4, 3>(),
                (4, 4) => self.sums::<V, 4, 4>(),
                (4, 5) => self.sums::<V, 4, 5>(),
                (4, 6) => self.sums::<V, 4, 6>(),
                (8, 1) => self.sums::<V, 8, 1>(),
                (8, 2) => self.sums::<V, 8, 2>(),
                (8, 3) => self.sums::<V, 8, 3>(),
                (width, groups) => {
                    unreachable!("no panel of {width} columns has {groups} registers")
                }
            }
        }
    }
}

impl Across<'_> {
    /// # Safety
    /// The promise of the struct for these numbers; the CPU has the features of `V`.
    #[inline(always)]
    unsafe fn sums<V: Lanes, const WIDTH: usize, const GROUPS: usize>(self) {
        let (mut a, mut b) = (self.a.data.as_ptr(), self.b.data.as_ptr());
        let mut columns = [[0.0; MOST_ROWS]; WIDTH];
        // SAFETY: the offsets are those of the promise. After the last round the addresses lie past the end, which
        // `wrapping_add` allows, and are not read. A column holds `GROUPS` registers, as the largest tile does.
        unsafe {
            let mut sums = [[V::splat(0.0); GROUPS]; WIDTH];
            for _ in 0..self.a.k {
                let rows: [V; GROUPS] =
                    std::array::from_fn(|group| V::load(a.add(group * V::COUNT)));
                for (j, column) in sums.iter_mut().enumerate() {
                    let factor = V::splat(*b.add(j));
                    for (sum, rows) in column.iter_mut().zip(rows) {
                        *sum = rows.mul_add(factor, *sum);
                    }
                }
                a = a.wrapping_add(self.a.col_stride);
                b = b.wrapping_add(WIDTH);
            }
            for (column, sums) in columns.iter_mut().zip(sums) {
                for (part, sum) in column.chunks_exact_mut(V::COUNT).zip(sums) {
                    sum.store(part.as_mut_ptr());
                }
            }
        }
        for (row, c) in self.c.chunks_exact_mut(WIDTH).enumerate() {
            for (to, column) in c.iter_mut().zip(&columns) {
                *to = if self.add { *to + column[row] } else { column[row] };
            }
        }
    }
}
