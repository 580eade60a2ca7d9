//! Copies rows of the output gradient into panels, as the weight gradient reads them.

use crate::kernel::panels::PanelGroup;
use crate::kernel::vectorise;

/// Copies the columns of `group` from `rows`, which have `channels` elements each, into panels side
/// by side. Columns of the last panel that the rows do not have become zero.
pub(super) fn pack(rows: &[f32], channels: usize, group: PanelGroup, packed: &mut [f32]) {
    let (count, width) = (rows.len() / channels, group.first.width);
    for panel in 0..group.count {
        let col = group.first.col + panel * width;
        let cols = width.min(channels - col);
        let out = &mut packed[panel * group.stride()..][..count * width];
        vectorise(
            #[inline(always)]
            || match (width, cols) {
                (16, 16) => copy_columns::<16>(rows, channels, col, out),
                (8, 8) => copy_columns::<8>(rows, channels, col, out),
                (4, 4) => copy_columns::<4>(rows, channels, col, out),
                (16, _) => copy_first::<16>(rows, channels, col, cols, out),
                (8, _) => copy_first::<8>(rows, channels, col, cols, out),
                _ => copy_first::<4>(rows, channels, col, cols, out),
            },
        );
    }
}

#[inline(always)]
fn copy_columns<const WIDTH: usize>(rows: &[f32], channels: usize, col: usize, out: &mut [f32]) {
    let (out, _) = out.as_chunks_mut::<WIDTH>();
    for (row, to) in rows.chunks_exact(channels).zip(out) {
        to.copy_from_slice(&row[col..col + WIDTH]);
    }
}

/// Like [`copy_columns`], for rows that have only `cols` of the columns: the others become zero.
#[inline(always)]
fn copy_first<const WIDTH: usize>(
    rows: &[f32],
    channels: usize,
    col: usize,
    cols: usize,
    out: &mut [f32],
) {
    let (out, _) = out.as_chunks_mut::<WIDTH>();
    for (i, to) in out.iter_mut().enumerate() {
        // In the last rows, fewer than `WIDTH` elements may be left.
        let from = &rows[i * channels + col..];
        if let Some((from, _)) = from.split_first_chunk::<WIDTH>() {
            *to = std::array::from_fn(|j| if j < cols { from[j] } else { 0.0 });
        } else {
            to[..cols].copy_from_slice(&from[..cols]);
            to[cols..].fill(0.0);
        }
    }
}
