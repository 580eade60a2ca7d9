//! The forward pass: the largest value of each window, and which pixel it comes from.

use crate::kernel::{RowsMut, split_rows_with, vectorise};
use crate::nn::layers::layer::Pass;
use crate::nn::layers::max_pool::window_place::{NOBODY, WindowPlace};
use crate::nn::layers::windows::{OnChannels, PoolGeometry, Windows, cover, lanes};

/// Writes the largest value of each window into `output` and the number of its pixel into `winners`,
/// both `[batch, features out]`.
pub(super) fn forward<N: WindowPlace>(
    windows: &Windows,
    behind_relu: bool,
    input: &[f32],
    output: &mut [f32],
    winners: &mut [N],
    pass: &Pass,
) {
    let (size_in, size_out) = (windows.in_features(), windows.out_features());
    let winners = RowsMut { data: &mut winners[..pass.batch * size_out], row_len: size_out };
    let output = RowsMut { data: output, row_len: size_out };
    let effort = pass.effort();
    split_rows_with(effort, input.len(), pass.batch, output, winners, &|rows, output, winners| {
        let images = input[rows.start * size_in..].chunks_exact(size_in);
        let results = output.chunks_exact_mut(size_out).zip(winners.chunks_exact_mut(size_out));
        vectorise(
            #[inline(always)]
            || {
                for (input, (output, winners)) in images.zip(results) {
                    forward_image(windows, behind_relu, input, output, winners);
                }
            },
        );
    });
}

#[inline(always)]
fn forward_image<N: WindowPlace>(
    windows: &Windows,
    behind_relu: bool,
    input: &[f32],
    output: &mut [f32],
    winners: &mut [N],
) {
    let PoolGeometry { width, channels, size, .. } = windows.geometry;
    let pixels = output.chunks_exact_mut(channels).zip(winners.chunks_exact_mut(channels));
    for ((rows, cols, first), (output, winners)) in windows.each().zip(pixels) {
        let (height, row_len) = (rows.len(), cols.len());
        let input = &input[(rows.start * width + cols.start) * channels..];
        let shape = (height, row_len, width * channels, size as u32);
        cover(
            channels,
            &mut Largest {
                input,
                shape,
                channels,
                behind_relu,
                first: first as u32,
                output,
                winners,
            },
        );
    }
}

/// Finds the largest value of one window in each channel.
struct Largest<'a, N> {
    input: &'a [f32], // from the first pixel of the window
    /// Rows and columns in the image; from row to row, elements in memory and numbers of pixels.
    shape: (usize, usize, usize, u32),
    channels: usize,
    behind_relu: bool,
    first: u32, // the first pixel's number
    output: &'a mut [f32],
    winners: &'a mut [N],
}

impl<N: WindowPlace> OnChannels for Largest<'_, N> {
    #[inline(always)]
    fn run<const L: usize>(&mut self, start: usize) {
        let (rows, cols, row_stride, size) = self.shape;
        let (mut best, mut winner) = ([f32::NEG_INFINITY; L], [self.first; L]);
        for row in 0..rows {
            for col in 0..cols {
                let x: &[f32; L] =
                    lanes(self.input, row * row_stride + col * self.channels + start);
                let number = self.first + row as u32 * size + col as u32;
                for i in 0..L {
                    let wins = (x[i] > best[i]) | x[i].is_nan();
                    best[i] = if wins { x[i] } else { best[i] };
                    winner[i] = if wins { number } else { winner[i] };
                }
            }
        }
        if self.behind_relu {
            for i in 0..L {
                winner[i] = if best[i] > 0.0 { winner[i] } else { NOBODY };
            }
        }
        self.output[start..start + L].copy_from_slice(&best);
        for (to, number) in self.winners[start..start + L].iter_mut().zip(winner) {
            *to = N::of(number);
        }
    }
}
