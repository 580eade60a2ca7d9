//! The layout of weights: panels of 16 columns, as the tile kernel reads them, so that no product
//! or update needs packing.

use std::ops::Range;

use super::tile::{K_BLOCK, WIDTHS};

/// How a matrix `[rows, cols]` lies in memory. Its rows are divided into blocks of `K_BLOCK`, and
/// each block into panels of 16 columns; the last panels may have 8 or 4. A panel holds its part of
/// one row after that of the row before. The number of columns is rounded up to a multiple of 4.
///
/// A linear layer keeps its weight `[out_features, in_features]` as the panels of the transposed
/// matrix: rows are inputs, columns are outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Panels {
    rows: usize,
    cols: usize,
}

/// A matrix in panels: its elements, and how they lie.
#[derive(Debug, Clone, Copy)]
pub struct Matrix<'a> {
    /// The elements, as `layout` says.
    pub elements: &'a [f32],
    /// How they lie.
    pub layout: Panels,
}

/// One panel of one block, contiguous in memory: `[rows, width]`, row after row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chunk {
    pub(super) start: usize,
    pub(super) row: usize,
    pub(super) rows: usize,
    pub(super) col: usize,
    /// Columns of the panel; the last ones may be beyond the matrix.
    pub(super) width: usize,
    /// Columns of the panel that the matrix has.
    pub(super) cols: usize,
    /// Position of the panel in its block.
    pub(super) panel: usize,
}

impl Chunk {
    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.start + self.rows * self.width
    }
}

/// Adjacent panels of one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PanelGroup {
    pub(super) first: Chunk,
    pub(super) count: usize,
    /// Columns of all of them that the matrix has.
    pub(super) cols: usize,
}

impl PanelGroup {
    /// Elements from the start of a panel to the start of the next.
    pub(super) fn stride(&self) -> usize {
        self.first.rows * self.first.width
    }

    pub(super) fn range(&self) -> Range<usize> {
        self.first.start..self.first.start + self.count * self.stride()
    }

    /// Columns of all panels.
    pub(super) fn width(&self) -> usize {
        self.count * self.first.width
    }

    /// These panels as they lie in `data`.
    pub(super) fn of<'a>(&self, data: &'a [f32]) -> PanelsOf<'a> {
        PanelsOf { data, width: self.first.width, count: self.count, stride: self.stride() }
    }
}

/// Panels of one block in memory, `stride` elements apart, each `[k, width]`, row after row.
#[derive(Debug, Clone, Copy)]
pub(super) struct PanelsOf<'a> {
    pub(super) data: &'a [f32],
    pub(super) width: usize,
    pub(super) count: usize,
    pub(super) stride: usize,
}

impl Panels {
    /// The layout of a matrix `[rows, cols]`.
    ///
    /// # Panics
    /// If the matrix could not fit into memory.
    pub fn new(rows: usize, cols: usize) -> Panels {
        let padded = cols.checked_next_multiple_of(WIDTHS[2]);
        let len = padded.and_then(|padded_cols| padded_cols.checked_mul(rows));
        assert!(len.is_some(), "a matrix of {rows} x {cols} fits into memory");
        Panels { rows, cols }
    }

    /// The matrix of this layout whose elements are `elements`.
    pub fn of(self, elements: &[f32]) -> Matrix<'_> {
        Matrix { elements, layout: self }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Elements in memory.
    pub fn len(&self) -> usize {
        self.rows * padded(self.cols)
    }

    /// Whether the matrix has no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Panels of a block.
    pub(super) fn panels(&self) -> usize {
        let rest = padded(self.cols) % WIDTHS[0];
        self.cols / WIDTHS[0] + usize::from(self.cols % WIDTHS[0] > 12) + rest.div_ceil(8)
    }

    /// Blocks of rows.
    pub(super) fn blocks(&self) -> usize {
        self.rows.div_ceil(K_BLOCK)
    }

    /// Panels of all blocks.
    pub(super) fn chunk_count(&self) -> usize {
        self.blocks() * self.panels()
    }

