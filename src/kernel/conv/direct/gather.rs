//! Products whose left operand is read through a [`SumTable`]: the forward pass and the input gradient.

use std::ops::Range;

use super::gather_tile::{COLUMNS, Columns, GatherTile, Row};
use super::table::SumTable;
use crate::kernel::conv::Epilogue;
use crate::kernel::panels::{Matrix, PanelGroup};
use crate::kernel::path::Effort;
use crate::kernel::run::{Output, run_body};
use crate::kernel::split::{pieces, split};
use crate::kernel::tile::{MOST_ROWS, TileShape};

/// Elements of the source and target images that are processed together. They stay in the cache
/// while the panels of the weight pass.
const GROUP_LEN: usize = 1 << 17;

/// The operands of a product through a table.
#[derive(Clone, Copy)]
pub(super) struct Gather<'a> {
    pub(super) table: &'a SumTable,
    /// `[images, table.source_len]`
    pub(super) source: &'a [f32],
    /// At least `table.run_len` zeros.
    pub(super) zeros: &'a [f32],
    /// `[table.runs * table.run_len, channels]` in panels.
    pub(super) weight: Matrix<'a>,
    pub(super) epilogue: Epilogue<'a>,
    pub(super) images: usize,
}

impl Gather<'_> {
    /// Computes the pixels that the table lists as targets, in all images of `target`. Each image
    /// has `pixels` pixels.
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub(super) fn run(&self, target: &mut [f32], pixels: usize, effort: Effort) {
        let Gather { table, source, zeros, weight, epilogue, images } = *self;
        let layout = weight.layout;
        let (positions, channels) = (table.positions(), layout.cols());
        assert_eq!(layout.rows(), table.runs * table.run_len, "rows of the weight");
        let len = |image: usize| images.checked_mul(image).expect("images fit into memory");
        assert_eq!(source.len(), len(table.source_len), "size of the source images");
        assert_eq!(target.len(), len(pixels * channels), "size of the target images");
        assert!(table.targets.iter().all(|pixel| (*pixel as usize) < pixels), "target pixels");
        assert!(zeros.len() >= table.run_len, "zeros for a run");
        assert!(weight.elements.len() >= layout.len(), "size of the weight");
        assert!(epilogue.bias.is_none_or(|bias| bias.len() == channels), "size of the bias");
        let flops = 2 * layout.rows() * channels * len(positions);
        let at_once = (GROUP_LEN / (table.source_len + pixels * channels).max(1)).max(1);
        let target = Output::new(target, pixels * channels);
        split(0..images, pieces(effort.threads, flops), &|range: Range<usize>| {
            for first in range.clone().step_by(at_once) {
                let group = first..range.end.min(first + at_once);
                for panels in layout.groups(0..layout.panels(), effort.path.tile_panels()) {
                    // SAFETY: only this piece has these images.
                    unsafe { self.panels(group.clone(), panels, target, effort) }
                }
            }
        });
    }

    /// Computes the columns of `panels` for `images`. The panels are given by those of the first
    /// block.
    ///
    /// # Safety
    /// No other thread writes these images, and sizes are as `run` has asserted.
    unsafe fn panels(
        &self,
        images: Range<usize>,
        panels: PanelGroup,
        target: Output<'_>,
        effort: Effort,
    ) {
        let Gather { table, weight: Matrix { layout, .. }, .. } = *self;
        let (positions, width) = (table.positions(), panels.first.width);
        let step = effort.path.tile_rows(width);
        let rows = images.len() * positions;
        for block in 0..table.blocks.len() {
            let number = block * layout.panels() + panels.first.panel;
            for group in layout.groups(number..number + panels.count, panels.count) {
                let mut tile = self.tile(block, group);
                let mut pixels = self.pixels(images.start, target, group.first.col);
                for start in (0..rows).step_by(step) {
                    let count = step.min(rows - start);
                    tile.rows[..count].fill_with(|| pixels.next());
                    let shape = TileShape { rows: count, width, panels: group.count };
                    // SAFETY: the rows are pixels of images that only this thread writes. The
                    // columns are the `group.cols` from the group's first one. The offsets of runs
                    // lie within an image, and the weight has a row for each element of the
                    // segments.
                    unsafe { run_body(effort.path, shape, &tile) }
                }
            }
        }
    }

    /// The tile for block `block` of K, still without its rows. The first block overwrites the
    /// target; the last one adds the bias and applies ReLU.
    fn tile(&self, block: usize, group: PanelGroup) -> GatherTile<'_> {
        let last = block + 1 == self.table.blocks.len();
        let mut bias = Columns([-0.0; COLUMNS]);
        if let Some(values) = self.epilogue.bias.filter(|_| last) {
            bias.0[..group.cols].copy_from_slice(&values[group.first.col..][..group.cols]);
        }
        GatherTile {
            offsets: self.table.offsets.as_ptr(),
            segments: &self.table.blocks[block],
            zeros: self.zeros.as_ptr(),
            b: self.weight.elements[group.range()].as_ptr(),
            b_panel_stride: group.stride(),
            cols: group.cols,
            add: block > 0,
            bias,
            limit: if self.epilogue.relu && last { 0.0 } else { f32::NAN },
            rows: [Row::default(); MOST_ROWS],
        }
    }

    /// The target pixels of all images from `image` on, each from its column `col` on.
    fn pixels(&self, image: usize, target: Output<'_>, col: usize) -> Pixels<'_> {
        Pixels {
            targets: &self.table.targets,
            channels: self.weight.layout.cols(),
            position: 0,
            image: self.source[image * self.table.source_len..].as_ptr(),
            image_len: self.table.source_len,
            output: target.from(image * target.stride + col).pointer(),
            output_len: target.stride,
        }
    }
}

/// Goes over the pixels of one image after the other.
struct Pixels<'a> {
    targets: &'a [u32],
    channels: usize,
    position: usize,
    image: *const f32,
    image_len: usize,
    output: *mut f32, // the column of the first pixel of the image
    output_len: usize,
}

impl Pixels<'_> {
    /// The next pixel. After the last one of the last image, the pointers are past the end.
    #[inline(always)]
    fn next(&mut self) -> Row {
        let pixel = self.targets[self.position] as usize;
        let output = self.output.wrapping_add(pixel * self.channels);
        let row = Row { position: self.position, image: self.image, output };
        self.position += 1;
        if self.position == self.targets.len() {
            self.position = 0;
            self.image = self.image.wrapping_add(self.image_len);
            self.output = self.output.wrapping_add(self.output_len);
        }
        row
    }
}
