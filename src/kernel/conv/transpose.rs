//! The weight as the input gradient reads it: outputs are rows, inputs are columns.

use crate::kernel::panels::{Matrix, Panels};

/// Writes, for each of `taps`, the transpose of its part of the weight. The weight is in the panels
/// of `[all taps * inputs, outputs]`; the result is in panels of `[taps * outputs, inputs]`.
pub(super) fn transpose_taps(
    weight: Matrix<'_>,
    taps: &[usize],
    inputs: usize,
    result: &mut [f32],
) {
    let Matrix { elements, layout } = weight;
    let outputs = layout.cols();
    let across = Panels::new(taps.len() * outputs, inputs);
    for chunk in across.chunks(0..across.blocks() * across.panels()) {
        let rows = result[chunk.range()].chunks_exact_mut(chunk.width);
        let (mut tap, mut output) = (chunk.row / outputs, chunk.row % outputs);
        let mut columns = [0; 16];
        let mut left = 0; // rows for which each place in the weight follows the one before
        for row in rows {
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
}
