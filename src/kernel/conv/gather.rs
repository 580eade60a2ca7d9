//! Products whose left operand is read through a [`Table`]: the forward pass and the input gradient.

use std::ops::Range;

use super::table::{Segment, Table, ZEROS};
use crate::kernel::lanes::Lanes;
use crate::kernel::panels::{Group, Panels};
use crate::kernel::path::Effort;
use crate::kernel::run::{Output, run_body};
use crate::kernel::split::{pieces, split};
use crate::kernel::tile::{Body, MOST_ROWS, Sums, TileScratch, TileShape};

/// Elements of the images, source and target, that are worked on together: they stay in the cache
/// while the panels of the weight pass.
const GROUP_LEN: usize = 1 << 17;

/// What happens to the sums before they are written.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Epilogue<'a> {
    /// Added to each output pixel, `[out_channels]`.
    pub bias: Option<&'a [f32]>,
    /// Whether what is not above zero becomes zero, after the bias; NaN stays.
    pub relu: bool,
}

/// The operands of a product through a table.
#[derive(Clone, Copy)]
pub(super) struct Gather<'a> {
    pub(super) table: &'a Table,
    /// `[images, table.source_len]`
    pub(super) source: &'a [f32],
    /// At least `table.run_len`.
    pub(super) zeros: &'a [f32],
    /// `[table.runs * table.run_len, channels]` in panels.
    pub(super) weight: (&'a [f32], Panels),
    pub(super) epilogue: Epilogue<'a>,
    pub(super) images: usize,
}

impl Gather<'_> {
    /// Writes the pixels of the table's targets in all images of `target`, each of `pixels` pixels.
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub(super) fn run(&self, target: &mut [f32], pixels: usize, effort: Effort) {
        let Gather { table, source, zeros, weight: (b, layout), epilogue, images } = *self;
        let (positions, channels) = (table.positions(), layout.cols());
        assert_eq!(layout.rows(), table.runs * table.run_len, "rows of the weight");
        let len = |image: usize| images.checked_mul(image).expect("images fit into memory");
        assert_eq!(source.len(), len(table.source_len), "size of the source images");
        assert_eq!(target.len(), len(pixels * channels), "size of the target images");
        assert!(table.targets.iter().all(|pixel| (*pixel as usize) < pixels), "target pixels");
        assert!(zeros.len() >= table.run_len && b.len() >= layout.len(), "size of the weight");
        assert!(epilogue.bias.is_none_or(|bias| bias.len() == channels), "size of the bias");
        let flops = 2 * layout.rows() * channels * len(positions);
        let at_once = (GROUP_LEN / (table.source_len + pixels * channels).max(1)).max(1);
        let target = Output::new(target, pixels * channels);
        split(0..images, pieces(effort.threads, flops), &|images: Range<usize>| {
            for first in images.clone().step_by(at_once) {
                let group = first..images.end.min(first + at_once);
                for panels in layout.groups(0..layout.panels(), effort.path.tile_panels()) {
                    // SAFETY: only this piece has these images.
                    unsafe { self.panels(group.clone(), panels, target, effort) }
                }
            }
        });
    }

    /// Computes the columns of `panels`, which are of the first block, of `images`.
    ///
    /// # Safety
    /// No other thread writes these images, and sizes are as `run` has asserted.
    unsafe fn panels(
        &self,
        images: Range<usize>,
        panels: Group,
        target: Output<'_>,
        effort: Effort,
    ) {
        let Gather { table, weight: (b, layout), epilogue, .. } = *self;
        let (positions, width) = (table.positions(), panels.first.width);
        let step = effort.path.tile_rows(width);
        let rows = images.len() * positions;
        for (block, segments) in table.blocks.iter().enumerate() {
            let number = block * layout.panels() + panels.first.panel;
            let of_block = layout.groups(number..number + panels.count, panels.count);
            for group in of_block {
                let is_last = block + 1 == table.blocks.len();
                let bias = epilogue.bias.filter(|_| is_last);
                let mut tile = Tile {
                    offsets: table.offsets.as_ptr(),
                    segments,
                    zeros: self.zeros.as_ptr(),
                    b: b[group.range()].as_ptr(),
                    b_panel_stride: group.stride(),
                    cols: group.cols,
                    add: block > 0,
                    bias: bias.map(|bias| bias[group.first.col..][..group.cols].as_ptr()),
                    relu: epilogue.relu && is_last,
                    rows: [Row::default(); MOST_ROWS],
                };
                let mut next = (images.start, 0);
                for start in (0..rows).step_by(step) {
                    let count = step.min(rows - start);
                    for row in &mut tile.rows[..count] {
                        *row = self.row(next, target, group.first.col);
                        next.1 += 1;
                        if next.1 == positions {
                            next = (next.0 + 1, 0);
                        }
                    }
                    let shape = TileShape { rows: count, width, panels: group.count };
                    // SAFETY: the rows are those of pixels of images that only this thread writes, the
                    // columns are `group.cols` from its first; offsets of runs lie within an image, and
                    // the weight has the rows of the segments.
                    unsafe { run_body(effort.path, shape, &tile) }
                }
            }
        }
    }

    #[inline(always)]
    fn row(&self, (image, position): (usize, usize), target: Output<'_>, col: usize) -> Row {
        let pixel = self.table.targets[position] as usize;
        let channels = self.weight.1.cols();
        Row {
            position,
            image: self.source[image * self.table.source_len..].as_ptr(),
            output: target.from(image * target.stride + pixel * channels + col).pointer(),
        }
    }
}

