//! The sums of batch norm, channel by channel: those of one example, and how they combine into
//! those of a batch.

use crate::nn::layers::windows::{OnChannels, lanes};

/// Sets `var[i]` to the sum of squared distances of all `n` numbers of the channel from their mean.
/// It is computed from the sums for each example around its own mean (Chan et al., 1983,
/// <https://doi.org/10.1080/00031305.1983.10483115>), so that the batch is read from memory only
/// once.
pub(super) fn combine_squares(partial: &[f32], mean: &[f32], n: f32, var: &mut [f32]) {
    let channels = mean.len();
    let examples = partial.len() / (2 * channels).max(1);
    let of_example = n / examples as f32;
    for (example, row) in partial.chunks_exact(2 * channels).enumerate() {
        let (sums, squares) = row.split_at(channels);
        if examples == 1 {
            return var.copy_from_slice(squares);
        }
        for i in 0..channels {
            let distance = sums[i] / of_example - mean[i];
            let before = if example == 0 { 0.0 } else { var[i] };
            var[i] = (distance * of_example).mul_add(distance, before + squares[i]);
        }
    }
}

/// The sum of an example, and the sum of squared distances from its mean. For the second sum, the
/// example is still in the cache.
pub(super) struct Moments<'a> {
    pub(super) input: &'a [f32],
    pub(super) sum: &'a mut [f32],
    pub(super) squares: &'a mut [f32],
}

impl OnChannels for Moments<'_> {
    #[inline(always)]
    fn run<const L: usize>(&mut self, start: usize) {
        let channels = self.sum.len();
        let (mut sum, mut squares) = ([0.0; L], [0.0; L]);
        for pixel in self.input.chunks_exact(channels) {
            let x: &[f32; L] = lanes(pixel, start);
            for i in 0..L {
                sum[i] += x[i];
            }
        }
        let n = (self.input.len() / channels) as f32;
        let mut mean = sum;
        for m in &mut mean {
            *m /= n;
        }
        for pixel in self.input.chunks_exact(channels) {
            let x: &[f32; L] = lanes(pixel, start);
            for i in 0..L {
                squares[i] = (x[i] - mean[i]).mul_add(x[i] - mean[i], squares[i]);
            }
        }
        self.sum[start..start + L].copy_from_slice(&sum);
        self.squares[start..start + L].copy_from_slice(&squares);
    }
}

/// The sums over an example for the gradients of bias and weight; the latter still lacks the factor
/// 1 / std.
pub(super) struct Gradients<'a> {
    pub(super) ports: (&'a [f32], &'a [f32]), // input and grad_output
    pub(super) mean: &'a [f32],
    pub(super) bias_grad: &'a mut [f32],
    pub(super) weight_grad: &'a mut [f32],
}

impl OnChannels for Gradients<'_> {
    #[inline(always)]
    fn run<const L: usize>(&mut self, start: usize) {
        let (mean, channels): (&[f32; L], _) = (lanes(self.mean, start), self.mean.len());
        let (mut of_bias, mut of_weight) = ([0.0; L], [0.0; L]);
        let (input, grad_output) = self.ports;
        for (pixel, grad) in input.chunks_exact(channels).zip(grad_output.chunks_exact(channels)) {
            let (x, g): (&[f32; L], &[f32; L]) = (lanes(pixel, start), lanes(grad, start));
            for i in 0..L {
                of_bias[i] += g[i];
                of_weight[i] = g[i].mul_add(x[i] - mean[i], of_weight[i]);
            }
        }
        self.bias_grad[start..start + L].copy_from_slice(&of_bias);
        self.weight_grad[start..start + L].copy_from_slice(&of_weight);
    }
}
