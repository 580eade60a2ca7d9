//! Matrix product C = A · B for operands with any strides.
//!
//! B is packed in panels of 16 columns, K in blocks of 256 (Goto & van de Geijn, 2008,
//! <https://doi.org/10.1145/1356052.1356053>); a tile of 6 x 16 elements of C stays in registers. Each
//! element sums a block of K from zero, in order, by fused multiply-add, and blocks are added in
//! order: the sum is the same on every path and for every shape around it.

use super::portable;
use super::tile::{K_BLOCK, PANEL, PackedPanel, Strip, TILE_ROWS, Tile};

/// A matrix in a slice: element (i, j) is at `i * row_stride + j * col_stride`.
#[derive(Debug, Clone, Copy)]
pub struct Matrix<'a> {
    data: &'a [f32],
    rows: usize,
    cols: usize,
    row_stride: usize,
    col_stride: usize,
}

impl<'a> Matrix<'a> {
    /// `rows` times `cols` elements, row after row.
    ///
    /// # Panics
    /// If `data` is too short.
    pub fn new(data: &'a [f32], rows: usize, cols: usize) -> Matrix<'a> {
        assert!(data.len() >= rows * cols, "matrix of {rows} x {cols} in {} elements", data.len());
        Matrix { data, rows, cols, row_stride: cols, col_stride: 1 }
    }

    /// The same elements with rows and columns exchanged.
    pub fn transposed(self) -> Matrix<'a> {
        Matrix {
            rows: self.cols,
            cols: self.rows,
            row_stride: self.col_stride,
            col_stride: self.row_stride,
            ..self
        }
    }
}

