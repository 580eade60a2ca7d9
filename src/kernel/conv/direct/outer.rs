//! The weight gradient: a product whose K goes over the pixels of all images, and whose rows are
//! the elements of runs.

use std::sync::Mutex;

use super::pack::pack;
use super::table::{SumTable, ZEROS};
use crate::kernel::conv::sums::sum_rows;
use crate::kernel::lanes::Lanes;
use crate::kernel::panels::{PanelGroup, Panels};
use crate::kernel::path::Effort;
use crate::kernel::run::{Output, run_body};
use crate::kernel::split::{pieces, split};
use crate::kernel::tile::{Body, K_BLOCK, MOST_PANELS, MOST_ROWS, Sums, TileShape, WIDTHS};
use crate::kernel::vectorise;

/// Number of gradient elements that are summed in one pass over the pixels, so that they stay in
/// the cache.
const GRADIENT_LEN: usize = 1 << 17;

/// Rows of the gradient that are computed together: contiguous elements of one run, in one block of
/// rows of the panels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowTile {
    row: usize,
    rows: usize,
    run: usize,
    /// The first element within the run.
    start: usize,
}

/// Divides the rows of the gradient as evenly as possible.
pub(super) fn row_tiles(table: &SumTable) -> Vec<RowTile> {
    let mut tiles = Vec::new();
    for segments in &table.blocks {
        for segment in segments {
            let run = segment.row / table.positions().max(1);
            let count = segment.len.div_ceil(MOST_ROWS);
            let at = |i: usize| segment.start + segment.len * i / count;
            tiles.extend((0..count).map(|i| RowTile {
                row: run * table.run_len + at(i),
                rows: at(i + 1) - at(i),
                run,
                start: at(i),
            }));
        }
    }
    tiles
}

/// The operands of a weight gradient.
#[derive(Clone, Copy)]
pub(super) struct Outer<'a> {
    pub(super) table: &'a SumTable,
    pub(super) tiles: &'a [RowTile],
    /// `[images, table.source_len]`
    pub(super) source: &'a [f32],
    /// At least `table.run_len`.
    pub(super) zeros: &'a [f32],
    /// `[images, positions, channels]`
    pub(super) grad_output: &'a [f32],
    pub(super) channels: usize,
    pub(super) images: usize,
}

/// Rows of the output gradient, in panels side by side.
#[repr(align(64))]
struct Packed([f32; K_BLOCK * WIDTHS[0] * MOST_PANELS]);