/// A row of a tile: a pixel of the target.
#[derive(Debug, Clone, Copy)]
struct Row {
    position: usize,
    image: *const f32,
    output: *mut f32,
}

impl Default for Row {
    fn default() -> Row {
        Row { position: 0, image: std::ptr::null(), output: std::ptr::null_mut() }
    }
}

/// Where a tile reads and writes.
///
/// # Safety
/// For a tile of `ROWS` rows: `offsets + segment.row + position` of each segment and row can be read,
/// and is the offset of a run in the row's image or [`ZEROS`], for which `segment.len` elements can be
/// read at `zeros`. Each panel has a row for each element of the segments. `cols` elements can be read
/// at `bias`, read and written at each row's `output`, and nothing else holds the latter.
struct Tile<'a> {
    offsets: *const i32,
    segments: &'a [Segment],
    zeros: *const f32,
    b: *const f32,
    b_panel_stride: usize,
    cols: usize,
    add: bool,
    bias: Option<*const f32>,
    relu: bool,
    rows: [Row; MOST_ROWS],
}

impl Body for Tile<'_> {
    #[inline(always)]
    unsafe fn run<V: Lanes, const ROWS: usize, const COLS: usize, const PANELS: usize>(&self) {
        // SAFETY: the promise; `b` is computed past the end with `wrapping_add` and not read there.
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
            // Through memory, because code that looks at single sums would keep all of them there.
            let mut tile = TileScratch::new();
            let width = PANELS * COLS * V::COUNT;
            sums.write(tile.0.as_mut_ptr(), width, COLS * V::COUNT, false);
            for (row, sums) in self.rows[..ROWS].iter().zip(tile.0.chunks_exact(width)) {
                for col in (0..self.cols).step_by(V::COUNT) {
                    self.finish::<V>(sums.as_ptr(), row.output, col);
                }
            }
        }
    }
}

impl Tile<'_> {
    /// Writes the register of sums of the columns from `col`.
    ///
    /// # Safety
    /// That of the tile; `sums` are those of a row.
    #[inline(always)]
    unsafe fn finish<V: Lanes>(&self, sums: *const f32, output: *mut f32, col: usize) {
        let left = self.cols - col;
        // SAFETY: the promise; only `left` columns are read and written.
        unsafe {
            let load = |from: *const f32| match left >= V::COUNT {
                true => V::load(from.add(col)),
                false => V::load_first(from.add(col), left),
            };
            let mut total = V::load(sums.add(col));
            if self.add {
                total = load(output).add(total);
            }
            if let Some(bias) = self.bias {
                total = total.add(load(bias));
            }
            if self.relu {
                total = total.relu();
            }
            match left >= V::COUNT {
                true => total.store(output.add(col)),
                false => total.store_first(output.add(col), left),
            }
        }
    }
}
