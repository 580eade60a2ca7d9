//! The matrix products A · B and A · Bᵀ, with B in panels. `gradient` has the third, Aᵀ · B.
//!
//! K is processed in blocks of 256 (Goto & van de Geijn, 2008,
//! <https://doi.org/10.1145/1356052.1356053>). Each element sums a block from zero, in order, by
//! fused multiply-add, and blocks are added in order. So the sum is the same on every path,
//! whatever the other sizes, and for any number of threads.

use std::ops::Range;

use super::panels::{Chunk, Matrix, PanelGroup, Panels, PanelsOf};
use super::path::{Effort, KernelPath};
use super::rows::Rows;
use super::run::{Output, run_tile};
use super::split::{pieces, split};
use super::tile::{K_BLOCK, MOST_PANELS, TileScratch, WIDTHS};
use super::transpose::{BLOCK, transpose_block};

/// Elements of a result.
///
/// # Panics
/// If it could not fit into memory.
fn result_len(rows: usize, cols: usize) -> usize {
    rows.checked_mul(cols).expect("a result fits into memory")
}

/// Packed panels of one block, side by side.
#[repr(align(64))]
struct PanelScratch([f32; K_BLOCK * WIDTHS[0] * MOST_PANELS]);

/// `c = a · b`: a `[rows, k]`, b panels of `[k, cols]`, c `[rows, cols]`, row after row.
///
/// # Panics
/// If the shapes do not fit.
pub fn product(a: Rows<'_>, b: Matrix<'_>, c: &mut [f32], effort: Effort) {
    let Matrix { elements, layout } = b;
    let (rows, cols) = (a.rows(), layout.cols());
    assert_eq!(a.cols(), layout.rows(), "inner sizes of a product");
    assert_eq!(c.len(), result_len(rows, cols), "size of a product's result");
    if a.cols() == 0 {
        return c.fill(0.0);
    }
    let pieces = pieces(effort.threads, 2 * rows * a.cols() * cols);
    let c = Output::new(c, cols);
    split(0..layout.panels(), pieces, &|panels| {
        for block in 0..layout.blocks() {
            for group in layout.groups(in_block(layout, block, &panels), effort.path.tile_panels())
            {
                // SAFETY: only this piece works on these panels, and no other panel has these
                // columns.
                unsafe {
                    multiply_group(a, group, group.of(&elements[group.range()]), c, effort.path)
                }
            }
        }
    });
}

/// `c = a · bᵀ`: a `[rows, k]`, b panels of `[cols, k]`, c `[rows, cols]`, row after row.
///
/// # Panics
/// If the shapes do not fit.
pub fn product_bt(a: Rows<'_>, b: Matrix<'_>, c: &mut [f32], effort: Effort) {
    let layout = b.layout;
    let (rows, cols) = (a.rows(), layout.rows());
    assert_eq!(a.cols(), layout.cols(), "inner sizes of a product");
    assert_eq!(c.len(), result_len(rows, cols), "size of a product's result");
    if a.cols() == 0 {
        return c.fill(0.0);
    }
    let across = Panels::new(a.cols(), cols); // the layout of bᵀ
    let pieces = pieces(effort.threads, 2 * rows * a.cols() * cols);
    let c = Output::new(c, cols);
    split(0..across.panels(), pieces, &|panels| {
        let mut packed = PanelScratch([0.0; K_BLOCK * WIDTHS[0] * MOST_PANELS]);
        for block in 0..across.blocks() {
            let numbers = in_block(across, block, &panels);
            for group in across.groups(numbers, effort.path.tile_panels()) {
                for (i, panel) in packed.0.chunks_mut(group.stride()).take(group.count).enumerate()
                {
                    pack_across(b, across.chunk(block, group.first.panel + i), panel);
                }
                // SAFETY: only this piece works on these panels, and no other panel has these
                // columns.
                unsafe { multiply_group(a, group, group.of(&packed.0), c, effort.path) }
            }
        }
    });
}

/// The numbers of the panels `panels` of one block, counted over all blocks.
fn in_block(layout: Panels, block: usize, panels: &Range<usize>) -> Range<usize> {
    let first = block * layout.panels();
    first + panels.start..first + panels.end
}

/// Multiplies a block of columns of `a` by the panels `b` of that block, and adds the product to
/// the panels' columns of `c`. The first block overwrites them.
///
/// # Safety
/// No other thread uses these columns.
unsafe fn multiply_group(
    a: Rows<'_>,
    group: PanelGroup,
    b: PanelsOf<'_>,
    c: Output<'_>,
    path: KernelPath,
) {
    let PanelGroup { first: Chunk { row: first_row, col, width, .. }, cols, .. } = group;
    let (block, step, add) = (first_row / K_BLOCK, path.tile_rows(width), first_row > 0);
    for row in (0..a.rows()).step_by(step) {
        let strip = a.strip(row, step.min(a.rows() - row), block);
        let c = c.from(row * c.stride + col);
        // SAFETY: the tile lies in the caller's columns of `c`, and `tile` is a local.
        unsafe {
            if cols == group.width() {
                run_tile(path, strip, b, c, width, add);
            } else {
                let mut tile = TileScratch::new();
                let of_tile = Output::new(&mut tile.0, group.width());
                run_tile(path, strip, b, of_tile, width, false);
                c.add(&tile.0[..strip.rows * group.width()], group.width(), cols, add);
            }
        }
    }
}

/// Packs one panel of bᵀ: `[chunk.rows, chunk.width]`.
fn pack_across(b: Matrix<'_>, chunk: Chunk, packed: &mut [f32]) {
    let Matrix { elements, layout } = b;
    let (block, first) = (chunk.col / K_BLOCK, chunk.col % K_BLOCK);
    let panels = (0..layout.panels()).map(|panel| layout.chunk(block, panel));
    let until = chunk.row + chunk.rows;
    for from in panels.filter(|p| (chunk.row..until).contains(&p.col)) {
        let to = (from.col - chunk.row) * chunk.width;
        if from.cols == BLOCK && chunk.cols == BLOCK {
            let square = elements[from.start + first * BLOCK..].first_chunk();
            if let Some((square, transposed)) = square.zip(packed[to..].first_chunk_mut()) {
                transpose_block(square, transposed);
            }
            continue;
        }
        let rows = elements[from.range()].chunks_exact(from.width).skip(first).take(chunk.cols);
        for (j, row) in rows.enumerate() {
            let column = packed[to + j..].iter_mut().step_by(chunk.width);
            for (out, &value) in column.zip(&row[..from.cols]) {
                *out = value;
            }
        }
    }
}
