//! Operands that are read row by row: activations, and the inputs of the first layer.

use super::tile::{K_BLOCK, Strip};

/// Distance between the rows of a block of [`Rows::blocked`]: an odd number of cache lines, so that
/// the rows of a column fall into different cache sets.
const BLOCK_STRIDE: usize = K_BLOCK + 16;

/// A matrix `[rows, cols]`: element (i, k) is at
/// `k / K_BLOCK * block_stride + i * row_stride + k % K_BLOCK`.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    data: &'a [f32],
    rows: usize,
    cols: usize,
    row_stride: usize,
    block_stride: usize,
}

impl<'a> Rows<'a> {
    /// `rows` times `cols` elements, row after row.
    ///
    /// # Panics
    /// If `data` is too short.
    pub fn new(data: &'a [f32], rows: usize, cols: usize) -> Rows<'a> {
        let needed = rows.checked_mul(cols).expect("a matrix fits into memory");
        assert!(data.len() >= needed, "matrix of {rows} x {cols} in {} elements", data.len());
        Rows { data, rows, cols, row_stride: cols, block_stride: K_BLOCK }
    }

    /// Blocks of `K_BLOCK` columns one after the other, each row after row: a block stays in the
    /// cache, and in few pages, while all of its rows are used.
    ///
    /// # Panics
    /// If `data` is too short.
    pub fn blocked(data: &'a [f32], rows: usize, cols: usize) -> Rows<'a> {
        assert!(data.len() >= blocked_len(rows, cols), "{rows} x {cols} in {}", data.len());
        Rows { data, rows, cols, row_stride: BLOCK_STRIDE, block_stride: rows * BLOCK_STRIDE }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// The elements, row after row.
    ///
    /// # Panics
    /// If they are not stored that way.
    pub fn as_slice(&self) -> &'a [f32] {
        assert_eq!(self.block_stride, K_BLOCK, "the rows are in blocks");
        &self.data[..self.rows * self.cols]
    }

    /// The pieces of a row, each with its first column, in order.
    pub fn pieces(&self, row: usize) -> impl Iterator<Item = (usize, &'a [f32])> {
        let (data, cols) = (self.data, self.cols);
        let (row_stride, block_stride) = (self.row_stride, self.block_stride);
        (0..cols.div_ceil(K_BLOCK)).map(move |block| {
            let first = block * K_BLOCK;
            let start = block * block_stride + row * row_stride;
            (first, &data[start..start + K_BLOCK.min(cols - first)])
        })
    }

    /// `rows` rows from `row` of the columns of block `block`.
    pub(super) fn strip(&self, row: usize, rows: usize, block: usize) -> Strip<'a> {
        let k = K_BLOCK.min(self.cols - block * K_BLOCK);
        let start = block * self.block_stride + row * self.row_stride;
        Strip { data: &self.data[start..], row_stride: self.row_stride, col_stride: 1, rows, k }
    }

    /// A strip of the transposed matrix: `rows` rows from `row`, which lie in one block, and the
    /// columns of its block `block`.
    pub(super) fn transposed_strip(&self, row: usize, rows: usize, block: usize) -> Strip<'a> {
        let first = block * K_BLOCK;
        let k = K_BLOCK.min(self.rows - first);
        let in_block = row / K_BLOCK * self.block_stride + row % K_BLOCK;
        let start = in_block + first * self.row_stride;
        Strip { data: &self.data[start..], row_stride: 1, col_stride: self.row_stride, rows, k }
    }
}

/// Elements that [`Rows::blocked`] needs.
pub fn blocked_len(rows: usize, cols: usize) -> usize {
    let of_block = rows.checked_mul(BLOCK_STRIDE);
    let len = of_block.and_then(|len| len.checked_mul(cols.div_ceil(K_BLOCK)));
    len.expect("a matrix fits into memory")
}

/// Writes a matrix row by row in the layout of [`Rows::blocked`].
#[derive(Debug)]
pub struct BlockedMut<'a> {
    data: &'a mut [f32],
    rows: usize,
    cols: usize,
}

impl<'a> BlockedMut<'a> {
    /// A matrix of `rows` times `cols` elements in `data`.
    ///
    /// # Panics
    /// If `data` is too short.
    pub fn new(data: &'a mut [f32], rows: usize, cols: usize) -> BlockedMut<'a> {
        assert!(data.len() >= blocked_len(rows, cols), "{rows} x {cols} in {}", data.len());
        BlockedMut { data, rows, cols }
    }

    /// The pieces of a row, each with its first column, in order; a piece ends where its block does.
    pub fn row(&mut self, row: usize) -> impl Iterator<Item = (usize, &mut [f32])> {
        let (rows, cols) = (self.rows, self.cols);
        let blocks = self.data.chunks_mut(rows * BLOCK_STRIDE).take(cols.div_ceil(K_BLOCK));
        blocks.enumerate().map(move |(block, data)| {
            let first = block * K_BLOCK;
            let width = K_BLOCK.min(cols - first);
            (first, &mut data[row * BLOCK_STRIDE..][..width])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_in_blocks_are_written_whole_whatever_room_is_behind_them() {
        for cols in [1, 255, 256, 257, 512] {
            let mut data = vec![f32::NAN; blocked_len(9, cols)]; // for 9 rows, of which 2 are used
            let mut matrix = BlockedMut::new(&mut data, 2, cols);
            for row in 0..2 {
                let pieces: Vec<_> = matrix.row(row).map(|(at, piece)| (at, piece.len())).collect();
                assert_eq!(pieces.iter().map(|piece| piece.1).sum::<usize>(), cols);
                assert!(pieces.iter().all(|(at, _)| at % K_BLOCK == 0), "{pieces:?}");
            }
        }
    }
}