    /// The panel numbered `panel` of block `block`. In memory, panel follows panel, and block
    /// follows block.
    pub(super) fn chunk(&self, block: usize, panel: usize) -> Chunk {
        let padded = padded(self.cols);
        let full = padded / WIDTHS[0];
        let (col, width) = match panel.checked_sub(full) {
            None => (panel * WIDTHS[0], WIDTHS[0]),
            Some(0) if padded - full * WIDTHS[0] >= 8 => (full * WIDTHS[0], 8),
            Some(_) => (padded - 4, 4),
        };
        let row = block * K_BLOCK;
        let rows = K_BLOCK.min(self.rows - row);
        let cols = width.min(self.cols - col);
        Chunk { start: row * padded + rows * col, row, rows, col, width, cols, panel }
    }

    /// The panels of all blocks in the order of memory, from number `range.start` to `range.end`.
    pub(super) fn chunks(self, range: Range<usize>) -> impl Iterator<Item = Chunk> {
        let panels = self.panels();
        range.map(move |i| self.chunk(i / panels, i % panels))
    }

    /// The chunks of `range` in groups of at most `most` adjacent panels, which have full width and
    /// lie in one block. Each panel begins `rows * width` elements after the one before.
    pub(super) fn groups(
        self,
        range: Range<usize>,
        most: usize,
    ) -> impl Iterator<Item = PanelGroup> {
        let (panels, full) = (self.panels(), padded(self.cols) / WIDTHS[0]);
        let mut next = range.start;
        std::iter::from_fn(move || {
            let (block, panel) = (next.checked_div(panels)?, next.checked_rem(panels)?);
            let left = range.end.checked_sub(next).filter(|left| *left > 0)?;
            let count = full.saturating_sub(panel).min(most).min(left).max(1);
            next += count;
            let (first, last) = (self.chunk(block, panel), self.chunk(block, panel + count - 1));
            Some(PanelGroup { first, count, cols: last.col + last.cols - first.col })
        })
    }

    /// Columns from `col` to the end of its panel.
    pub(super) fn same_panel(&self, col: usize) -> usize {
        let full = padded(self.cols) / WIDTHS[0] * WIDTHS[0];
        let width = match col.checked_sub(full) {
            None => WIDTHS[0],
            Some(0..8) if padded(self.cols) - full >= 8 => 8,
            Some(_) => 4,
        };
        width - col % width
    }

    /// Place in memory of the element (row, col).
    pub(super) fn at(&self, row: usize, col: usize) -> usize {
        let full = padded(self.cols) / WIDTHS[0];
        let panel = if col / WIDTHS[0] < full {
            col / WIDTHS[0]
        } else {
            full + usize::from(self.panels() > full + 1 && col % WIDTHS[0] >= 8)
        };
        let chunk = self.chunk(row / K_BLOCK, panel);
        chunk.start + (row - chunk.row) * chunk.width + col - chunk.col
    }

    /// Writes the matrix `[rows, cols]`, row after row, into panels.
    pub fn pack(&self, matrix: &[f32], panels: &mut [f32]) {
        for chunk in self.chunks(0..self.chunk_count()) {
            let packed = panels[chunk.range()].chunks_exact_mut(chunk.width);
            for (i, out) in packed.enumerate() {
                let row = &matrix[(chunk.row + i) * self.cols + chunk.col..][..chunk.cols];
                out[..chunk.cols].copy_from_slice(row);
                out[chunk.cols..].fill(0.0);
            }
        }
    }

    /// Writes a matrix into panels, given its transpose `[cols, rows]`, row after row.
    pub fn pack_transposed(&self, transpose: &[f32], panels: &mut [f32]) {
        panels[..self.len()].fill(0.0);
        self.for_each(|at, row, col| panels[at] = transpose[col * self.rows + row]);
    }

    /// Writes the transpose `[cols, rows]`, row after row, of the matrix in `panels`.
    pub fn unpack_transposed(&self, panels: &[f32], transpose: &mut [f32]) {
        self.for_each(|at, row, col| transpose[col * self.rows + row] = panels[at]);
    }

