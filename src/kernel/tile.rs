//! One tile of a product, which stays in registers: the code shared by all paths.

use std::hint::black_box;

use super::lanes::Lanes;

/// Length of a block of K; part of the numerics, because it decides the order of the sums.
pub const K_BLOCK: usize = 256;

/// Widths of the panels of B. Only the last columns get one of the narrower two, so that few lanes
/// are wasted: 100 columns are 6 panels of 16 and one of 4.
pub(super) const WIDTHS: [usize; 3] = [16, 8, 4];

/// Rows and columns of a tile: `panels` adjacent panels of `width` columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TileShape {
    pub(super) rows: usize,
    pub(super) width: usize,
    pub(super) panels: usize,
}

/// Rows of the largest tile.
pub(super) const MOST_ROWS: usize = 12;

/// Panels of the widest tile.
pub(super) const MOST_PANELS: usize = 2;

/// Elements of the largest tile.
pub(super) const TILE_LEN: usize = MOST_ROWS * MOST_PANELS * WIDTHS[0];

/// A computation on a tile whose sums stay in registers.
pub(super) trait Body {
    /// Computes a tile of `ROWS` rows and `PANELS` panels, each of `COLS` registers.
    ///
    /// # Safety
    /// The caller keeps the promise of the implementation for this shape, and the CPU has the
    /// features of `V`.
    unsafe fn run<V: Lanes, const ROWS: usize, const COLS: usize, const PANELS: usize>(&self);
}

/// Elements of a tile on their way to the result.
#[repr(align(64))]
pub(super) struct TileScratch(pub(super) [f32; TILE_LEN]);

impl TileScratch {
    pub(super) fn new() -> TileScratch {
        TileScratch([0.0; TILE_LEN])
    }
}

/// Rows of A under a tile: element (r, k) is at `r * row_stride + k * col_stride`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strip<'a> {
    /// Starts at the strip's first element.
    pub(super) data: &'a [f32],
    pub(super) row_stride: usize,
    pub(super) col_stride: usize,
    pub(super) rows: usize,
    pub(super) k: usize,
}

/// Where a tile of a product reads and writes, in elements.
///
/// # Safety
/// For a tile of `rows` rows and `panels` panels of `width` columns, and for all r < rows, j <
/// width, i < k and p < panels:
/// - `a + r * a_row_stride + i * a_col_stride` and `b + p * b_panel_stride + i * width + j` can be
///   read.
/// - `c + r * c_stride + p * c_panel_stride + j` can be read and written, and nothing else uses it.
/// - k is at least 1.
pub(super) struct TileArgs {
    pub(super) a: *const f32,
    pub(super) a_row_stride: usize,
    pub(super) a_col_stride: usize,
    pub(super) k: usize,
    pub(super) b: *const f32,
    pub(super) b_panel_stride: usize,
    pub(super) c: *mut f32,
    pub(super) c_stride: usize,
    pub(super) c_panel_stride: usize,
    pub(super) add: bool,
}

/// Calls `$of::<$register, rows, $cols, $panels, _>($body)` for `$rows` from 1 to 6 or 12.
macro_rules! for_rows {
    (6, $rows:expr, $of:ident::<$register:ty, $cols:literal, $panels:literal>($body:ident)) => {
        for_rows!([1 2 3 4 5 6] $rows, $of::<$register, $cols, $panels>($body))
    };
    (12, $rows:expr, $of:ident::<$register:ty, $cols:literal, $panels:literal>($body:ident)) => {
        for_rows!([1 2 3 4 5 6 7 8 9 10 11 12] $rows, $of::<$register, $cols, $panels>($body))
    };
    ([$($count:literal)+] $rows:expr,
     $of:ident::<$register:ty, $cols:literal, $panels:literal>($body:ident)) => {
        match $rows {
            $($count => $of::<$register, $count, $cols, $panels, _>($body),)+
            rows => unreachable!("no tile has {rows} rows"),
        }
    };
}
pub(super) use for_rows;

