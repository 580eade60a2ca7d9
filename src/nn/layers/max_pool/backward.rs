//! The backward pass: the gradient of each window goes to the pixel that won it.

use crate::kernel::{split_rows, vectorise};
use crate::nn::layers::layer::Pass;
use crate::nn::layers::max_pool::window_place::WindowPlace;
use crate::nn::layers::windows::{OnChannels, PoolGeometry, Windows, cover, lanes};

/// Each pixel gets the gradients of the windows that it won, added in the order of the windows. No
/// two threads, and no two windows, write to the same place.
pub(super) fn backward<N: WindowPlace>(
    windows: &Windows,
    winners: &[N],
    grad_output: &[f32],
    grad_input: &mut [f32],
    pass: &Pass,
) {
    let (size_in, size_out) = (windows.in_features(), windows.out_features());
    split_rows(pass.effort(), pass.batch, grad_input, size_in, &|rows, grad_input| {
        let grads = grad_output[rows.start * size_out..].chunks_exact(size_out);
        let grads = grads.zip(winners[rows.start * size_out..].chunks_exact(size_out));
        vectorise(
            #[inline(always)]
            || {
                for (grad_input, (grad, winners)) in grad_input.chunks_exact_mut(size_in).zip(grads)
                {
                    match windows.geometry {
                        PoolGeometry { size, stride, .. } if stride >= size => {
                            scatter_image(windows, winners, grad, grad_input);
                        }
                        _ => gather_image(windows, winners, grad, grad_input),
                    }
                }
            },
        );
    });
}

/// For windows that do not overlap: each window writes its own pixels, in one pass over the memory.
#[inline(always)]
fn scatter_image<N: WindowPlace>(
    windows: &Windows,
    winners: &[N],
    grad_output: &[f32],
    grad_input: &mut [f32],
) {
    let PoolGeometry { height, width, channels, size, stride, padding } = windows.geometry;
    let covers = stride == size && height % size == 0 && width % size == 0 && padding == 0;
    if !covers {
        grad_input.fill(0.0);
    }
    let outputs = grad_output.chunks_exact(channels).zip(winners.chunks_exact(channels));
    for ((rows, cols, first), (grad, winners)) in windows.each().zip(outputs) {
        for (i, row) in rows.enumerate() {
            for (j, col) in cols.clone().enumerate() {
                let number = (first + i * size + j) as u32;
                let pixel = &mut grad_input[(row * width + col) * channels..][..channels];
                for ((to, g), winner) in pixel.iter_mut().zip(grad).zip(winners) {
                    // All bits or none, which avoids a branch.
                    let mask = u32::from(winner.wide() == number).wrapping_neg();
                    *to = f32::from_bits(g.to_bits() & mask);
                }
            }
        }
    }
}

/// For windows that overlap: each pixel collects from the windows that contain it.
#[inline(always)]
fn gather_image<N: WindowPlace>(
    windows: &Windows,
    winners: &[N],
    grad_output: &[f32],
    grad_input: &mut [f32],
) {
    let PoolGeometry { channels, size, stride, .. } = windows.geometry;
    let pixels = grad_input.chunks_exact_mut(channels);
    for ((rows, cols, first), grad_input) in windows.each_pixel().zip(pixels) {
        let shape = (rows.len(), cols.len(), windows.out_width() * channels);
        if shape.0 * shape.1 == 0 {
            grad_input.fill(0.0);
            continue;
        }
        let at = (rows.start * windows.out_width() + cols.start) * channels;
        let (grad_output, winners) = (&grad_output[at..], &winners[at..]);
        let numbers = (first, stride * size, stride);
        cover(channels, &mut Won { grad_output, winners, shape, channels, numbers, grad_input });
    }
}

/// Collects the gradient of one pixel.
struct Won<'a, N> {
    grad_output: &'a [f32], // from the first window that the pixel lies in
    winners: &'a [N],
    shape: (usize, usize, usize), // rows and columns of windows, numbers between rows
    channels: usize,
    /// The pixel's number in the first window; how much it falls by row, and by column.
    numbers: (usize, usize, usize),
    grad_input: &'a mut [f32],
}

impl<N: WindowPlace> OnChannels for Won<'_, N> {
    #[inline(always)]
    fn run<const L: usize>(&mut self, start: usize) {
        let ((rows, cols, row_stride), (first, by_row, by_col)) = (self.shape, self.numbers);
        let mut sum = [0.0; L];
        for row in 0..rows {
            for col in 0..cols {
                let at = row * row_stride + col * self.channels + start;
                let grad: &[f32; L] = lanes(self.grad_output, at);
                let winners: &[N; L] = lanes(self.winners, at);
                let number = (first - row * by_row - col * by_col) as u32;
                for i in 0..L {
                    // All bits or none, as in `scatter_image`.
                    let mask = u32::from(winners[i].wide() == number).wrapping_neg();
                    sum[i] += f32::from_bits(grad[i].to_bits() & mask);
                }
            }
        }
        self.grad_input[start..start + L].copy_from_slice(&sum);
    }
}
