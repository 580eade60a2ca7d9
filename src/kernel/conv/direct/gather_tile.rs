//! One tile of a product through a [`Table`](super::table::Table).

use super::table::{Segment, ZEROS};
use crate::kernel::lanes::Lanes;
use crate::kernel::tile::{Body, MOST_PANELS, MOST_ROWS, Sums, TileScratch, WIDTHS};

/// A row of a tile: a pixel of the target.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) position: usize,
    pub(super) image: *const f32,
    pub(super) output: *mut f32,
}

impl Default for Row {
    fn default() -> Row {
        Row { position: 0, image: std::ptr::null(), output: std::ptr::null_mut() }
    }
}

/// Columns of the widest tile.
pub(super) const COLUMNS: usize = WIDTHS[0] * MOST_PANELS;

/// A number for each column of a tile.
#[repr(align(64))]
pub(super) struct Columns(pub(super) [f32; COLUMNS]);

/// -0.0: adding it leaves every sum unchanged, also a zero of either sign.
static NOTHING: Columns = Columns([-0.0; COLUMNS]);

/// Where a tile reads and writes.
///
/// # Safety
/// For a tile of `ROWS` rows:
/// - For each segment and row, `offsets + segment.row + position` can be read. It holds the offset
///   of a run in the row's image, or [`ZEROS`]; then `segment.len` elements can be read at `zeros`.
/// - Each panel has a row for each element of the segments.
/// - `cols` elements, at most as many as the tile has columns, can be read and written at each
///   row's `output`, and nothing else uses them.
pub(super) struct GatherTile<'a> {
    pub(super) offsets: *const i32,
    pub(super) segments: &'a [Segment],
    pub(super) zeros: *const f32,
    pub(super) b: *const f32,
    pub(super) b_panel_stride: usize,
    pub(super) cols: usize,
    pub(super) add: bool,
    pub(super) bias: Columns,
    pub(super) limit: f32, // values up to this become zero; NaN: none do
    pub(super) rows: [Row; MOST_ROWS],
}

impl Body for GatherTile<'_> {
    #[inline(always)]
    unsafe fn run<V: Lanes, const ROWS: usize, const COLS: usize, const PANELS: usize>(&self) {
        // SAFETY: the type's promise. After the last round `b` lies past the end, which
        // `wrapping_add` allows, and is not read.
        unsafe {
            let mut sums = Sums::<V, ROWS, COLS, PANELS>::zero();
            let mut b = self.b;
            for segment in self.segments {
                let mut runs = [self.zeros; ROWS];
                for (run, row) in runs.iter_mut().zip(&self.rows) {
                    let offset = *self.offsets.add(segment.row + row.position);
                    let at = row.image.wrapping_offset(offset as isize + segment.start as isize);
                    *run = if offset == ZEROS { self.zeros } else { at };
                }
                for k in 0..segment.len {
                    sums.add_outer(b, self.b_panel_stride, |r| *runs[r].add(k));
                    b = b.wrapping_add(COLS * V::COUNT);
                }
            }
            // The sums go through memory here: indexing single sums would make the compiler keep
            // all of them in memory the whole time.
            let mut tile = TileScratch::new();
            let (sums_of, width) = (tile.0.as_mut_ptr(), PANELS * COLS * V::COUNT);
            sums.write(sums_of, width, COLS * V::COUNT, false);
            for (r, row) in self.rows[..ROWS].iter().enumerate() {
                self.finish::<V>(sums_of.add(r * width), row.output, width);
            }
        }
    }
}

impl GatherTile<'_> {
    /// Writes a row of `width` sums. Bias, earlier value and limit are applied without branches: a
    /// branch for each register would take longer than its work.
    ///
    /// # Safety
    /// As for [`GatherTile`].
    #[inline(always)]
    unsafe fn finish<V: Lanes>(&self, sums: *const f32, output: *mut f32, width: usize) {
        // SAFETY: the promise of `GatherTile`. Of the last register, only the columns that exist
        // are read and written.
        unsafe {
            let before = if self.add { output.cast_const() } else { NOTHING.0.as_ptr() };
            let limit = V::splat(self.limit);
            let total = |col: usize, earlier: V| {
                let bias = V::load(self.bias.0.as_ptr().add(col));
                earlier.add(V::load(sums.add(col))).add(bias).zero_up_to(limit)
            };
            for col in (0..width).step_by(V::COUNT) {
                if col + V::COUNT <= self.cols {
                    total(col, V::load(before.add(col))).store(output.add(col));
                } else if col < self.cols {
                    let left = self.cols - col;
                    let value = total(col, V::load_first(before.add(col), left));
                    value.store_first(output.add(col), left);
                }
            }
        }
    }
}
