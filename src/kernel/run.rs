//! Runs a tile by the instructions of a path, on operands that are checked here.

use std::marker::PhantomData;

use super::path::{Instructions, Path};
use super::portable;
use super::tile::{Strip, TileArgs, WIDTHS, tile_rows};

/// A result `[.., stride]` in memory, of which threads write different columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Output<'a> {
    data: *mut f32,
    len: usize,
    pub(super) stride: usize,
    memory: PhantomData<&'a mut [f32]>,
}

// SAFETY: the memory is borrowed mutably for the life of the value; that its users write different
// elements is what `run_tile` and `add` ask of their callers.
unsafe impl Send for Output<'_> {}
// SAFETY: as above.
unsafe impl Sync for Output<'_> {}

impl<'a> Output<'a> {
    /// Rows of `stride` elements in `data`.
    pub(super) fn new(data: &'a mut [f32], stride: usize) -> Output<'a> {
        Output { data: data.as_mut_ptr(), len: data.len(), stride, memory: PhantomData }
    }

    /// The part that begins at `start`.
    ///
    /// # Panics
    /// If it begins after the end.
    pub(super) fn from(self, start: usize) -> Output<'a> {
        assert!(start <= self.len, "the tile begins within the result");
        // SAFETY: the offset is within the memory, as asserted.
        Output { data: unsafe { self.data.add(start) }, len: self.len - start, ..self }
    }

    /// Writes the first `cols` columns of the rows of `tile`, which are `width` wide, or adds them to
    /// what is there.
    ///
    /// # Safety
    /// No other thread uses these elements.
    ///
    /// # Panics
    /// If they are beyond the end.
    pub(super) unsafe fn add(self, tile: &[f32], (cols, width): (usize, usize), add: bool) {
        for (row, sums) in tile.chunks_exact(width).enumerate() {
            let start = row.checked_mul(self.stride).expect("a result fits into memory");
            let end = start.checked_add(cols);
            assert!(end.is_some_and(|end| end <= self.len), "the tile lies within the result");
            // SAFETY: the elements are within the memory, as asserted, and only used here.
            let c = unsafe { std::slice::from_raw_parts_mut(self.data.add(start), cols) };
            for (c, sum) in c.iter_mut().zip(sums) {
                *c = if add { *c + sum } else { *sum };
            }
        }
    }
}

/// `c[r][j] = sum over k of a[r][k] * b[k][j]`, or that added to `c`, for `a.rows` rows and `width`
/// columns. `b` is `[k, width]`, row after row.
///
/// # Safety
/// No other thread uses these elements of `c`.
///
/// # Panics
/// If the operands are too short for their shapes, or the tile is larger than a tile of `width`.
#[inline]
pub(super) unsafe fn run_tile(
    path: Path,
    width: usize,
    a: Strip<'_>,
    b: &[f32],
    c: Output<'_>,
    add: bool,
) {
    assert!(WIDTHS.contains(&width) && (1..=tile_rows(width)).contains(&a.rows) && a.k >= 1);
    // Checked, because a sum that wraps would pass as small.
    let last_row = (a.rows - 1).checked_mul(a.row_stride);
    let last_col = (a.k - 1).checked_mul(a.col_stride);
    let last = last_row.and_then(|row| row.checked_add(last_col?));
    assert!(last.is_some_and(|last| last < a.data.len()), "the strip lies within its matrix");
    assert!(a.k.checked_mul(width).is_some_and(|len| len <= b.len()), "the panel has k rows");
    let end = (a.rows - 1).checked_mul(c.stride).and_then(|row| row.checked_add(width));
    assert!(end.is_some_and(|end| end <= c.len), "the tile lies within the result");
    let args = TileArgs {
        a: a.data.as_ptr(),
        a_row_stride: a.row_stride,
        a_col_stride: a.col_stride,
        k: a.k,
        b: b.as_ptr(),
        c: c.data,
        c_stride: c.stride,
        add,
    };
    // SAFETY: the last element of each operand lies within its slice, as asserted above, those of `c`
    // are only used here, as the caller says, and a path is only made on a CPU that has its features.
    unsafe {
        match path.0 {
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2 => super::avx2::run(width, a.rows, &args),
            #[cfg(target_arch = "aarch64")]
            Instructions::Neon => super::neon::run(width, a.rows, &args),
            Instructions::Portable => portable::run(width, a.rows, &args),
        }
    }
}
