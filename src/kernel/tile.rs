//! One tile of a product, which stays in registers: the body that all paths share.

use super::lanes::Lanes;

/// Length of a block of K; part of the numerics, because it decides the order of the sums.
pub const K_BLOCK: usize = 256;

/// Widths of the panels of B. Only the last columns get one of the narrower two, so that few lanes
/// compute nothing: 100 columns are 6 panels of 16 and one of 4.
pub(super) const WIDTHS: [usize; 3] = [16, 8, 4];

/// Rows of a tile over a panel of `width` columns: as many sums as hide the latency of FMA.
pub(super) const fn tile_rows(width: usize) -> usize {
    if width == 16 { 6 } else { 12 }
}

/// Elements of the largest tile.
pub(super) const TILE_LEN: usize = 6 * 16;
const _: () = assert!(tile_rows(16) * 16 == TILE_LEN);
const _: () = assert!(tile_rows(8) * 8 <= TILE_LEN && tile_rows(4) * 4 <= TILE_LEN);

/// Elements of a tile on the way to their place.
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

/// Where a tile reads and writes, in elements.
///
/// # Safety
/// For r < rows, j < width, i < k, `a + r * a_row_stride + i * a_col_stride` and `b + i * width + j`
/// can be read, `c + r * c_stride + j` can be read and written, and nothing else holds the latter;
/// k is at least 1.
pub(super) struct TileArgs {
    pub(super) a: *const f32,
    pub(super) a_row_stride: usize,
    pub(super) a_col_stride: usize,
    pub(super) k: usize,
    pub(super) b: *const f32,
    pub(super) c: *mut f32,
    pub(super) c_stride: usize,
    pub(super) add: bool,
}

/// Calls `$of::<$register, rows, $cols>($args)` for `$rows` from 1 to 6 or 12.
macro_rules! for_rows {
    (6, $rows:expr, $of:ident::<$register:ty, $cols:literal>($($args:ident),*)) => {
        match $rows {
            1 => $of::<$register, 1, $cols>($($args),*),
            2 => $of::<$register, 2, $cols>($($args),*),
            3 => $of::<$register, 3, $cols>($($args),*),
            4 => $of::<$register, 4, $cols>($($args),*),
            5 => $of::<$register, 5, $cols>($($args),*),
            _ => $of::<$register, 6, $cols>($($args),*),
        }
    };
    (12, $rows:expr, $of:ident::<$register:ty, $cols:literal>($($args:ident),*)) => {
        match $rows {
            7 => $of::<$register, 7, $cols>($($args),*),
            8 => $of::<$register, 8, $cols>($($args),*),
            9 => $of::<$register, 9, $cols>($($args),*),
            10 => $of::<$register, 10, $cols>($($args),*),
            11 => $of::<$register, 11, $cols>($($args),*),
            12 => $of::<$register, 12, $cols>($($args),*),
            few => for_rows!(6, few, $of::<$register, $cols>($($args),*)),
        }
    };
}
pub(super) use for_rows;

/// The tile of `ROWS` rows and `COLS` registers.
///
/// # Safety
/// See [`TileArgs`], with `ROWS` rows and a width of `COLS` registers; the CPU has the features of
/// `V`.
#[inline(always)]
pub(super) unsafe fn tile<V: Lanes, const ROWS: usize, const COLS: usize>(args: &TileArgs) {
    // SAFETY: the offsets are those of the promise: r < ROWS, j < COLS * V::COUNT, i < k. Addresses
    // past the end, after the last round, are computed with `wrapping_add` and not read.
    unsafe {
        let mut sums = [[V::splat(0.0); COLS]; ROWS];
        let (mut a, mut b) = (args.a, args.b);
        for _ in 0..args.k {
            let mut b_row = [V::splat(0.0); COLS];
            for (j, register) in b_row.iter_mut().enumerate() {
                *register = V::load(b.add(j * V::COUNT));
            }
            for (r, sum) in sums.iter_mut().enumerate() {
                let factor = V::splat(*a.add(r * args.a_row_stride));
                for (sum, b) in sum.iter_mut().zip(b_row) {
                    *sum = factor.mul_add(b, *sum);
                }
            }
            a = a.wrapping_add(args.a_col_stride);
            b = b.wrapping_add(COLS * V::COUNT);
        }
        for (r, sum) in sums.iter().enumerate() {
            for (j, &sum) in sum.iter().enumerate() {
                let c = args.c.add(r * args.c_stride + j * V::COUNT);
                let total = if args.add { V::load(c).add(sum) } else { sum };
                total.store(c);
            }
        }
    }
}
