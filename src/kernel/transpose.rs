//! Transposes square blocks: the step from which panels of a transposed matrix are packed.

use super::vectorise::vectorise;

/// Rows and columns of a block: those of a panel.
pub(super) const BLOCK: usize = 16;

/// Writes the transpose of a block `[BLOCK, BLOCK]`. It exchanges quarters four times, each time by
/// shuffles of whole registers.
pub(super) fn transpose_block(block: &[f32; BLOCK * BLOCK], result: &mut [f32; BLOCK * BLOCK]) {
    vectorise(
        #[inline(always)]
        || {
            let mut rows: [[f32; BLOCK]; BLOCK] =
                std::array::from_fn(|i| std::array::from_fn(|j| block[i * BLOCK + j]));
            exchange::<8>(&mut rows);
            exchange::<4>(&mut rows);
            exchange::<2>(&mut rows);
            exchange::<1>(&mut rows);
            for (row, to) in rows.iter().zip(result.as_chunks_mut::<BLOCK>().0) {
                *to = *row;
            }
        },
    );
}

/// In each square of `2 * HALF`, the upper right quarter changes places with the lower left one.
#[inline(always)]
fn exchange<const HALF: usize>(rows: &mut [[f32; BLOCK]; BLOCK]) {
    for pair in 0..BLOCK / 2 {
        let above = pair / HALF * 2 * HALF + pair % HALF;
        let (a, b) = (rows[above], rows[above + HALF]);
        for j in 0..BLOCK {
            if j & HALF == 0 {
                rows[above + HALF][j] = a[j + HALF];
            } else {
                rows[above][j] = b[j - HALF];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_columns() {
        let block: [f32; 256] = std::array::from_fn(|i| i as f32);
        let mut result = [f32::NAN; 256];
        transpose_block(&block, &mut result);
        let expected: [f32; 256] = std::array::from_fn(|i| block[i % 16 * 16 + i / 16]);
        assert_eq!(result, expected);
    }
}
