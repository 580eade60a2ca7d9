//! The sizes and operands of a tile, which all tile kernels share.

/// Columns of a panel of B.
pub(super) const PANEL: usize = 16;
/// Rows of a tile of C.
pub(super) const TILE_ROWS: usize = 6;
/// Length of a block of K; part of the numerics, because it decides the order of the sums.
pub(super) const K_BLOCK: usize = 256;

/// A packed block of a panel: `[k][PANEL]`, zero where B has no column.
pub(super) type PackedPanel = [f32; K_BLOCK * PANEL];

/// Part of A under one tile: `rows` rows of `k` elements.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strip<'a> {
    /// Starts at the strip's first element.
    pub(super) data: &'a [f32],
    pub(super) row_stride: usize,
    pub(super) col_stride: usize,
    pub(super) k: usize,
}

/// One tile of the product of a block of K.
pub(super) type Tile = [[f32; PANEL]; TILE_ROWS];
