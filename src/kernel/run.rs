//! Runs a tile with the instructions of a path, on operands that are checked here.

use std::marker::PhantomData;
use std::ops::Range;

use super::lanes::Wide;
use super::panels::PanelsOf;
use super::path::{Instructions, KernelPath};
use super::portable;
use super::tile::{Body, Strip, TileArgs, TileShape, WIDTHS};

/// A result `[.., stride]` in memory, in which threads write different columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Output<'a> {
    data: *mut f32,
    len: usize,
    pub(super) stride: usize,
    memory: PhantomData<&'a mut [f32]>,
}

// SAFETY: the memory is borrowed mutably for the life of the value. `run_tile`, `add` and `rows`,
// and all writing through `pointer`, require of their callers that no two write the same elements.
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
    /// If `start` lies after the end.
    pub(super) fn from(self, start: usize) -> Output<'a> {
        assert!(start <= self.len, "the tile begins within the result");
        // SAFETY: the offset is within the memory, as asserted.
        Output { data: unsafe { self.data.add(start) }, len: self.len - start, ..self }
    }

    /// The same memory as rows of `stride` elements.
    pub(super) fn with_stride(self, stride: usize) -> Output<'a> {
        Output { stride, ..self }
    }

    /// The rows `rows` as a slice.
    ///
    /// # Safety
    /// Nothing else uses these rows while the slice lives.
    ///
    /// # Panics
    /// If they are beyond the end.
    pub(super) unsafe fn rows(self, rows: Range<usize>) -> &'a mut [f32] {
        let [start, end] = [rows.start, rows.end].map(|row| row.checked_mul(self.stride));
        let end = end.filter(|end| *end <= self.len).expect("the rows lie within the result");
        let start = start.filter(|start| *start <= end).expect("rows have a first and a last one");
        // SAFETY: the elements are within the memory, as asserted, and only used here, as the caller says.
        unsafe { std::slice::from_raw_parts_mut(self.data.add(start), end - start) }
    }

    /// Where the result begins.
    pub(super) fn pointer(self) -> *mut f32 {
        self.data
    }

    /// Writes the first `cols` columns of the rows of `tile`, which are `width` wide, or adds them
    /// to the existing values.
    ///
    /// # Safety
    /// No other thread uses these elements.
    ///
    /// # Panics
    /// If they are beyond the end.
    pub(super) unsafe fn add(self, tile: &[f32], width: usize, cols: usize, add: bool) {
        for (row, sums) in tile.chunks_exact(width).enumerate() {
            let start = row.checked_mul(self.stride).expect("a result fits into memory");
            let end = start.checked_add(cols);
            assert!(end.is_some_and(|end| end <= self.len), "the tile lies within the result");
            // SAFETY: the elements are within the memory, as asserted, and only used here.
            let c = unsafe { std::slice::from_raw_parts_mut(self.data.add(start), cols) };
            for (to, sum) in c.iter_mut().zip(sums) {
                *to = if add { *to + sum } else { *sum };
            }
        }
    }
}

/// `c[r][j] = sum over k of a[r][k] * b[k][j]` for `a.rows` rows and the columns of `b`; if `add`,
/// the sum is added to `c`. In `c`, the columns of a panel lie `c_panel_stride` elements after
/// those of the panel before.
///
/// # Safety
/// No other thread uses these elements of `c`.
///
/// # Panics
/// If the operands are too short for their shapes, or the tile is larger than a tile of `width`.
#[inline]
pub(super) unsafe fn run_tile(
    path: KernelPath,
    a: Strip<'_>,
    b: PanelsOf<'_>,
    c: Output<'_>,
    c_panel_stride: usize,
    add: bool,
) {
    let PanelsOf { width, count: panels, .. } = b;
    assert!(WIDTHS.contains(&width) && (1..=path.tile_rows(width)).contains(&a.rows) && a.k >= 1);
    assert!(panels == 1 || (panels == path.tile_panels() && width == WIDTHS[0]));
    // Checked, because a sum that has wrapped around would seem small.
    let last_row = (a.rows - 1).checked_mul(a.row_stride);
    let last_col = (a.k - 1).checked_mul(a.col_stride);
    let last = last_row.and_then(|row| row.checked_add(last_col?));
    assert!(last.is_some_and(|last| last < a.data.len()), "the strip lies within its matrix");
    let last_panel = (panels - 1).checked_mul(b.stride);
    let end = a.k.checked_mul(width).and_then(|len| len.checked_add(last_panel?));
    assert!(end.is_some_and(|end| end <= b.data.len()), "the panels have k rows");
    let c_last_panel = (panels - 1).checked_mul(c_panel_stride);
    let c_end = (a.rows - 1).checked_mul(c.stride).and_then(|row| row.checked_add(width));
    let c_end = c_end.and_then(|end| end.checked_add(c_last_panel?));
    assert!(c_end.is_some_and(|end| end <= c.len), "the tile lies within the result");
    let args = TileArgs {
        a: a.data.as_ptr(),
        a_row_stride: a.row_stride,
        a_col_stride: a.col_stride,
        k: a.k,
        b: b.data.as_ptr(),
        b_panel_stride: b.stride,
        c: c.data,
        c_stride: c.stride,
        c_panel_stride,
        add,
    };
    // SAFETY: as asserted above, the last element of each operand lies within its slice, and the
    // shape is one of the path. The caller says that the elements of `c` are only used here.
    unsafe { run_body(path, TileShape { rows: a.rows, width, panels }, &args) }
}

/// Runs `body` with the instructions of `path`.
///
/// # Safety
/// The caller keeps the promise of `body` for `shape`, which has at most the path's rows and
/// panels.
#[inline]
pub(super) unsafe fn run_body<B: Body>(path: KernelPath, shape: TileShape, body: &B) {
    // SAFETY: the caller's promise; and a path exists only on a CPU that has its features.
    unsafe {
        match path.0 {
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512 => super::avx512::run(shape, body),
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2 => super::avx2::run(shape, body),
            #[cfg(target_arch = "aarch64")]
            Instructions::Neon => super::neon::run(shape, body),
            Instructions::Portable => portable::run(shape, body),
        }
    }
}

/// Does `work` in the widest registers of `path`.
///
/// # Safety
/// The caller keeps the promise of `work`.
#[inline]
pub(super) unsafe fn run_wide<W: Wide>(path: KernelPath, work: W) {
    // SAFETY: the caller's promise; and a path exists only on a CPU that has its features.
    unsafe {
        match path.0 {
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512 => super::avx512::run_wide(work),
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2 => super::avx2::run_wide(work),
            #[cfg(target_arch = "aarch64")]
            Instructions::Neon => super::neon::run_wide(work),
            Instructions::Portable => portable::run_wide(work),
        }
    }
}
