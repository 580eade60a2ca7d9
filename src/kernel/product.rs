//! Matrix products: A · B, A · Bᵀ and Aᵀ · B, where B, or the result of the last, is in panels.
//!
//! K goes in blocks of 256 (Goto & van de Geijn, 2008, <https://doi.org/10.1145/1356052.1356053>). Each
//! element sums a block from zero, in order, by fused multiply-add, and blocks are added in order:
//! the sum is the same on every path, for every shape around it, and for any number of threads.

use super::panels::{Chunk, Panels};
use super::path::Path;
use super::rows::Rows;
use super::rule::{Rule, update};
use super::run::{Output, run_tile};
use super::split::{Slices, pieces, split, split_items};
use super::tile::{K_BLOCK, TILE_LEN, TileScratch, WIDTHS, tile_rows};

/// Elements of a result.
///
/// # Panics
/// If they could not fit into memory.
fn result_len(rows: usize, cols: usize) -> usize {
    rows.checked_mul(cols).expect("a result fits into memory")
}

/// How many threads may work on a product, and by which instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// At most this many threads of the current rayon pool.
    pub threads: usize,
    /// The instructions.
    pub path: Path,
}

impl Effort {
    /// One thread, the process's path.
    pub fn single() -> Effort {
        Effort { threads: 1, path: Path::chosen() }
    }
}

/// Tiles of a gradient that are computed before they are used up, for which an update takes longer
/// than its start.
const GROUP: usize = 4;

/// The elements of these tiles.
#[repr(align(64))]
struct GradientScratch([f32; GROUP * TILE_LEN]);

/// One packed panel of one block.
#[repr(align(64))]
struct PanelScratch([f32; K_BLOCK * WIDTHS[0]]);

/// `c = a · b`: a `[rows, k]`, b panels of `[k, cols]`, c `[rows, cols]`, row after row.
///
/// # Panics
/// If the shapes do not fit.
pub fn product(a: Rows<'_>, (b, layout): (&[f32], Panels), c: &mut [f32], effort: Effort) {
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
            for chunk in panels.clone().map(|panel| layout.chunk(block, panel)) {
                // SAFETY: only this piece has this panel, and only the panel these columns.
                unsafe { multiply_chunk(a, chunk, &b[chunk.range()], c, effort.path) }
            }
        }
    });
}

/// `c = a · bᵀ`: a `[rows, k]`, b panels of `[cols, k]`, c `[rows, cols]`, row after row.
///
/// # Panics
/// If the shapes do not fit.
pub fn product_bt(a: Rows<'_>, (b, layout): (&[f32], Panels), c: &mut [f32], effort: Effort) {
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
        let mut packed = PanelScratch([0.0; K_BLOCK * WIDTHS[0]]);
        for block in 0..across.blocks() {
            for chunk in panels.clone().map(|panel| across.chunk(block, panel)) {
                pack_across(b, layout, chunk, &mut packed.0);
                // SAFETY: only this piece has this panel, and only the panel these columns.
                unsafe { multiply_chunk(a, chunk, &packed.0, c, effort.path) }
            }
        }
    });
}

/// `aᵀ · b`: a `[k, rows]`, b panels of `[k, cols]`, result panels of `[rows, cols]`.
///
/// # Panics
/// If the shapes do not fit.
pub fn product_at(a: Rows<'_>, b: (&[f32], Panels), result: &mut [f32], effort: Effort) {
    let slices = Slices { value: result, state: [&mut [], &mut []] };
    product_at_update(a, b, &Store, slices, false, effort);
}

/// The gradient itself.
struct Store;

impl Rule for Store {
    const STATE: usize = 0;

    #[inline(always)]
    fn update(&self, _value: f32, grad: f32, state: [f32; 2], _decay: bool) -> (f32, [f32; 2]) {
        (grad, state)
    }
}