    /// Scales each column of the matrix in `panels` down to an L2 norm of at most `most`.
    pub fn limit_columns(&self, panels: &mut [f32], most: f32) {
        let mut squares = vec![0.0_f64; self.cols];
        self.for_each(|at, _, col| squares[col] += f64::from(panels[at]) * f64::from(panels[at]));
        let factor = |square: &f64| {
            let norm = square.sqrt();
            if norm > f64::from(most) { (f64::from(most) / norm) as f32 } else { 1.0 }
        };
        let factors: Vec<f32> = squares.iter().map(factor).collect();
        if factors.iter().any(|factor| *factor != 1.0) {
            self.for_each(|at, _, col| panels[at] *= factors[col]);
        }
    }

    /// Calls `each` with the place in memory, the row and the column of each element of the matrix.
    fn for_each(&self, mut each: impl FnMut(usize, usize, usize)) {
        for chunk in self.chunks(0..self.chunk_count()) {
            for j in 0..chunk.cols {
                for i in 0..chunk.rows {
                    each(chunk.start + i * chunk.width + j, chunk.row + i, chunk.col + j);
                }
            }
        }
    }
}

fn padded(cols: usize) -> usize {
    cols.next_multiple_of(WIDTHS[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_follow_each_other_without_a_gap_and_cover_every_column() {
        for cols in 1..=40 {
            for rows in [1, 255, 256, 257, 600] {
                let panels = Panels::new(rows, cols);
                let (mut next, mut area) = (0, 0);
                for chunk in panels.chunks(0..panels.chunk_count()) {
                    assert_eq!(chunk.start, next, "{panels:?} {chunk:?}");
                    assert!(WIDTHS.contains(&chunk.width));
                    next = chunk.range().end;
                    area += chunk.rows * chunk.cols;
                }
                assert_eq!((next, area), (panels.len(), rows * cols), "{panels:?}");
            }
        }
    }

    #[test]
    fn groups_are_the_panels_two_by_two_and_know_each_element() {
        for cols in 1..=70 {
            let panels = Panels::new(600, cols);
            let all = 0..panels.chunk_count();
            let of_groups: Vec<_> = panels.groups(all.clone(), 2).collect();
            let chunks: Vec<_> = panels.chunks(all).collect();
            let counts = of_groups.iter().map(|group| group.count);
            assert_eq!(counts.sum::<usize>(), chunks.len());
            for group in of_groups {
                let first = chunks.iter().position(|chunk| *chunk == group.first).unwrap();
                let own = &chunks[first..first + group.count];
                assert_eq!(group.range(), own[0].start..own[group.count - 1].range().end);
                assert_eq!(group.cols, own.iter().map(|chunk| chunk.cols).sum::<usize>());
                assert!(own.iter().all(|chunk| chunk.row == own[0].row));
            }
            panels.for_each(|at, row, col| assert_eq!(panels.at(row, col), at));
        }
    }

    #[test]
    fn hundred_columns_waste_no_lane() {
        let panels = Panels::new(10, 100);
        let widths: Vec<_> = panels.chunks(0..panels.panels()).map(|c| c.width).collect();
        assert_eq!(widths, [16, 16, 16, 16, 16, 16, 4]);
    }

    #[test]
    fn what_is_packed_unpacks_to_the_same() {
        for (rows, cols) in [(1, 1), (3, 5), (300, 29), (7, 100)] {
            let panels = Panels::new(rows, cols);
            let matrix: Vec<f32> = (0..rows * cols).map(|i| i as f32).collect();
            let (mut packed, mut again) =
                (vec![f32::NAN; panels.len()], vec![f32::NAN; panels.len()]);
            panels.pack(&matrix, &mut packed);
            let mut transpose = vec![f32::NAN; rows * cols];
            panels.unpack_transposed(&packed, &mut transpose);
            for i in 0..rows {
                for j in 0..cols {
                    assert_eq!(transpose[j * rows + i], matrix[i * cols + j]);
                }
            }
            panels.pack_transposed(&transpose, &mut again);
            assert_eq!(packed, again);
        }
    }
}