impl Outer<'_> {
    /// Writes the weight gradient in panels of `[runs * run_len, channels]`, and the bias gradient
    /// `[channels]`.
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub(super) fn run(&self, grad: &mut [f32], bias: Option<&mut [f32]>, effort: Effort) {
        let Outer { table, tiles, channels, images, .. } = *self;
        let layout = Panels::new(table.runs * table.run_len, channels);
        let len = |image: usize| images.checked_mul(image).expect("images fit into memory");
        let pixels = len(table.positions());
        assert_eq!(self.source.len(), len(table.source_len), "size of the source images");
        assert_eq!(Some(self.grad_output.len()), pixels.checked_mul(channels), "size of gradients");
        assert_eq!(grad.len(), layout.len(), "size of the gradient of the weight");
        assert!(self.zeros.len() >= table.run_len, "zeros for a run");
        assert!(bias.as_ref().is_none_or(|bias| bias.len() == channels), "size of the bias");
        if pixels == 0 {
            bias.into_iter().for_each(|bias| bias.fill(0.0));
            return grad.fill(0.0);
        }
        let bias = Mutex::new(bias);
        let flops = 2 * layout.rows() * channels * pixels;
        let at_once = (GRADIENT_LEN / (MOST_ROWS * channels).max(1)).max(1);
        let grad = Output::new(grad, 1);
        split(0..tiles.len(), pieces(effort.threads, flops), &|range| {
            let mut scratch = Packed([0.0; K_BLOCK * WIDTHS[0] * MOST_PANELS]);
            // The piece with the first rows also sums the bias gradient, together with its first
            // tiles.
            let mut bias = (range.start == 0).then(|| bias.lock().ok()?.take()).flatten();
            for chunk in tiles[range].chunks(at_once) {
                for first in (0..pixels).step_by(K_BLOCK) {
                    let count = K_BLOCK.min(pixels - first);
                    let packed = Panels::new(count, channels);
                    for group in packed.groups(0..packed.panels(), effort.path.tile_panels()) {
                        let rows = first * channels..(first + count) * channels;
                        pack(&self.grad_output[rows], channels, group, &mut scratch.0);
                        if let Some(bias) = &mut bias {
                            let bias = &mut bias[group.first.col..][..group.cols];
                            sum_rows(&scratch.0, group, first > 0, bias);
                        }
                        // SAFETY: only this piece has these rows of the gradient.
                        unsafe { self.tiles(chunk, first, group, &scratch.0, grad, effort) }
                    }
                }
                bias = None;
            }
        });
    }

    /// Adds the products of the pixels from `first` on, whose gradients are in `packed`, to the
    /// rows of `tiles` and the columns of `group`. The first pixels overwrite what was there.
    ///
    /// # Safety
    /// No other thread writes these rows, and sizes are as `run` has asserted.
    unsafe fn tiles(
        &self,
        tiles: &[RowTile],
        first: usize,
        group: PanelGroup,
        packed: &[f32],
        grad: Output<'_>,
        effort: Effort,
    ) {
        let (count, width) = (group.first.rows, group.first.width);
        let layout = Panels::new(self.table.runs * self.table.run_len, self.channels);
        let step = effort.path.tile_rows(width);
        let mut pixels = [std::ptr::null(); K_BLOCK];
        let mut of_run = None;
        for tile in tiles {
            if of_run != Some(tile.run) {
                self.run_pointers(tile.run, first, &mut pixels[..count]);
                of_run = Some(tile.run);
            }
            let chunk = layout.chunk(tile.row / K_BLOCK, group.first.panel);
            for start in (0..tile.rows).step_by(step) {
                let row = tile.row + start;
                let body = OuterTile {
                    pixels: &pixels[..count],
                    start: tile.start + start,
                    b: packed[..group.count * group.stride()].as_ptr(),
                    b_panel_stride: group.stride(),
                    c: grad.from(chunk.start + (row - chunk.row) * width).pointer(),
                    c_panel_stride: chunk.rows * width,
                    add: first > 0,
                };
                let rows = step.min(tile.rows - start);
                let shape = TileShape { rows, width, panels: group.count };
                // SAFETY: the rows of a tile are elements of its run, and lie in one block of the
                // panels, beside those of the next panel. `packed` has `count` rows of each panel.
                unsafe { run_body(effort.path, shape, &body) }
            }
        }
    }

    /// Sets `pixels` to where run `run` begins, for each pixel from `first` on.
    fn run_pointers(&self, run: usize, first: usize, pixels: &mut [*const f32]) {
        let (table, positions) = (self.table, self.table.positions());
        let (mut image, mut position) = (first / positions, first % positions);
        let mut rest = pixels;
        while !rest.is_empty() {
            let count = rest.len().min(positions - position);
            let (part, later) = rest.split_at_mut(count);
            let offsets = &table.offsets[run * positions + position..][..count];
            let source = self.source[image * table.source_len..].as_ptr();
            let zeros = self.zeros.as_ptr();
            vectorise(
                #[inline(always)]
                || {
                    for (pixel, &offset) in part.iter_mut().zip(offsets) {
                        let at = source.wrapping_offset(offset as isize);
                        *pixel = if offset == ZEROS { zeros } else { at };
                    }
                },
            );
            (image, position, rest) = (image + 1, 0, later);
        }
    }
}

/// Where a tile reads and writes.
///
/// # Safety
/// For a tile of `rows` rows and panels of `width` columns:
/// - `rows` elements can be read `start` elements after each of `pixels`.
/// - Each panel at `b` has a row for each of `pixels`.
/// - `rows * width` elements of each panel at `c` can be read and written, and nothing else uses
///   them.
struct OuterTile<'a> {
    pixels: &'a [*const f32],
    start: usize,
    b: *const f32,
    b_panel_stride: usize,
    c: *mut f32,
    c_panel_stride: usize,
    add: bool,
}

impl Body for OuterTile<'_> {
    #[inline(always)]
    unsafe fn run<V: Lanes, const ROWS: usize, const COLS: usize, const PANELS: usize>(&self) {
        // SAFETY: the type's promise. After the last round `b` lies past the end, which
        // `wrapping_add` allows, and is not read.
        unsafe {
            let mut sums = Sums::<V, ROWS, COLS, PANELS>::zero();
            let mut b = self.b;
            for pixel in self.pixels {
                let a = pixel.add(self.start);
                sums.add_outer(b, self.b_panel_stride, |r| *a.add(r));
                b = b.wrapping_add(COLS * V::COUNT);
            }
            sums.write(self.c, COLS * V::COUNT, self.c_panel_stride, self.add);
        }
    }
}