/// Applies `rule` with the gradient `aᵀ · b` to `slices`, which are in panels of `[rows, cols]`: a
/// `[k, rows]`, b panels of `[k, cols]`. Each tile of the gradient is used up in the cache, so it
/// is never in memory as a whole.
///
/// # Panics
/// If the shapes do not fit.
pub fn product_at_update<R: Rule>(
    a: Rows<'_>,
    (b, b_layout): (&[f32], Panels),
    rule: &R,
    slices: Slices<'_>,
    decay: bool,
    effort: Effort,
) {
    let layout = Panels::new(a.cols(), b_layout.cols());
    assert_eq!(a.rows(), b_layout.rows(), "inner sizes of a product");
    assert_eq!(slices.value.len(), layout.len(), "size of a product's result");
    let pieces = pieces(effort.threads, 2 * a.rows() * layout.rows() * layout.cols());
    let chunks = layout.blocks() * layout.panels();
    let start_of = |i: usize| layout.chunk(i / layout.panels(), i % layout.panels()).start;
    split_items(0..chunks, pieces, slices, &start_of, &|items, mut slices| {
        let first = start_of(items.start);
        let mut gradient = GradientScratch([0.0; GROUP * TILE_LEN]);
        for chunk in layout.chunks(items) {
            let step = tile_rows(chunk.width);
            for group in (0..chunk.rows).step_by(GROUP * step) {
                let until = chunk.rows.min(group + GROUP * step);
                let start = chunk.start - first + group * chunk.width;
                let slices = slices.part(start..start + (until - group) * chunk.width);
                for i in (group..until).step_by(step) {
                    for block in 0..b_layout.blocks() {
                        let rows = step.min(until - i);
                        let strip = a.transposed_strip(chunk.row + i, rows, block);
                        let b = &b[b_layout.chunk(block, chunk.panel).range()];
                        let tile = &mut gradient.0[(i - group) * chunk.width..];
                        let c = Output::new(tile, chunk.width);
                        // SAFETY: the gradient is a local.
                        unsafe { run_tile(effort.path, chunk.width, strip, b, c, block > 0) };
                    }
                }
                update(rule, slices, &gradient.0, decay);
            }
        }
    });
}

/// Adds the product of a block of columns of `a` and one panel `b` of that block to the panel's
/// columns of `c`; the first block sets them.
///
/// # Safety
/// No other thread uses these columns.
unsafe fn multiply_chunk(a: Rows<'_>, chunk: Chunk, b: &[f32], c: Output<'_>, path: Path) {
    let Chunk { width, cols, .. } = chunk;
    let (block, step, add) = (chunk.row / K_BLOCK, tile_rows(width), chunk.row > 0);
    for row in (0..a.rows()).step_by(step) {
        let strip = a.strip(row, step.min(a.rows() - row), block);
        let c = c.from(row * c.stride + chunk.col);
        // SAFETY: the tile lies in the caller's columns of `c`, and `tile` is a local.
        unsafe {
            if cols == width {
                run_tile(path, width, strip, b, c, add);
            } else {
                let mut tile = TileScratch::new();
                run_tile(path, width, strip, b, Output::new(&mut tile.0, width), false);
                c.add(&tile.0[..strip.rows * width], (cols, width), add);
            }
        }
    }
}

/// Packs one panel of bᵀ, where b is in the panels of `layout`: `[chunk.rows, chunk.width]`.
fn pack_across(b: &[f32], layout: Panels, chunk: Chunk, packed: &mut [f32]) {
    let (block, first) = (chunk.col / K_BLOCK, chunk.col % K_BLOCK);
    let panels = (0..layout.panels()).map(|panel| layout.chunk(block, panel));
    let until = chunk.row + chunk.rows;
    for from in panels.filter(|p| (chunk.row..until).contains(&p.col)) {
        let rows = b[from.range()].chunks_exact(from.width).skip(first).take(chunk.cols);
        for (j, row) in rows.enumerate() {
            let start = (from.col - chunk.row) * chunk.width + j;
            let column = packed[start..].iter_mut().step_by(chunk.width);
            for (out, &value) in column.zip(&row[..from.cols]) {
                *out = value;
            }
        }
    }
}
