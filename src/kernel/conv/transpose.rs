//! The weight as the input gradient reads it: outputs are rows, inputs are columns.

use crate::kernel::panels::{Chunk, Matrix, Panels};
use crate::kernel::path::Effort;
use crate::kernel::run::Output;
use crate::kernel::split::{pieces, split};

/// Writes, for each of `taps`, the transpose of its part of the weight. The weight is in the panels
/// of `[all taps * inputs, outputs]`; the result is in panels of `[taps * outputs, inputs]`.
pub(super) fn transpose_taps(
    weight: Matrix<'_>,
    taps: &[usize],
    inputs: usize,
    result: &mut [f32],
    effort: Effort,
) {
    let outputs = weight.layout.cols();
    let across = Panels::new(taps.len() * outputs, inputs);
    let result = Output::new(result, 1);
    let work = |chunks| {
        for chunk in across.chunks(chunks) {
            // SAFETY: only this piece has this chunk, and chunks do not overlap.
            let to = unsafe { result.rows(chunk.range()) };
            transpose_chunk(weight, taps, inputs, chunk, to);
        }
    };
    split(0..across.chunk_count(), pieces(effort.threads, FLOPS * across.len()), &work);
}

/// About as many operations as moving an element costs.
const FLOPS: usize = 4;

/// Writes the part of the transpose that is `chunk`.
fn transpose_chunk(
    weight: Matrix<'_>,
    taps: &[usize],
    inputs: usize,
    chunk: Chunk,
    result: &mut [f32],
) {
    let Matrix { elements, layout } = weight;
    let outputs = layout.cols();
    let (mut tap, mut output) = (chunk.row / outputs, chunk.row % outputs);
    let mut columns = [0; 16];
    let mut left = 0; // rows for which each place in the weight follows the one before
    for row in result.chunks_exact_mut(chunk.width) {
        if left == 0 {
            for (i, at) in columns[..chunk.cols].iter_mut().enumerate() {
                *at = layout.at(taps[tap] * inputs + chunk.col + i, output);
            }
            left = layout.same_panel(output);
        }
        for (value, at) in row.iter_mut().zip(&mut columns[..chunk.cols]) {
            *value = elements[*at];
            *at += 1;
        }
        row[chunk.cols..].fill(0.0);
        left -= 1;
        output += 1;
        if output == outputs {
            (tap, output, left) = (tap + 1, 0, 0);
        }
    }
}