impl Body for TileArgs {
    #[inline(always)]
    unsafe fn run<V: Lanes, const ROWS: usize, const COLS: usize, const PANELS: usize>(&self) {
        // SAFETY: the offsets are those of the promise: r < ROWS, j < COLS * V::COUNT, i < k. After
        // the last round the addresses lie past the end, which `wrapping_add` allows, and are not
        // read.
        unsafe {
            let mut sums = Sums::<V, ROWS, COLS, PANELS>::zero();
            let (mut a, mut b) = (QuadsOfRows::new(self.a, self.a_row_stride), self.b);
            for _ in 0..self.k {
                sums.add_outer(b, self.b_panel_stride, |r| *a.row(r));
                a.advance(self.a_col_stride);
                b = b.wrapping_add(COLS * V::COUNT);
            }
            sums.write(self.c, self.c_stride, self.c_panel_stride, self.add);
        }
    }
}

/// Where the rows of a strip are: a pointer for each four, and distances that an address can have. What they have to do
/// with each other is hidden from the compiler, which would compute each row's address from the one before: a chain of
/// additions that takes as long as the multiplications.
struct QuadsOfRows {
    firsts: [*const f32; MOST_ROWS / 4],
    stride: usize,
    three_strides: usize,
}

impl QuadsOfRows {
    #[inline(always)]
    fn new(first: *const f32, stride: usize) -> Self {
        let quad = |number: usize| black_box(first.wrapping_add(4 * number * stride));
        let three_strides = black_box(3 * stride);
        QuadsOfRows { firsts: [quad(0), quad(1), quad(2)], stride, three_strides }
    }

    /// The address of row `r`.
    #[inline(always)]
    fn row(&self, r: usize) -> *const f32 {
        let distance = [0, self.stride, 2 * self.stride, self.three_strides][r % 4];
        self.firsts[r / 4].wrapping_add(distance)
    }

    /// Goes on by `columns` elements in every row.
    #[inline(always)]
    fn advance(&mut self, columns: usize) {
        for first in &mut self.firsts {
            *first = first.wrapping_add(columns);
        }
    }
}

/// The sums of a tile.
pub(super) struct Sums<V, const ROWS: usize, const COLS: usize, const PANELS: usize>(
    pub(super) [[[V; COLS]; PANELS]; ROWS],
);

impl<V: Lanes, const ROWS: usize, const COLS: usize, const PANELS: usize>
    Sums<V, ROWS, COLS, PANELS>
{
    /// # Safety
    /// The CPU has the features of `V`.
    #[inline(always)]
    pub(super) unsafe fn zero() -> Self {
        // SAFETY: the caller's promise.
        Sums([[[unsafe { V::splat(0.0) }; COLS]; PANELS]; ROWS])
    }

    /// Adds to the sums of each row r the products of `a(r)` and the elements of one row of each
    /// panel.
    ///
    /// # Safety
    /// As for `zero`. `COLS` registers can be read at `b` for the first panel, and for each other
    /// panel `b_panel_stride` elements later.
    #[inline(always)]
    pub(super) unsafe fn add_outer(
        &mut self,
        b: *const f32,
        b_panel_stride: usize,
        a: impl Fn(usize) -> f32,
    ) {
        // SAFETY: the caller's promise.
        unsafe {
            let mut b_row = [[V::splat(0.0); COLS]; PANELS];
            for (p, panel) in b_row.iter_mut().enumerate() {
                for (j, register) in panel.iter_mut().enumerate() {
                    *register = V::load(b.add(p * b_panel_stride + j * V::COUNT));
                }
            }
            for (r, sums) in self.0.iter_mut().enumerate() {
                let factor = V::splat(a(r));
                for (of_panel, registers) in sums.iter_mut().zip(&b_row) {
                    for (sum, register) in of_panel.iter_mut().zip(registers) {
                        *sum = factor.mul_add(*register, *sum);
                    }
                }
            }
        }
    }

    /// Writes the sums, or adds them to the existing values. Rows lie `stride` elements apart,
    /// panels `panel_stride`.
    ///
    /// # Safety
    /// As for `zero`; the elements at `c` can be read and written.
    #[inline(always)]
    pub(super) unsafe fn write(&self, c: *mut f32, stride: usize, panel_stride: usize, add: bool) {
        // SAFETY: the caller's promise.
        unsafe {
            for (r, panels) in self.0.iter().enumerate() {
                for (p, sums) in panels.iter().enumerate() {
                    for (j, &sum) in sums.iter().enumerate() {
                        let c = c.add(r * stride + p * panel_stride + j * V::COUNT);
                        let total = if add { V::load(c).add(sum) } else { sum };
                        total.store(c);
                    }
                }
            }
        }
    }
}
