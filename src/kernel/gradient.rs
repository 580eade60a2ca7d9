//! The product Aᵀ · B, which is the gradient of a weight, and the update of the weight by it. B and the result are in
//! panels.

use std::ops::Range;

use super::across::rows_across;
use super::panels::{Matrix, PanelGroup, Panels};
use super::path::{Effort, KernelPath};
use super::rows::Rows;
use super::rule::{Rule, update};
use super::run::{Output, run_tile};
use super::split::{Slices, pieces, split_items};
use super::tile::{MOST_PANELS, MOST_ROWS, WIDTHS};

/// Elements of a panel of the gradient that are computed before they are used: four of the largest tiles, so that an
/// update takes longer than its start.
const GROUP_PANEL: usize = 4 * MOST_ROWS * WIDTHS[0];

/// A part of the gradient, in the cache until it is used.
#[repr(align(64))]
struct GradientScratch([f32; GROUP_PANEL * MOST_PANELS]);

/// `aᵀ · b`: a `[k, rows]`, b panels of `[k, cols]`, result panels of `[rows, cols]`.
///
/// # Panics
/// If the shapes do not fit.
pub fn product_at(a: Rows<'_>, b: Matrix<'_>, result: &mut [f32], effort: Effort) {
    let slices = Slices { value: result, state: [&mut [], &mut []] };
    product_at_update(a, b, &Store, slices, false, effort);
}

/// A rule that stores the gradient itself.
struct Store;

impl Rule for Store {
    const STATE: usize = 0;

    #[inline(always)]
    fn update(&self, _value: f32, grad: f32, state: [f32; 2], _decay: bool) -> (f32, [f32; 2]) {
        (grad, state)
    }
}

/// Applies `rule` with the gradient `aᵀ · b` to `slices`, which are in panels of `[rows, cols]`: a
/// `[k, rows]`, b panels of `[k, cols]`. Each part of the gradient is used while it is in the
/// cache, so the whole gradient is never in memory.
///
/// # Panics
/// If the shapes do not fit.
pub fn product_at_update<R: Rule>(
    a: Rows<'_>,
    b: Matrix<'_>,
    rule: &R,
    slices: Slices<'_>,
    decay: bool,
    effort: Effort,
) {
    let layout = Panels::new(a.cols(), b.layout.cols());
    assert_eq!(a.rows(), b.layout.rows(), "inner sizes of a product");
    assert_eq!(slices.value.len(), layout.len(), "size of a product's result");
    let pieces = pieces(effort.threads, 2 * a.rows() * layout.rows() * layout.cols());
    let chunks = layout.chunk_count();
    let start_of = |i: usize| layout.chunk(i / layout.panels(), i % layout.panels()).start;
    split_items(0..chunks, pieces, slices, &start_of, &|items, mut slices| {
        let first = start_of(items.start);
        let mut scratch = GradientScratch([0.0; GROUP_PANEL * MOST_PANELS]);
        for group in layout.groups(items, effort.path.tile_panels()) {
            let gradient = Gradient { a, b, group, path: effort.path };
            let PanelGroup { first: chunk, count, .. } = group;
            for start in (0..chunk.rows).step_by(GROUP_PANEL / chunk.width) {
                let rows = start..chunk.rows.min(start + GROUP_PANEL / chunk.width);
                gradient.write(rows.clone(), &mut scratch.0);
                for (panel, of_panel) in scratch.0.chunks_exact(GROUP_PANEL).take(count).enumerate()
                {
                    let at = chunk.start - first + panel * group.stride();
                    let (at, until) = (at + start * chunk.width, at + rows.end * chunk.width);
                    update(rule, slices.part(at..until), of_panel, decay);
                }
            }
        }
    });
}

/// The gradient of the panels of a group.
struct Gradient<'a> {
    a: Rows<'a>,
    b: Matrix<'a>,
    group: PanelGroup,
    path: KernelPath,
}

impl Gradient<'_> {
    /// Writes the rows `range` of the panels to `scratch`, where panels lie [`GROUP_PANEL`] elements apart.
    fn write(&self, range: Range<usize>, scratch: &mut [f32]) {
        let width = self.group.first.width;
        let mut row = range.start;
        while row < range.end {
            let tile = &mut scratch[(row - range.start) * width..];
            row += self.write_tile(row..range.end, tile);
        }
    }

    /// Writes the first rows of `range` to `tile`; returns how many.
    fn write_tile(&self, range: Range<usize>, tile: &mut [f32]) -> usize {
        let Matrix { elements, layout } = self.b;
        let PanelGroup { first: chunk, count, .. } = self.group;
        let mut written = 0;
        for block in 0..layout.blocks() {
            let number = block * layout.panels() + chunk.panel;
            for of_block in layout.groups(number..number + count, count) {
                let panels = of_block.of(&elements[of_block.range()]);
                let mut strip =
                    self.a.transposed_strip(chunk.row + range.start, range.len(), block);
                written = rows_across(self.path, strip, panels, tile, block > 0);
                if written == 0 {
                    written = self.path.tile_rows(chunk.width).min(range.len());
                    strip.rows = written;
                    let tile = Output::new(tile, chunk.width);
                    // SAFETY: the tile is borrowed mutably.
                    unsafe { run_tile(self.path, strip, panels, tile, GROUP_PANEL, block > 0) }
                }
            }
        }
        written
    }
}