/// Computes the first `rows` rows of a tile: `tile[r][j] = sum over k of a[r][k] * b[k][j]`.
type TileKernel = fn(rows: usize, a: Strip<'_>, b: &PackedPanel, tile: &mut Tile);

/// `c = a · b`, with `c` `[a.rows, b.cols]` row after row. Allocates nothing.
///
/// # Panics
/// If the shapes do not fit.
pub fn product(a: Matrix<'_>, b: Matrix<'_>, c: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if super::avx2::available() {
        return product_by(super::avx2::tile, a, b, c);
    }
    product_by(portable::tile, a, b, c);
}

fn product_by(kernel: TileKernel, a: Matrix<'_>, b: Matrix<'_>, c: &mut [f32]) {
    assert_eq!(a.cols, b.rows, "inner sizes of a product");
    assert_eq!(c.len(), a.rows * b.cols, "size of a product's result");
    if a.cols == 0 {
        c.fill(0.0);
    }
    let mut panel: PackedPanel = [0.0; K_BLOCK * PANEL];
    for k_start in (0..a.cols).step_by(K_BLOCK) {
        let k = K_BLOCK.min(a.cols - k_start);
        for col in (0..b.cols).step_by(PANEL) {
            pack(b, k_start, k, col, &mut panel);
            for row in (0..a.rows).step_by(TILE_ROWS) {
                let strip = Strip {
                    data: &a.data[row * a.row_stride + k_start * a.col_stride..],
                    row_stride: a.row_stride,
                    col_stride: a.col_stride,
                    k,
                };
                let rows = TILE_ROWS.min(a.rows - row);
                let mut tile: Tile = [[0.0; PANEL]; TILE_ROWS];
                kernel(rows, strip, &panel, &mut tile);
                store(&tile[..rows], &mut c[row * b.cols..], b.cols, col, k_start > 0);
            }
        }
    }
}

/// Copies rows `k_start..k_start + k` and columns `col..col + PANEL` of B into `panel`.
fn pack(b: Matrix<'_>, k_start: usize, k: usize, col: usize, panel: &mut PackedPanel) {
    let width = PANEL.min(b.cols - col);
    if width < PANEL {
        panel.fill(0.0);
    }
    let block = &b.data[k_start * b.row_stride + col * b.col_stride..];
    if b.col_stride == 1 {
        for (row, packed) in panel.chunks_exact_mut(PANEL).take(k).enumerate() {
            packed[..width].copy_from_slice(&block[row * b.row_stride..][..width]);
        }
    } else {
        // Column by column, because the columns are what is contiguous in a transposed matrix.
        for j in 0..width {
            let column = block[j * b.col_stride..].iter().step_by(b.row_stride);
            for (packed, &value) in panel.chunks_exact_mut(PANEL).take(k).zip(column) {
                packed[j] = value;
            }
        }
    }
}

/// Writes a tile to C, or adds it to what earlier blocks of K left there.
fn store(tile: &[[f32; PANEL]], c: &mut [f32], row_stride: usize, col: usize, add: bool) {
    for (row, sums) in tile.iter().enumerate() {
        let start = row * row_stride + col;
        let end = (row * row_stride + row_stride).min(start + PANEL);
        let out = &mut c[start..end];
        if add {
            for (out, sum) in out.iter_mut().zip(sums) {
                *out += sum;
            }
        } else {
            let width = out.len();
            out.copy_from_slice(&sums[..width]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};

    fn random(len: usize, seed: u64) -> Vec<f32> {
        let mut stream = stream(seed, Purpose::WeightInit, 0, 0);
        (0..len).map(|_| stream.normal() as f32).collect()
    }

    /// The definition, element by element: what every path must equal to the bit.
    fn by_definition(a: Matrix<'_>, b: Matrix<'_>) -> Vec<f32> {
        let at = |m: Matrix<'_>, i: usize, j: usize| m.data[i * m.row_stride + j * m.col_stride];
        let mut c = Vec::new();
        for i in 0..a.rows {
            for j in 0..b.cols {
                let mut total = 0.0;
                for k_start in (0..a.cols).step_by(K_BLOCK) {
                    let block = k_start..a.cols.min(k_start + K_BLOCK);
                    let sum = block.fold(0.0f32, |sum, k| at(a, i, k).mul_add(at(b, k, j), sum));
                    total = if k_start == 0 { sum } else { total + sum };
                }
                c.push(total);
            }
        }
        c
    }

    #[test]
    fn every_path_equals_the_definition_to_the_bit() {
        for (m, k, n) in [(1, 1, 1), (6, 16, 16), (7, 300, 17), (100, 513, 10), (5, 0, 3)] {
            let (left, right) = (random(m * k, 1), random(k * n, 2));
            for (a, b) in [
                (Matrix::new(&left, m, k), Matrix::new(&right, k, n)),
                (Matrix::new(&left, k, m).transposed(), Matrix::new(&right, k, n)),
                (Matrix::new(&left, m, k), Matrix::new(&right, n, k).transposed()),
            ] {
                let expected: Vec<u32> = by_definition(a, b).iter().map(|x| x.to_bits()).collect();
                let (mut chosen, mut plain) = (vec![f32::NAN; m * n], vec![f32::NAN; m * n]);
                product(a, b, &mut chosen);
                product_by(portable::tile, a, b, &mut plain);
                assert_eq!(chosen.iter().map(|x| x.to_bits()).collect::<Vec<_>>(), expected);
                assert_eq!(plain.iter().map(|x| x.to_bits()).collect::<Vec<_>>(), expected);
            }
        }
    }

    #[test]
    fn agrees_with_ndarray() {
        let (m, k, n) = (33, 700, 21);
        let (left, right) = (random(m * k, 3), random(k * n, 4));
        let mut c = vec![0.0; m * n];
        product(Matrix::new(&left, m, k), Matrix::new(&right, k, n), &mut c);
        let left = ndarray::ArrayView2::from_shape((m, k), &left).unwrap();
        let right = ndarray::ArrayView2::from_shape((k, n), &right).unwrap();
        for (ours, theirs) in c.iter().zip(left.dot(&right).iter()) {
            assert!((ours - theirs).abs() < 1e-3, "{ours} {theirs}");
        }
    }
}
